"""`chuchu telegram` and `chuchu feedback export`."""

import json
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.streams import shown
from bot.terminal import Index, write_private

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.telegram.state import RatedPassage

QuestionRecord = dict[str, object]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("telegram")(telegram)
    feedback = typer.Typer(help="What people thought of passages in Telegram.", no_args_is_help=True)
    feedback.command("export")(export)
    feedback.callback()(_several)
    app.add_typer(feedback, name="feedback")


def telegram(index: Index = None) -> None:
    """Answer questions in Telegram chats; set CHUCHU_TELEGRAM_TOKEN first."""
    from bot.telegram import app
    from bot.telegram.settings import read_telegram_settings
    from bot.web.settings import read_web_settings
    from retrieval import read_settings

    settings = read_settings()
    read_web_settings()  # citations link by them: what is wrong with them is said now
    app.run(index or settings.index, settings, read_telegram_settings())


def export(
    file: Annotated[Path, typer.Argument(help="where to write question records, for `chuchu eval`")],
    undecided: Annotated[
        Path | None, typer.Option(help="where to write the questions of which only wrong passages are known")
    ] = None,
) -> None:
    """Write what people rated as questions for `chuchu eval`."""
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
        typer.echo(f"{len(others)} more questions have no right passage yet: --undecided FILE writes them", err=True)


def _write(file: Path, records: list[QuestionRecord]) -> None:
    from retrieval import SettingsError

    try:
        write_private(file, "".join(shown(json.dumps(record, ensure_ascii=False)) + "\n" for record in records))
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"{file}: {len(records)} questions", err=True)


def question_records(ratings: "Iterable[RatedPassage]") -> tuple[list[QuestionRecord], list[QuestionRecord]]:
    """Return a question record for each question that was decided, and what is known of the others.

    Equal questions share a record. It is decided by a passage rated right: the right articles are its qrels and their
    highlights its answers; or, where there is none, by somebody who said of a refusal that the archive cannot answer:
    then it has no articles. A passage that is not relevant, or whose source or date is wrong, decides nothing, for
    another may answer: such ratings stand under `judged`, and a question with nothing else is no question record, for
    it has no `articles`, and `chuchu eval` does not take it.
    """
    asked: dict[str, list[RatedPassage]] = defaultdict(list)
    for rated in ratings:
        asked[rated.question].append(rated)
    decided: list[QuestionRecord] = []
    undecided: list[QuestionRecord] = []
    for number, (question, given) in enumerate(asked.items(), 1):
        right = [each for each in given if each.rating == "right"]
        record: QuestionRecord = {"id": f"judged-{number:04}", "question": question}
        if is_decided := bool(right) or any(each.rating == "unanswerable" for each in given):
            record["articles"] = sorted({each.article for each in right})
            record["answers"] = sorted({each.quote for each in right if each.quote})
        record["judged"] = [
            {"article": each.article, "quote": each.quote, "verdict": each.rating}
            for each in given
            if each.rating not in {"right", "unanswerable"}
        ]
        (decided if is_decided else undecided).append(record)
    return decided, undecided


def _several() -> None:
    """Keep `export` a name to be typed, though it is the only one."""
