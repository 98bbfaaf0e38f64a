"""What the benchmark of kinds counts of a set's questions."""

import pytest

from benchmarks.kinds import Verdicts, verdicts
from retrieval.evaluation import Outcome, Question


def outcome(*, rank: int | None, answered: bool, articles: tuple[str, ...] = ("a",), **marks: float) -> Outcome:
    named = {name.replace("_at_", "@"): value for name, value in marks.items()}
    return Outcome(Question("q", "?", articles), {}, answered, 0.5, rank, None, named, 0.0)


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (outcome(rank=1, answered=True), Verdicts(answerable=1, right=1)),
        (outcome(rank=1, answered=False), Verdicts(answerable=1, right=1, right_refused=1)),
        (outcome(rank=2, answered=True), Verdicts(answerable=1, wrong_answered=1)),
        (outcome(rank=None, answered=False), Verdicts(answerable=1)),
        (outcome(rank=1, answered=True, complete_at_3=0.0), Verdicts(answerable=1, wrong_answered=1)),
        (outcome(rank=2, answered=True, complete_at_3=1.0), Verdicts(answerable=1, right=1)),
        (outcome(rank=None, answered=True, articles=()), Verdicts(unanswerable=1, unanswerable_answered=1)),
        (outcome(rank=None, answered=False, articles=()), Verdicts(unanswerable=1)),
    ],
)
def test_each_question_counts_for_what_came_of_it(each: Outcome, expected: Verdicts) -> None:
    assert verdicts([each]) == expected
    assert verdicts([each, each]) == expected + expected
