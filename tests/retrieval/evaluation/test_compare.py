"""Two runs over the same questions."""

import pytest

from retrieval.errors import QuestionError
from retrieval.evaluation import Outcome, compare
from tests.retrieval.evaluation.fakes import outcome


def run(right: str, wrong: str = "", language: str = "zh") -> list[Outcome]:
    """A letter is a question; those of `wrong` are answered and wrong."""
    return [
        outcome(
            letter,
            rank=1 if good == "1" else 2,
            marks={"success@1": float(good), "answered.wrong": float(letter in wrong)},
            slices={"language": language if letter < "m" else "en"},
        )
        for letter, good in zip("abcdefghijklmnopqrstuvwx", right, strict=True)
    ]


ALL = "1" * 24


def test_equal_runs_differ_in_nothing() -> None:
    comparison = compare(run(ALL), run(ALL))
    assert comparison.n == 24
    assert not any(change.worse or change.better for change in comparison.changes)
    assert (comparison.lost, comparison.won) == ((), ())


def test_a_loss_in_one_slice_is_found_there_and_in_the_whole_only() -> None:
    comparison = compare(run(ALL), run("1" * 12 + "0" * 12))
    assert {change.slice for change in comparison.changes if change.worse} == {"whole", "language=en"}
    whole = next(change for change in comparison.changes if change.slice == "whole" and change.measure == "success@1")
    assert (whole.before, whole.after, whole.n) == (1, 0.5, 24)
    assert -0.75 < whole.low < -0.5 < whole.high < -0.25
    assert comparison.lost == tuple("mnopqrstuvwx")


def test_one_question_of_many_may_be_chance() -> None:
    comparison = compare(run(ALL), run("1" * 23 + "0"))
    assert comparison.lost == ("x",)
    assert not any(change.worse for change in comparison.changes)


def test_more_wrong_answers_are_worse_and_fewer_are_better() -> None:
    assert any(change.worse for change in compare(run(ALL), run(ALL, wrong="abcdefghijkl")).changes)
    fewer = compare(run(ALL, wrong="abcdefghijkl"), run(ALL))
    assert any(change.better for change in fewer.changes)
    assert not any(change.worse for change in fewer.changes)


def test_pairs_are_told_by_id_and_other_questions_are_left_out() -> None:
    after = [*reversed(run("0" + "1" * 23)), outcome("new", rank=2)]
    comparison = compare([*run(ALL), outcome("old")], after)
    assert (comparison.n, comparison.lost) == (24, ("a",))


def test_runs_with_nothing_in_common_cannot_be_compared() -> None:
    with pytest.raises(QuestionError, match="no question in common"):
        compare([outcome("a")], [outcome("b")])
