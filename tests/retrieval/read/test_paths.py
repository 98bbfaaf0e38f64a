"""Paths of every kind: what cannot be read costs one line, and the others are read."""

import os
import socket
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from retrieval import Archive, ArchiveError, ArticleError, IndexReport, Settings, index_paths, remove_articles
from retrieval.read import read
from retrieval.read.walk import OUTSIDE, folders_in
from retrieval.upkeep.verification import verify_archive
from retrieval.values import Draft, Skipped
from tests.fakes import FakeEncoder
from tests.permissions import bound_by_permissions

STORY = "清溪县图书馆昨日宣布，周末开放时间延长两小时。"


def write(path: Path | bytes, text: str = STORY) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 no `Path` has a name that is bytes
        file.write(text.encode())


def ids(folder: Path, *, follow_links: bool = False) -> list[str]:
    return [item.id for item in read([folder], follow_links=follow_links) if isinstance(item, Draft)]


def skips(folder: Path, *, follow_links: bool = False) -> list[tuple[str, str]]:
    found = read([folder], follow_links=follow_links)
    return [(Path(item.path).name, item.reason) for item in found if isinstance(item, Skipped)]


def indexed(folder: Path, **options: bool) -> IndexReport:
    return index_paths([folder / "news"], folder / "archive", FakeEncoder(), **options)  # type: ignore[arg-type]


ODD = [
    *(chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) in {"Cc", "Cf", "Zl", "Zp", "Zs"}),
    *(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)),
    *"[]{}<>&;:*?|\\'\"`$%#\ue000\ufeff\u0301é\U0001f600",
]
"""Characters that act on a terminal, turn the line round, are not seen, are none, or mean something to some program."""


def test_names_of_all_characters_that_act_or_are_not_seen(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    names = [f"甲{char}乙.txt" for char in ODD] + ["[/b].x", "[link=x]y[/link].txt", "-rf", "$(id).txt", "长" * 80]
    names = list(dict.fromkeys(name.replace("/", "") for name in names))
    for number, name in enumerate(names):
        write(tmp_path / "news" / name, f"{number}号渡船今天改道，{number * 7}位乘客等了{number % 60}分钟。")
    report = indexed(tmp_path)
    assert (sorted(report.added), report.skipped) == (sorted(names), [])
    assert len(indexed(tmp_path).unchanged) == len(names)
    for name in names[::5]:
        (tmp_path / "news" / name).unlink()
    assert sorted(indexed(tmp_path, prune=True).removed) == sorted(names[::5])
    assert verify_archive(tmp_path / "archive") == ()


def _names(raw: bytes) -> bytes:
    return raw.replace(b"/", b"").replace(b"\0", b"").lstrip(b".")[:200]


SURROGATES = st.integers(0xD800, 0xDFFF).map(lambda code: chr(code).encode("utf-8", "surrogatepass"))
NAMES = st.lists(
    st.one_of(st.binary(max_size=6), SURROGATES, st.text(max_size=3).map(lambda text: text.encode("utf-8", "replace")))
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sets(NAMES.map(lambda parts: _names(b"".join(parts))).filter(bool), min_size=1, max_size=12), st.booleans())
def test_names_of_any_bytes(names: set[bytes], is_deep: bool) -> None:
    """Every file is an article of its own, is known again and can be pruned; what is written is UTF-8."""
    with TemporaryDirectory() as named:
        folder = Path(named)
        place = os.fsencode(folder / "news") + (b"/" + min(names) + b".d" if is_deep else b"")
        os.makedirs(place)  # noqa: PTH103
        for number, name in enumerate(sorted(names)):
            write(place + b"/" + name + b".txt", f"{number}号渡船今天改道，{number * 7}位乘客等了一个小时。")
        report = indexed(folder)
        assert len(report.added) + len(report.skipped) == len(names)
        # two names of one or two bytes may be the same character in two encodings
        assert all("is already that of" in item.reason for item in report.skipped)
        assume(not report.skipped)
        with Archive(folder / "archive", Settings(), FakeEncoder()) as archive:
            for article_id in report.added:
                article = archive.article(article_id)
                assert article
                assert article.path
                f"{article.id}{article.path}".encode()
                assert article.path.endswith(f"/{article.id}")
        assert indexed(folder, prune=True).unchanged == report.added
        gone = max(names)
        os.unlink(place + b"/" + gone + b".txt")  # noqa: PTH108
        pruned = index_paths([folder / "news"], folder / "archive", FakeEncoder(), prune="all").removed
        assert len(pruned) == 1
        assert len(indexed(folder).unchanged) == len(names) - 1


def test_links_that_lead_out_are_followed_only_when_asked(tmp_path: Path) -> None:
    inside, outside = tmp_path / "news", tmp_path / "news2"  # whose name begins alike
    for folder in (inside / "sub", outside / "deep"):
        folder.mkdir(parents=True)
    write(inside / "sub" / "a.txt")
    write(outside / "secret.txt")
    write(outside / "deep" / "b.txt")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "relative").symlink_to("../news2/deep")
    (inside / "sub" / "chain").symlink_to("../folder")
    (inside / "up").symlink_to("..")
    (inside / "dead").symlink_to("/nowhere/x")
    (inside / "within").symlink_to("sub/a.txt")
    (inside / "within.d").symlink_to("sub")
    links = ["chain", "dead", "file.txt", "folder", "relative", "up"]

    assert sorted(ids(inside)) == ["sub/a.txt", "within"]
    assert sorted(skips(inside)) == [(name, OUTSIDE) for name in links]
    assert sorted(folders_in(inside)) == [inside, inside / "sub"]
    followed = ids(inside, follow_links=True)
    assert {"file.txt", "folder/secret.txt", "folder/deep/b.txt", "sub/a.txt", "within"} <= {*followed}
    assert len(followed) == len(set(followed))
    assert skips(inside, follow_links=True) == [("dead", "No such file or directory")]


