"""What the terminal shows: rich where there is one, plain text where there is none."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rich import _wrap
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bot.streams import shown, shown_line
from bot.web import page_of
from bot.words import (
    Wording,
    age_line,
    compared_line,
    differing_line,
    limits_said,
    listed,
    parts_line,
    refusal_lines,
    say,
    terminal_language,
    widened_line,
    wording,
)
from retrieval import Answer, Article, Hit, PartAnswer, PublishedFrom, Refusal, Source, Story, Timeline

_LIT = "bold yellow"
_ENDED = re.compile(r"[。！？!?；;\n]+[”’」』）》)\"']*")
_CUT = 6  # characters at the end of lines that are cut which may be signs of that
SHOWN_SKIPS = 20
"""Lines of one kind that a report shows."""


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

_WIDE = "[\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\uff01-\uffef\U0001b000-\U0003ffff]"
_OPENING, _CLOSING = "（《〈「『【〔〖“‘［｛", "，。、；：！？）》〉」』】〕〗”’］｝…—·％"
_wrap.re_word = re.compile(rf"\s*(?=\S)[{_OPENING}]*(?:{_WIDE}|(?:(?!{_WIDE}|[{_OPENING}])\S)+)?[{_CLOSING}]*\s*")
"""What a line is not broken within: a word, or a wide character with the signs that close behind it and open before it.

Rich's own are parted by spaces, which Chinese hardly has: a line ended at the one there was, or before a comma."""


def console(*, stderr: bool = False) -> Screen:
    """Return a console on standard output or error; a pipe gets lines as long as they are."""
    return Screen(stderr=stderr)


def quote(text: str, style: str = "") -> Text:
    """Return words of an article or a question, word for word, with control characters shown."""
    return Text(shown(text), style)


def name(text: str, style: str = "") -> Text:
    """Return a title, an outlet, a path or an id as one line."""
    return Text(shown_line(text), style)


def print_hint(said: str) -> None:
    """Say on standard error what to do next, to a person at a terminal alone."""
    screen = console(stderr=True)
    if screen.is_terminal:
        screen.print(name(said, "dim"))


def print_json(record: object) -> None:
    """Print one JSON document; control characters are escaped, all else stands as it is."""
    sys.stdout.write(shown(json.dumps(record, ensure_ascii=False, indent=2)) + "\n")


