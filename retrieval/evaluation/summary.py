"""Outcomes → the measures of the whole set and of each slice, their change since another run, their JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from retrieval.errors import QuestionError
from retrieval.evaluation.measures import (
    LATENCY,
    LOWER_IS_BETTER,
    MEASURES,
    SAMPLED,
    Sample,
    intervals,
    intervals_of_difference,
)
from retrieval.evaluation.outcomes import Outcome
from retrieval.evaluation.questions import Question

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


WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Change:
    """A measure before and after; the 95 % interval of the difference shows whether it is more than chance."""

    slice: str
    n: int
    measure: str
    before: float
    after: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Whether it got worse, surely."""
        return self.low > 0 if self.measure in LOWER_IS_BETTER else self.high < 0

    @property
    def better(self) -> bool:
        """Whether it got better, surely."""
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


Record = dict[str, object]
_QUESTION = tuple(field.name for field in fields(Question))


def evaluation_record(
    outcomes: Sequence[Outcome], whole: Summary, slices: Slices, comparison: Comparison | None = None
) -> Record:
    """Return the whole set's measures, those of each slice, and every question's outcome."""
    record = {
        **summary_record(whole),
        "slices": {
            dimension: {value: summary_record(summary) for value, summary in values.items()}
            for dimension, values in slices.items()
        },
    }
    if comparison:
        record["comparison"] = comparison_record(comparison)
    return {**record, "questions": [outcome_record(outcome) for outcome in outcomes]}


def summary_record(summary: Summary) -> Record:
    """Return measures nested by their names, null where nothing counted, and their intervals."""
    record: Record = {"n": summary.n}
    for name in MEASURES:
        value = summary.values.get(name)
        _put(record, name, None if value is None else round(value, 6))
    record["intervals"] = {name: [round(end, 6) for end in ends] for name, ends in summary.intervals.items()}
    return record


def comparison_record(comparison: Comparison) -> Record:
    """Return what changed; `worse` and `better` are changes that chance does not explain."""
    return {
        "n": comparison.n,
        "worse": [asdict(change) for change in comparison.changes if change.worse],
        "better": [asdict(change) for change in comparison.changes if change.better],
        "changes": [asdict(change) for change in comparison.changes],
        "lost": list(comparison.lost),
        "won": list(comparison.won),
    }


def outcome_record(outcome: Outcome) -> Record:
    """Return one question with what it came to."""
    record = asdict(outcome)
    question = record.pop("question")
    question["as_of"] = question["as_of"] and question["as_of"].isoformat()
    return {**question, **record, "failure": outcome.failure}


def read_outcomes(path: Path) -> list[Outcome]:
    """Read the outcomes out of an earlier run's record.

    Raises:
        QuestionError: the file is not one.
    """
    try:
        record = json.loads(path.read_text("utf-8"))
        nested = [_nested(question) for question in record["questions"]]
        return TypeAdapter(list[Outcome]).validate_python(nested)
    except (OSError, ValueError, KeyError, TypeError) as error:
        said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise QuestionError("{path} is not what chuchu eval --json prints: {said}", path=path, said=said) from error


def _nested(question: Mapping[str, Any]) -> dict[str, Any]:
    return {**question, "question": {name: question[name] for name in _QUESTION if name in question}}


def _put(record: Record, name: str, value: float | None) -> None:
    group, _, last = name.rpartition(".")
    if not group:
        record[last] = value
        return
    inner = record.setdefault(group, {})
    if isinstance(inner, dict):
        inner[last] = value
