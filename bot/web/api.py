"""What programs get: the records of the command line's `--json`, over HTTP, and the archive as tools for assistants.

The tools are the Model Context Protocol's, for assistants that are to quote and not to make up.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Self

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import json_output
from bot.json_output import Record
from bot.live_archive import ChatScope, LiveArchive
from bot.web import page_of
from bot.web.citing import CitationStyle, citations
from bot.web.guard import MOST_BODY
from retrieval import (
    Answer,
    ArchiveMissingError,
    Article,
    Hit,
    Message,
    SettingsError,
    Timeline,
    make_filters,
    parse_day,
    reason_of,
)

MOST_HITS = 100
_DAY = Field(default=None, max_length=100)


class AskRequest(BaseModel):
    """A question and within what it is put, as a program or a form sends it."""

    question: str = Field(min_length=1, max_length=2_000)
    k: int = Field(default=3, ge=1, le=MOST_HITS)
    since: str | None = _DAY
    until: str | None = _DAY
    source: str | None = Field(default=None, max_length=500)
    as_of: str | None = _DAY
    literal: bool = False

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Read it from what was sent; empty values count as none.

        Raises:
            SettingsError: a value cannot be used.
        """
        try:
            return cls.model_validate({name: value for name, value in values.items() if value != ""})
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(
                "{name}: {reason}", name=".".join(map(str, first["loc"])), reason=reason_of(first)
            ) from None

    @property
    def scope(self) -> ChatScope:
        """Within what it is put.

        Raises:
            SettingsError: a date cannot be read.
        """
        parse_day(self.as_of)
        return ChatScope(make_filters(self.since, self.until, self.source), self.as_of or None, self.literal)


async def completed(asked: AskRequest, before: str, archive: LiveArchive) -> tuple[AskRequest, str]:
    """Return a question as it is meant after the one before it, and the words that it takes from there.

    Raises:
        ChuchuError: the one before cannot be asked, or the archive cannot be read.
    """
    found = await archive.completed(asked.scope.ask(asked.question, asked.k), before)
    return (asked.model_copy(update={"question": found.question}), found.taken) if found else (asked, "")


async def answer_to(asked: AskRequest, archive: LiveArchive) -> Answer:
    """Answer a question.

    Raises:
        ChuchuError: it cannot be asked, or the archive cannot be read.
    """
    return await archive.answer(asked.scope.ask(asked.question, asked.k))


async def ask(request: Request) -> Response:
    """Answer a question; one that is sent in a body stands in no log of addresses."""
    if request.method == "POST":
        try:
            values = json.loads(await request.body())
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise SettingsError("send a JSON object: {example}", example='{"question": "…"}')
    else:
        values = request.query_params
    answer = await answer_to(AskRequest.of(values), request.app.state.room.archive)
    return JSONResponse(json_output.answer(answer))


async def timeline_of(topic: str, values: Mapping[str, Any], archive: LiveArchive) -> Timeline:
    """Return the stories of a topic within what was sent of limits, in order of time.

    Raises:
        ChuchuError: a value cannot be used, or the archive cannot be read.
    """
    asked = AskRequest.of({**values, "question": topic})
    oldest_first = str(values.get("oldest_first", "")).lower() in {"1", "true"}
    wanted = asked.scope.ask(asked.question, asked.k)
    return await archive.run(lambda held: held.timeline(asked.question, wanted, oldest_first=oldest_first))


async def timeline(request: Request) -> Response:
    """Return the stories of a topic in order of time."""
    values = request.query_params
    timeline = await timeline_of(values.get("topic", ""), values, request.app.state.room.archive)
    return JSONResponse(json_output.timeline(timeline))


async def article(request: Request) -> Response:
    """Return an article with its text, and what was removed or repaired."""
    article_id = request.path_params["id"]
    found = await request.app.state.room.archive.run(lambda archive: archive.article(article_id))
    if found is None:
        return refused(Message("the archive has no article {id}", id=article_id), 404)
    return JSONResponse(json_output.whole_article(found))


async def sources(request: Request) -> Response:
    """Return the outlets."""
    return JSONResponse([json_output.source(source) for source in await request.app.state.room.archive.sources()])


async def openapi(_: Request) -> Response:
    """Return the description of all this."""
    return JSONResponse(description())


@cache
def description() -> Record:
    """Return the OpenAPI description."""
    read: Record = json.loads(files(__package__).joinpath("openapi.json").read_text("utf-8"))
    return read


