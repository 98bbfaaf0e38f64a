"""The pages of the reading room."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.live_archive import LiveArchive
from bot.settings import WebSettings
from bot.streams import shown
from bot.telegram.state import RatedPassage, Rating, Ratings
from bot.web import Span, find_again, guard, page_of
from bot.web.api import MOST_HITS, AskRequest, answer_to, completed, timeline_of
from bot.web.citing import citations
from bot.web.view import (
    STATIC,
    Mark,
    MarkKind,
    charts,
    chosen_language,
    curve,
    differences,
    feed_page,
    here,
    in_their_language,
    page,
    paragraphs,
    passage_of,
    repairs_of,
    static,
    words_for,
)
from bot.words import Wording, compared_line
from retrieval import (
    Answer,
    Archive,
    Article,
    Difference,
    QuestionError,
    SettingsError,
    differing,
    make_filters,
    parse_day,
)

_LATEST, _MOST_LATEST = 30, 300
_MOST_IN_FEED = 50
_MOST_RATED = 2_000  # characters of a question, of an id, or of the words that are rated
_MOST_REMOVED = 500  # pieces that are listed of what was removed
_MONTH_S, _DAY_S = 2_592_000, 86_400
_LIMITS = ("since", "until", "source", "as_of")


@dataclass(frozen=True, slots=True)
class Room:
    """What the pages, the API and the tools work with."""

    archive: LiveArchive
    settings: WebSettings
    ratings: Ratings


@dataclass(frozen=True, slots=True)
class Chip:
    """What was understood of a search, and the address of the same search without it; if `is_off`, with it."""

    said: str
    other: str
    is_off: bool = False


async def ask(request: Request) -> Response:
    """Show the form, and below it the answer to what was asked."""
    values = {name: request.query_params.get(name, "").strip() for name in ("q", *_LIMITS)}
    answer, refused, taken, archive = None, None, "", room(request).archive
    if values["q"]:
        try:
            asked, taken = await completed(_asked(request, values), request.query_params.get("after", ""), archive)
            answer = await answer_to(asked, archive)
        except (QuestionError, SettingsError) as error:
            refused = in_their_language(request, error)
    return page(
        request,
        "ask",
        400 if refused else 200,
        values=values,
        answer=answer,
        refused=refused,
        passages=[passage_of(hit) for hit in answer.hits] if answer else [],
        chips=_chips(request, values, answer, taken) if answer else [],
        bars=curve(answer.timeline) if answer and answer.timeline else [],
        outcome=answer and answer.outcome and compared_line(answer.outcome, chosen_language(request)),
        more=answer and len(answer.hits) == asked.k < MOST_HITS and here(request, k=min(2 * asked.k, MOST_HITS)),
        rated=request.query_params.get("rated"),
        is_literal=bool(request.query_params.get("literal")),
    )


def _asked(request: Request, values: dict[str, str]) -> AskRequest:
    given = {**values, "question": values["q"], "k": request.query_params.get("k", "")}
    return AskRequest.of({**given, "literal": bool(request.query_params.get("literal"))})


def _chips(request: Request, values: dict[str, str], answer: Answer, taken: str) -> list[Chip]:
    """Return what was taken from the question before, and the limits: given, read out of the question, or widened.

    What was read out of it is taken off by asking literally within the rest.
    """
    words = words_for(request)
    chips = [Chip(words.taken.format(words=taken), here(request, after=None, k=None, rated=None))] * bool(taken)
    used = {name: getattr(answer.filters, name) for name in ("since", "until", "source")}
    day = parse_day(values["as_of"])
    if day and used["until"] == day.isoformat() and not values["until"]:
        used["until"] = None  # nothing later than the day in whose place one stands: the day itself says so
    used["as_of"] = values["as_of"] or None
    limits = make_filters(values["since"], values["until"], values["source"])
    for name, said in _said(used, words):
        given = name == "as_of" or used[name] == getattr(limits, name)
        rest = {name: None} if given else {**used, name: None, "literal": 1}
        chips.append(Chip(said, here(request, **rest, k=None, rated=None)))
    if answer.widened:
        wanted = {name: getattr(answer.widened, name) for name in used if name != "as_of"}
        said = " · ".join(said for _, said in _said(wanted, words))
        chips.append(Chip(said, here(request, **wanted, literal=1, k=None, rated=None), is_off=True))
    return chips


def _said(limits: dict[str, str | None], words: Wording) -> list[tuple[str, str]]:
    """Return each limit that is set, and what a reader calls it."""
    forms = {"since": words.since, "until": words.until, "source": "{date}", "as_of": words.as_of}
    return [(name, forms[name].format(date=value)) for name, value in limits.items() if value]


async def article(request: Request) -> Response:
    """Show an article, and in it the passage that the address names."""
    article_id = request.path_params.get("id") or request.query_params.get("id", "")
    found, copies, differs = await room(request).archive.run(lambda archive: _with_copies(archive, article_id, request))
    words = words_for(request)
    if found is None:
        return message(request, words.web.not_found, 404)
    with_repairs, with_removed = (bool(request.query_params.get(name)) for name in ("repairs", "removed"))
    wanted, span = _wanted(request), _span(request, found)
    marks = [Mark(span, MarkKind.PASSAGE)] if span else []
    marks += repairs_of(found, words.web.was) if with_repairs else []
    link = found.url or page_of(found)
    return page(
        request,
        "article",
        article=found,
        link=web_address(found.url),
        paragraphs=paragraphs(found.text, marks),
        is_gone=wanted is not None and span is None,
        is_moved=span is not None and span != wanted,
        with_repairs=with_repairs,
        removed=found.removed[:_MOST_REMOVED] if with_removed else None,
        copies=copies,
        differs=differs,
        citations=citations(found, link, datetime.now(UTC).astimezone().date()),
    )


def _with_copies(
    archive: Archive, article_id: str, request: Request
) -> tuple[Article | None, Sequence[Article], Mapping[str, Sequence[Difference]]]:
    """Return an article, its copies, and how those differ from the passage that the address names."""
    found, copies = archive.article(article_id), archive.copies(article_id)
    span = found and _span(request, found)
    passage = found.text[slice(*span)] if found and span else ""
    return found, copies, differing(passage, copies)


def _wanted(request: Request) -> Span | None:
    """Return the span that an address names."""
    named = re.fullmatch(r"(\d{1,9})-(\d{1,9})", request.query_params.get("at", ""), re.ASCII)
    return (int(named[1]), int(named[2])) if named else None


def _span(request: Request, found: Article) -> Span | None:
    """Return where the passage stands now that an address names."""
    wanted = _wanted(request)
    ends = (request.query_params.get(name, "")[:_MOST_RATED] for name in ("from", "to"))
    return find_again(found.text, wanted, *ends) if wanted else None


def web_address(url: str | None) -> str | None:
    """Return an address if it is one of the web: an article's may begin with `javascript:`."""
    return url if url and re.match("https?://", url, re.IGNORECASE) else None


