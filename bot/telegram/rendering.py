"""Answers, articles and lists → the HTML of Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.telegram import markup
from bot.telegram.citations import MOST_LISTED, citation, short
from bot.telegram.headings import refused, similar
from bot.telegram.markup import Run, bold, italic, plain, within
from bot.telegram.scope import AS_OF, Scope
from bot.telegram.scripts import Script, convert
from bot.telegram.texts import Wording
from retrieval import Age, Article, Hit, Refusal

_MOST_ALSO = 4
_PAGE = 3000  # units of an article on one page, which leaves room for any citation


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person is spoken to: in which words, and passages in which script."""

    wording: Wording
    script: Script = Script.ORIGINAL


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells besides its passages: why it is none, how the question was taken, how old it is.

    `forwarded` lists the articles that are similar to a text.
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
        return refused(told.refusal, hits, words, forwarded=told.forwarded)
    if not hits:
        return [italic(words.changed)]
    return similar(hits, words) if told.forwarded else []


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
