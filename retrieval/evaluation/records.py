"""An evaluation ↔ the JSON record of `eval --json`, which a later run is compared with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from retrieval.errors import QuestionError
from retrieval.evaluation.compare import Comparison
from retrieval.evaluation.measures import MEASURES
from retrieval.evaluation.outcomes import Outcome
from retrieval.evaluation.summary import Slices, Summary

Record = dict[str, object]
_QUESTION = ("id", "question", "articles", "answers")


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
        raise QuestionError(f"{path} is not what chuchu eval --json prints: {said}") from error


def _nested(question: Mapping[str, Any]) -> dict[str, Any]:
    return {**question, "question": {name: question[name] for name in _QUESTION}}


def _put(record: Record, name: str, value: float | None) -> None:
    group, _, last = name.rpartition(".")
    if not group:
        record[last] = value
        return
    inner = record.setdefault(group, {})
    if isinstance(inner, dict):
        inner[last] = value