async def compare(request: Request) -> Response:
    """Show two articles side by side, with what only one of them has."""
    ids = [request.query_params.get(name, "") for name in ("a", "b")]
    found = await room(request).archive.run(lambda archive: _compared(archive, ids))
    return page(request, "compare", sides=found) if found else message(request, words_for(request).web.not_found, 404)


def _compared(archive: Archive, ids: Sequence[str]) -> list[tuple[Article, list[list[Any]]]] | None:
    one, other = (archive.article(article_id) for article_id in ids)
    if one is None or other is None:
        return None
    marks = differences(one.text, other.text)
    return [(side, paragraphs(side.text, marked)) for side, marked in zip((one, other), marks, strict=True)]


async def timeline(request: Request) -> Response:
    """Show the stories of a topic in order of time, below the curve of their months."""
    topic, values = request.query_params.get("q", "").strip(), request.query_params
    timeline, refused = None, None
    try:
        timeline = await timeline_of(topic, values, room(request).archive) if topic else None
    except (QuestionError, SettingsError) as error:
        refused = in_their_language(request, error)
    limits = {name: values.get(name, "").strip() for name in ("since", "until", "source")}
    return page(
        request,
        "timeline",
        400 if refused else 200,
        topic=topic,
        limits=limits,
        timeline=timeline,
        refused=refused,
        bars=curve(timeline) if timeline else [],
        oldest_first=values.get("oldest_first") == "1",
    )


async def feed(request: Request) -> Response:
    """Return the newest stories of a topic as an Atom feed: a standing question for whoever reads feeds."""
    topic = request.query_params.get("q", "").strip()
    timeline = await timeline_of(topic, request.query_params, room(request).archive)
    base = room(request).settings.url or str(request.base_url).rstrip("/")
    dated = [story for story in timeline.stories if story.article.published][:_MOST_IN_FEED]
    return feed_page(request, base=base, topic=topic, stories=dated)


