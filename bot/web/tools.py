"""The archive as tools of the Model Context Protocol, for assistants that are to quote and not to make up."""

from datetime import UTC, datetime
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.applications import Starlette

from bot import json_output
from bot.json_output import Record
from bot.live_archive import LiveArchive
from bot.web.api import MOST_HITS, AskRequest, answer_to, timeline_of
from bot.web.citing import CitationStyle, citations
from bot.web.guard import MOST_BODY
from bot.web.links import page_of
from retrieval import Answer, ArchiveMissingError, Article, Hit

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_MANNER = (
    "An archive of articles. `ask` returns passages word for word with their citations, and a verdict. Quote `quote` "
    "as it stands and name its `citation`; where the verdict is not `answered`, say that the archive does not say."
)
_Day = Annotated[str | None, Field(description="2022, 2022-04 or 2022-04-14")]


def tools_of(archive: LiveArchive) -> MCPServer:
    """Return a server of the tools that ask and read an archive."""
    server: MCPServer = MCPServer("chuchu", instructions=_MANNER, log_level="WARNING")
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
        """Tell the stories of a topic in order of time, each with the sentence that tells it, its source and date."""
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
