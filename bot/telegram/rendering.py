"""Answers, articles and lists → the HTML of Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.live_archive import AS_OF, ChatScope
from bot.telegram import telegram_html
from bot.telegram.state import Script
from bot.telegram.telegram_html import Run, bold, italic, link, plain, within
from bot.words import Wording
from retrieval import Age, Article, Hit, PublishedFrom, Refusal, RefusalKind, Source

_MOST_TITLE = 150  # units; scraped titles are sometimes whole pages
_MOST_LISTED = 60  # units of a name in lists: all that is listed leaves room for a passage
_MOST_ALSO = 4
_MOST_SIMILAR = 8
_MOST_SOURCES = 100
_PAGE = 3000  # units of an article on one page, which leaves room for any citation
_OPENCC = {Script.SIMPLIFIED: "t2s", Script.TRADITIONAL: "s2t"}


@dataclass(frozen=True, slots=True)
class Display:
    """How a person is spoken to: in which words, and passages in which script."""

    wording: Wording
    script: Script = Script.ORIGINAL


@dataclass(frozen=True, slots=True)
class AnswerNotes:
    """What an answer says besides its passages: why it is none, how the question was understood, how old it is.

    `forwarded` lists the articles that are similar to a text.
    """

    refusal: Refusal | None = None
    scope: ChatScope = field(default_factory=ChatScope)
    understood: str | None = None
    age: Age | None = None
    forwarded: bool = False


# answers


def answer(hits: Sequence[Hit], at: int, display: Display, notes: AnswerNotes) -> str:
    """Show the hit at position `at` with its citation, or say that there is none."""
    words = display.wording
    head = _heading(hits, words, notes)
    if not hits:
        return telegram_html.html([*head, *_understanding(notes, words)])
    hit = hits[at]
    foot = [*_provenance(hit, display), *_age(hit, notes.age, words), *_understanding(notes, words)]
    room = telegram_html.LIMIT - telegram_html.length(head) - telegram_html.length(foot)
    return telegram_html.html([*head, *passage(hit, display.script, room), *foot])


def passage(hit: Hit, script: Script, room: int) -> list[Run]:
    """Quote a passage with its highlight bold, cut around that part where `room` (units) is too small for all."""
    start, stop = hit.highlight
    before, lit, after = (convert(part, script) for part in (hit.text[:start], hit.text[start:stop], hit.text[stop:]))
    tail = lit[len(lit.rstrip()) :]
    lit = _first(lit.rstrip(), room - 4)
    left = room - 4 - telegram_html.units(lit)
    behind = _first(tail + after, max(left // 2, left - telegram_html.units(before)))
    ahead = _last(before, left - telegram_html.units(behind))
    return within("blockquote", [plain(ahead), bold(lit), plain(behind.rstrip())])


def _heading(hits: Sequence[Hit], words: Wording, notes: AnswerNotes) -> list[Run]:
    """Say why there is no answer, or list articles similar to a text: whether they report the same is not known."""
    if notes.refusal:
        return _refused(notes.refusal, hits, words, forwarded=notes.forwarded)
    if not hits:
        return [italic(words.changed)]
    if not notes.forwarded:
        return []
    listed = [(plain("\n• "), *citation(hit.article, words, _MOST_LISTED)) for hit in hits[:_MOST_SIMILAR]]
    return [italic(words.similar), *(run for line in listed for run in line), plain("\n\n")]


def _refused(refusal: Refusal, hits: Sequence[Hit], words: Wording, *, forwarded: bool) -> list[Run]:
    """Say why there is no answer, what the archive covers, and what comes nearest."""
    if refusal.kind is RefusalKind.SMALL_TALK:
        return [italic(words.no_question)]
    if refusal.kind is RefusalKind.FILTERED:
        said = words.nothing
    else:
        said = words.nothing_similar if forwarded else words.not_said
    said += "\n" + _covers(refusal, words)
    if hits:
        return [italic(said + "\n" + words.comes_nearest), plain("\n\n")]
    outside = refusal.nearest and [italic("\n" + words.outside), plain("\n"), *citation(refusal.nearest, words)]
    return [italic(said), *(outside or [])]


def _covers(refusal: Refusal, words: Wording) -> str:
    count = f"{refusal.articles:,}"
    if refusal.first and refusal.last:
        return words.holds_dated.format(count=count, first=refusal.first[:10], last=refusal.last[:10])
    return words.holds.format(count=count)


def _provenance(hit: Hit, display: Display) -> list[Run]:
    words = display.wording
    also = [run for other in hit.also_in[:_MOST_ALSO] for run in (plain(" "), *citation(other, words, _MOST_LISTED))]
    if also:
        also = [plain(f"\n{words.also_in}"), *also]
    return [plain("\n"), *citation(hit.article, words), *also, *_marks(hit.article, display)]


def _marks(article: Article, display: Display) -> list[Run]:
    """Say what is not quite as the article was read."""
    words = display.wording
    marks = []
    if display.script is not Script.ORIGINAL and (article.language or "").startswith("zh"):
        marks.append(words.converted.format(script=script_name(display.script)))
    if article.repairs:
        marks.append(words.repaired)
    return [italic("\n" + " · ".join(marks))] if marks else []


def _age(hit: Hit, age: Age | None, words: Wording) -> list[Run]:
    """Say how old the answer to a question is that asks how things stand; of other passages it says nothing."""
    if age is None or hit.rank > 1:
        return []
    if age.years is None or hit.article.published is None:
        return [italic("\n" + words.newest_undated)]
    said = words.newest_year if age.years == 1 else words.newest
    return [italic("\n" + said.format(date=hit.article.published[:10], years=age.years))]


def _understanding(notes: AnswerNotes, words: Wording) -> list[Run]:
    """Say what was read out of the question, and within what it was put."""
    lines = [words.understood.format(said=short(notes.understood))] if notes.understood else []
    lines += [words.searched.format(filters=said)] if (said := scope_line(notes.scope, words)) else []
    return [italic("\n" + "\n".join(lines))] if lines else []


# articles


def article_pages(article: Article, at: int, display: Display) -> tuple[list[list[Run]], int]:
    """Cut an article into pages; return them and the number of the page where character `at` stands."""
    before, behind = (convert(part, display.script) for part in (article.text[:at], article.text[at:]))
    pages = telegram_html.split([plain(before + behind)], _PAGE)
    here, seen = 0, 0
    for number, page in enumerate(pages):
        here = number
        seen += sum(len("".join(run.text.split())) for run in page)
        if seen > len("".join(telegram_html.sendable(before).split())):
            break
    return pages or [[]], here


def article_page(article: Article, pages: Sequence[Sequence[Run]], number: int, display: Display) -> str:
    """Show one page of an article with its citation."""
    words = display.wording
    head = [*citation(article, words), plain("\n\n")]
    foot = _marks(article, display)
    if len(pages) > 1:
        foot.append(italic("\n\n" + words.part.format(number=number + 1, count=len(pages))))
    return telegram_html.html([*head, *pages[number], *foot])


def citation(article: Article, words: Wording, most: int = _MOST_TITLE) -> list[Run]:
    """Name an article: 「title」 source · date, linked to where it was published; `most` units for each part."""
    parts = [short(part, most) for part in (article.source, dated(article, words), article.author) if part]
    if not article.title:
        return [link(" · ".join(parts), article.url)]
    return [link(f"「{short(article.title, most)}」", article.url), plain(" " + " · ".join(parts))]


def dated(article: Article, words: Wording) -> str:
    """Show an article's day as people write it, and whether it is that of an update.

    Seconds and the offset of the outlet's own clock say nothing to them.
    """
    if not article.published:
        return words.undated
    date = article.published[:16].replace("T", " ")
    return words.updated.format(date=date) if article.published_from is PublishedFrom.UPDATED else date


# lists and the bot's own words


def latest(hits: Sequence[Hit | None], scope: ChatScope, words: Wording) -> str:
    """List the newest articles by their numbers; one that is gone or has changed is left out."""
    lines: list[Run] = [bold(words.latest_heading)] if any(hits) else [italic(words.nothing)]
    for number, hit in enumerate(hits, 1):
        if hit:
            lines += [plain(f"\n{number}. "), *citation(hit.article, words, _MOST_LISTED)]
            if not hit.article.title:
                lines.append(plain(" " + short(hit.text, _MOST_LISTED)))
    return telegram_html.html([*lines, *_understanding(AnswerNotes(scope=scope), words)])


def sources(found: Sequence[Source], words: Wording) -> list[str]:
    """List the outlets in as many messages as they need, the largest first."""
    shown = found[:_MOST_SOURCES]
    lines: list[Run] = [bold(words.sources_heading)]
    for source in shown:
        years = " – ".join(dict.fromkeys(day[:7] for day in (source.first, source.last) if day)) or words.undated
        lines.append(plain(f"\n{short(source.name or words.unnamed)} · {source.articles:,} · {years}"))
    if len(found) > len(shown):
        lines.append(plain("\n" + words.sources_more.format(count=len(found) - len(shown))))
    return [telegram_html.html(message) for message in telegram_html.split(lines)]


def text(words: str) -> list[str]:
    """Show the bot's own words, in as many messages as they need."""
    return [telegram_html.html(message) for message in telegram_html.split([plain(words)])]


