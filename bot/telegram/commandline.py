"""`chuchu telegram` and `chuchu feedback export`."""

import json
from pathlib import Path
from typing import Annotated

import typer

Index = Annotated[
    str | None,
    typer.Option("--index", help="folder of the archive, or address of a cluster [default: $CHUCHU_INDEX, or index]"),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("telegram")(telegram)
    feedback = typer.Typer(help="What people judged in Telegram.", no_args_is_help=True)
    feedback.command("export")(export)
    feedback.callback()(_several)
    app.add_typer(feedback, name="feedback")


def telegram(index: Index = None) -> None:
    """Answer questions in Telegram chats; set CHUCHU_TELEGRAM_TOKEN first."""
    from bot.telegram import main
    from bot.telegram.settings import read_telegram_settings
    from retrieval import read_settings

    settings = read_settings()
    main.run(index or settings.index, settings, read_telegram_settings())


def export(
    file: Annotated[Path, typer.Argument(help="where to write question records, for `chuchu eval`")],
    undecided: Annotated[
        Path | None, typer.Option(help="where to write the questions of which only wrong passages are known")
    ] = None,
) -> None:
    """Write what people judged as questions for `chuchu eval`."""
    from bot.telegram.export import question_records
    from bot.telegram.settings import TelegramSettings
    from bot.telegram.state import Database, Feedback

    database = Database(TelegramSettings().state)
    decided, others = question_records(Feedback(database, lambda: 0.0).judgements())
    database.close()
    _write(file, decided)
    if undecided:
        _write(undecided, others)
    elif others:
        typer.echo(f"{len(others)} more questions have no right passage yet: --undecided FILE writes them", err=True)


def _write(file: Path, records: list[dict[str, object]]) -> None:
    from bot.private import write_private
    from retrieval import SettingsError

    try:
        write_private(file, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"{file}: {len(records)} questions", err=True)


def _several() -> None:
    """Keep `export` a name to be typed, though it is the only one."""
