"""What `chuchu eval` does: put a question set to an archive, and say how good the answers were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import typer

from bot import output
from bot.evaluation_output import asking_progress, print_comparison, print_evaluation, print_missing
from bot.private import write_private
from bot.progress import indexing_progress, preparing_progress
from bot.streams import shown
from retrieval import Archive, Settings, SettingsError, encoder_of, parse_day, read_settings
from retrieval.evaluation import (
    Comparison,
    Outcome,
    Question,
    Summary,
    build,
    compare,
    evaluate,
    evaluation_record,
    is_worse,
    measure_named,
    missing_articles,
    read_outcomes,
    read_questions,
    render,
    summarise,
    summarise_slices,
    with_answers_of,
)


class Limit(NamedTuple):
    """What a measure of the whole set must reach, or stay under where lower is better."""

    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was asked for: see the command's options."""

    questions: Path
    index: str | None
    k: int
    report: Path | None
    compare_with: Path | None
    answers: Path | None
    fail_under: tuple[str, ...]
    build_first: bool
    as_of: str | None
    as_json: bool


def run(wanted: Evaluation) -> None:
    """Put a question set to the archive and measure the answers."""
    limits = [_limit(said) for said in wanted.fail_under]
    as_of = parse_day(wanted.as_of)
    asked = _questions(wanted.questions, wanted.answers)
    before = read_outcomes(wanted.compare_with) if wanted.compare_with else None
    settings = read_settings()
    location = wanted.index or settings.index
    if wanted.build_first:
        _build(wanted.questions, wanted.index, settings)
    outcomes = _ask(location, settings, asked, wanted.k, as_of)
    whole, slices = summarise(outcomes), summarise_slices(outcomes)
    comparison: Comparison | None = compare(before, outcomes) if before is not None else None
    if wanted.report:
        _write(wanted.report, render(f"{wanted.questions.name} over {location}", outcomes, whole, slices, comparison))
    if wanted.as_json:
        output.print_json(evaluation_record(outcomes, whole, slices, comparison))
    else:
        print_evaluation(outcomes, whole, slices)
        if comparison:
            print_comparison(comparison)
    _hold(whole, limits)


def _questions(path: Path, answers: Path | None) -> list[Question]:
    questions = read_questions(path)
    return with_answers_of(questions, read_questions(answers)) if answers else questions


def _build(questions: Path, index: str | None, settings: Settings) -> None:
    if index is None:
        raise SettingsError("--build fills an archive with the set's paragraphs: name its folder with --index")
    if questions.suffix.lower() != ".json":
        raise SettingsError(f"--build needs a set in SQuAD's format (.json); {questions} holds questions only")
    with preparing_progress() as prepared:
        encoder = encoder_of(settings, prepared)
    with indexing_progress() as progressed:
        build(questions, index, encoder, progress=progressed)


def _ask(location: str, settings: Settings, questions: Sequence[Question], k: int, as_of: date | None) -> list[Outcome]:
    with Archive(location, settings) as archive:
        missing = missing_articles(archive, questions)
        if missing and not any(set(question.articles) - set(missing) for question in questions):
            raise SettingsError(
                f"none of the {len(missing)} articles that the questions name is in {location}, such as {missing[0]}. "
                f"Name the archive with --index, or index the articles from the folder that their ids begin in"
            )
        print_missing(missing, location)
        with preparing_progress() as prepared:
            archive.load(prepared)
        with asking_progress(len(questions)) as progressed:
            return evaluate(archive, questions, k=k, as_of=as_of, progress=progressed)


def _limit(said: str) -> Limit:
    name, _, value = said.partition("=")
    try:
        return Limit(measure_named(name.strip()), float(value))
    except ValueError as error:
        raise SettingsError(f"--fail-under {said}: write METRIC=X, as in success@1=0.9") from error


def _hold(whole: Summary, limits: Sequence[Limit]) -> None:
    """Leave with status 1 when a limit is not met.

    A measure that nothing counted for is not met either: a gate that measures nothing is open.
    """
    missed = [
        f"{limit.measure} is {'not measured' if value is None else f'{value:.4f}'}, worse than {limit.value:g}"
        for limit in limits
        if (value := whole.values.get(limit.measure)) is None or is_worse(limit.measure, value, limit.value)
    ]
    for line in missed:
        typer.echo(f"chuchu: {line}", err=True)
    if missed:
        raise typer.Exit(1)


def _write(path: Path, page: str) -> None:
    try:
        write_private(path, shown(page))
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}. Name another file with --report") from error
