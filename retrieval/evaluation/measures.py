"""What is measured, in the order it is shown, and how sure it is: bootstrap intervals."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SettingsError
from retrieval.evaluation.outcomes import Outcome

EXPLAINED = {
    "success@1": "share of questions with a right article first",
    "success@3": "share with a right article among the first three",
    "success@10": "share with a right article among the first ten",
    "MRR@10": "mean of 1 / place of the first right article",
    "nDCG@10": "how high all right articles stand, 1 at best",
    "answer@3": "share with the answer's words in one of the first three passages",
    "highlight@1": "share with the answer's words highlighted in the first passage",
    "complete@3": "share with every part answered among the first three",
    "complete@5": "share with every part answered among the first five",
    "complete@10": "share with every part answered among the first ten",
    "parts.answered": "share of the parts that are called answered",
    "parts.right": "of the parts called answered, the share that is",
    "outcome.stated": "share of comparisons whose outcome is stated",
    "outcome.right": "of these, the share with the right outcome",
    "answer.exact": "share with exactly the answer's words as answer span",
    "answer.f1": "how far the answer span's words agree with the answer's",
    "answered.coverage": "share of questions that are called answered",
    "answered.right": "of all questions, the share called answered with a right article first",
    "answered.wrong": "of those called answered, the share with a wrong article first",
    "refusal.precision": "of the refusals, the share the archive cannot answer",
    "refusal.recall": "of what the archive cannot answer, the share refused",
    "refusal.auroc": "how well confidence separates what can be answered from what cannot",
    "calibration.error": "how far confidence lies from the share that is right",
    "latency_ms.p50": "milliseconds to an answer, half take less",
    "latency_ms.p95": "milliseconds to an answer, 95 of 100 take less",
}
"""Each measure in one sentence, in the order they are shown."""
MEASURES = tuple(EXPLAINED)
AUROC, CALIBRATION = "refusal.auroc", "calibration.error"
LATENCY = ("latency_ms.p50", "latency_ms.p95")
SAMPLED = tuple(measure for measure in MEASURES if measure not in LATENCY)
"""The measures that have confidence intervals."""
MEANS = tuple(measure for measure in SAMPLED if measure not in (AUROC, CALIBRATION))
"""Each is the mean of the outcomes' marks of this name, over the outcomes that have one."""
LOWER_IS_BETTER = frozenset({"answered.wrong", CALIBRATION, *LATENCY})


def is_worse(measure: str, value: float, limit: float) -> bool:
    """Return whether a value falls short of its limit: a floor, or a ceiling where lower is better."""
    return value > limit if measure in LOWER_IS_BETTER else value < limit


def measure_named(name: str) -> str:
    """Return the measure with this name, or with this last part of its name.

    Raises:
        SettingsError: there is none.
    """
    found = [measure for measure in MEASURES if name.lower() in (measure.lower(), measure.lower().rpartition(".")[2])]
    if not found:
        raise SettingsError(
            "no measure is called {name}; there are {measures}", name=name, measures=", ".join(MEASURES)
        )
    return found[0]


Floats = NDArray[np.float64]
_BINS = 10
RESAMPLES = 1000  # the ends of a 95 % interval then move by about a hundredth of its width from seed to seed
_SEED = 20240229


class Sample:
    """Outcomes as arrays, ready to be weighed many times."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        marks = [[outcome.marks.get(name, np.nan) for name in MEANS] for outcome in outcomes]
        table = np.array(marks, np.float64).reshape(len(outcomes), len(MEANS))
        self._counted = (~np.isnan(table)).astype(np.float64)
        self._marks = np.nan_to_num(table)
        self._answerable = np.array([outcome.question.answerable for outcome in outcomes], np.float64)
        confidences = np.array([outcome.confidence for outcome in outcomes], np.float64)
        self._bins = np.minimum((confidences * _BINS).astype(np.intp), _BINS - 1)
        self._over = confidences - np.array([outcome.is_right for outcome in outcomes], np.float64)
        self._levels = np.unique(confidences, return_inverse=True)[1]
        self.n = len(outcomes)

    def values(self, counts: Floats | None = None) -> Floats:
        """Return every sampled measure, in order, NaN where nothing counts; `counts` says how often each outcome does.

        float64 of shape (len(SAMPLED),).
        """
        counts = np.ones(self.n) if counts is None else counts
        with np.errstate(invalid="ignore"):
            means = (counts @ self._marks) / (counts @ self._counted)
        return np.append(means, [self._auroc(counts), self._calibration_error(counts)])

    def _calibration_error(self, counts: Floats) -> float:
        """Return by how much confidences miss the share of first hits that are right, over ten bins of confidence.

        Source: Guo et al., On calibration of modern neural networks (2017).
        """
        missed = np.bincount(self._bins, counts * self._over)
        return float(np.abs(missed).sum() / counts.sum()) if counts.sum() else float("nan")

    def _auroc(self, counts: Floats) -> float:
        """Return the share of pairs in which the answerable question has the higher confidence; a tie is half a pair.

        Source: Hanley & McNeil, The meaning and use of the area under a ROC curve (1982).
        """
        answerable = np.bincount(self._levels, counts * self._answerable)
        others = np.bincount(self._levels, counts * (1 - self._answerable))
        pairs = answerable.sum() * others.sum()
        below = np.cumsum(others) - others / 2
        return float(answerable @ below / pairs) if pairs else float("nan")


def resamples(n: int) -> Iterator[Floats]:
    """Yield how often each of `n` outcomes is drawn in each resample; the same for the same `n`, always."""
    generator = np.random.default_rng(_SEED)
    for _ in range(RESAMPLES):
        yield np.bincount(generator.integers(n, size=n), minlength=n).astype(np.float64)


def intervals(sample: Sample) -> Floats:
    """Return the 95 % interval of every sampled measure; float64 of shape (2, len(SAMPLED))."""
    return _ends(np.array([sample.values(counts) for counts in resamples(sample.n)]))


def intervals_of_difference(before: Sample, after: Sample) -> Floats:
    """Return the 95 % interval of what every sampled measure gained, of the same questions in the same order."""
    return _ends(np.array([after.values(counts) - before.values(counts) for counts in resamples(before.n)]))


def _ends(drawn: Floats) -> Floats:
    known = ~np.isnan(drawn).all(axis=0)
    ends = np.full((2, drawn.shape[1]), np.nan)
    ends[:, known] = np.nanpercentile(drawn[:, known], [2.5, 97.5], axis=0)
    return ends
