"""Answers, articles and lists → the HTML of Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.telegram import markup
from bot.telegram.markup import Run, bold, italic, link, plain, within
from bot.telegram.scope import AS_OF, Scope
from bot.telegram.scripts import Script, convert
from bot.telegram.texts import Wording
from retrieval import Age, Article, Hit, Refusal, RefusalKind

_MOST_TITLE = 150  # units; scraped titles are sometimes whole pages
MOST_LISTED = 60
"""Units of a name in lists: all that is listed leaves room for a passage."""
_MOST_ALSO = 4
_MOST_REPORTS = 8
_PAGE = 3000  # units of an article on one page, which leaves room for any citation


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person is spoken to: in which words, and passages in which script."""

    wording: Wording
    script: Script = Script.ORIGINAL


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells besides its passages: why it is none, how the question was taken, how old it is.

    `forwarded` lists who reported a text.
    """

    refusal: Refusal | None = None
    scope: Scope = field(default_factory=Scope)
    understood: str | None = None
    age: Age | None = None
    forwarded: bool = False


def answer(hits: Sequence[Hit], at: int, manner: Manner, told: Told) -> str:
    """Show the hit at position `at` with its citation, or say that there is none."""
    words = manner.wording
    head = _heading(hits, words, told)
    if not hits:
        return markup.html([*head, *taken(told, words)])
    foot = [*_provenance(hits[at], manner), *_age(hits[at], told.age, words), *taken(told, words)]
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


def citation(article: Article, words: Wording, most: int = _MOST_TITLE) -> list[Run]:
    """Name an article: 「title」 source · date, linked to where it was published; `most` units for each part."""
    published = day_and_minute(article.published) if article.published else words.undated
    parts = [short(part, most) for part in (article.source, published, article.author) if part]
    if not article.title:
        return [link(" · ".join(parts), article.url)]
    return [link(f"「{short(article.title, most)}」", article.url), plain(" " + " · ".join(parts))]


def day_and_minute(published: str) -> str:
    """Show an ISO date as people write it: seconds and the offset of the outlet's own clock say nothing to them."""
    return published[:16].replace("T", " ")


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


def text(words: str) -> list[str]:
    """Show the bot's own words, in as many messages as they need."""
    return [markup.html(message) for message in markup.split([plain(words)])]


def scope_said(scope: Scope, words: Wording) -> str:
    """Say within what is searched, in one line; nothing where there is no limit."""
    return " · ".join(said for _, said in limits(scope, words))


def limits(scope: Scope, words: Wording) -> list[tuple[str, str]]:
    """Return each limit that is set: its name, and what a person calls it."""
    filters = scope.filters
    said = (
        ("since", filters.since and words.since.format(date=filters.since)),
        ("until", filters.until and words.until.format(date=filters.until)),
        ("source", filters.source and short(filters.source)),
        (AS_OF, scope.as_of and words.as_of.format(date=scope.as_of)),
    )
    return [(name, value) for name, value in said if value]


def _heading(hits: Sequence[Hit], words: Wording, told: Told) -> list[Run]:
    if told.refusal:
        return _refused(told.refusal, hits, words, forwarded=told.forwarded)
    if told.forwarded and hits:
        lines = [
            run for hit in hits[:_MOST_REPORTS] for run in (plain("\n• "), *citation(hit.article, words, MOST_LISTED))
        ]
        return [italic(words.reported), *lines, plain("\n\n")]
    return [] if hits else [italic(words.changed)]


def _refused(refusal: Refusal, hits: Sequence[Hit], words: Wording, *, forwarded: bool) -> list[Run]:
    """Say why there is no answer, what the archive covers, and what comes nearest."""
    if refusal.kind is RefusalKind.SMALL_TALK:
        return [italic(words.no_question)]
    if refusal.kind is RefusalKind.FILTERED:
        said = words.nothing
    else:
        said = words.not_reported if forwarded else words.not_said
    said += "\n" + covers(refusal, words)
    if hits:
        return [italic(said + "\n" + words.comes_nearest), plain("\n\n")]
    outside = refusal.nearest and [italic("\n" + words.outside), plain("\n"), *citation(refusal.nearest, words)]
    return [italic(said), *(outside or [])]


def covers(refusal: Refusal, words: Wording) -> str:
    """Say what the archive holds."""
    if refusal.first and refusal.last:
        return words.holds_dated.format(count=f"{refusal.articles:,}", first=refusal.first[:10], last=refusal.last[:10])
    return words.holds.format(count=f"{refusal.articles:,}")


def _provenance(hit: Hit, manner: Manner) -> list[Run]:
    words = manner.wording
    also = [run for other in hit.also_in[:_MOST_ALSO] for run in (plain(" "), *citation(other, words, MOST_LISTED))]
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


def _age(hit: Hit, age: Age | None, words: Wording) -> list[Run]:
    """Say how old the answer to a question is that asks how things stand; of other passages it says nothing."""
    if age is None or hit.rank > 1:
        return []
    if age.years is None or hit.article.published is None:
        return [italic("\n" + words.newest_undated)]
    said = words.newest_year if age.years == 1 else words.newest
    return [italic("\n" + said.format(date=hit.article.published[:10], years=age.years))]


def taken(told: Told, words: Wording) -> list[Run]:
    """Say how the question was taken: what was read out of it, and within what it was put."""
    lines = [words.understood.format(said=short(told.understood))] if told.understood else []
    lines += [words.searched.format(filters=said)] if (said := scope_said(told.scope, words)) else []
    return [italic("\n" + "\n".join(lines))] if lines else []


def short(text: str, most: int = _MOST_TITLE) -> str:
    """Write a text on one line of at most `most` units."""
    line = " ".join(markup.sendable(text).split())
    if markup.units(line) <= most:
        return line
    while markup.units(line) > most - 1:
        line = line[: len(line) - max(1, (markup.units(line) - most) // 2)]
    return line + "…"


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
