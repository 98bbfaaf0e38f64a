"""An archive made anew out of itself."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import (
    Archive,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveMissingError,
    Settings,
    index_paths,
    ingest,
    rebuild_archive,
    remove_articles,
    repair_archive,
    verify_archive,
)
from retrieval.store import lock
from retrieval.store import lock as swapping
from retrieval.store.catalogue import Catalogue
from retrieval.upkeep.verification import salvage
from tests.fakes import FakeEncoder

QUESTION = "第七座桥的第三段有几米？"
ARTICLES, BATCH_WINDOWS = 40, 64  # three batches


def write_articles(path: Path) -> Path:
    texts = {
        n: "\n".join(f"第{n}座桥的第{line}段有{n * line}米。" * 4 for line in range(1, 9)) for n in range(ARTICLES)
    }
    records = (json.dumps({"id": f"a{n}", "text": text}, ensure_ascii=False) for n, text in texts.items())
    path.write_text("\n".join(records), "utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def _small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "_BATCH_WINDOWS", BATCH_WINDOWS)
        yield


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the archive was made of, and beside it the archive; both are only read."""
    path = write_articles(tmp_path_factory.mktemp("sound") / "articles.jsonl")
    index_paths([path], path.with_name("archive"), FakeEncoder())
    return path


@pytest.fixture
def folder(articles: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(articles.with_name("archive"), tmp_path / "archive"))


def asked(folder: Path, encoder: FakeEncoder) -> list[str]:
    with Archive(folder, Settings(), encoder) as archive:
        return [hit.article.id for hit in archive.ask(QUESTION).hits]


def test_another_model_takes_the_place_of_the_first(folder: Path, articles: Path) -> None:
    report = rebuild_archive(folder, FakeEncoder("other", 32))
    assert len(report.added) == ARTICLES
    assert asked(folder, FakeEncoder("other", 32))
    assert verify_archive(folder) == ()
    with pytest.raises(ArchiveMismatchError, match="--rebuild"):
        asked(folder, FakeEncoder())
    again = index_paths([articles], folder, FakeEncoder("other", 32))
    assert len(again.unchanged) == ARTICLES
    assert not (folder / "rebuilt").exists()


def test_the_old_archive_answers_meanwhile(folder: Path) -> None:
    before = asked(folder, FakeEncoder())
    during: list[list[str]] = []
    rebuild_archive(folder, FakeEncoder("other", 32), progress=lambda _: during.append(asked(folder, FakeEncoder())))
    assert during
    assert all(answer == before for answer in during)


def test_an_open_reader_follows_a_rebuild(folder: Path) -> None:
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        before = [hit.text for hit in archive.ask(QUESTION).hits]
        rebuild_archive(folder, FakeEncoder())
        assert [hit.text for hit in archive.ask(QUESTION).hits] == before
        rebuild_archive(folder, FakeEncoder("other", 32))
        with pytest.raises(ArchiveMismatchError, match="other"):
            archive.ask(QUESTION)


def test_a_stopped_rebuild_goes_on_where_it_was(folder: Path) -> None:
    before = asked(folder, FakeEncoder())
    told: list[int] = []
    first, second = FakeEncoder("other", 32), FakeEncoder("other", 32)
    report = rebuild_archive(
        folder, first, progress=lambda report: told.append(len(report.added)), stopped=lambda: bool(told)
    )
    assert report.stopped
    assert 0 < len(report.added) < ARTICLES
    assert asked(folder, FakeEncoder()) == before
    rest = rebuild_archive(folder, second)
    assert len(rest.added) == ARTICLES - len(report.added)
    assert not {text for text in second.encoded if "座桥" in text} & {text for text in first.encoded if "座桥" in text}
    assert verify_archive(folder) == ()


def test_what_a_rebuild_left_of_an_older_state_is_not_gone_on_with(tmp_path: Path) -> None:
    articles, folder = write_articles(tmp_path / "articles.jsonl"), tmp_path / "archive"
    index_paths([articles], folder, FakeEncoder())
    told: list[int] = []
    rebuild_archive(
        folder, FakeEncoder("other", 32), progress=lambda report: told.append(1), stopped=lambda: bool(told)
    )
    changed = articles.read_text("utf-8").replace("第7座", "第七百座")
    articles.write_text(changed, "utf-8")
    index_paths([articles], folder, FakeEncoder())
    assert len(rebuild_archive(folder, FakeEncoder("other", 32)).added) == ARTICLES
    with Archive(folder, Settings(), FakeEncoder("other", 32)) as archive:
        article = archive.article("a7")
    assert article is not None
    assert "第七百座" in article.text


