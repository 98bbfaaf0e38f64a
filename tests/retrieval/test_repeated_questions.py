"""A repeated question gets the answer it got, and a new one as soon as the archive has changed in any way."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval import Archive, Filters, Settings, index_paths, rebuild_archive, remove_articles
from retrieval.encode.encoder import Vectors
from retrieval.store.local.writer import LocalWriter
from tests.fakes import FakeEncoder

QUESTION = "新桥全长多少米？"


class CountingEncoder(FakeEncoder):
    """Counts the questions that it is asked to embed."""

    asked = 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return super().encode_queries(texts)


def write(tmp_path: Path, metres: str) -> Path:
    path = tmp_path / "articles.jsonl"
    record = {
        "id": "bridge",
        "text": f"新桥全长{metres}米，连起河两岸的六个村，老人们都来看热闹。",
        "published": "2022-04-14",
    }
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index_paths([write(tmp_path, "三百四十")], tmp_path / "archive", FakeEncoder())
    return tmp_path / "archive"


def opened(folder: Path) -> tuple[Archive, CountingEncoder]:
    encoder = CountingEncoder()
    return Archive(folder, Settings(), encoder), encoder


def test_the_same_question_is_searched_for_once(folder: Path) -> None:
    archive, encoder = opened(folder)
    with archive:
        first, again = archive.ask(QUESTION), archive.ask(QUESTION)
    assert encoder.asked == 1
    assert replace(again, timing_ms=first.timing_ms) == first
    assert set(first.timing_ms) == {"encode", "total"}
    assert set(again.timing_ms) == {"total"}


def test_other_options_are_another_question(folder: Path) -> None:
    archive, encoder = opened(folder)
    with archive:
        archive.ask(QUESTION)
        archive.ask(QUESTION, k=1)
        archive.ask(QUESTION, filters=Filters(since="2022"))
        archive.ask(QUESTION, as_of=date(2023, 1, 1))
        archive.ask(QUESTION, is_literal=True)
    assert encoder.asked == 5


def test_a_change_is_seen_by_the_next_question(folder: Path, tmp_path: Path) -> None:
    archive, _ = opened(folder)
    with archive:
        assert "三百四十米" in archive.ask(QUESTION).hits[0].text
        index_paths([write(tmp_path, "五百")], folder, FakeEncoder())
        assert "五百米" in archive.ask(QUESTION).hits[0].text
        remove_articles(folder, ["bridge"])
        assert archive.ask(QUESTION).hits == ()


def test_a_rebuild_is_seen_by_the_next_question(folder: Path) -> None:
    archive, encoder = opened(folder)
    with archive:
        archive.ask(QUESTION)
        rebuild_archive(folder, FakeEncoder())
        archive.ask(QUESTION)
    assert encoder.asked == 2


def test_words_that_a_writer_derives_later_are_a_change(folder: Path, tmp_path: Path) -> None:
    archive, encoder = opened(folder)
    other = tmp_path / "other"
    index_paths([write(tmp_path, "五百")], other, FakeEncoder())
    writer = LocalWriter(other)
    entry = writer.entry(1)
    writer.close()
    assert entry is not None
    writer = LocalWriter(folder)
    writer._derived_at = float("inf")  # it derives when told to, however slow the machine is
    with archive:
        archive.ask(QUESTION)
        writer.put_all([replace(entry, article=replace(entry.article, id="second"))])
        archive.ask(QUESTION)
        writer.derive()
        archive.ask(QUESTION)
    writer.close()
    assert encoder.asked == 3