async def latest(request: Request) -> Response:
    """List the newest articles."""
    count = _number(request.query_params.get("n"), _LATEST, _MOST_LATEST)
    scope = AskRequest.of({"question": "?", "source": request.query_params.get("source", "")}).scope
    found = await room(request).archive.latest(count, scope)
    more = len(found) == count < _MOST_LATEST and here(request, n=min(2 * count, _MOST_LATEST))
    return page(request, "latest", articles=found, more=more)


async def sources(request: Request) -> Response:
    """List the outlets, each with its articles by month."""
    found, months = await room(request).archive.run(lambda archive: (archive.sources(), archive.months()))
    return page(request, "sources", sources=found, charts=charts(months))


async def rate(request: Request) -> Response:
    """Keep what a reader thinks of a passage or of a refusal, and go back to the answer."""
    async with request.form(max_files=0, max_fields=10) as form:
        fields = ("question", "article", "quote", "rating")
        # browsers send ends of lines as two characters
        values = {name: str(form.get(name, "")).replace("\r\n", "\n")[:_MOST_RATED] for name in fields}
        was_answered = form.get("answered") == "1"
    if values["rating"] not in {Rating.RIGHT, Rating.NOT_RELEVANT, Rating.UNANSWERABLE} or not values["question"]:
        return message(request, words_for(request).web.cannot, 400)
    rated = RatedPassage(user=0, answer="", answered=was_answered, **values)
    await room(request).archive.run(lambda _: room(request).ratings.add(rated))
    place = "#verdict" if rated.rating == Rating.UNANSWERABLE else "#rated"
    back = here(request, rated=rated.article or "-").removeprefix("/rate")
    return RedirectResponse(f"/{back}{place}", 303)


async def evaluate(request: Request) -> Response:
    """Say what was rated so far, and offer the questions."""
    rated = room(request).ratings
    return page(request, "evaluate", rated=len(rated.all()), decided=len(rated.questions()))


async def questions(request: Request) -> Response:
    """Return the questions that are decided, for `chuchu eval`."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in room(request).ratings.questions())
    attached = {"Content-Disposition": 'attachment; filename="questions.jsonl"'}
    return PlainTextResponse("".join(lines), 200, attached, "application/x-ndjson")


async def report(request: Request) -> Response:
    """Measure the answers to the questions that are decided: the page that `chuchu eval --report` writes."""
    text = shown(await room(request).archive.run(room(request).ratings.report))
    styles = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    policy = f"default-src 'none'; style-src {allowed}; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


async def login(request: Request) -> Response:
    """Let in whoever has the token."""
    way = request.query_params.get("next", "/")
    way = way if re.match(r"/(?![/\\])", way) else "/"
    checking: guard.Guard = request.state.guard
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=5) as form:
            given = str(form.get("token", ""))
        if checking.is_token(given.strip()):
            response = RedirectResponse(way, 303)
            is_safe = request.url.scheme == "https"
            response.set_cookie(guard.COOKIE, checking.cookie, _MONTH_S, httponly=True, samesite="lax", secure=is_safe)
            return response
    return page(request, "login", 401 if request.method == "POST" else 200, is_wrong=request.method == "POST")


async def asset(request: Request) -> Response:
    """Return a file that pages load."""
    name = request.url.path
    return Response(static(name), media_type=STATIC[name], headers={"Cache-Control": f"max-age={_DAY_S}"})


async def health(_: Request) -> Response:
    """Say that the room is open."""
    return PlainTextResponse("ok\n")


def message(request: Request, said: str, status: int) -> Response:
    """Return a page that says why there is no other."""
    return page(request, "message", status, said=said)


def room(request: Request) -> Room:
    """Return what the pages work with."""
    found: Room = request.app.state.room
    return found


def _number(given: str | None, usual: int, most: int) -> int:
    return min(max(int(given), 1), most) if given and given.isdecimal() and len(given) < 6 else usual


ROUTES = [
    Route("/", ask),
    Route("/a", article),
    Route("/a/{id:path}", article),
    Route("/compare", compare),
    Route("/latest", latest),
    Route("/timeline", timeline),
    Route("/feed", feed),
    Route("/sources", sources),
    Route("/rate", rate, methods=["POST"]),
    Route("/evaluate", evaluate),
    Route("/evaluate/questions.jsonl", questions),
    Route("/evaluate/report", report),
    Route("/login", login, methods=["GET", "POST"]),
    Route("/healthz", health),
    *(Route(name, asset) for name in STATIC),
]
