"""Who may read an archive may read all of it, and nobody else any of it."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval import ArchiveError, index_paths, rebuild_archive, remove_articles
from retrieval.store.catalogue.connection import Connection
from tests.fakes import FakeEncoder
from tests.permissions import bound_by_permissions, open_to_all
from tests.retrieval.test_durability import TEXTS, write_articles

ROOT = Path(__file__).parents[2]
READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


def readers(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) & READ


def derived(archive: Path) -> list[Path]:
    return [archive / "vectors.faiss", *(path for path in (archive / "words").iterdir() if path.is_file())]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles.jsonl", dict(list(TEXTS.items())[:12]))


@pytest.mark.parametrize("made", [0o022, 0o077, 0o027])
def test_a_new_archive(made: int, articles: Path, tmp_path: Path) -> None:
    with umask(made):
        index_paths([articles], tmp_path / "archive", FakeEncoder())
    files = derived(tmp_path / "archive")
    assert {path.name for path in files} >= {"vectors.faiss", "meta.json", "signatures.sqlite"}
    assert {readers(path) for path in files} == {readers(tmp_path / "archive" / "catalogue.sqlite")}


@pytest.mark.parametrize("change", ["index", "remove", "rebuild"])
@pytest.mark.parametrize(
    ("allowed", "written"), [(0o644, 0o077), (0o664, 0o077), (0o640, 0o022), (0o600, 0o022)], ids=oct
)
def test_an_archive_whose_owner_decided(
    change: str, allowed: int, written: int, articles: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    index_paths([articles], archive, FakeEncoder())
    (archive / "catalogue.sqlite").chmod(allowed)
    with umask(written):
        if change == "index":
            index_paths([write_articles(articles, TEXTS)], archive, FakeEncoder())
        elif change == "remove":
            remove_articles(archive, ["a3"])
        else:
            rebuild_archive(archive, FakeEncoder())
    assert {readers(path) for path in (archive / "catalogue.sqlite", *derived(archive))} == {allowed & READ}
    wanted = (allowed & READ) | (allowed & READ) >> 2  # whoever may read the files may look into their folder
    assert stat.S_IMODE((archive / "words").stat().st_mode) & wanted == wanted


@pytest.mark.parametrize(
    ("place", "mode", "writes"), [("catalogue.sqlite", 0, False), ("catalogue.sqlite", 0, True), (".", 0o500, True)]
)
def test_what_may_not_be_opened_is_reported_as_that(
    place: str, mode: int, writes: bool, articles: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    index_paths([articles], archive, FakeEncoder())
    before = (archive / place).stat().st_mode
    (archive / place).chmod(mode)
    try:
        with bound_by_permissions(), pytest.raises(ArchiveError) as caught:
            Connection(archive / "catalogue.sqlite", create=writes)
    finally:
        (archive / place).chmod(before)
    assert "ermission" in str(caught.value)
    assert "making a new archive" not in str(caught.value)


NOBODY = """
import os, sys
from pathlib import Path
from retrieval import Archive, Settings
from retrieval.store.local.word_index import WordIndex
from retrieval.passages import size
from tests.fakes import FakeEncoder
size("第七座桥多长？")  # imports what nobody may not
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
with Archive(Path(sys.argv[1]), Settings(_env_file=None, reader="off"), FakeEncoder()) as archive:
    for question in ("第七座桥多长？", "老船工等了几年？"):
        archive.ask(question)
    with archive._reader.snapshot() as index:
        print(index.words.is_usable, index.words.covered() == index.catalogue.sequence())
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become nobody")
@pytest.mark.parametrize(("left", "found", "said"), [(None, "True True", 0), (0o600, "False False", 1)])
def test_another_user_finds_as_much_or_is_told_once(left: int | None, found: str, said: int, articles: Path) -> None:
    with open_to_all() as place:
        index_paths([articles], place / "archive", FakeEncoder())
        if left is not None:
            (place / "archive" / "words" / "meta.json").chmod(left)
        done = subprocess.run(
            [sys.executable, "-c", NOBODY, str(place / "archive")],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.stdout.strip() == found, done.stderr
    assert done.stderr.count("may not be read by this user") == said