def test_a_folder_that_is_named_by_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write(tmp_path / "real" / "a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "a").symlink_to(tmp_path / "real" / "a.txt")
    assert ids(tmp_path / "link") == ["a.txt"]
    assert ids(tmp_path / "a") == ["a"]


def test_links_in_circles_are_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "again").symlink_to("../sub")
    write(tmp_path / "zz.txt")
    for follow_links in (False, True):
        assert ids(tmp_path, follow_links=follow_links) == ["zz.txt"]
        reason = "Too many levels of symbolic links"
        assert skips(tmp_path, follow_links=follow_links) == [(name, reason) for name in ("one", "self.txt", "two")]


@pytest.fixture
def too_deep(tmp_path: Path) -> Iterator[Path]:
    """A folder in which others lie deeper than a path may be long, with articles above, below and behind."""
    here, levels = Path.cwd(), 30
    folder = tmp_path / "news"
    folder.mkdir()
    write(folder / "a.txt", f"a{STORY}")
    write(folder / "z.txt", f"z{STORY}")
    os.chdir(folder)
    for _ in range(levels):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    write(Path("x.txt"))
    os.chdir(here)
    yield tmp_path
    os.chdir(folder)
    for _ in range(levels):
        os.chdir("d" * 200)
    Path("x.txt").unlink()
    for _ in range(levels):
        os.chdir("..")
        Path("d" * 200).rmdir()
    os.chdir(here)


def test_what_lies_deeper_than_a_path_is_long_is_one_line(too_deep: Path) -> None:
    report = indexed(too_deep)
    assert report.added == ["a.txt", "z.txt"]
    assert [item.reason for item in report.skipped] == ["File name too long"]
    assert indexed(too_deep, prune=True).removed == []


def test_folders_deeper_than_calls_may_be_are_weighed_too(tmp_path: Path) -> None:
    folder = tmp_path / "news" / "/".join("d" * (sys.getrecursionlimit() + 200))
    try:
        for level in [*reversed(folder.parents), folder]:
            level.mkdir(exist_ok=True)
        write(folder / "x.txt")
        assert indexed(tmp_path).read == 1
    finally:
        (folder / "x.txt").unlink(missing_ok=True)
        while folder != tmp_path and folder.is_dir():
            folder.rmdir()
            folder = folder.parent


