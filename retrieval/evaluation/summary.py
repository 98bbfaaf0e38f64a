"""Outcomes → the measures of the whole set and of each slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.bootstrap import Sample, intervals
from retrieval.evaluation.measures import LATENCY, SAMPLED
from retrieval.evaluation.outcomes import Outcome

Interval = tuple[float, float]
Slices = Mapping[str, Mapping[str, "Summary"]]
"""By dimension, then by value."""

LEAST_SHOWN = 5
"""Questions of a slice that people are shown: fewer say little, and archives have hundreds of sources."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures of `n` questions; those that nothing counted for are left out. `intervals` hold 95 %."""

    n: int
    values: Mapping[str, float]
    intervals: Mapping[str, Interval]


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Measure a set of outcomes."""
    if not outcomes:
        return Summary(0, {}, {})
    sample = Sample(outcomes)
    values = dict(zip(SAMPLED, sample.values().tolist(), strict=True))
    low, high = intervals(sample).tolist()
    ends = dict(zip(SAMPLED, zip(low, high, strict=True), strict=True))
    known = [name for name in SAMPLED if not np.isnan(values[name])]
    latencies = np.percentile([outcome.latency_ms for outcome in outcomes], [50, 95]).tolist()
    return Summary(
        len(outcomes),
        {**{name: values[name] for name in known}, **dict(zip(LATENCY, latencies, strict=True))},
        {name: ends[name] for name in known},
    )


def sliced(outcomes: Sequence[Outcome]) -> Mapping[str, Mapping[str, list[Outcome]]]:
    """Sort outcomes by dimension and value, the value with most outcomes first."""
    slices: dict[str, dict[str, list[Outcome]]] = {}
    for outcome in outcomes:
        for dimension, value in outcome.slices.items():
            slices.setdefault(dimension, {}).setdefault(value, []).append(outcome)
    return {
        dimension: dict(sorted(values.items(), key=lambda item: (-len(item[1]), item[0])))
        for dimension, values in slices.items()
    }


def summarise_slices(outcomes: Sequence[Outcome]) -> Slices:
    """Measure every slice."""
    return {
        dimension: {value: summarise(members) for value, members in values.items()}
        for dimension, values in sliced(outcomes).items()
    }
