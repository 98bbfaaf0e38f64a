"""`chuchu serve`, `mcp`, `telegram` and `feedback export`: what they do is loaded when they are called."""

import json
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.streams import shown
from bot.terminal import Index, preparing_progress, write_private
from bot.words import say
from retrieval import Location, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.telegram.app import Companion
    from bot.telegram.state import QuestionRecord
    from bot.web.pages import Room

_NEEDED = ("starlette", "uvicorn", "jinja2", "multipart", "babel", "mcp")
Host = Annotated[str, typer.Option(help="address to listen on; any but this machine's own needs CHUCHU_WEB_TOKEN")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="port to listen on; 0: any that is free")]


def serve_command(host: Host = "127.0.0.1", port: Port = 8350, index: Index = None) -> None:
    """Open the reading room: pages to ask and read in, and an API."""
    check_installed()
    from bot.web.guard import check_open
    from bot.web.site import listen, serve

    settings = read_settings()
    room = open_room(index or settings.index, settings)
    check_open(host, room.settings)
    listening = listen(host, port)
    with preparing_progress() as prepared:
        room.archive.current().load(prepared)
    serve(room, listening, said=lambda address: typer.echo(say("reading room at {address}", address=address), err=True))


def tools_command(
    index: Index = None,
    host: Host = "127.0.0.1",
    port: Port = 8350,
    *,
    http: Annotated[bool, typer.Option("--http", help="serve them at http://HOST:PORT/mcp, with the pages")] = False,
) -> None:
    """Offer the archive to assistants as tools of the Model Context Protocol, on standard input and output."""
    if http:
        serve_command(host, port, index)
        return
    check_installed()
    import asyncio

    from bot.web.api import tools_of

    settings = read_settings()
    room = open_room(index or settings.index, settings)
    asyncio.run(tools_of(room.archive).run_stdio_async())


def open_room(location: Location, settings: Settings) -> "Room":
    """Return the reading room of the archive at `location`; it opens the archive when it is first asked.

    Raises:
        ArchiveMissingError: there is none.
    """
    import os
    from functools import partial

    from bot.live_archive import LiveArchive, Workers, open_loaded
    from bot.settings import read_web_settings
    from bot.telegram.state import Ratings
    from bot.web.pages import Room

    web = read_web_settings()
    workers = Workers(web.workers or os.cpu_count() or 1, web.queue, web.timeout)
    archive = LiveArchive(location, partial(open_loaded, location, settings), workers)
    archive.identity()
    return Room(archive, web, Ratings(web.state))


def reading_room_companion(host: str, port: int) -> "Companion":
    """Return what opens a reading room next to the bot, on the bot's archive.

    Raises:
        SettingsError: it may not be open there, or the address cannot be used.
    """
    check_installed()
    from bot.settings import read_web_settings
    from bot.telegram.state import Ratings
    from bot.web.guard import check_open
    from bot.web.pages import Room
    from bot.web.site import listen, served

    web = read_web_settings()
    check_open(host, web)
    listening = listen(host, port)
    return lambda archive: served(Room(archive, web, Ratings(web.state)), listening)


def check_installed() -> None:
    """Refuse where what the reading room is made of is not installed.

    Raises:
        SettingsError: it is not.
    """
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise SettingsError("the reading room needs {names}: pip install 'chuchu[web]'", names=", ".join(missing))


def telegram_command(
    index: Index = None,
    *,
    web: Annotated[bool, typer.Option("--web", help="open the reading room as well, in this process")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8350,
) -> None:
    """Answer questions in Telegram chats; set CHUCHU_TELEGRAM_TOKEN first."""
    from bot.settings import read_telegram_settings, read_web_settings
    from bot.telegram import app
    from retrieval import read_settings

    settings = read_settings()
    read_web_settings()  # citations link by them: what is wrong with them is said now
    companion = reading_room_companion(host, port) if web else None
    app.run(index or settings.index, settings, read_telegram_settings(), companion)


feedback = typer.Typer(help="What people thought of passages in Telegram.", no_args_is_help=True)


@feedback.callback()
def _several() -> None:
    """Keep `export` a name to be typed, though it is the only one."""


@feedback.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="where to write question records, for `chuchu eval`")],
    undecided: Annotated[
        Path | None, typer.Option(help="where to write the questions of which only wrong passages are known")
    ] = None,
) -> None:
    """Write what people rated as questions for `chuchu eval`."""
    from bot.settings import TelegramSettings
    from bot.telegram.state import State, question_records

    state = State(TelegramSettings().state, time.time)
    state.open()
    decided, others = question_records(state.ratings())
    state.close()
    _write(file, decided)
    if undecided:
        _write(undecided, others)
    elif others:
        more = "{count} more questions have no right passage yet: --undecided FILE writes them"
        typer.echo(say(more, count=len(others)), err=True)


def _write(file: Path, records: "list[QuestionRecord]") -> None:
    from retrieval import SettingsError

    try:
        write_private(file, "".join(shown(json.dumps(record, ensure_ascii=False)) + "\n" for record in records))
    except OSError as error:
        raise SettingsError("{path} cannot be written: {reason}", path=file, reason=error.strerror) from error
    typer.echo(say("{path}: {count} questions", path=file, count=len(records)), err=True)
