"""Readers while a writer is at work."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval import Archive, Settings, index_paths, ingest, remove_articles
from retrieval.encode.encoder import Vectors
from tests.fakes import FakeEncoder

EDITIONS = 4


def text_of(number: int, edition: int) -> str:
    lines = (f"第{number}座桥的第{line}段有{number * line}米，第{edition}版。" for line in range(1, 12))
    return "\n".join(lines)


def write_articles(path: Path, edition: int, count: int = 40) -> Path:
    records = ({"id": f"a{n}", "title": f"桥{n}", "text": text_of(n, edition)} for n in range(count))
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    return path


def test_questions_get_whole_answers_while_everything_is_written_anew(tmp_path: Path) -> None:
    source, folder = tmp_path / "articles.jsonl", tmp_path / "archive"
    index_paths([write_articles(source, 0)], folder, FakeEncoder())
    texts = {text_of(number, edition) for number in range(40) for edition in range(EDITIONS)}
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for edition in range(1, EDITIONS):
                remove_articles(folder, [f"a{edition}"])
                index_paths([write_articles(source, edition)], folder, FakeEncoder())
        except BaseException as error:  # noqa: BLE001 handed to the thread that asserts
            faults.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    asked = 0
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        while writer.is_alive() or not asked:
            for hit in archive.ask("第七座桥的第三段有几米？").hits:
                assert hit.article.text in texts
                assert hit.article.text[slice(*hit.span)] == hit.text
                assert hit.article.title == f"桥{hit.article.id[1:]}"
            asked += 1
        assert archive.ask("桥").hits[0].article.text.endswith(f"第{EDITIONS - 1}版。")
    writer.join()
    assert faults == []


class Watched(FakeEncoder):
    """Asks a reader, before it embeds a batch, whether it sees what was embedded two batches before."""

    def __init__(self, reader: Archive) -> None:
        super().__init__()
        self.seen: list[bool] = []
        self._batches = 0
        self._reader = reader

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self._batches += any("座桥" in text for text in texts)
        if self._batches > 2:
            self.seen.append(bool(self._reader.article("a0")))
        return super().encode_passages(texts)


def test_a_reader_sees_each_batch_while_later_ones_are_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_BATCH_WINDOWS", 64)
    folder = tmp_path / "archive"
    first = tmp_path / "first.jsonl"
    first.write_text(json.dumps({"id": "first", "text": text_of(99, 0)}, ensure_ascii=False), "utf-8")
    index_paths([first], folder, FakeEncoder())
    with Archive(folder, Settings(), FakeEncoder()) as reader:
        encoder = Watched(reader)
        index_paths([write_articles(tmp_path / "many.jsonl", 1, 80)], folder, encoder)
    assert encoder.seen
    assert all(encoder.seen)


@pytest.mark.parametrize("place", ["vectors.faiss", "words"])
def test_a_reader_keeps_what_it_has_opened(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "archive"
    index_paths([write_articles(tmp_path / "articles.jsonl", 0)], folder, FakeEncoder())
    with Archive(folder, Settings(), FakeEncoder()) as reader:
        before = [hit.article.id for hit in reader.ask("第七座桥的第三段有几米？").hits]
        (folder / place).rename(folder / "elsewhere")
        assert [hit.article.id for hit in reader.ask("第七座桥的第三段有几米？").hits] == before
