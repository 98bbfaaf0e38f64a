"""What `chuchu eval` prints."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.output import console, name, quote
from bot.progress import bars
from retrieval import Location
from retrieval.evaluation import (
    LATENCY,
    LEAST_SHOWN,
    MEASURES,
    Change,
    Comparison,
    Failure,
    Outcome,
    Slices,
    Summary,
)

_COLUMNS = ("success@1", "MRR@10", "answer@3", "highlight@1", "answered.coverage", "answered.wrong", "refusal.auroc")
"""The measures of the table of slices, as many as fit beside each other on 100 columns."""
_FAILURES_OF_A_KIND = 5
_FOUND_CHARACTERS = 100


@contextmanager
def asking_progress(total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows how many questions are answered; quiet when standard error is not a terminal."""
    with bars(TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as drawn:
        task = drawn.add_task("asking", total=total)
        yield lambda done: drawn.update(task, completed=done)


def print_missing(article_ids: Sequence[str], location: Location) -> None:
    """Say on standard error which articles the questions name and the archive does not have."""
    if article_ids:
        named = ", ".join(article_ids[:3]) + (" …" if len(article_ids) > 3 else "")
        said = f"{location} lacks {len(article_ids)} of the articles that the questions name: {named}"
        console(stderr=True).print(name(said, "yellow"), soft_wrap=True)


def print_evaluation(outcomes: Sequence[Outcome], whole: Summary, slices: Slices) -> None:
    """Print the whole set's measures with their intervals, the slices, and the first failures."""
    screen = console()
    screen.print(_figures(whole))
    screen.print()
    screen.print(_slices(whole, slices))
    for kind in Failure:
        _print_failures(kind, [outcome for outcome in outcomes if outcome.failure is kind], screen)


def print_comparison(comparison: Comparison) -> None:
    """Print what changed by more than chance explains, what got worse first."""
    screen = console()
    screen.print(Text(f"\nCompared over {comparison.n:,} questions:", style="bold"))
    sure = [change for change in comparison.changes if change.worse or change.better]
    for change in sorted(sure, key=lambda change: not change.worse):
        screen.print(_changed(change))
    if not sure:
        screen.print("  nothing changed by more than chance explains")
    for said, ids in (("first before and not now", comparison.lost), ("first now and not before", comparison.won)):
        listed = f" ({', '.join(ids[:10])}{' …' if len(ids) > 10 else ''})" * bool(ids)
        screen.print(name(f"  {said}: {len(ids)}{listed}"))


def _figures(whole: Summary) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("n", f"{whole.n:,}", "")
    for measure in MEASURES:
        ends = whole.intervals.get(measure)
        between = f"{ends[0]:.3f} – {ends[1]:.3f}" if ends else ""
        table.add_row(Text(measure, style="cyan"), _shown(measure, whole), Text(between, style="dim"))
    return table


def _slices(whole: Summary, slices: Slices) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("slice")
    for heading in ("n", *(column.rpartition(".")[2] for column in _COLUMNS)):
        table.add_column(heading, justify="right")
    rows = {"whole": whole}
    for dimension, values in slices.items():
        if len(values) > 1:
            rows |= {f"{dimension} {value}": summary for value, summary in values.items() if summary.n >= LEAST_SHOWN}
    for row, summary in rows.items():
        table.add_row(name(row), f"{summary.n:,}", *(_shown(column, summary) for column in _COLUMNS))
    return table


def _shown(measure: str, summary: Summary) -> str:
    value = summary.values.get(measure)
    if value is None:
        return "–"
    return f"{value:.1f}" if measure in LATENCY else f"{value:.3f}"


def _print_failures(kind: Failure, outcomes: Sequence[Outcome], screen: Console) -> None:
    if outcomes:
        screen.print(Text(f"\n{len(outcomes):,} × {kind}:", style="bold"))
    for outcome in outcomes[:_FAILURES_OF_A_KIND]:
        _print_failure(outcome, screen)
    if len(outcomes) > _FAILURES_OF_A_KIND:
        screen.print(f"… and {len(outcomes) - _FAILURES_OF_A_KIND:,} more: --report FILE.html shows them")


def _print_failure(outcome: Outcome, screen: Console) -> None:
    question, found = outcome.question, outcome.found
    screen.print(Text.assemble(name(f"{question.id}  ", "bold cyan"), quote(question.question)))
    place = f"at place {outcome.rank}" if outcome.rank else "not found"
    expected = f"; expected {', '.join(question.articles)} ({place})" if question.answerable else ""
    answer = f", answer {' / '.join(question.answers)}" if question.answers else ""
    screen.print(name(f"   confidence {outcome.confidence:.2f}{expected}{answer}", "dim"))
    if found:
        text = " ".join(found.text.split())
        cut = text[:_FOUND_CHARACTERS] + "…" * (len(text) > _FOUND_CHARACTERS)
        screen.print(Text.assemble("   found ", name(found.article, "cyan"), quote(f": {cut}")))


def _changed(change: Change) -> Text:
    difference = change.after - change.before
    kind, style = ("worse ", "red") if change.worse else ("better", "green")
    return Text.assemble(
        "  ",
        (kind, style),
        name(f" {change.slice}"),
        f" ({change.n:,}) {change.measure}: {change.before:.3f} → {change.after:.3f} ",
        (f"({difference:+.3f}; {change.low:+.3f} … {change.high:+.3f})", "dim"),
    )
