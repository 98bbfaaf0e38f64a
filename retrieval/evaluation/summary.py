"""Outcomes → the measures of the whole set and each slice, with bootstrap intervals; their change and their JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from retrieval.errors import QuestionError, SettingsError
from retrieval.evaluation.outcomes import Outcome
from retrieval.evaluation.questions import Question

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
        nested = [
            {**question, "question": {name: question[name] for name in _QUESTION if name in question}}
            for question in record["questions"]
        ]
        return TypeAdapter(list[Outcome]).validate_python(nested)
    except (OSError, ValueError, KeyError, TypeError) as error:
        said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise QuestionError("{path} is not what chuchu eval --json prints: {said}", path=path, said=said) from error


def _put(record: Record, name: str, value: float | None) -> None:
    group, _, last = name.rpartition(".")
    if not group:
        record[last] = value
        return
    inner = record.setdefault(group, {})
    if isinstance(inner, dict):
        inner[last] = value
