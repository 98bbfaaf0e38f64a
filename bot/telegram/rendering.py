"""Answers, articles and lists → the HTML of Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.telegram import markup
from bot.telegram.markup import Run, bold, italic, link, plain, within
from bot.telegram.scripts import Script, convert
from bot.telegram.texts import Wording
from retrieval import Article, Filters, Hit, Source

_MOST_TITLE = 150  # characters; scraped titles are sometimes whole pages
_MOST_ALSO = 4
_MOST_REPORTS = 8
_PAGE = 3000  # units of an article on one page, which leaves room for any citation


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person is spoken to: in which words, and passages in which script."""

    wording: Wording
    script: Script = Script.ORIGINAL


def answer(
    hits: Sequence[Hit], at: int, manner: Manner, *, answered: bool, filters: Filters, forwarded: bool = False
) -> str:
    """Show the hit at position `at` with its citation, or say that there is none."""
    words = manner.wording
    head = _heading(hits, words, answered=answered, forwarded=forwarded)
    if not hits:
        return markup.html([*head, *_understood(filters, words)])
    foot = [*_provenance(hits[at], manner), *_understood(filters, words)]
    room = markup.LIMIT - markup.length(head) - markup.length(foot)
    return markup.html([*head, *passage(hits[at], manner.script, room), *foot])


def passage(hit: Hit, script: Script, room: int) -> list[Run]:
    """Quote a passage with its lit part bold, cut around that part where `room` (units) is too small for all."""
    start, stop = hit.highlight
    before, lit, after = (convert(part, script) for part in (hit.text[:start], hit.text[start:stop], hit.text[stop:]))
    tail = lit[len(lit.rstrip()) :]
    lit = _first(lit.rstrip(), room - 4)
    left = room - 4 - markup.units(lit)
    behind = _first(tail + after, max(left // 2, left - markup.units(before)))
    ahead = _last(before, left - markup.units(behind))
    return within("blockquote", [plain(ahead), bold(lit), plain(behind.rstrip())])


def citation(article: Article, words: Wording) -> list[Run]:
    """Name an article: 「title」 source · date, leading to where it was published."""
    published = (article.published or words.undated).replace("T", " ")
    parts = [_short(part) for part in (article.source, published, article.author) if part]
    if not article.title:
        return [link(" · ".join(parts), article.url)]
    return [link(f"「{_short(article.title)}」", article.url), plain(" " + " · ".join(parts))]


def article_pages(article: Article, at: int, manner: Manner) -> tuple[list[list[Run]], int]:
    """Cut an article into pages; return them and the number of the page where character `at` stands."""
    before, behind = (convert(part, manner.script) for part in (article.text[:at], article.text[at:]))
    pages = markup.split([plain(before + behind)], _PAGE)
    here, seen = 0, 0
    for number, page in enumerate(pages):
        here = number
        seen += sum(len("".join(run.text.split())) for run in page)
        if seen > len("".join(markup.sendable(before).split())):
            break
    return pages or [[]], here


def article_page(article: Article, pages: Sequence[Sequence[Run]], number: int, manner: Manner) -> str:
    """Show one page of an article with its citation."""
    words = manner.wording
    head = [*citation(article, words), plain("\n\n")]
    foot = _marks(article, manner)
    if len(pages) > 1:
        foot.append(italic("\n\n" + words.part.format(number=number + 1, count=len(pages))))
    return markup.html([*head, *pages[number], *foot])


def sources(found: Sequence[Source], words: Wording) -> list[str]:
    """List the outlets in as many messages as they need, the largest first."""
    shown = found[:100]
    lines: list[Run] = [bold(words.sources_heading)]
    for source in shown:
        years = " – ".join(dict.fromkeys(day[:7] for day in (source.first, source.last) if day)) or words.undated
        lines.append(plain(f"\n{_short(source.name or words.unnamed)} · {source.articles:,} · {years}"))
    if len(found) > len(shown):
        lines.append(plain("\n" + words.sources_more.format(count=len(found) - len(shown))))
    return [markup.html(message) for message in markup.split(lines)]


def text(words: str) -> list[str]:
    """Show the bot's own words, in as many messages as they need."""
    return [markup.html(message) for message in markup.split([plain(words)])]


def filters_said(filters: Filters, words: Wording) -> str:
    """Say what hits must satisfy, in one line; nothing where there is no limit."""
    return " · ".join(said for _, said in filter_names(filters, words))


def filter_names(filters: Filters, words: Wording) -> list[tuple[str, str]]:
    """Return each filter that is set: its field's name, and what a person calls it."""
    said = (
        ("since", filters.since and words.since.format(date=filters.since)),
        ("until", filters.until and words.until.format(date=filters.until)),
        ("source", filters.source and _short(filters.source)),
    )
    return [(name, value) for name, value in said if value]


def _heading(hits: Sequence[Hit], words: Wording, *, answered: bool, forwarded: bool) -> list[Run]:
    if not hits:
        return [italic(words.nothing)]
    if forwarded and answered:
        lines = [run for hit in hits[:_MOST_REPORTS] for run in (plain("\n• "), *citation(hit.article, words))]
        return [italic(words.reported), *lines, plain("\n\n")]
    if not answered:
        return [italic(words.not_reported if forwarded else words.not_said), plain("\n\n")]
    return []


def _provenance(hit: Hit, manner: Manner) -> list[Run]:
    words = manner.wording
    also = [run for other in hit.also_in[:_MOST_ALSO] for run in (plain(" "), *citation(other, words))]
    if also:
        also = [plain(f"\n{words.also_in}"), *also]
    return [plain("\n"), *citation(hit.article, words), *also, *_marks(hit.article, manner)]


def _marks(article: Article, manner: Manner) -> list[Run]:
    """Say what is not quite as the article was read."""
    words = manner.wording
    marks = []
    if manner.script is not Script.ORIGINAL and (article.language or "").startswith("zh"):
        marks.append(words.converted.format(script=script_name(manner.script)))
    if article.repairs:
        marks.append(words.repaired)
    return [italic("\n" + " · ".join(marks))] if marks else []


def script_name(script: Script) -> str:
    """Name a script in itself."""
    return {Script.SIMPLIFIED: "简体", Script.TRADITIONAL: "繁體", Script.ORIGINAL: ""}[script]


def _understood(filters: Filters, words: Wording) -> list[Run]:
    said = filters_said(filters, words)
    return [plain("\n"), italic(words.understood.format(filters=said))] if said else []


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_TITLE else line[: _MOST_TITLE - 1] + "…"


def _first(text: str, room: int) -> str:
    """Return the beginning of a text within `room` units, whole sentences if possible."""
    if markup.units(markup.sendable(text)) <= room:
        return text
    return text[: markup.cut_before(text, room)] + "…" if room > 1 else ""


def _last(text: str, room: int) -> str:
    """Return the end of a text within `room` units."""
    if markup.units(markup.sendable(text)) <= room:
        return text
    return "…" + text[-(room // 2) :] if room > 1 else ""
