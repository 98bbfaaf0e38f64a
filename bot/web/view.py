"""A page as one reader sees it: in their language, everything that is not ours escaped, its links leading back here.

Numbers of articles by time are seen as bars, article texts as paragraphs of pieces, each with what is to be seen of it;
and how two copies differ.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.streams import shown, shown_line
from bot.web import Span, article_path
from bot.words import (
    InterfaceLanguage,
    Wording,
    age_line,
    dated,
    differing_line,
    language_of,
    parts_line,
    refusal_lines,
    translated,
    wording,
)
from retrieval import Article, ChuchuError, Hit, MonthCount, Timeline

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?\n]+|\Z)")
_MOST_SENTENCES = 3_000
"""Sentences of a copy that are compared: their time may grow with the square."""


class MarkKind(StrEnum):
    """Why a piece of a text is marked."""

    PASSAGE = "passage"
    HIGHLIGHT = "highlight"
    ANSWER = "answer"
    REPAIR = "repair"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text that is marked, and what is said of it."""

    span: Span
    kind: MarkKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Words of a text that carry the same marks; `is_first` of those that carry the passage's."""

    text: str
    kinds: frozenset[MarkKind] = frozenset()
    note: str = ""
    is_first: bool = False


def paragraphs(text: str, marks: Sequence[Mark] = ()) -> list[list[MarkedText]]:
    """Cut a text into paragraphs, and those where a mark begins or ends; ends of lines are left out."""
    rows: list[list[MarkedText]] = [[]]
    is_marked = False
    for piece in _pieces(text, marks):
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                rows.append([])
            if line:
                is_first = MarkKind.PASSAGE in piece.kinds and not is_marked
                is_marked |= is_first
                rows[-1].append(replace(piece, text=line, is_first=is_first))
    return [row for row in rows if row]


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[MarkedText]:
    """Cut a text where a mark begins or ends, going once over the marks."""
    bounds = sorted({0, len(text), *(min(max(end, 0), len(text)) for mark in marks for end in mark.span)})
    waiting = sorted(marks, key=lambda mark: mark.span, reverse=True)
    current: list[Mark] = []
    for start, stop in pairwise(bounds):
        while waiting and waiting[-1].span[0] <= start:
            current.append(waiting.pop())
        current = [mark for mark in current if mark.span[1] > start]
        kinds = frozenset(mark.kind for mark in current)
        yield MarkedText(text[start:stop], kinds, " · ".join(mark.note for mark in current if mark.note))


def passage_of(hit: Hit) -> list[list[MarkedText]]:
    """Cut a hit's passage into paragraphs, its highlight marked, and its answer span where it has one."""
    marks = [Mark(hit.highlight, MarkKind.HIGHLIGHT)]
    if hit.answer:
        marks.append(Mark(hit.answer, MarkKind.ANSWER))
    return paragraphs(hit.text, marks)


def repairs_of(article: Article, note: str) -> list[Mark]:
    """Return the places of an article that were restored; `note` has blanks for what was seen and how sure it is."""
    return [
        Mark(repair.span, MarkKind.REPAIR, note.format(seen=repair.seen, percent=round(100 * repair.confidence)))
        for repair in article.repairs
    ]


def differences(one: str, other: str) -> tuple[list[Mark], list[Mark]]:
    """Return the sentences of two texts that the other one has not, in its order."""
    spans = [[found.span() for found in _SENTENCE.finditer(text) if found[0].strip()] for text in (one, other)]
    spans = [found[:_MOST_SENTENCES] for found in spans]
    sentences = [
        ["".join(text[start:stop].split()) for start, stop in found]
        for text, found in zip((one, other), spans, strict=True)
    ]
    marks: tuple[list[Mark], list[Mark]] = [], []
    for tag, *ends in SequenceMatcher(None, sentences[0], sentences[1]).get_opcodes():
        if tag != "equal":
            for side, (start, stop) in enumerate((ends[:2], ends[2:])):
                marks[side].extend(Mark(span, MarkKind.DIFFERENCE) for span in spans[side][start:stop])
    return marks


_LANGUAGE = "lang"
"""The query's and the cookie's name for the language that a reader has chosen."""
_A_YEAR_S = 31_536_000
STATIC = {"/style.css": "text/css", "/keys.js": "text/javascript", "/icon.svg": "image/svg+xml"}


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Return a page: a template filled in, in the reader's language."""
    language = chosen_language(request)
    words = wording(language)
    text = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            words=words,
            web=words.web,
            tag=words.tag,
            languages={code: wording(code).name for code in InterfaceLanguage},
            path=request.url.path,
            here=lambda **changes: here(request, **changes),
            in_words=lambda text: translated(text, language),
            **values,
        )
    )
    response = HTMLResponse(text, status)
    if request.query_params.get(_LANGUAGE) in set(InterfaceLanguage):
        response.set_cookie(_LANGUAGE, language, _A_YEAR_S, httponly=True, samesite="lax")
    return response


