"""`chuchu telegram` and `chuchu feedback export`."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.serving import Host, Port, reading_room_beside
from bot.streams import shown
from bot.terminal import Index, write_private
from bot.words import say

if TYPE_CHECKING:
    from bot.ratings import QuestionRecord


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("telegram")(telegram)
    feedback = typer.Typer(help="What people thought of passages in Telegram.", no_args_is_help=True)
    feedback.command("export")(export)
    feedback.callback()(_several)
    app.add_typer(feedback, name="feedback")


def telegram(
    index: Index = None,
    *,
    web: Annotated[bool, typer.Option("--web", help="open the reading room as well, in this process")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8350,
) -> None:
    """Answer questions in Telegram chats; set CHUCHU_TELEGRAM_TOKEN first."""
    from bot.telegram import app
    from bot.telegram.settings import read_telegram_settings
    from bot.web.settings import read_web_settings
    from retrieval import read_settings

    settings = read_settings()
    read_web_settings()  # citations link by them: what is wrong with them is said now
    beside = reading_room_beside(host, port) if web else None
    app.run(index or settings.index, settings, read_telegram_settings(), beside)


def export(
    file: Annotated[Path, typer.Argument(help="where to write question records, for `chuchu eval`")],
    undecided: Annotated[
        Path | None, typer.Option(help="where to write the questions of which only wrong passages are known")
    ] = None,
) -> None:
    """Write what people rated as questions for `chuchu eval`."""
    from bot.ratings import question_records
    from bot.telegram.settings import TelegramSettings
    from bot.telegram.state import State

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


def _several() -> None:
    """Keep `export` a name to be typed, though it is the only one."""
