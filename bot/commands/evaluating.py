"""What `chuchu eval` does: put a question set to an archive, and say how good the answers were."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot import output
from bot.output import console, name, quote
from bot.streams import shown
from bot.terminal import bars, indexing_progress, preparing_progress, write_private
from bot.words import say
from retrieval import Archive, Location, Settings, SettingsError, encoder_of, evaluation, parse_day, read_settings

_COLUMNS = ("success@1", "MRR@10", "answer@3", "highlight@1", "answered.coverage", "answered.wrong", "refusal.auroc")
"""The measures of the table of slices, as many as fit next to each other on 100 columns."""
_FAILURES_OF_A_KIND = 5
_FOUND_CHARACTERS = 100


@contextmanager
def asking_progress(total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows how many questions are answered; quiet when standard error is not a terminal."""
    with bars(TextColumn(say("asking")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as drawn:
        task = drawn.add_task("asking", total=total)
        yield lambda done: drawn.update(task, completed=done)


def print_missing(article_ids: Sequence[str], location: Location) -> None:
    """Say on standard error which articles the questions name and the archive does not have."""
    if article_ids:
        named = ", ".join(article_ids[:3]) + (" …" if len(article_ids) > 3 else "")
        lacking = "{location} lacks {count} of the articles that the questions name: {ids}"
        said = say(lacking, location=location, count=len(article_ids), ids=named)
        console(stderr=True).print(name(said, "yellow"), soft_wrap=True)


def print_misplaced(question_ids: Sequence[str]) -> None:
    """Say on standard error which questions have answers that stand nowhere in their articles."""
    if question_ids:
        named = ", ".join(question_ids[:3]) + (" …" if len(question_ids) > 3 else "")
        nowhere = "the answers of {count} questions stand nowhere in their articles: {ids}"
        said = say(nowhere, count=len(question_ids), ids=named)
        console(stderr=True).print(name(said, "yellow"), soft_wrap=True)


def print_evaluation(
    outcomes: Sequence[evaluation.Outcome], whole: evaluation.Summary, slices: evaluation.Slices
) -> None:
    """Print the whole set's measures with their intervals, the slices, and the first failures."""
    screen = console()
    screen.print(_figures(whole))
    screen.print()
    screen.print(_slices(whole, slices))
    for kind in evaluation.Failure:
        _print_failures(kind, [outcome for outcome in outcomes if outcome.failure is kind], screen)


def print_comparison(comparison: evaluation.Comparison) -> None:
    """Print what changed by more than chance explains, what got worse first."""
    screen = console()
    screen.print(Text("\n" + say("Compared over {count:,} questions:", count=comparison.n), style="bold"))
    sure = [change for change in comparison.changes if change.worse or change.better]
    for change in sorted(sure, key=lambda change: not change.worse):
        screen.print(_changed(change))
    if not sure:
        screen.print("  " + say("nothing changed by more than chance explains"))
    for said, ids in (
        (say("first before and not now"), comparison.lost),
        (say("first now and not before"), comparison.won),
    ):
        listed = f" ({', '.join(ids[:10])}{' …' if len(ids) > 10 else ''})" * bool(ids)
        screen.print(name(f"  {said}: {len(ids)}{listed}"))


def _figures(whole: evaluation.Summary) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("n", f"{whole.n:,}", "", Text(say("questions"), style="dim"))
    for measure in evaluation.MEASURES:
        ends = whole.intervals.get(measure)
        between = Text(f"{ends[0]:.3f} – {ends[1]:.3f}" if ends else "", style="dim")
        explained = Text(say(evaluation.EXPLAINED[measure]), style="dim")
        table.add_row(Text(measure, style="cyan"), _shown(measure, whole), between, explained)
    return table


def _slices(whole: evaluation.Summary, slices: evaluation.Slices) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(say("slice"))
    for heading in ("n", *(column.rpartition(".")[2] for column in _COLUMNS)):
        table.add_column(heading, justify="right")
    rows = {say("whole"): whole}
    for dimension, values in slices.items():
        if len(values) > 1:
            rows |= {
                f"{say(dimension)} {say(value)}": summary
                for value, summary in values.items()
                if summary.n >= evaluation.LEAST_SHOWN
            }
    for row, summary in rows.items():
        table.add_row(name(row), f"{summary.n:,}", *(_shown(column, summary) for column in _COLUMNS))
    return table


def _shown(measure: str, summary: evaluation.Summary) -> str:
    value = summary.values.get(measure)
    if value is None:
        return "–"
    return f"{value:.1f}" if measure in evaluation.LATENCY else f"{value:.3f}"


def _print_failures(kind: evaluation.Failure, outcomes: Sequence[evaluation.Outcome], screen: Console) -> None:
    if outcomes:
        screen.print(Text(f"\n{len(outcomes):,} × {say(kind)}:", style="bold"))
    for outcome in outcomes[:_FAILURES_OF_A_KIND]:
        _print_failure(outcome, screen)
    if len(outcomes) > _FAILURES_OF_A_KIND:
        more = len(outcomes) - _FAILURES_OF_A_KIND
        screen.print(say("… and {count:,} more: --report FILE.html shows them", count=more))


def _print_failure(outcome: evaluation.Outcome, screen: Console) -> None:
    question, found = outcome.question, outcome.found
    screen.print(Text.assemble(name(f"{question.id}  ", "bold cyan"), quote(question.question)))
    facts = [say("confidence {confidence:.2f}", confidence=outcome.confidence)]
    if question.answerable:
        place = say("at place {rank}", rank=outcome.rank) if outcome.rank else say("not found")
        facts.append(say("expected {ids} ({place})", ids=", ".join(question.articles), place=place))
    if question.answers:
        facts.append(say("answer {texts}", texts=" / ".join(question.answers)))
    screen.print(name(f"   {'; '.join(facts)}", "dim"))
    if found:
        text = " ".join(found.text.split())
        cut = text[:_FOUND_CHARACTERS] + "…" * (len(text) > _FOUND_CHARACTERS)
        screen.print(Text.assemble("   ", say("found"), " ", name(found.article, "cyan"), quote(f": {cut}")))
        if evaluation.holds_answer(outcome):
            offered = say("this passage holds the answer too: add {id} to its articles?", id=found.article)
            screen.print(name(f"   {offered}", "green"))


def _changed(change: evaluation.Change) -> Text:
    difference = change.after - change.before
    kind, style = (say("worse"), "red") if change.worse else (say("better"), "green")
    return Text.assemble(
        "  ",
        (kind, style),
        name(f" {change.slice}"),
        f" ({change.n:,}) {change.measure}: {change.before:.3f} → {change.after:.3f} ",
        (f"({difference:+.3f}; {change.low:+.3f} … {change.high:+.3f})", "dim"),
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
    before = evaluation.read_outcomes(wanted.compare_with) if wanted.compare_with else None
    settings = read_settings()
    location = wanted.index or settings.index
    if wanted.build_first:
        _build(wanted.questions, wanted.index, settings)
    outcomes = _ask(location, settings, asked, wanted.k, as_of)
    whole, slices = evaluation.summarise(outcomes), evaluation.summarise_slices(outcomes)
    comparison: evaluation.Comparison | None = evaluation.compare(before, outcomes) if before is not None else None
    if wanted.report:
        _write(
            wanted.report,
            evaluation.render(_title(wanted.questions, location), outcomes, whole, slices, comparison, say),
        )
    if wanted.as_json:
        output.print_json(evaluation.evaluation_record(outcomes, whole, slices, comparison))
    else:
        print_evaluation(outcomes, whole, slices)
        if comparison:
            print_comparison(comparison)
    _hold(whole, limits)


def _title(questions: Path, location: str) -> str:
    return say("{questions} over {location}", questions=questions.name, location=location)


def _questions(path: Path, answers: Path | None) -> list[evaluation.Question]:
    questions = evaluation.read_questions(path)
    return evaluation.with_answers_of(questions, evaluation.read_questions(answers)) if answers else questions


def _build(questions: Path, index: str | None, settings: Settings) -> None:
    if index is None:
        raise SettingsError("--build fills an archive with the set's paragraphs: name its folder with --index")
    if questions.suffix.lower() != ".json":
        raise SettingsError(
            "--build needs a set in SQuAD's format (.json); {path} holds questions only", path=questions
        )
    with preparing_progress() as prepared:
        encoder = encoder_of(settings, prepared)
    with indexing_progress() as progressed:
        evaluation.build(questions, index, encoder, progress=progressed)


def _ask(
    location: str, settings: Settings, questions: Sequence[evaluation.Question], k: int, as_of: date | None
) -> list[evaluation.Outcome]:
    with Archive(location, settings) as archive:
        missing = evaluation.missing_articles(archive, questions)
        if missing and not any(set(question.articles) - set(missing) for question in questions):
            raise SettingsError(
                "none of the {count} articles that the questions name is in {location}, such as {first}. Name the "
                "archive with --index, or index the articles from the folder that their ids begin in",
                count=len(missing),
                location=location,
                first=missing[0],
            )
        print_missing(missing, location)
        print_misplaced(evaluation.misplaced_answers(archive, questions))
        with preparing_progress() as prepared:
            archive.load(prepared)
        with asking_progress(len(questions)) as progressed:
            return evaluation.evaluate(archive, questions, k=k, as_of=as_of, progress=progressed)


def _limit(said: str) -> Limit:
    name, _, value = said.partition("=")
    try:
        return Limit(evaluation.measure_named(name.strip()), float(value))
    except ValueError as error:
        raise SettingsError("--fail-under {said}: write METRIC=X, as in success@1=0.9", said=said) from error


def _hold(whole: evaluation.Summary, limits: Sequence[Limit]) -> None:
    """Leave with status 1 when a limit is not met.

    A measure that nothing counted for is not met either: a gate that measures nothing is open.
    """
    missed = [
        _missed(limit, value)
        for limit in limits
        if (value := whole.values.get(limit.measure)) is None or evaluation.is_worse(limit.measure, value, limit.value)
    ]
    for line in missed:
        typer.echo(f"chuchu: {line}", err=True)
    if missed:
        raise typer.Exit(1)


def _missed(limit: Limit, value: float | None) -> str:
    if value is None:
        return say("{measure} is not measured, worse than {limit:g}", measure=limit.measure, limit=limit.value)
    named = {"measure": limit.measure, "value": value, "limit": limit.value}
    return say("{measure} is {value:.4f}, worse than {limit:g}", **named)


def _write(path: Path, page: str) -> None:
    try:
        write_private(path, shown(page))
    except OSError as error:
        raise SettingsError(
            "{path} cannot be written: {reason}. Name another file with --report", path=path, reason=error.strerror
        ) from error
