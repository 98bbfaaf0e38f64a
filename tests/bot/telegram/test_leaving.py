"""Whether an update was answered is noted when the answer leaves, not when it is meant to."""

import asyncio
from pathlib import Path

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError, TelegramError

from bot.telegram.journal import Journal, current
from bot.telegram.state import Database, Inbox
from tests.bot.telegram.test_limits import Clock


def _fail(journal: Journal) -> None:
    with journal.sending():
        journal.leaving()
        raise NetworkError("away")


def test_update_that_cannot_be_noted_is_fetched_again(tmp_path: Path) -> None:
    database = Database(tmp_path)
    journal = Journal(Inbox(database, Clock()), 10)
    database.change("PRAGMA query_only = 1")

    async def put() -> int:
        with pytest.raises(TelegramError, match="update 5 cannot be noted"):
            journal.take({"update_id": 5}, Bot("1:x"))
        database.change("PRAGMA query_only = 0")
        assert journal.take({"update_id": 5}, Bot("1:x")) == 5
        await journal.put(Update(5))  # as the updater does with what a poll returned
        return journal.qsize()

    assert asyncio.run(put()) == 1
    database.close()


def test_update_counts_as_answered_from_the_moment_of_leaving(tmp_path: Path) -> None:
    database = Database(tmp_path)
    inbox = Inbox(database, Clock())
    journal = Journal(inbox, 10)
    inbox.take(1, "body")
    token = current.set(1)
    try:
        with journal.sending():
            assert inbox.left() == [(1, "body")]
            journal.leaving()
            assert inbox.left() == []
        with pytest.raises(NetworkError):
            _fail(journal)
        assert inbox.left() == [(1, "body")]
        journal.leaving()
        with journal.aside(), journal.sending():
            journal.leaving()
        assert inbox.left() == [(1, "body")], "a call that is no answer answers nothing"
        inbox.sending(1, now=True)
        inbox.settle()
        assert database.row("SELECT body FROM updates") == (None,), "what an earlier run had sent is forgotten"
    finally:
        current.reset(token)
        database.close()