@pytest.mark.parametrize(
    ("mode", "skipped"),
    [(0o000, ["sub"]), (0o444, ["b.txt", "c", "link"]), (0o111, ["sub"]), (0o222, ["sub"])],
)
def test_a_folder_that_may_not_be_looked_into_costs_a_line(tmp_path: Path, mode: int, skipped: list[str]) -> None:
    (tmp_path / "news" / "sub" / "c").mkdir(parents=True)
    write(tmp_path / "news" / "sub" / "b.txt")
    (tmp_path / "news" / "sub" / "link").symlink_to("b.txt")
    write(tmp_path / "news" / "zz.txt")
    (tmp_path / "news" / "sub").chmod(mode)
    try:
        with bound_by_permissions():
            found = [item for item in read([tmp_path / "news"]) if isinstance(item, Skipped)]
            report = indexed(tmp_path)
    finally:
        (tmp_path / "news" / "sub").chmod(0o755)
    assert [Path(item.path).name for item in found] == skipped
    assert {item.reason for item in found} == {"Permission denied"}
    assert report.added == ["zz.txt"]
    assert len(report.skipped) == len(skipped)


def test_a_link_that_may_not_be_followed_costs_a_line(tmp_path: Path) -> None:
    (tmp_path / "news" / "shut").mkdir(parents=True)
    write(tmp_path / "news" / "shut" / "a.txt")
    (tmp_path / "news" / "link.txt").symlink_to("shut/a.txt")
    write(tmp_path / "news" / "zz.txt")
    (tmp_path / "news" / "shut").chmod(0)
    try:
        with bound_by_permissions():
            assert ids(tmp_path / "news") == ["zz.txt"]
            assert skips(tmp_path / "news") == [("link.txt", "Permission denied"), ("shut", "Permission denied")]
    finally:
        (tmp_path / "news" / "shut").chmod(0o755)


def test_a_named_path_that_may_not_be_looked_at_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "shut" / "news").mkdir(parents=True)
    (tmp_path / "shut").chmod(0)
    try:
        with bound_by_permissions(), pytest.raises(ArticleError, match="news cannot be read: Permission denied"):
            index_paths([tmp_path / "shut" / "news"], tmp_path / "archive", FakeEncoder())
    finally:
        (tmp_path / "shut").chmod(0o755)
    for name in ("x" * 300, "y/" * 3000):
        with pytest.raises(ArticleError, match="cannot be read: File name too long"):
            index_paths([tmp_path / name], tmp_path / "archive", FakeEncoder())


def test_what_is_no_file_costs_a_line_and_never_waits(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    os.mkfifo(tmp_path / "news" / "pipe.jsonl")
    (tmp_path / "news" / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "news" / "to-pipe.txt").symlink_to("pipe.jsonl")
    write(tmp_path / "news" / "zz.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(tmp_path / "news" / "plug.txt"))
        assert skips(tmp_path / "news") == [
            ("device.txt", OUTSIDE),
            ("pipe.jsonl", "not a regular file"),
            ("plug.txt", "not a regular file"),
            ("to-pipe.txt", "not a regular file"),
        ]
        report = indexed(tmp_path, follow_links=True)
    assert report.added == ["zz.txt"]
    assert {item.reason for item in report.skipped} == {"not a regular file"}
    assert len(report.skipped) == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("index\udcff", "the name is not UTF-8"),
        ("x" * 300, "File name too long"),
        ("shut/index", "Permission denied"),
        ("loop/index", "Too many levels of symbolic links"),
        ("nul\0", "null byte"),
    ],
)
def test_where_no_archive_can_be_is_an_error_of_one_line(tmp_path: Path, name: str, said: str) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "shut").mkdir(mode=0)
    place = tmp_path / name
    with bound_by_permissions():
        for act in (
            lambda: index_paths([tmp_path / "a.txt"], place, FakeEncoder()),
            lambda: Archive(place, Settings(), FakeEncoder()),
            lambda: remove_articles(place, ["a"]),
        ):
            with pytest.raises(ArchiveError, match=said) as raised:
                act()
            assert "\n" not in str(raised.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "loop", "shut"]


def test_an_archive_and_its_articles_may_lie_below_a_name_of_any_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cwd\udcff" / "news").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "cwd\udcff")
    write(Path("news/a.txt"), f"a{STORY}")
    write(Path("news/b.txt"), f"b{STORY}")
    assert len(index_paths([Path("news")], "archive", FakeEncoder()).added) == 2
    Path("news/a.txt").unlink()
    report = index_paths([Path("news")], "archive", FakeEncoder(), prune=True)
    assert (report.removed, report.unchanged) == (["a.txt"], ["b.txt"])
