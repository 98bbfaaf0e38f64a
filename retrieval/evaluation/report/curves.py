"""The numbers behind the plots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.outcomes import Outcome

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes of like confidence: how many, their mean confidence, and the share whose first hit is right."""

    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Step:
    """What answering from `confidence` on would mean: the share of questions answered, and of those the share wrong."""

    confidence: float
    coverage: float
    error: float


def calibration(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Sort outcomes into ten bins of confidence; empty ones are left out."""
    confidences = np.array([outcome.confidence for outcome in outcomes])
    rights = np.array([outcome.rank == 1 for outcome in outcomes], np.float64)
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    return [
        Bin(int(members.sum()), float(confidences[members].mean()), float(rights[members].mean()))
        for members in (bins == number for number in range(_BINS))
        if members.any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of confidence from truth, bins weighted by their outcomes.

    Source: Guo et al., On calibration of modern neural networks (2017).
    """
    return sum(item.n * abs(item.confidence - item.right) for item in bins) / sum(item.n for item in bins)


def coverage_steps(outcomes: Sequence[Outcome]) -> list[Step]:
    """Return what each threshold would mean, the highest first; equal confidences make one step."""
    steps = []
    wrong = 0
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    for n, outcome in enumerate(ordered, start=1):
        wrong += outcome.rank != 1
        if n == len(ordered) or ordered[n].confidence != outcome.confidence:
            steps.append(Step(outcome.confidence, n / len(ordered), wrong / n))
    return steps