def feed_page(request: Request, **values: object) -> Response:
    """Return an Atom feed, in the reader's language."""
    text = _templates().get_template("feed.xml").render(words=words_for(request), moment=_moment, **values)
    return Response(text, media_type="application/atom+xml")


def _moment(published: str) -> str:
    """Return an ISO date of any precision as the date-time that Atom wants."""
    day, _, time = published.partition("T")
    day += "-01" * (2 - day.count("-"))
    if not time:
        return f"{day}T00:00:00Z"
    zone = re.search(r"(?:Z|[+-]\d\d:\d\d)$", time)
    clock = time[: zone.start()] if zone else time
    return f"{day}T{clock}{':00' if clock.count(':') == 1 else ''}{zone[0] if zone else 'Z'}"


def chosen_language(request: Request) -> InterfaceLanguage:
    """Return the language that a reader chose, now or earlier, or that their browser asks for first."""
    for chosen in (request.query_params.get(_LANGUAGE), request.cookies.get(_LANGUAGE)):
        if chosen in set(InterfaceLanguage):
            return InterfaceLanguage(chosen)
    return language_of(request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip())


def words_for(request: Request) -> Wording:
    """Return the sentences of the reader's language."""
    return wording(chosen_language(request))


def in_their_language(request: Request, error: ChuchuError) -> str:
    """Return what an error says in the reader's language."""
    return translated(error.message, chosen_language(request))


def here(request: Request, **changes: object) -> str:
    """Return the address of this page with other values in its query; None takes one out."""
    values = {**request.query_params, **changes}
    query = urlencode({name: value for name, value in values.items() if value not in {None, ""}}, quote_via=quote)
    return quote(request.url.path) + (f"?{query}" if query else "")


@cache
def static(name: str) -> bytes:
    """Return a file that pages load: one of `STATIC`."""
    return files(__package__).joinpath(name.lstrip("/")).read_bytes()


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "line": shown_line, "quoted": _quoted, "count": lambda n: f"{n:,}"}
    environment.globals |= {
        "article_path": article_path,
        "cited": _cited,
        "age_line": age_line,
        "parts_line": parts_line,
        "refusal_lines": refusal_lines,
        "differing_line": differing_line,
        "static": {name: f"{name}?{hashlib.sha256(static(name)).hexdigest()[:8]}" for name in STATIC},
    }
    return environment


def _quoted(text: str, most: int = 1_000) -> str:
    """Return words of an article on one line, which their own ends of lines do not break, `most` characters of them."""
    said = shown_line(" ".join(text.split()))
    return said if len(said) <= most else f"{said[:most]}…"


def _cited(article: Article, words: Wording) -> Markup:
    """Return source · date · author."""
    published = article.published
    date = escape(dated(article, words))
    if published:
        date = Markup('<time datetime="{}">{}</time>').format(published, date)
    parts = [escape(shown_line(article.source)) if article.source else None, date]
    parts.append(escape(shown_line(article.author)) if article.author else None)
    return Markup(" · ").join(part for part in parts if part)


_MOST_MONTHS = 120
"""Bars of a chart; a longer time is counted by year."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place from the left, what it counts, how many, and its height in 0…1 of the chart's."""

    place: int
    period: str
    count: int
    height: float


def charts(counted: Sequence[MonthCount]) -> dict[str | None, list[Bar]]:
    """Return the bars of each source over the same periods, those without articles included."""
    months = _between(sorted({item.month for item in counted}))
    length = 7 if len(months) <= _MOST_MONTHS else 4
    periods = list(dict.fromkeys(month[:length] for month in months))
    counts: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for item in counted:
        counts[item.source][item.month[:length]] += item.articles
    most = {source: max(found.values()) for source, found in counts.items()}
    return {
        source: [
            Bar(place, period, found[period], found[period] / most[source]) for place, period in enumerate(periods)
        ]
        for source, found in counts.items()
    }


def curve(timeline: Timeline) -> list[Bar]:
    """Return how many articles report on a topic by month; those of which no month is known count in none."""
    articles = [article for story in timeline.stories for article in (story.article, *story.also_in)]
    months = Counter((article.published or "")[:7] for article in articles if "-" in (article.published or ""))
    return charts([MonthCount(None, month, count) for month, count in months.items()]).get(None, [])


def _between(months: Sequence[str]) -> list[str]:
    """Return every month from the first to the last."""
    if not months:
        return []
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (months[0], months[-1]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
