"""`--prune` removes what is certainly gone: whatever is there, or may be, stays."""

import gzip
import io
import json
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from retrieval import Archive, IndexReport, Settings, index_paths
from retrieval.origins import Disk, Remembered
from retrieval.values import Origin
from tests.fakes import FakeEncoder
from tests.permissions import bound_by_permissions


def story(number: int) -> str:
    return f"第{number}座桥昨天通车，全长{number * 31 + 7}米，连起河两岸的{number + 2}个村，工程花了两年。"


def index(folder: Path, *, prune: bool | Literal["all"] = False) -> IndexReport:
    return index_paths([folder / "news"], folder / "archive", FakeEncoder(), prune=prune)


def held(folder: Path) -> int:
    with Archive(folder / "archive", Settings(), FakeEncoder()) as archive:
        return int(str(archive.stats()["articles"]))


def zipped(texts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def tarred(texts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in texts.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return packed.getvalue()


def lines(texts: dict[str, str]) -> bytes:
    return "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()).encode()


def rows(texts: dict[str, str]) -> bytes:
    return ("id,text\n" + "".join(f"{name},{text}\n" for name, text in texts.items())).encode()


PACKED: dict[str, Callable[[dict[str, str]], bytes]] = {
    "z.zip": zipped,
    "z.tar.gz": tarred,
    "z.jsonl": lines,
    "z.jsonl.gz": lambda texts: gzip.compress(lines(texts)),
    "z.csv": rows,
    "z.json": lambda texts: json.dumps([{"id": name, "text": text} for name, text in texts.items()]).encode(),
}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with twenty articles, six of them in a folder of their own."""
    (tmp_path / "news" / "sub").mkdir(parents=True)
    for number in range(14):
        (tmp_path / "news" / f"{number:02}.txt").write_text(story(number), "utf-8")
    for number in range(14, 20):
        (tmp_path / "news" / "sub" / f"{number:02}.txt").write_text(story(number), "utf-8")
    assert len(index(tmp_path).added) == 20
    return tmp_path


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
@pytest.mark.parametrize("name", ["", "sub", "sub/14.txt", "03.txt"])
@pytest.mark.parametrize("prune", [True, "all"])
def test_what_may_not_be_read_just_now_stays(news: Path, name: str, mode: int, *, prune: bool | Literal["all"]) -> None:
    place = news / "news" / name
    (news / "news" / "05.txt").unlink()
    before = place.stat().st_mode
    place.chmod(mode)
    try:
        with bound_by_permissions():
            report = index(news, prune=prune)
    finally:
        place.chmod(before)
    # of a folder that cannot be looked into, nobody knows what is gone from it
    assert report.removed == (["05.txt"] if name else [])
    assert report.doubt == ""
    assert held(news) == 20 - len(report.removed)


def _becomes_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _becomes_a_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _becomes_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _grows(path: Path) -> None:
    os.truncate(path, 65 * 1024 * 1024)


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "white": lambda path: path.write_bytes(b"\n \n"),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "too large": _grows,
    "a pipe": _becomes_a_pipe,
    "a loop": _becomes_a_loop,
    "a folder": _becomes_a_folder,
    "a menu": lambda path: path.write_text("首页 | 新闻 | 体育\n", "utf-8"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_file_that_is_there_keeps_its_article_whatever_it_has_become(
    news: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(news / "news" / "03.txt")
    (news / "news" / "05.txt").unlink()
    assert index(news, prune=True).removed == ["05.txt"]


def _cut(data: bytes) -> bytes:
    """Cut it inside a record: of one cut between two records nobody can tell."""
    return data[: len(data) * 3 // 5]


def _broken(data: bytes) -> bytes:
    """Spoil the middle."""
    middle = len(data) // 2
    return data[:middle] + b'"\x00{\xff' + data[middle + 4 :]


def _unclosed(data: bytes) -> bytes:
    """Open a quotation mark in the middle of a table."""
    middle = data.index(b",", len(data) // 2) + 1
    return data[:middle] + b'"' + data[middle:]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        *((name, spoil) for name in PACKED for spoil in (_cut, _broken, lambda _: b"") if name != "z.csv"),
        # of a table that ends early, or whose lines have grown together, nobody can tell
        *(("z.csv", spoil) for spoil in (_unclosed, lambda _: b"", lambda data: data.replace(b"id,text", b"x,y"))),
    ],
)
def test_a_file_of_many_articles_that_is_damaged_loses_none(
    news: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    texts = {f"m{number}.txt": story(100 + number) for number in range(8)}
    path = news / "news" / name
    path.write_bytes(PACKED[name](texts))
    assert len(index(news).added) == 8
    path.write_bytes(spoil(path.read_bytes()))
    (news / "news" / "05.txt").unlink()
    report = index(news, prune="all")
    assert report.skipped
    assert report.removed == ["05.txt"]
    assert held(news) == 27


@pytest.mark.parametrize("name", PACKED)
def test_a_file_of_many_articles_that_is_whole_loses_what_is_no_longer_in_it(news: Path, name: str) -> None:
    texts = {f"m{number}.txt": story(100 + number) for number in range(8)}
    path = news / "news" / name
    path.write_bytes(PACKED[name](texts))
    added = index(news).added
    del texts["m3.txt"]
    path.write_bytes(PACKED[name](texts))
    assert index(news, prune=True).removed == [article_id for article_id in added if article_id.endswith("m3.txt")]
    path.unlink()
    assert len(index(news, prune=True).removed) == 7


def test_a_member_that_cannot_be_read_keeps_its_own_article_only(news: Path) -> None:
    path = news / "news" / "z.zip"
    path.write_bytes(zipped({f"m{number}.txt": story(100 + number) for number in range(4)}))
    index(news)
    members = {"m0.txt": story(100), "m1.txt": "\x00\x01\x02" * 99, "m3.txt": story(103), "photo.jpg": "x"}
    path.write_bytes(zipped(members))
    assert index(news, prune=True).removed == ["z.zip/m2.txt"]


@pytest.mark.parametrize("is_left", [True, False], ids=["empty", "gone"])
def test_a_folder_that_vanished_whole_is_asked_about(news: Path, *, is_left: bool) -> None:
    shutil.rmtree(news / "news" / "sub")
    if is_left:  # as a folder is on which a disk is not mounted
        (news / "news" / "sub").mkdir()
    (news / "news" / "05.txt").unlink()
    report = index(news, prune=True)
    assert (report.removed, held(news)) == ([], 20)
    assert report.doubt == (
        f"the folder {(news / 'news' / 'sub').resolve()} is gone or empty, with the files of 6 articles"
    )
    assert len(index(news, prune="all").removed) == 7
    assert held(news) == 13


def test_more_than_half_of_the_articles_is_asked_about(news: Path) -> None:
    for number in range(10):
        (news / "news" / f"{number:02}.txt").unlink()
    assert len(index(news, prune=True).removed) == 10  # no more than half
    for number in range(10, 14):
        (news / "news" / f"{number:02}.txt").unlink()
    for number in range(14, 16):
        (news / "news" / "sub" / f"{number:02}.txt").unlink()
    (news / "news" / "new.txt").write_text(story(99), "utf-8")
    report = index(news, prune=True)
    assert (report.removed, report.added, held(news)) == ([], ["new.txt"], 11)
    assert report.doubt == f"the files of 6 of the 10 articles in {news / 'news'} are gone at once"
    assert len(index(news, prune="all").removed) == 6


def test_half_counts_within_each_folder_that_is_named(news: Path) -> None:
    for number in range(14, 18):
        (news / "news" / "sub" / f"{number:02}.txt").unlink()
    (news / "other").mkdir()
    for number in range(50, 90):
        (news / "other" / f"{number}.txt").write_text(story(number), "utf-8")
    paths = [news / "other", news / "news" / "sub"]
    report = index_paths(paths, news / "archive", FakeEncoder(), prune=True)
    assert (report.removed, len(report.added)) == ([], 42)
    assert report.doubt.startswith("the files of 6 of the 6 articles in ") or "4 of the" in report.doubt


def test_nothing_is_removed_that_lies_elsewhere_or_came_from_a_stream(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(news / "news")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(story(70).encode())))
    assert index_paths([Path("-")], news / "archive", FakeEncoder()).added == ["stdin"]
    (news / "elsewhere").mkdir()
    (news / "elsewhere" / "far.txt").write_text(story(71), "utf-8")
    index_paths([news / "elsewhere"], news / "archive", FakeEncoder())
    (news / "elsewhere" / "far.txt").unlink()
    assert index(news, prune="all").removed == []
    assert held(news) == 22


FATES = ["kept", "gone", "unreadable", "cut", "empty", "a folder"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@example([("a.txt", "gone"), *((name, "unreadable") for name in PACKED)])
@given(st.lists(st.tuples(st.sampled_from(["a.txt", *PACKED]), st.sampled_from(FATES)), min_size=1, max_size=9))
def test_whatever_becomes_of_files_only_those_of_deleted_ones_go(files: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as named:
        folder = Path(named)
        expected = _index_and_change(folder, files)
        try:
            with bound_by_permissions():
                asked, report = index(folder, prune=True), index(folder, prune="all")
        finally:
            for path in (folder / "news").iterdir():
                path.chmod(0o755)
        assert sorted(asked.removed + report.removed) == sorted(expected)
        assert not asked.removed or not asked.doubt


def _index_and_change(folder: Path, files: list[tuple[str, str]]) -> list[str]:
    """Index files, let each meet its fate, and return the ids of the articles that are to go."""
    news = folder / "news"
    news.mkdir()
    (news / "always.txt").write_text(story(0), "utf-8")
    expected: list[str] = []
    for number, (name, _) in enumerate(files, start=1):
        texts = {f"f{number}m{member}.txt": story(10 * number + member) for member in range(3)}
        data = PACKED[name](texts) if name in PACKED else story(10 * number).encode()
        (news / f"{number}{name}").write_bytes(data)
    ids = index(folder).added
    for number, (name, fate) in enumerate(files, start=1):
        path = news / f"{number}{name}"
        if fate == "gone":
            path.unlink()
            expected += [each for each in ids if each.startswith((path.name, f"f{number}m"))]
        elif fate == "unreadable":
            path.chmod(0)
        elif fate == "a folder":
            _becomes_a_folder(path)
        elif fate != "kept":
            # of a table that ends early nobody can tell
            is_cut = fate == "cut" and name != "z.csv"
            path.write_bytes(_cut(path.read_bytes()) if is_cut else b"")
    return expected


def test_a_name_of_any_bytes_is_known_again(tmp_path: Path) -> None:
    for name in ["/a/\udcff\udc80/b.txt", "/a/新闻.txt", '/a/"\\\n\u202e.txt', "/a/\ud800.txt"]:
        place = Remembered(Origin(name, "/in.zip/x"), "/home\udcfe")
        written = str(place)
        written.encode()
        assert Remembered.parse(written) == place
    assert Remembered.parse(str(Remembered(Origin(), "/home"))).files("/home") == []


def test_paths_of_older_archives_are_parted_where_a_file_ends(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"x")
    (tmp_path / "b.jsonl.gz").write_bytes(b"x")
    assert Remembered.parse(f"{tmp_path}/a.zip/in/c.txt").origin == Origin(f"{tmp_path}/a.zip", "/in/c.txt")
    assert Remembered.parse(f"{tmp_path}/b.jsonl").origin == Origin(f"{tmp_path}/b.jsonl.gz")
    assert Remembered.parse(f"{tmp_path}/gone.txt").origin == Origin(f"{tmp_path}/gone.txt")
    assert Remembered.parse("stdin").files("/home") == []


def test_what_is_gone_is_named_by_its_outermost_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    disk = Disk()
    assert disk.gone(str(tmp_path / "a.txt")) is None
    assert disk.gone(str(tmp_path / "b.txt")) == str(tmp_path / "b.txt")
    assert disk.gone(f"{tmp_path}/{'x/' * 1500}b.txt") == str(tmp_path / "x")
    assert disk.gone(f"{tmp_path}/{'x' * 300}") is None  # no such name can be, but that is not what the disk says
    assert disk.gone(str(tmp_path / "a.txt" / "inside")) == str(tmp_path / "a.txt" / "inside")
