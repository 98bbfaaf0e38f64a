"""The reading room put together, and how it is served."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bot.live_archive import BusyError, SlowError
from bot.web import api, pages
from bot.web.api import over_http, tools_of
from bot.web.guard import MOST_BODY, Guard
from bot.web.pages import Room
from bot.web.view import in_their_language, words_for
from retrieval import ArchiveError, ChuchuError, SettingsError


def build(room: Room, host: str) -> ASGIApp:
    """Return the application; `host` is where it listens."""
    tools = tools_of(room.archive)
    over = over_http(tools)

    @asynccontextmanager
    async def open_tools(_: Starlette) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    application = Starlette(
        routes=[*api.ROUTES, *over.routes, *pages.ROUTES],
        lifespan=open_tools,
        exception_handlers=dict.fromkeys((ChuchuError, BusyError, SlowError, HTTPException), _refuse),
        max_body_size=MOST_BODY,
    )
    application.state.room = room
    return Guard(application, room.settings, host)


async def _refuse(request: Request, error: Exception) -> Response:
    """Say why something was not done: to programs as JSON, to readers in their language."""
    status = _status(error)
    headers = {"Retry-After": "5"} if status == 503 else {}
    if isinstance(error, HTTPException):
        headers |= dict(error.headers or {})
    if request.url.path.startswith("/api/"):
        response: Response = api.refused(str(getattr(error, "detail", error)), status)
    else:
        response = pages.message(request, _said(request, error), status)
    response.headers.update(headers)
    return response


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, SlowError):
        return 504
    return 503 if isinstance(error, (BusyError, ArchiveError)) else 400


def _said(request: Request, error: Exception) -> str:
    words = words_for(request)
    if isinstance(error, BusyError):
        return words.busy.format(waiting=error.waiting)
    if isinstance(error, HTTPException):
        return words.web.not_found if error.status_code == 404 else error.detail
    if isinstance(error, ArchiveError):
        return words.no_archive
    if isinstance(error, ChuchuError):
        return in_their_language(request, error)
    return words.slow


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        SettingsError: the address is taken, or is none of this machine's.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        # the library adds to what the system says which address it was
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        address = f"{host}:{port}"
        raise SettingsError(
            "{address} cannot be used: {reason}. Name another --port or --host", address=address, reason=str(why)
        ) from error


def serve(room: Room, listening: socket.socket, *, said: Callable[[str], None]) -> None:
    """Serve the room on a socket until SIGTERM or Ctrl-C; `said` hears its address once it is open."""
    asyncio.run(_serve(server_of(room, listening), listening, said))


class _Guest(uvicorn.Server):
    """A server in a process that heeds signals itself."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


@asynccontextmanager
async def served(room: Room, listening: socket.socket) -> AsyncIterator[None]:
    """Serve the room on a socket as long as this is open, in an event loop that does other things as well."""
    server = _Guest(_configured(room, listening))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


def server_of(room: Room, listening: socket.socket) -> uvicorn.Server:
    """Return a server for a room."""
    return uvicorn.Server(_configured(room, listening))


def _configured(room: Room, listening: socket.socket) -> uvicorn.Config:
    """Return how a room is served: no address is logged, for questions stand in them."""
    host = listening.getsockname()[0]
    return uvicorn.Config(
        build(room, host),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=MOST_BODY,
    )


async def _serve(server: uvicorn.Server, listening: socket.socket, said: Callable[[str], None]) -> None:
    host, port = listening.getsockname()[:2]
    said(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    await server.serve(sockets=[listening])
