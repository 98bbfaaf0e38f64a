"""Pasted addresses are their articles, in whatever way they are written."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Archive, Settings, index_paths
from retrieval.search.sources import pasted
from retrieval.text import read_address
from tests.fakes import FakeEncoder

HOSTS = st.from_regex(r"[a-z][a-z0-9]{1,8}\.(?:com|cn|com\.cn|org)", fullmatch=True) | st.sampled_from(
    ["m1.com", "wap.cn", "m0.com.cn"]
)
PATHS = st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=4).map("/".join)
MARKS = st.lists(
    st.sampled_from(["utm_source=wechat", "spm=a2.b3", "from=timeline", "fbclid=Xy1", "share_token=9", "isappinstalled=0"]),
    unique=True,
)  # fmt: skip


@settings(deadline=None)
@given(
    HOSTS, PATHS, MARKS,
    st.sampled_from(["", "http://", "https://", "HTTPS://"]), st.sampled_from(["", "www.", "m."]),
    st.sampled_from(["", "/", "#top", "/index.html"]), st.sampled_from(["", "id=12"]),
)  # fmt: skip
def test_one_page_has_one_address(
    host: str, path: str, marks: list[str], scheme: str, front: str, end: str, kept: str
) -> None:
    plain = read_address(f"https://{host}/{path}" + (f"?{kept}" if kept else ""))
    asked = "&".join([*([kept] if kept else []), *marks])
    tail, _, fragment = end.partition("#")
    written = (
        f"{scheme}{front}{host}/{path}{tail}" + (f"?{asked}" if asked else "") + (f"#{fragment}" if fragment else "")
    )
    for question, rest in (
        (written, ""),
        (f"{written} 这篇讲了什么？", "这篇讲了什么？"),
        (f"看看{written}。", "看看 。"),
    ):
        if scheme or front != "m.":
            assert plain is not None
            found, left = pasted(question)
            assert (list(found), left) == ([plain], rest)
    assert read_address(f"https://{host}/{path}x") != plain
    assert read_address(f"https://{host}/{path}?id=13") != plain


@pytest.mark.parametrize(
    "question", ["新桥花了多少钱？", "3.5万吨/年", "see e.g. chapter 3", "www.", "a@b.com/c", "https://"]
)
def test_other_questions_have_none(question: str) -> None:
    assert pasted(question) == ({}, question)


ADDRESSES = ("http://www.yz.com/2023/03/14/a1.html", "https://news.lx.cn/show.php?id=12&catid=3", "https://lx.cn/b")


@pytest.mark.parametrize("between", [" ", "\n", "、", " 和 ", "，", ", ", " and ", "\n\n以及 ", "与"])
@pytest.mark.parametrize("behind", ["", " 讲了什么？", "\n哪个更早？"])
def test_each_of_several_addresses_is_its_article_in_the_order_pasted(
    archive: Archive, between: str, behind: str
) -> None:
    for order in itertools.permutations(ADDRESSES):
        answer = archive.ask(between.join(order) + behind, k=1)
        assert answer.answered
        ids = {ADDRESSES[0]: ["bridge"], ADDRESSES[1]: ["other"], ADDRESSES[2]: []}
        assert [part.name for part in answer.parts] == list(order)
        assert [[hit.article.id for hit in part.hits] for part in answer.parts] == [ids[each] for each in order]
        assert [part.answered for part in answer.parts] == [bool(ids[each]) for each in order]
        assert [hit.article.id for hit in answer.hits] == [one for each in order for one in ids[each]]
        assert [hit.rank for hit in answer.hits] == [1, 2]


def test_an_address_pasted_twice_is_one(archive: Archive) -> None:
    answer = archive.ask(f"{ADDRESSES[0]} {ADDRESSES[0]}?from=timeline")
    assert [hit.article.id for hit in answer.hits] == ["bridge"]
    assert not answer.parts


def test_of_several_addresses_none_need_be_there(archive: Archive) -> None:
    assert not archive.ask(f"{ADDRESSES[2]} https://lx.cn/c").answered


RECORDS = [
    {"id": "bridge", "title": "新桥通车", "text": "新桥昨天通车。全长三百米。", "url": "http://www.yz.com/2023/03/14/a1.html"},
    {"id": "longer", "text": "图书馆搬了家。", "url": "http://www.yz.com/2023/03/14/a1.html.bak"},
    {"id": "other", "text": "春茶开采。", "url": "https://news.lx.cn/show.php?id=12&catid=3"},
    {"id": "encoded", "text": "集市停了一天。", "url": "https://lx.cn/%E6%96%B0%E9%97%BB/%E9%9b%86.html?k=%E5%B8%82"},
]  # fmt: skip


@contextmanager
def opened(place: Path | str, work: Path) -> Iterator[Archive]:
    """Open a new archive of the records."""
    (work / "records.jsonl").write_text("\n".join(json.dumps(record) for record in RECORDS), "utf-8")
    index_paths([work / "records.jsonl"], place, FakeEncoder())
    with Archive(place, Settings(), FakeEncoder()) as archive:
        yield archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    work = tmp_path_factory.mktemp("addresses")
    with opened(work / "archive", work) as archive:
        yield archive


@pytest.mark.parametrize("kind", ["folder", "cluster"])
def test_an_archive_answers_an_address_with_its_article(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = tmp_path / "archive" if kind == "folder" else request.getfixturevalue("cluster")
    with opened(place, tmp_path) as archive:
        answers_addresses(archive)


def answers_addresses(archive: Archive) -> None:
    for asked in (
        "https://yz.com/2023/03/14/a1.html?from=timeline",
        "yz.com/2023/03/14/A1.html",
        "http://m.yz.com/2023/03/14/a1.html 讲了什么",
    ):
        answer = archive.ask(asked)
        assert answer.answered
        assert [hit.article.id for hit in answer.hits] == ["bridge"]
        hit = answer.hits[0]
        assert hit.article.text[slice(*hit.span)] == hit.text == "新桥昨天通车。"
    assert archive.ask("http://news.lx.cn/show.php?catid=3&id=12&spm=1").hits[0].article.id == "other"
    encoded = archive.ask("https://lx.cn/%e6%96%b0%e9%97%bb/%E9%9B%86.html?k=%E5%B8%82")
    assert [hit.article.id for hit in encoded.hits] == ["encoded"]
    missing = archive.ask("https://yz.com/2023/03/14/a2.html")
    assert not missing.answered
    assert not missing.hits
