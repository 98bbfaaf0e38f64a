"""The JSON record, which a later run reads again."""

import json
from pathlib import Path

import pytest

from retrieval.errors import QuestionError
from retrieval.evaluation import (
    Question,
    compare,
    evaluate,
    evaluation_record,
    read_outcomes,
    summarise,
    summarise_slices,
)
from retrieval.evaluation.outcomes import Outcome
from tests.retrieval.evaluation.fakes import FakeArchive, answer, hit


@pytest.fixture
def outcomes() -> list[Outcome]:
    questions = [Question("q1", "多少？", ("a",), ("37",)), Question("q2", "何时？"), Question("q3", "谁？", ("b",))]
    answers = {
        "多少？": answer(hit("a", "37")),
        "何时？": answer(hit("x"), answered=False, confidence=0.2),
        "谁？": answer(),
    }
    return evaluate(FakeArchive(answers), questions)


def test_what_is_written_is_read_again(outcomes: list[Outcome], tmp_path: Path) -> None:
    record = evaluation_record(outcomes, summarise(outcomes), summarise_slices(outcomes))
    path = tmp_path / "run.json"
    path.write_text(json.dumps(record), "utf-8")
    assert read_outcomes(path) == outcomes


def test_the_record_has_the_promised_names(outcomes: list[Outcome]) -> None:
    record = evaluation_record(outcomes, summarise(outcomes), summarise_slices(outcomes), compare(outcomes, outcomes))
    measured = {
        "n",
        "success@1",
        "success@3",
        "success@10",
        "MRR@10",
        "answer@3",
        "highlight@1",
        "refusal",
        "latency_ms",
    }
    assert measured <= record.keys()
    assert record["success@1"] == 0.5
    assert record["refusal"] == {"precision": 1.0, "recall": 1.0, "auroc": 1.0}
    slices = record["slices"]
    assert isinstance(slices, dict)
    assert measured <= slices["answerable"]["no"].keys()
    assert slices["answerable"]["no"]["success@1"] is None
    assert json.loads(json.dumps(record))["comparison"]["n"] == 3


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"questions": [{"id": "q"}]}', '{"questions": [1]}'])
def test_another_file_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(QuestionError, match="is not what chuchu eval --json prints"):
        read_outcomes(path)
