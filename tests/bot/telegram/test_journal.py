"""Whether an update was answered is noted when the answer leaves, not when it is meant to."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.error import NetworkError, TelegramError

from bot.telegram import journal as journal_module
from bot.telegram.journal import InOrder, Journal, current
from bot.telegram.state import State
from tests.bot.telegram.test_pace import Clock


def opened(folder: Path) -> State:
    state = State(folder, Clock())
    state.open()
    return state


def _fail(journal: Journal) -> None:
    with journal.sending():
        journal.leaving()
        raise NetworkError("away")


def test_update_that_cannot_be_noted_is_fetched_again(tmp_path: Path) -> None:
    state = opened(tmp_path)
    journal = Journal(state, 10)
    state.change("PRAGMA query_only = 1")

    async def put() -> int:
        with pytest.raises(TelegramError, match="update 5 cannot be noted"):
            journal.take({"update_id": 5}, Bot("1:x"))
        state.change("PRAGMA query_only = 0")
        assert journal.take({"update_id": 5}, Bot("1:x")) == 5
        await journal.put(Update(5))  # as the updater does with what a poll returned
        return journal.qsize()

    assert asyncio.run(put()) == 1
    state.close()


def test_update_counts_as_answered_from_the_moment_of_leaving(tmp_path: Path) -> None:
    state = opened(tmp_path)
    journal, record = Journal(state, 10), '{"update_id": 1}'
    journal.take({"update_id": 1}, Bot("1:x"))
    token = current.set(journal.mark_of(1))
    try:
        with journal.sending():
            assert journal.left() == [(1, record)]
            journal.leaving()
            assert journal.left() == []
        with pytest.raises(NetworkError):
            _fail(journal)
        assert journal.left() == [(1, record)]
        journal.leaving()
        with journal.unanswered(), journal.sending():
            journal.leaving()
        assert journal.left() == [(1, record)], "a call that is no answer answers nothing"
        with journal.sending():
            journal.leaving()
        assert Journal(state, 10).replay(Bot("1:x")) == 0
        assert not list(state.updates.iterdir()), "what an earlier run had sent is forgotten"
    finally:
        current.reset(token)
        state.close()


def test_what_has_not_ended_a_minute_after_leaving_stays_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_LEAVE_WITHIN_S", 0.02)
    state, ended = opened(tmp_path), list[int]()
    journal = Journal(state, 10)
    for number in (1, 2, 3):
        journal.take({"update_id": number}, Bot("1:x"))

    async def handler(number: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append(number)

    async def play() -> None:
        processor = InOrder(journal, 10)
        begun = [
            asyncio.create_task(processor.process_update(Update(number), handler(number, seconds)))
            for number, seconds in ((1, 0), (2, 60))  # what sleeps for 0 goes on before any timer
        ]
        await asyncio.sleep(0)
        processor.leave()
        await processor.process_update(Update(3), handler(3, 0))
        await asyncio.gather(*begun, return_exceptions=True)

    asyncio.run(play())
    assert ended == [1]
    assert [number for number, _ in journal.left()] == [2, 3]
    state.close()


def test_update_whose_handler_fails_is_done(tmp_path: Path) -> None:
    state = opened(tmp_path)
    journal = Journal(state, 1)
    journal.take({"update_id": 1}, Bot("1:x"))
    assert not journal.has_room

    async def fail() -> None:
        raise RuntimeError("it would fail again")

    with pytest.raises(RuntimeError):
        asyncio.run(InOrder(journal, 10).process_update(Update(1), fail()))
    assert journal.left() == []
    assert journal.has_room
    state.close()


def test_update_of_a_killed_process_is_handed_on_however_far_it_was_noted(tmp_path: Path) -> None:
    state, bot = opened(tmp_path), Bot("1:x")
    Journal(state, 10).take({"update_id": 1}, bot)
    (state.updates / "2.json").write_text('{"update_id": 2}', "utf-8")
    (state.updates / "3.json").write_text('{"upd', "utf-8")
    Journal(state, 10).take({"update_id": 4}, bot)
    (state.updates / "4.json").unlink()
    journal = Journal(state, 10)
    journal.replay(bot)
    assert [journal.get_nowait(), journal.get_nowait()] == [Update(1), Update(2)]
    assert journal.empty()
    assert journal.take({"update_id": 2}, bot) == journal.take({"update_id": 3}, bot) - 1  # type: ignore[operator]
    assert journal.get_nowait() == Update(3), "half of it was written: it comes again, as one that is new"
    assert journal.empty()
    state.close()


@settings(deadline=None, max_examples=12)
@given(st.lists(st.text(min_size=8, max_size=40), min_size=1, max_size=5, unique=True))
def test_what_was_asked_is_nowhere_on_disk_once_it_is_answered(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        state = opened(Path(folder))
        journal, records = Journal(state, 10), list(enumerate(texts, 1))
        for number, text in records:
            journal.take({"update_id": number, "nobody_knows": text}, Bot("1:x"))
        for number, text in records:
            said = json.dumps(text).strip('"').encode()
            assert any(said in file.read_bytes() for file in Path(folder).rglob("*") if file.is_file())
            journal.finished(number)
            others = [json.dumps(each) for _, each in records[number:]]
            if not any(said.decode() in other for other in others):
                assert not any(said in file.read_bytes() for file in Path(folder).rglob("*") if file.is_file())
        state.close()
