"""What holds people's questions is their owner's alone, whatever the umask and whatever an earlier version left."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot import repl
from bot.commands import evaluating, serving
from bot.telegram.state import RatedPassage, Rating, State

if TYPE_CHECKING:
    from bot.telegram.state import QuestionRecord

QUESTION = "谁举报了他？"


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """Nothing is kept from others but what is asked to be."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def converse(history: Path) -> None:
    archive = SimpleNamespace(stats=lambda: {"articles": 1})
    with create_pipe_input() as given, create_app_session(input=given, output=DummyOutput()):
        given.send_text(f"/{QUESTION}\r/quit\r")
        repl._converse(repl.Session(archive, Console(quiet=True)), history)  # type: ignore[arg-type]


@pytest.mark.parametrize("left", [None, 0o644, 0o666])
def test_the_history_of_chat(left: int | None, tmp_path: Path) -> None:
    history = tmp_path / "cache" / "history"
    if left is not None:
        history.parent.mkdir()
        history.touch(left)
    converse(history)
    assert QUESTION in history.read_text("utf-8")
    assert mode(history) == 0o600


@pytest.mark.parametrize("left", [None, 0o644])
def test_the_memory_of_the_bot(left: int | None, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    if left is not None:
        with_log = opened(folder)
        for path in folder.iterdir():
            path.chmod(left)
        folder.chmod(0o755)
    database = opened(folder)
    _judge(database)
    assert mode(folder / "updates") == 0o700
    files = {path.name: mode(path) for path in folder.iterdir() if path.is_file()}
    assert files == dict.fromkeys(("bot.sqlite", "bot.sqlite-wal", "bot.sqlite-shm"), 0o600)
    database.close()
    if left is not None:
        with_log.close()


def opened(folder: Path) -> State:
    state = State(folder, lambda: 0.0)
    state.open()
    return state


def _judge(state: State) -> None:
    for rating in (Rating.RIGHT, Rating.NOT_RELEVANT):
        state.rate(RatedPassage(1, f"k{rating}", f"{QUESTION}{rating}", "a", "q", rating, answered=True))


def test_what_people_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_TELEGRAM_STATE", str(tmp_path / "state"))
    database = opened(tmp_path / "state")
    _judge(database)
    database.close()
    serving.export_command(tmp_path / "judged.jsonl", tmp_path / "undecided.jsonl")
    for name in ("judged.jsonl", "undecided.jsonl"):
        assert QUESTION in (tmp_path / name).read_text("utf-8")
        assert mode(tmp_path / name) == 0o600


def test_half_a_character_in_a_question_is_exported(tmp_path: Path) -> None:
    records: list[QuestionRecord] = [{"id": "judged-0001", "question": "桥\ud83d多长\udc80？", "articles": ["a"]}]
    serving._write(tmp_path / "judged.jsonl", records)
    assert [json.loads(line) for line in (tmp_path / "judged.jsonl").read_text("utf-8").splitlines()] == records


def test_the_report_of_an_evaluation(tmp_path: Path) -> None:
    evaluating._write(tmp_path / "report.html", QUESTION)
    assert mode(tmp_path / "report.html") == 0o600


def test_a_file_that_its_owner_opened_to_others_stays_open(tmp_path: Path) -> None:
    (tmp_path / "report.html").touch(0o640)
    evaluating._write(tmp_path / "report.html", QUESTION)
    assert mode(tmp_path / "report.html") == 0o640
    assert (tmp_path / "report.html").read_text("utf-8") == QUESTION