def scope_line(scope: ChatScope, words: Wording) -> str:
    """Say within what is searched, in one line; nothing where there is no limit."""
    return " · ".join(said for _, said in limits_of(scope, words))


def limits_of(scope: ChatScope, words: Wording) -> list[tuple[str, str]]:
    """Return each limit that is set: its name, and what a person calls it."""
    filters = scope.filters
    said = (
        ("since", filters.since and words.since.format(date=filters.since)),
        ("until", filters.until and words.until.format(date=filters.until)),
        ("source", filters.source and short(filters.source)),
        (AS_OF, scope.as_of and words.as_of.format(date=scope.as_of)),
    )
    return [(name, value) for name, value in said if value]


# scripts and room


def convert(text: str, script: Script) -> str:
    """Write Chinese text in a script; text in another language stays as it is."""
    return text if script is Script.ORIGINAL else str(_converter(_OPENCC[script]).convert(text))


@cache
def _converter(configuration: str) -> Any:
    from opencc import OpenCC

    return OpenCC(configuration)


def script_name(script: Script) -> str:
    """Name a script in itself."""
    return {Script.SIMPLIFIED: "简体", Script.TRADITIONAL: "繁體", Script.ORIGINAL: ""}[script]


def short(text: str, most: int = _MOST_TITLE) -> str:
    """Write a text on one line of at most `most` units."""
    line = " ".join(telegram_html.sendable(text).split())
    if telegram_html.units(line) <= most:
        return line
    while telegram_html.units(line) > most - 1:
        line = line[: len(line) - max(1, (telegram_html.units(line) - most) // 2)]
    return line + "…"


def _first(text: str, room: int) -> str:
    """Return the beginning of a text within `room` units, whole sentences if possible."""
    if telegram_html.units(telegram_html.sendable(text)) <= room:
        return text
    return text[: telegram_html.cut_before(text, room)] + "…" if room > 1 else ""


def _last(text: str, room: int) -> str:
    """Return the end of a text within `room` units."""
    if telegram_html.units(telegram_html.sendable(text)) <= room:
        return text
    return "…" + text[-(room // 2) :] if room > 1 else ""
