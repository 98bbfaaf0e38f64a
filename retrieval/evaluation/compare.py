"""Two runs over the same questions: what got better, what got worse, and whether chance explains it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from retrieval.errors import QuestionError
from retrieval.evaluation.bootstrap import Sample, intervals_of_difference
from retrieval.evaluation.measures import LOWER_IS_BETTER, SAMPLED
from retrieval.evaluation.outcomes import Outcome
from retrieval.evaluation.summary import sliced

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Change:
    """A measure before and after; the 95 % interval of the difference tells whether it is more than chance."""

    slice: str
    n: int
    measure: str
    before: float
    after: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Tell whether it got worse, surely."""
        return self.low > 0 if self.measure in LOWER_IS_BETTER else self.high < 0

    @property
    def better(self) -> bool:
        """Tell whether it got better, surely."""
        return self.high < 0 if self.measure in LOWER_IS_BETTER else self.low > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed over `n` questions that both runs have.

    `lost` are the ids whose right article came first before and does not now; `won` the other way round.
    """

    n: int
    changes: tuple[Change, ...]
    lost: tuple[str, ...]
    won: tuple[str, ...]


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Compare two runs question by question, in the whole and in each slice of the second.

    Raises:
        QuestionError: they have no question in common.
    """
    known = {outcome.question.id: outcome for outcome in before}
    later = [outcome for outcome in after if outcome.question.id in known]
    if not later:
        raise QuestionError("the two runs have no question in common: compare runs over the same set")
    earlier = [known[outcome.question.id] for outcome in later]
    changes = list(_changes(WHOLE, earlier, later))
    for dimension, values in sliced(later).items():
        if len(values) > 1:
            for value, members in values.items():
                before_too = [known[outcome.question.id] for outcome in members]
                changes += _changes(f"{dimension}={value}", before_too, members)
    ids = [outcome.question.id for outcome in later]
    first = np.array([[pair[0].rank == 1, pair[1].rank == 1] for pair in zip(earlier, later, strict=True)])
    lost, won = first[:, 0] & ~first[:, 1], first[:, 1] & ~first[:, 0]
    return Comparison(len(later), tuple(changes), tuple(compress(ids, lost)), tuple(compress(ids, won)))


def _changes(name: str, before: Sequence[Outcome], after: Sequence[Outcome]) -> Iterator[Change]:
    earlier, later = Sample(before), Sample(after)
    rows = zip(SAMPLED, earlier.values(), later.values(), *intervals_of_difference(earlier, later), strict=True)
    for measure, was, now, low, high in rows:
        if not np.isnan([was, now, low, high]).any():
            yield Change(name, len(after), measure, float(was), float(now), float(low), float(high))
