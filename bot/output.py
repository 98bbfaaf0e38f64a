"""What the terminal shows: rich where there is one, plain text where there is none."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bot.streams import shown, shown_line
from bot.web.links import page_of
from retrieval import Answer, Article, Hit, IndexReport, Location, PartAnswer, PublishedFrom, Source, Story, Timeline

_LIT = "bold yellow"
_SHOWN_SKIPS = 20


class Screen(Console):
    """A console to which every text is plain text: no markup, no emoji codes, and control characters shown.

    What holds them should pass `quote` or `name` first, which leaves room for their escapes: here it is too late for
    the layout, and rich has dropped five of them.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        while hasattr(stream, "rich_proxied_file"):  # what shows, and what keeps bars of progress below other lines
            stream = stream.rich_proxied_file
        wide = None if stream.isatty() else 10_000
        super().__init__(
            file=stream,
            stderr=stderr,
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=wide is not None,
            width=wide,
        )

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Render as any console does; what is not rich's own control code acts on no terminal."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else shown(text), style, control)


def _raise(self: Console) -> None:  # noqa: ARG001 it takes the place of a method
    """Let a command end as it does whatever it wrote with when nobody reads on; rich would leave with status 1."""
    raise  # noqa: PLE0704 it is called while the error is handled


Console.on_broken_pipe = _raise  # type: ignore[method-assign]  # of typer's help, too


def console(*, stderr: bool = False) -> Screen:
    """Return a console on standard output or error; a pipe gets lines as long as they are."""
    return Screen(stderr=stderr)


def quote(text: str, style: str = "") -> Text:
    """Return words of an article or a question, word for word, with control characters shown."""
    return Text(shown(text), style)


def name(text: str, style: str = "") -> Text:
    """Return a title, an outlet, a path or an id as one line."""
    return Text(shown_line(text), style)


