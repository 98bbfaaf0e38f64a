"""An archive made anew out of itself."""

import json
from pathlib import Path

import pytest

from retrieval import (
    Archive,
    ArchiveError,
    ArchiveMismatchError,
    Settings,
    index_paths,
    rebuild_archive,
    verify_archive,
)
from retrieval.index import swapping
from retrieval.rebuilding import salvage
from tests.fakes import FakeEncoder

QUESTION = "第七座桥的第三段有几米？"
ARTICLES = 160  # three batches


def write_articles(path: Path) -> Path:
    texts = {
        n: "\n".join(f"第{n}座桥的第{line}段有{n * line}米。" * 4 for line in range(1, 9)) for n in range(ARTICLES)
    }
    records = (json.dumps({"id": f"a{n}", "text": text}, ensure_ascii=False) for n, text in texts.items())
    path.write_text("\n".join(records), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index_paths([write_articles(tmp_path / "articles.jsonl")], tmp_path / "archive", FakeEncoder())
    return tmp_path / "archive"


def asked(folder: Path, encoder: FakeEncoder) -> list[str]:
    with Archive(folder, Settings(), encoder) as archive:
        return [hit.article.id for hit in archive.ask(QUESTION).hits]


def test_another_model_takes_the_place_of_the_first(folder: Path, tmp_path: Path) -> None:
    report = rebuild_archive(folder, FakeEncoder("other", 32))
    assert len(report.added) == ARTICLES
    assert asked(folder, FakeEncoder("other", 32))
    assert verify_archive(folder) == ()
    with pytest.raises(ArchiveMismatchError, match="--rebuild"):
        asked(folder, FakeEncoder())
    again = index_paths([tmp_path / "articles.jsonl"], folder, FakeEncoder("other", 32))
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


def test_what_a_rebuild_left_of_an_older_state_is_not_gone_on_with(folder: Path, tmp_path: Path) -> None:
    told: list[int] = []
    rebuild_archive(
        folder, FakeEncoder("other", 32), progress=lambda report: told.append(1), stopped=lambda: bool(told)
    )
    changed = (tmp_path / "articles.jsonl").read_text("utf-8").replace("第7座", "第七百座")
    (tmp_path / "articles.jsonl").write_text(changed, "utf-8")
    index_paths([tmp_path / "articles.jsonl"], folder, FakeEncoder())
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