def print_line(record: object, *, stderr: bool = False) -> None:
    """Print one JSON record on a line of its own."""
    stream = sys.stderr if stderr else sys.stdout
    stream.write(shown(json.dumps(record, ensure_ascii=False)) + "\n")


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print the verdict, then passages, each with its citation: short on a terminal, whole in a pipe."""
    screen = console()
    print_verdict(answer, screen)
    if answer.timeline and answer.hits:
        print_timeline(answer.timeline, screen)
        return
    if explain and answer.explanation:
        parts = ", ".join(f"{part} {share:+.2f}" for part, share in answer.explanation.items())
        said = say("confidence {confidence:.2f}, from log-odds: {parts}", confidence=answer.confidence, parts=parts)
        screen.print(name(said, "dim"))
        screen.print()
    if screen.is_terminal and not explain:
        print_short(answer.hits, screen, is_stated=bool(answer.parts))
        return
    for hit in answer.hits:
        print_hit(hit, screen, dim=not answer.answered, explain=explain)


def print_verdict(answer: Answer, screen: Console) -> None:
    """Print whether the archive answers, what was understood of the question, and how old the answer is."""
    if screen.is_terminal and answer.answered:
        screen.print(name(say("The archive answers (confidence {share:.0%}).", share=answer.confidence), "bold green"))
    if answer.refusal:
        _print_refusal(answer, answer.refusal, screen)
    if answer.widened:
        screen.print(name(widened_line(answer.widened)))
    if answer.understood:
        screen.print(name(_words().understood.format(said=answer.understood), "dim"))
    if answer.age and answer.hits:
        screen.print(name(age_line(answer.age, answer.hits[0].article.published, _words())))
    if answer.outcome:
        screen.print(name(compared_line(answer.outcome), "bold"))
    if in_part := parts_line(answer.parts, _words()):
        screen.print(name(in_part))
    for number, part in enumerate(answer.parts, 1):
        _print_part(number, part, screen)
    if answer.parts:
        screen.print()
    if answer.refusal:
        screen.print()


def _words() -> Wording:
    return wording(terminal_language())


def _print_refusal(answer: Answer, refusal: Refusal, screen: Console) -> None:
    """Print why there is no answer, within what was searched, and what comes nearest outside of it."""
    verdict, *rest = refusal_lines(refusal, _words(), has_hits=bool(answer.hits))
    screen.print(name(verdict, "bold"))
    if limits := limits_said(refusal.filters):
        screen.print(name(_words().searched.format(filters=listed(limits))))
    for line in rest:
        screen.print(name(line))
    if refusal.nearest and not answer.hits and rest:
        screen.print(_beneath(citation(refusal.nearest), screen))


def print_short(hits: Sequence[Hit], screen: Console, *, is_stated: bool = False) -> None:
    """Print the first hit as the words that answer, its citation and a few lines of its passage; others in two.

    If `is_stated`, what the hits answer stands above them already: then the first is printed as the others are.
    """
    whole = 0 if is_stated else 1
    for hit in hits[:whole]:
        number = Text(f"{hit.rank}  ", style="bold cyan")
        screen.print(hanging(number, _lit_lines(hit, screen, 4), screen))
        screen.print(_beneath(_few_lines(citation(hit.article, whole=False), screen, 2), screen))
        if more := _unsaid(hit):
            screen.print(_beneath(_few_lines(quote(more), screen, 3), screen))
    for hit in hits[whole:]:
        first_line = Text.assemble((f"{hit.rank}  ", "bold cyan"), _lit_lines(hit, screen, 1))
        screen.print(first_line, no_wrap=True, overflow="ellipsis")
        screen.print(Text.assemble("   ", citation(hit.article, whole=False)), no_wrap=True, overflow="ellipsis")


def _unsaid(hit: Hit) -> str:
    """Return the passage of a hit, or what follows where it begins with the words that answer: they are shown above."""
    start, stop = hit.highlight
    if hit.text[:start].strip():
        return hit.text
    rest = hit.text[stop:].strip()
    return f"… {rest}" if rest else ""


def _few_lines(text: Text, screen: Console, most: int) -> Text:
    """Return as much of a text as fits so many lines: a screen of 60 × 20 holds verdict and hits."""
    lines = text.wrap(screen, screen.width - 3)
    if len(lines) <= most:
        return text
    lines[most - 1].truncate(screen.width - 5)
    return Text("\n").join(lines[:most]).append(" …")


def _lit_lines(hit: Hit, screen: Console, most: int) -> Text:
    """Return the words that answer in a few lines: from the sentence of the answer span on, where that would be cut."""
    whole, (start, stop) = _lit(hit), hit.highlight
    shown = _few_lines(whole, screen, most)
    begin, end = hit.answer or (start, start)
    if shown is whole or not start <= begin < end <= stop or end - start < len(shown.plain) - _CUT:
        return shown
    ends = [each.end() for each in _ENDED.finditer(hit.text, start, begin)]
    later = _lit(replace(hit, highlight=(ends[-1] if ends else begin, stop)))
    return _few_lines(Text.assemble("… ", later), screen, most)


def _lit(hit: Hit) -> Text:
    """Return the words that answer on one line, those of the answer span standing out."""
    start, stop = hit.highlight
    words = Text(_in_line(hit.text[start:stop]), _LIT)
    if hit.answer and start <= hit.answer[0] and hit.answer[1] <= stop:
        before = len(_in_line(hit.text[start : hit.answer[0]]))
        words.stylize("reverse", before, before + len(_in_line(hit.text[slice(*hit.answer)])))
    return words


def _in_line(text: str) -> str:
    return shown_line(text.replace("\n", " "))


def print_count(timeline: Timeline, screen: Console) -> None:
    """Print how many articles name a topic, where that was asked, or how many stories there are."""
    if timeline.counted:
        articles, events = timeline.counted
        counted = "{articles:,} articles, {events:,} stories, have all words of “{topic}” in one passage."
        said = say(counted, articles=articles, events=events, topic=timeline.topic)
        screen.print(name(said, "bold"))
    elif timeline.topic and timeline.articles == 1:
        screen.print(name(say("One story in one article."), "dim"))
    elif timeline.topic:
        count = {"stories": len(timeline.stories), "articles": timeline.articles}
        screen.print(name(say("{stories:,} stories in {articles:,} articles.", **count), "dim"))


def print_timeline(timeline: Timeline, screen: Console, stories: Sequence[Story] | None = None) -> None:
    """Print the stories of a topic, or some of them, a line each: date, outlet, the sentence that reports it."""
    if stories is None:
        print_count(timeline, screen)
    for story in timeline.stories if stories is None else stories:
        day = (story.article.published or say("undated"))[:10]
        count = {"outlets": story.outlets, "articles": story.articles}
        more = say(" ({outlets} outlets, {articles} articles)", **count) if story.also_in else ""
        head = name(f"{day}  {story.article.source or '–'}  ", "cyan")
        sentence, place = name(" ".join(story.sentence.split())), name(f"{more} {story.article.id}", "dim")
        if screen.is_terminal:
            screen.print(Text.assemble(head, place), no_wrap=True, overflow="ellipsis")
            screen.print(_beneath(_few_lines(sentence, screen, 2), screen))
        else:
            screen.print(Text.assemble(head, sentence, place))


def _print_part(number: int, part: PartAnswer, screen: Console) -> None:
    """Print one thing asked, with the words that answer it and where they stand; on a terminal in three lines."""
    head = Text.assemble((f"{number}) ", "bold cyan"), name(part.name, "bold"), ": ")
    if not part.answered:
        screen.print(Text.assemble(head, _words().not_said))
        return
    hit = part.hits[0]
    cited = Text.assemble(f"[{hit.rank}] ", citation(hit.article, whole=False))
    if not screen.is_terminal:
        screen.print(Text.assemble(head, _lit(hit), " ", cited))
        return
    said = name(_in_line(hit.answer_text), _LIT) if hit.answer_text else _lit(hit)
    screen.print(_few_lines(Text.assemble(head, said), screen, 2))
    screen.print(Text.assemble("   ", cited), no_wrap=True, overflow="ellipsis")


def print_hit(hit: Hit, screen: Console, *, dim: bool = False, explain: bool = False) -> None:
    """Print one passage with the answering window lit, then its citation."""
    start, stop = hit.highlight
    passage = quote(hit.text[:start], "dim" if dim else "")
    passage.append(shown(hit.text[start:stop]), _LIT).append(shown(hit.text[stop:]))
    number = Text(f"{hit.rank}  ", style="bold cyan")
    screen.print(hanging(number, passage, screen))
    screen.print(_beneath(citation(hit.article, hit), screen))
    for article in hit.also_in:
        screen.print(
            _beneath(Text.assemble(_words().also_in, " ", citation(article), _differing(hit, article)), screen)
        )
    if explain:
        shares = ", ".join(f"{part} {share:.3f}" for part, share in hit.explanation.items())
        said = say("score {score:.3f}: {shares}", score=hit.score, shares=shares)
        screen.print(_beneath(name(said, "dim"), screen))
    screen.print()


def _differing(hit: Hit, copy: Article) -> Text:
    return name(differing_line(hit.differs.get(copy.id, ()), _words()), "yellow")


def citation(article: Article, hit: Hit | None = None, *, whole: bool = True) -> Text:
    """Return 「title」 source · date, or that of an update · id, which `show` and `eval` take.

    If `whole`, its author and its URL, or page in the reading room, stand before the id.
    """
    date = (article.published or say("undated")).replace("T", " ")
    if article.published_from is PublishedFrom.UPDATED:
        date = say("updated {date}", date=date)
    more = (article.author, article.url or page_of(article, hit)) if whole else ()
    parts = [part for part in (article.source, date, *more, article.id) if part]
    title = name(f"「{article.title}」 " if article.title else "", "green")
    return Text.assemble(title, name(" · ".join(dict.fromkeys(parts)), "cyan"))


def print_article(article: Article) -> None:
    """Print a whole article, and what was removed from it or repaired."""
    screen = console()
    screen.print(citation(article))
    screen.print(name(_facts(article), "dim"))
    screen.print()
    screen.print(quote(article.text))
    if article.repairs:
        screen.print()
        screen.print(Text(say("Repaired in {count} places:", count=len(article.repairs)), style="bold"))
        for repair in article.repairs[:SHOWN_SKIPS]:
            now = article.text[slice(*repair.span)]
            screen.print(name(f"  {repair.span[0]}: {repair.seen} → {now} ({repair.confidence:.2f})", "dim"))
        print_rest(len(article.repairs), screen)
    if article.removed:
        screen.print()
        screen.print(Text(say("Removed:"), style="bold"))
        for removed in article.removed:
            screen.print(quote(f"  [{say(removed.reason)}] {removed.text}", "dim"))


def _facts(article: Article) -> str:
    origin = wording(terminal_language()).web.found_in.get(article.published_from, article.published_from)
    found = {"id": article.id, "language": article.language, "origin": origin}
    if not article.published:
        return say("id {id} · language {language} · undated", **found)
    return say("id {id} · language {language} · date from {origin}", **found)


def print_sources(sources: Iterable[Source]) -> None:
    """Print the outlets as a table."""
    table = Table(box=None, pad_edge=False)
    for heading in (say("source"), say("articles"), say("first"), say("last")):
        table.add_column(heading, justify="right" if heading == say("articles") else "left")
    for source in sources:
        first, last = ((day or "–")[:10] for day in (source.first, source.last))
        table.add_row(name(source.name or say("(none named)")), f"{source.articles:,}", first, last)
    console().print(table)


def print_stats(values: Mapping[str, object]) -> None:
    """Print names and values, a line each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in values.items():
        said = listed(f"{part} {count}" for part, count in value.items()) if isinstance(value, Mapping) else value
        table.add_row(name(say(key), "cyan"), name(f"{said:,}" if isinstance(said, int) else str(said)))
    console().print(table)


def print_removed(article_ids: Sequence[str]) -> None:
    """Print which articles were removed."""
    for article_id in article_ids:
        console().print(name(say("removed {id}", id=article_id)))


def print_rest(count: int, screen: Console) -> None:
    """Say how many more there are than are shown."""
    if count > SHOWN_SKIPS:
        screen.print(Text(say("… and {count:,} more: --json lists all", count=count - SHOWN_SKIPS), style="dim"))


def hanging(number: Text, passage: Text, screen: Console) -> Table | Text:
    """Return a text behind its number, or its name, below which on a terminal no line begins."""
    if not screen.is_terminal:
        return Text.assemble(number, passage)
    grid = Table.grid(padding=0)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(number, passage)
    return grid


def _beneath(text: Text, screen: Console) -> Padding | Text:
    return Padding(text, (0, 0, 0, 3)) if screen.is_terminal else Text.assemble("   ", text)