def print_json(record: object) -> None:
    """Print one JSON document; control characters are escaped, all else stands as it is."""
    sys.stdout.write(shown(json.dumps(record, ensure_ascii=False, indent=2)) + "\n")


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print the passages of an answer, each with its citation, or why there is none."""
    screen = console()
    print_reason(answer, screen)
    if answer.timeline and answer.hits:
        print_timeline(answer.timeline, screen)
        return
    if explain and answer.explanation:
        parts = ", ".join(f"{part} {share:+.2f}" for part, share in answer.explanation.items())
        screen.print(Text(f"confidence {answer.confidence:.2f}, from log-odds: {parts}", style="dim"))
        screen.print()
    for hit in answer.hits:
        print_hit(hit, screen, dim=not answer.answered, explain=explain)


def print_reason(answer: Answer, screen: Console) -> None:
    """Print what was understood of the question, why an answer is a refusal if it is one, and how old it is."""
    if answer.understood:
        screen.print(name(f"understood: {answer.understood}", "dim"))
    if answer.note:
        screen.print(name(answer.note[:1].upper() + answer.note[1:] + ".", "italic"))
    if answer.outcome:
        screen.print(name(f"Compared: {answer.outcome}.", "bold"))
    for number, part in enumerate(answer.parts, 1):
        screen.print(_part_line(number, part))
    if answer.parts:
        screen.print()
    if answer.reason:
        screen.print(name(answer.reason[:1].upper() + answer.reason[1:] + ".", "italic"))
        screen.print()


def print_timeline(told: Timeline, screen: Console, stories: Sequence[Story] | None = None) -> None:
    """Print the stories of a topic, or some of them, a line each: date, outlet, the sentence that tells it."""
    if told.counted:
        articles, events = told.counted
        said = f"{articles:,} articles, {events:,} stories, have all words of “{told.topic}” in one passage."
        screen.print(name(said, "bold"))
    elif stories is None:
        screen.print(name(f"{len(told.stories):,} stories in {told.articles:,} articles.", "dim"))
    for story in told.stories if stories is None else stories:
        day = (story.article.published or "undated")[:10]
        more = f" ({story.outlets} outlets, {story.articles} articles)" if story.also_in else ""
        head = name(f"{day}  {story.article.source or '–'}  ", "cyan")
        screen.print(
            Text.assemble(head, name(" ".join(story.sentence.split())), name(f"{more} {story.article.id}", "dim"))
        )


def _part_line(number: int, part: PartAnswer) -> Text:
    """Return one thing asked, with the words that answer it and where they stand."""
    head = Text.assemble((f"{number}) ", "bold cyan"), name(part.name, "bold"), ": ")
    if not part.answered:
        return Text.assemble(head, ("not in the archive", "italic"))
    hit = part.hits[0]
    return Text.assemble(
        head, name(" ".join(hit.text[slice(*hit.highlight)].split()), _LIT), f" [{hit.rank}] ", citation(hit.article)
    )


def print_hit(hit: Hit, screen: Console, *, dim: bool = False, explain: bool = False) -> None:
    """Print one passage with the answering window lit, then its citation."""
    start, stop = hit.highlight
    passage = quote(hit.text[:start], "dim" if dim else "")
    passage.append(shown(hit.text[start:stop]), _LIT).append(shown(hit.text[stop:]))
    number = Text(f"{hit.rank}  ", style="bold cyan")
    screen.print(_indented(number, passage) if screen.is_terminal else Text.assemble(number, passage))
    screen.print(_beneath(citation(hit.article, hit), screen))
    for article in hit.also_in:
        screen.print(_beneath(Text.assemble("also in ", citation(article)), screen))
    if explain:
        shares = ", ".join(f"{part} {share:.3f}" for part, share in hit.explanation.items())
        screen.print(_beneath(name(f"score {hit.score:.3f}: {shares}; id {hit.article.id}", "dim"), screen))
    screen.print()


def citation(article: Article, hit: Hit | None = None) -> Text:
    """Return 「title」 source · date, or that of an update · author · URL, page in the reading room, or file."""
    date = (article.published or "undated").replace("T", " ")
    if article.published_from is PublishedFrom.UPDATED:
        date = f"updated {date}"
    link = article.url or page_of(article, hit) or article.path or article.id
    parts = [part for part in (article.source, date, article.author, link) if part]
    title = name(f"「{article.title}」 " if article.title else "", "green")
    return Text.assemble(title, name(" · ".join(parts), "cyan"))


def print_article(article: Article) -> None:
    """Print a whole article, and what was removed from it or repaired."""
    screen = console()
    screen.print(citation(article))
    screen.print(name(f"id {article.id} · language {article.language} · date from {article.published_from}", "dim"))
    screen.print()
    screen.print(quote(article.text))
    if article.repairs:
        screen.print()
        screen.print(Text(f"Repaired in {len(article.repairs)} places:", style="bold"))
        for repair in article.repairs[:_SHOWN_SKIPS]:
            now = article.text[slice(*repair.span)]
            screen.print(name(f"  {repair.span[0]}: {repair.seen} → {now} ({repair.confidence:.2f})", "dim"))
        _print_rest(len(article.repairs), screen)
    if article.removed:
        screen.print()
        screen.print(Text("Removed:", style="bold"))
        for removed in article.removed:
            screen.print(quote(f"  [{removed.reason}] {removed.text}", "dim"))


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
    console().print(name(f"{location}: {said} ({report.windows:,} windows, {report.embedded:,} embedded)"))
    errors = console(stderr=True)
    for item in report.skipped[:_SHOWN_SKIPS]:
        errors.print(name(f"skipped {item.path}: {item.reason}", "yellow"), soft_wrap=True)
    _print_rest(len(report.skipped), errors)


def print_sources(sources: Iterable[Source]) -> None:
    """Print the outlets as a table."""
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "articles", "first", "last"):
        table.add_column(heading, justify="right" if heading == "articles" else "left")
    for source in sources:
        first, last = source.first or "–", source.last or "–"
        table.add_row(name(source.name or "(none named)"), f"{source.articles:,}", first, last)
    console().print(table)


def print_stats(values: Mapping[str, object]) -> None:
    """Print names and values, a line each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in values.items():
        said = ", ".join(f"{part} {count}" for part, count in value.items()) if isinstance(value, Mapping) else value
        table.add_row(name(key, "cyan"), name(f"{said:,}" if isinstance(said, int) else str(said)))
    console().print(table)


def print_removed(article_ids: Sequence[str]) -> None:
    """Print which articles were removed."""
    for article_id in article_ids:
        console().print(name(f"removed {article_id}"))


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
