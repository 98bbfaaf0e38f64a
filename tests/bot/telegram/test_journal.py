"""Whether an update was answered is noted when the answer leaves, not when it is meant to."""

import asyncio
from pathlib import Path

import pytest
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
    token = current.set(1)
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
        assert state.row("SELECT body FROM updates") == (None,), "what an earlier run had sent is forgotten"
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
            for number, seconds in ((1, 0.001), (2, 60))
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