@pytest.mark.parametrize("opened", [False, True])
def test_a_swap_that_was_killed_half_way_is_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, opened: bool
) -> None:
    before = asked(folder, FakeEncoder())

    def die(_folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(swapping, "_follow", die)
    with pytest.raises(KeyboardInterrupt):
        rebuild_archive(folder, FakeEncoder())
    monkeypatch.undo()
    derived = (folder / "rebuilt" / "vectors.faiss").read_bytes()
    if opened:
        assert asked(folder, FakeEncoder()) == before
    assert verify_archive(folder) == ()
    assert (folder / "vectors.faiss").read_bytes() == derived
    assert not (folder / "rebuilt").exists()
    assert asked(folder, FakeEncoder()) == before


def test_what_cannot_be_salvaged_stays_as_it_was(folder: Path) -> None:
    before = asked(folder, FakeEncoder())
    (folder / "damaged.sqlite").mkdir()
    with pytest.raises(ArchiveError, match="cannot be written"):
        salvage(folder)
    assert asked(folder, FakeEncoder()) == before
    (folder / "damaged.sqlite").rmdir()
    salvage(folder)
    assert (folder / "damaged.sqlite").is_file()
    assert asked(folder, FakeEncoder()) == before


def stopped_half_way(folder: Path) -> None:
    told: list[int] = []
    rebuild_archive(
        folder, FakeEncoder("other", 32), progress=lambda report: told.append(1), stopped=lambda: bool(told)
    )
    assert (folder / "rebuilt").is_dir()


@pytest.mark.parametrize("writer", ["index", "remove", "repair"])
def test_what_a_killed_rebuild_left_is_removed_by_the_next_writer(folder: Path, articles: Path, writer: str) -> None:
    stopped_half_way(folder)
    (folder / "salvaged.sqlite").write_bytes(b"of a killed repair")
    if writer == "index":
        index_paths([articles], folder, FakeEncoder())
    elif writer == "remove":
        remove_articles(folder, ["a1"])
    else:
        repair_archive(folder)
    assert not (folder / "rebuilt").exists()
    assert not (folder / "salvaged.sqlite").exists()
    assert verify_archive(folder) == ()


@pytest.mark.parametrize("left", ["half a rebuild", "no words", "a swap half way"])
def test_readers_take_no_writers_lock(folder: Path, monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    if left == "half a rebuild":
        stopped_half_way(folder)
    elif left == "no words":
        shutil.rmtree(folder / "words")
    else:
        monkeypatch.setattr(swapping, "_follow", lambda _folder: None)
        rebuild_archive(folder, FakeEncoder())
        monkeypatch.undo()
    locked: list[str] = []

    class Recorded(lock.FileLock):  # type: ignore[misc, name-defined]
        def acquire(self, *args: object, **options: object) -> object:
            locked.append(Path(self.lock_file).name)
            return super().acquire(*args, **options)

    monkeypatch.setattr(lock, "FileLock", Recorded)
    assert asked(folder, FakeEncoder())
    assert verify_archive(folder) == ()
    assert "writer.lock" not in locked
    assert locked == ([] if left == "half a rebuild" else ["derived.lock"])


def test_a_writer_waits_for_a_reader_that_makes_words_anew(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("新的一篇文章，写的是河边的水厂。" * 20, "utf-8")
    with ThreadPoolExecutor(1) as pool:
        with lock.deriving(folder) as is_held:
            writing = pool.submit(index_paths, [tmp_path / "new.txt"], folder, FakeEncoder())
            with pytest.raises(TimeoutError):
                writing.result(timeout=0.5)
            with lock.deriving(folder, patience_s=0) as is_held_twice:
                assert (is_held, is_held_twice) == (True, False)
        assert writing.result().added == ["new.txt"]


@pytest.mark.parametrize("given", ["2", "4", "10"])
def test_nothing_is_made_of_an_archive_of_another_format(folder: Path, given: str) -> None:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        catalogue.write_manifest({**catalogue.manifest(), "format": given})
    unsealed = folder.with_name("unsealed")
    shutil.copytree(folder, unsealed)
    with closing(Catalogue(unsealed / "catalogue.sqlite")) as catalogue, catalogue._connection.transaction():
        catalogue._connection.write("UPDATE manifest SET value = 'sealed in another way' WHERE key = 'seal'")
    for archive in (folder, unsealed):
        before = (archive / "catalogue.sqlite").read_bytes()
        for work in (lambda at: rebuild_archive(at, FakeEncoder()), repair_archive, verify_archive):
            with pytest.raises(ArchiveMismatchError, match=f"has format {given}; this chuchu reads format 3"):
                work(archive)
        assert (archive / "catalogue.sqlite").read_bytes() == before
        assert not (archive / "rebuilt").exists()


@pytest.mark.parametrize("write", [b"", None])
def test_an_archive_that_was_killed_before_its_manifest_is_begun_again(tmp_path: Path, write: bytes | None) -> None:
    folder = tmp_path / "begun"
    folder.mkdir()
    if write is None:
        Catalogue(folder / "catalogue.sqlite", create=True).close()
        assert verify_archive(folder) == ()
        repaired = repair_archive(folder)
        assert (repaired.found, repaired.taken_out, repaired.left) == ((), (), ())
    else:
        (folder / "catalogue.sqlite").write_bytes(write)
    for work in (
        lambda: rebuild_archive(folder, FakeEncoder()),
        lambda: remove_articles(folder, ["a"]),
        lambda: asked(folder, FakeEncoder()),
    ):
        with pytest.raises(ArchiveMissingError, match="chuchu index PATH"):
            work()
    assert len(index_paths([write_articles(tmp_path / "articles.jsonl")], folder, FakeEncoder()).added) == ARTICLES
    assert verify_archive(folder) == ()
    assert asked(folder, FakeEncoder())
