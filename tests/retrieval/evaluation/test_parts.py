"""Questions of several parts, and the day on which each question is asked."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval.errors import QuestionError
from retrieval.evaluation import Question, evaluate, read_questions
from retrieval.evaluation.outcomes import part_marks
from retrieval.evaluation.summary import outcome_record, read_outcomes
from retrieval.values import Answer, PartAnswer
from tests.retrieval.evaluation.fakes import FakeArchive, answer, hit

TWO = Question("q", "甲和乙哪个更早？", ("a", "b", "c"), parts=(("a",), ("b", "c")))


def test_records_take_the_day_the_parts_and_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    record = {"id": 1, "question": "?", "articles": ["a", "b"], "as_of": "2022-06-01", "parts": [["a"], ["b"]]}
    path.write_text(json.dumps({**record, "kind": "aggregate", "note": "other fields are left alone"}), "utf-8")
    expected = Question("1", "?", ("a", "b"), (), date(2022, 6, 1), (("a",), ("b",)), "aggregate")
    assert read_questions(path) == [expected]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"articles": ["a"], "parts": [[]]}, "parts"),
        ({"articles": [], "parts": [["a"]]}, "parts but no articles"),
        ({"articles": ["a"], "as_of": "last week"}, "as_of"),
    ],
)
def test_faulty_parts_and_days_are_named(tmp_path: Path, fields: dict[str, object], message: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"id": "q", "question": "?", **fields}), "utf-8")
    with pytest.raises(QuestionError, match=message):
        read_questions(path)


@pytest.mark.parametrize(
    ("ids", "complete"),
    [("axb", (1, 1, 1)), ("axyb", (0, 1, 1)), ("axyzwc", (0, 0, 1)), ("bc", (0, 0, 0)), ("", (0, 0, 0))],
)
def test_complete_at_k_wants_an_article_of_every_part_among_the_first_k(ids: str, complete: tuple[int, ...]) -> None:
    marks = part_marks(TWO, answer(*map(hit, ids)))
    assert tuple(marks[f"complete@{k}"] for k in (3, 5, 10)) == complete


def test_copies_of_a_hit_are_at_its_place() -> None:
    assert part_marks(TWO, answer(hit("x", also=["a"]), hit("y", also=["c"])))["complete@3"] == 1


def parted(*given: tuple[str, bool]) -> Answer:
    """Return an answer in parts, each with its first hit and whether it is answered."""
    hits = tuple(hit(article) for article, _ in given)
    parts = tuple(PartAnswer("x", "x", ok, 0.9, (item,)) for item, (_, ok) in zip(hits, given, strict=True))
    return replace(answer(*hits, answered=all(ok for _, ok in given)), parts=parts)


@pytest.mark.parametrize(
    ("given", "answered", "right"),
    [
        (parted(("a", True), ("b", True)), 1, 1),
        (parted(("a", True), ("b", False)), 0, 0.5),
        (parted(("a", True), ("x", True)), 1, 0.5),
        (answer(hit("a"), hit("b")), 1, 0.5),  # not cut: the verdict is the first hit's
        (answer(hit("a"), hit("b"), answered=False), 0, 0),
    ],
)
def test_each_part_has_its_verdict(given: Answer, answered: float, right: float) -> None:
    marks = part_marks(TWO, given)
    assert (marks["parts.answered"], marks["parts.right"]) == (answered, right)


def test_a_question_without_parts_counts_for_no_measure_of_parts() -> None:
    assert part_marks(Question("q", "?", ("a",)), answer(hit("a"))) == {}


def test_each_question_is_put_on_its_own_day_the_others_on_that_of_the_run() -> None:
    archive = FakeArchive({"?": answer(), "??": answer()})
    own, run = date(2022, 6, 1), date(2023, 1, 1)
    evaluate(archive, [Question("1", "?", as_of=own), Question("2", "??")], as_of=run)
    assert archive.days == {own, run}


def test_an_outcome_with_a_day_and_parts_survives_the_file(tmp_path: Path) -> None:
    asked = replace(TWO, as_of=date(2022, 6, 1), kind="aggregate")
    (outcome,) = evaluate(FakeArchive({TWO.question: answer(hit("a"))}), [asked])
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"questions": [outcome_record(outcome)]}), "utf-8")
    assert read_outcomes(path) == [outcome]
    old = {name: value for name, value in outcome_record(outcome).items() if name not in {"as_of", "parts", "kind"}}
    path.write_text(json.dumps({"questions": [old]}), "utf-8")
    assert read_outcomes(path)[0].question == Question(TWO.id, TWO.question, TWO.articles)