def refused(why: str, status: int) -> JSONResponse:
    """Return a refusal."""
    return JSONResponse({"error": why}, status)


ROUTES = [
    Route("/api/ask", ask, methods=["GET", "POST"]),
    Route("/api/articles/{id:path}", article),
    Route("/api/sources", sources),
    Route("/api/timeline", timeline),
    Route("/api/openapi.json", openapi),
]


_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "An archive of articles. `ask` returns passages word for word with their citations, and a verdict. Quote `quote` "
    "as it stands and name its `citation`; where the verdict is not `answered`, say that the archive does not say."
)
_Day = Annotated[str | None, Field(description="2022, 2022-04 or 2022-04-14")]


def tools_of(archive: LiveArchive) -> MCPServer:
    """Return a server of the tools that ask and read an archive."""
    server: MCPServer = MCPServer("chuchu", instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(archive)
    for tool in (tools.ask, tools.article, tools.timeline, tools.sources):
        server.add_tool(tool, annotations=_READS)
    return server


class _Tools:
    """What assistants may call: names, parameters and first lines are what they read of it."""

    def __init__(self, archive: LiveArchive) -> None:
        self._archive = archive

    async def ask(
        self,
        question: Annotated[str, Field(description="a whole question, in any language")],
        k: Annotated[int, Field(ge=1, le=MOST_HITS, description="passages wanted")] = 3,
        since: _Day = None,
        until: _Day = None,
        source: Annotated[str | None, Field(description="only this outlet, as `sources` names it")] = None,
        as_of: Annotated[str | None, Field(description="ask as if it were this day: nothing later is there")] = None,
        literal: Annotated[bool, Field(description="read no dates and sources out of the question")] = False,  # noqa: FBT002
    ) -> dict[str, Any]:
        """Answer a question with the passages that answer it, word for word, each with its source and date."""
        values = {"since": since, "until": until, "source": source, "as_of": as_of}
        asked = AskRequest.of({"question": question, "k": k, "literal": literal, **values})
        return answer_record(await answer_to(asked, self._archive))

    async def article(
        self,
        id: Annotated[str, Field(description="the id that a hit names")],  # noqa: A002 the JSON's own word
    ) -> dict[str, Any]:
        """Return a whole article, with what was removed from it or repaired."""
        found = await self._archive.run(lambda held: held.article(id))
        if found is None:
            raise ArchiveMissingError("the archive has no article {id}", id=id)
        return {**json_output.whole_article(found), **_cited(found)}

    async def timeline(
        self,
        topic: Annotated[str, Field(description="what the stories are to be about")],
        since: _Day = None,
        until: _Day = None,
        source: Annotated[str | None, Field(description="only this outlet")] = None,
        oldest_first: bool = False,  # noqa: FBT001, FBT002 the protocol passes names
    ) -> dict[str, Any]:
        """Show the stories of a topic in order of time, each with the sentence that reports it, its source and date."""
        values = {"since": since, "until": until, "source": source, "oldest_first": oldest_first}
        return json_output.timeline(await timeline_of(topic, values, self._archive))

    async def sources(self) -> dict[str, Any]:
        """List the outlets with their numbers of articles, first and last dates."""
        return {"sources": [json_output.source(source) for source in await self._archive.sources()]}


def answer_record(answer: Answer) -> Record:
    """Return the record of `ask --json` without its inner figures, each hit with its quote and citation."""
    record = json_output.answer(answer)
    verdict = answer.refusal.kind.value if answer.refusal else "answered"
    hits = [_hit(hit) for hit in answer.hits]
    return {
        "verdict": verdict,
        **{name: value for name, value in record.items() if name not in {"explanation", "timing_ms"}},
        "hits": hits,
    }


def _hit(hit: Hit) -> Record:
    record = json_output.hit(hit)
    record.pop("explanation")
    return {"quote": hit.text[slice(*hit.highlight)], **_cited(hit.article, hit), **record}


def _cited(article: Article, hit: Hit | None = None) -> Record:
    link = article.url or page_of(article, hit)
    today = datetime.now(UTC).astimezone().date()
    return {"citation": citations(article, link, today)[CitationStyle.PLAIN], "link": link}


def over_http(server: MCPServer) -> Starlette:
    """Return the application that serves the tools at `/mcp`; whose requests it answers is the guard's to decide."""
    return server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BODY,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
