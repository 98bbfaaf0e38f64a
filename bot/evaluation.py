"""`chuchu eval`: put a question set to an archive, and say how good the answers were."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from bot import output
from bot.evaluation_output import asking_progress, print_comparison, print_evaluation, print_missing
from bot.progress import indexing_progress, preparing_progress
from retrieval import Archive, Settings, SettingsError, encoder_of
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
from retrieval.settings import read_settings


class Limit(NamedTuple):
    """What a measure of the whole set must reach, or stay under where lower is better."""

    measure: str
    value: float


def evaluate_command(
    questions: Annotated[Path, typer.Argument(help="question records (.jsonl), or a set in SQuAD's format (.json)")],
    index: Annotated[Path | None, typer.Option("--index", help="folder of the archive")] = None,
    k: Annotated[
        int, typer.Option("-k", min=1, max=100, help="places to look among for the right article, 10 at least")
    ] = 10,
    report: Annotated[Path | None, typer.Option(help="write a page with plots and failures")] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="an earlier run's --json: say what changed since")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="a parallel set, in the articles' language, to take the answers from")
    ] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="METRIC=X", help="exit with 1 when the whole set is worse than X")
    ] = None,
    *,
    build_first: Annotated[
        bool, typer.Option("--build", help="first index the paragraphs of a set in SQuAD's format; needs --index")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, every question's outcome included")] = False,
) -> None:
    """Put a question set to the archive and measure the answers."""
    limits = [_limit(said) for said in fail_under or ()]
    asked = _questions(questions, answers)
    before = read_outcomes(compare_with) if compare_with else None
    settings = read_settings()
    folder = index or Path(settings.index)
    if build_first:
        _build(questions, index, settings)
    outcomes = _ask(folder, settings, asked, k)
    whole, slices = summarise(outcomes), summarise_slices(outcomes)
    comparison: Comparison | None = compare(before, outcomes) if before is not None else None
    if report:
        _write(report, render(f"{questions.name} over {folder}", outcomes, whole, slices, comparison))
    if as_json:
        output.print_json(evaluation_record(outcomes, whole, slices, comparison))
    else:
        print_evaluation(outcomes, whole, slices)
        if comparison:
            print_comparison(comparison)
    _hold(whole, limits)


def _questions(path: Path, answers: Path | None) -> list[Question]:
    questions = read_questions(path)
    return with_answers_of(questions, read_questions(answers)) if answers else questions


def _build(questions: Path, index: Path | None, settings: Settings) -> None:
    if index is None:
        raise SettingsError("--build fills an archive with the set's paragraphs: name its folder with --index")
    if questions.suffix.lower() != ".json":
        raise SettingsError(f"--build needs a set in SQuAD's format (.json); {questions} holds questions only")
    with preparing_progress() as prepared:
        encoder = encoder_of(settings, prepared)
    with indexing_progress() as progressed:
        build(questions, index, encoder, progress=progressed)


def _ask(folder: Path, settings: Settings, questions: Sequence[Question], k: int) -> list[Outcome]:
    with Archive(folder, settings) as archive:
        missing = missing_articles(archive, questions)
        if missing and not any(set(question.articles) - set(missing) for question in questions):
            raise SettingsError(
                f"none of the {len(missing)} articles that the questions name is in {folder}, such as {missing[0]}. "
                f"Name the archive with --index, or index the articles from the folder that their ids begin in"
            )
        print_missing(missing, folder)
        with preparing_progress() as prepared:
            archive.load(prepared)
        with asking_progress(len(questions)) as progressed:
            return evaluate(archive, questions, k=k, progress=progressed)


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
        path.write_text(page, "utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}. Name another file with --report") from error
