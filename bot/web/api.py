"""What programs get: the records of the command line's `--json`, over HTTP."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Self

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import json_output
from bot.json_output import Record
from bot.live_archive import ChatScope, LiveArchive
from retrieval import Answer, Message, SettingsError, Timeline, make_filters, parse_day, reason_of

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
    told = await timeline_of(values.get("topic", ""), values, request.app.state.room.archive)
    return JSONResponse(json_output.timeline(told))


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


def refused(why: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a refusal."""
    return JSONResponse({"error": why}, status, headers)


ROUTES = [
    Route("/api/ask", ask, methods=["GET", "POST"]),
    Route("/api/articles/{id:path}", article),
    Route("/api/sources", sources),
    Route("/api/timeline", timeline),
    Route("/api/openapi.json", openapi),
]
