"""Questions embedded together before they are asked: the same answers, and no other encoding."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval import Answer, Archive, Asked, Filters, QuestionError, Settings, index_paths
from retrieval.encoders import Vectors
from tests.fakes import FakeEncoder


class Counting(FakeEncoder):
    """Keeps what it was asked to embed, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        return super().encode_queries(texts)


ASKED = [
    Asked("新桥多长？", today=date(2024, 5, 1)),
    Asked("去年谁来看热闹？", 1, Filters(source="甲报"), date(2023, 5, 1), today=date(2024, 5, 1)),
    Asked("2022年的桥", is_literal=True, today=date(2024, 5, 1)),
]


def write(path: Path, text: str) -> None:
    record = {"id": "bridge", "title": "新桥", "text": text, "published": "2022-04-14", "source": "甲报"}
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "articles.jsonl", "新桥全长三百四十米，连起河两岸的六个村，老人们都来看热闹。")
    index_paths([tmp_path / "articles.jsonl"], tmp_path / "archive", FakeEncoder())
    return tmp_path / "archive"


def answers(archive: Archive, asked: Sequence[Asked]) -> list[Answer]:
    given = [
        archive.ask(each.question, k=each.k, filters=each.filters, as_of=each.as_of, is_literal=each.is_literal)
        for each in asked
    ]
    return [replace(answer, timing_ms={}) for answer in given]


def today(asked: Sequence[Asked]) -> list[Asked]:
    return [replace(each, today=date.today()) for each in asked]  # noqa: DTZ011 as the archive reads it


def test_questions_that_were_foreseen_are_answered_alike_and_embedded_once_and_together(folder: Path) -> None:
    encoder = Counting()
    with Archive(folder, Settings(), encoder) as archive, Archive(folder, Settings(), FakeEncoder()) as other:
        asked = today(ASKED)
        archive.foresee(asked)
        assert len(encoder.calls) == 1
        assert len(encoder.calls[0]) == len(asked)
        assert answers(archive, asked) == answers(other, asked)
        assert len(encoder.calls) == 1


def test_what_else_is_asked_is_embedded_by_itself(folder: Path) -> None:
    encoder = Counting()
    with Archive(folder, Settings(), encoder) as archive:
        archive.foresee(today(ASKED[:1]))
        archive.ask(ASKED[0].question, filters=Filters(until="2023"))
        assert len(encoder.calls) == 2


def test_what_cannot_be_asked_is_passed_over_and_told_when_asked(folder: Path) -> None:
    encoder = Counting()
    with Archive(folder, Settings(), encoder) as archive:
        archive.foresee([Asked(""), Asked("问" * 3000)])
        assert encoder.calls == []
        archive.foresee([Asked(""), *today(ASKED)])
        assert len(encoder.calls[0]) == len(ASKED)
        with pytest.raises(QuestionError):
            archive.ask("")


def test_what_needs_no_vector_is_not_embedded(folder: Path) -> None:
    encoder = Counting()
    with Archive(folder, Settings(), encoder) as archive:
        archive.ask(ASKED[0].question)
        archive.foresee([*today(ASKED[:1]), Asked("你好")])
        assert len(encoder.calls) == 1


def test_an_archive_that_changed_meanwhile_embeds_again(folder: Path) -> None:
    encoder = Counting()
    with Archive(folder, Settings(), encoder) as archive:
        archive.foresee(today(ASKED))
        write(folder.parent / "articles.jsonl", "新桥全长五百米，比图纸上长，两岸的人都说走得累。")
        index_paths([folder.parent / "articles.jsonl"], folder, FakeEncoder())
        assert "五百米" in archive.ask(ASKED[0].question).hits[0].text
        assert len(encoder.calls) == 2


def test_a_cluster_foresees_nothing(folder: Path, cluster: str) -> None:
    index_paths([folder.parent / "articles.jsonl"], cluster, FakeEncoder())
    encoder = Counting()
    with Archive(cluster, Settings(), encoder) as archive:
        archive.foresee(today(ASKED))
        assert encoder.calls == []
        assert archive.ask(ASKED[0].question).hits
