"""What the terminal shows: rich where there is one, plain text where there is none."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retrieval import Answer, Article, Hit, IndexReport, Location, Source

_LIT = "bold yellow"
_SHOWN_SKIPS = 20


def console() -> Console:
    """Return a console on standard output; a pipe gets lines as long as they are."""
    wide = None if sys.stdout.isatty() else 10_000
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=wide)


def print_json(record: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print the passages of an answer, each with its citation, or why there is none."""
    screen = console()
    print_reason(answer, screen)
    if explain and answer.explanation:
        parts = ", ".join(f"{name} {share:+.2f}" for name, share in answer.explanation.items())
        screen.print(Text(f"confidence {answer.confidence:.2f}, from log-odds: {parts}", style="dim"))
        screen.print()
    for hit in answer.hits:
        print_hit(hit, screen, dim=not answer.answered, explain=explain)


def print_reason(answer: Answer, screen: Console) -> None:
    """Print what was understood of the question, why an answer is a refusal if it is one, and how old it is."""
    if answer.understood:
        screen.print(Text(f"understood: {answer.understood}", style="dim"))
    if answer.note:
        screen.print(Text(answer.note[:1].upper() + answer.note[1:] + ".", style="italic"))
    if answer.reason:
        screen.print(Text(answer.reason[:1].upper() + answer.reason[1:] + ".", style="italic"))
        screen.print()


def print_hit(hit: Hit, screen: Console, *, dim: bool = False, explain: bool = False) -> None:
    """Print one passage with the answering window lit, then its citation."""
    passage = Text(hit.text, style="dim" if dim else "")
    passage.stylize(_LIT, *hit.highlight)
    number = Text(f"{hit.rank}  ", style="bold cyan")
    screen.print(_indented(number, passage) if screen.is_terminal else Text.assemble(number, passage))
    screen.print(_beneath(citation(hit.article), screen))
    for article in hit.also_in:
        screen.print(_beneath(Text.assemble("also in ", citation(article)), screen))
    if explain:
        shares = ", ".join(f"{name} {share:.3f}" for name, share in hit.explanation.items())
        screen.print(_beneath(Text(f"score {hit.score:.3f}: {shares}; id {hit.article.id}", style="dim"), screen))
    screen.print()


def citation(article: Article) -> Text:
    """Return 「title」 source · date · author · URL or file."""
    date = (article.published or "undated").replace("T", " ")
    link = article.url or article.path or article.id
    parts = [part for part in (article.source, date, article.author, link) if part]
    title = Text(f"「{article.title}」 " if article.title else "", style="green")
    return Text.assemble(title, Text(" · ".join(parts), style="cyan"))


def print_article(article: Article) -> None:
    """Print a whole article, and what was removed from it or repaired."""
    screen = console()
    screen.print(citation(article))
    screen.print(
        Text(f"id {article.id} · language {article.language} · date from {article.published_from}", style="dim")
    )
    screen.print()
    screen.print(Text(article.text))
    if article.repairs:
        screen.print()
        screen.print(Text(f"Repaired in {len(article.repairs)} places:", style="bold"))
        for repair in article.repairs[:_SHOWN_SKIPS]:
            now = article.text[slice(*repair.span)]
            screen.print(Text(f"  {repair.span[0]}: {repair.seen} → {now} ({repair.confidence:.2f})", style="dim"))
        _print_rest(len(article.repairs), screen)
    if article.removed:
        screen.print()
        screen.print(Text("Removed:", style="bold"))
        for removed in article.removed:
            screen.print(Text(f"  [{removed.reason}] {removed.text}", style="dim"))


def print_report(report: IndexReport, location: Location) -> None:
    """Print what an indexing run did; skipped files go to standard error."""
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "unchanged": len(report.unchanged),
        "removed": len(report.removed),
        "skipped": len(report.skipped),
    }
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing done"
    console().print(f"{location}: {said} ({report.windows:,} windows, {report.embedded:,} embedded)")
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for item in report.skipped[:_SHOWN_SKIPS]:
        errors.print(Text(f"skipped {item.path}: {item.reason}", style="yellow"))
    _print_rest(len(report.skipped), errors)


def print_sources(sources: Iterable[Source]) -> None:
    """Print the outlets as a table."""
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "articles", "first", "last"):
        table.add_column(heading, justify="right" if heading == "articles" else "left")
    for source in sources:
        table.add_row(source.name or "(none named)", f"{source.articles:,}", source.first or "–", source.last or "–")
    console().print(table)


def print_stats(values: Mapping[str, object]) -> None:
    """Print names and values, a line each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in values.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, Mapping) else value
        table.add_row(Text(name, style="cyan"), f"{shown:,}" if isinstance(shown, int) else str(shown))
    console().print(table)


def print_removed(article_ids: Sequence[str]) -> None:
    """Print which articles were removed."""
    for article_id in article_ids:
        console().print(Text(f"removed {article_id}"))


def _print_rest(count: int, screen: Console) -> None:
    if count > _SHOWN_SKIPS:
        screen.print(Text(f"… and {count - _SHOWN_SKIPS:,} more: --json lists all", style="dim"))


def _indented(number: Text, passage: Text) -> Table:
    grid = Table.grid(padding=0)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(number, passage)
    return grid


def _beneath(text: Text, screen: Console) -> Padding | Text:
    return Padding(text, (0, 0, 0, 3)) if screen.is_terminal else Text.assemble("   ", text)
