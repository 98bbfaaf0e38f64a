"""The way of an update from Telegram to its handlers: noted on disk as it came, then chat by chat in order."""

import asyncio
import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.telegram import completing
from bot.telegram.state import Inbox

_log = logging.getLogger(__name__)


current: ContextVar[int | None] = ContextVar("current", default=None)
"""The update that is being dealt with."""
_answered: ContextVar[int | None] = ContextVar("answered", default=None)


class Journal(asyncio.Queue[object]):
    """The queue between polling or webhook and the handlers.

    Telegram counts an update as delivered once the next poll asks for those after it, or the webhook has answered. By
    then `take` has written it to disk. While more than `most` are unfinished there is no room, and Telegram keeps the
    others.
    """

    def __init__(self, inbox: Inbox, most: int) -> None:
        super().__init__()
        self._inbox = inbox
        self._most = most
        self._room = asyncio.Event()
        self._room.set()
        self.unfinished = 0

    @property
    def has_room(self) -> bool:
        """Whether updates may be taken."""
        return self._room.is_set()

    async def room(self) -> None:
        """Wait until updates may be taken."""
        await self._room.wait()

    def take(self, record: object, bot: Bot) -> int | None:
        """Write an update to disk as it came, and hand it on unless it was taken before or cannot be read.

        Returns its number; None if it has none, so that nothing is known of it.

        Raises:
            TelegramError: it cannot be written. The updater fetches it again later.
        """
        number = _number(record)
        if number is None:
            _log.warning("an update without a number is skipped")
            return None
        try:
            if self._inbox.take(number, _raw(record, number)):
                self._hand_on(number, record, bot)
        except sqlite3.Error as error:
            raise TelegramError(f"update {number} cannot be noted: {error}") from error
        return number

    async def put(self, item: object) -> None:
        """Pass on the application's sign to stop. `take` has handed on the updates themselves."""
        if not isinstance(item, Update):
            await super().put(item)

    async def replay(self, bot: Bot) -> int:
        """Hand on what an earlier run left undone; return how many updates that were."""
        self._inbox.settle()
        left = self._inbox.left()
        for number, body in left:
            self._hand_on(number, json.loads(body), bot)
        return len(left)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Take what leaves in here for the answer to the current update; a try that failed did not answer it."""
        update = current.get()
        token = _answered.set(update)
        try:
            yield
        except TelegramError:
            if update is not None:
                self._inbox.sending(update, now=False)
            raise
        finally:
            _answered.reset(token)

    @staticmethod
    @contextmanager
    def aside() -> Iterator[None]:
        """Let nothing that is sent in here be the answer to the current update: it is dealt with again after a kill."""
        token = current.set(None)
        try:
            yield
        finally:
            current.reset(token)

    def leaving(self) -> None:
        """Note, in the moment in which an answer leaves, that its update must not be answered again."""
        if (update := _answered.get()) is not None:
            self._inbox.sending(update, now=True)

    def finished(self, update: Update) -> None:
        """Forget an update that was dealt with."""
        self.unfinished -= 1
        if self.unfinished < self._most:
            self._room.set()
        self._inbox.done(update.update_id)

    def _hand_on(self, number: int, record: object, bot: Bot) -> None:
        update = read_update(record, bot)
        if update is None:
            self._inbox.done(number)
            return
        self.unfinished += 1
        if self.unfinished >= self._most:
            self._room.clear()
        self.put_nowait(update)


class InOrder(BaseUpdateProcessor):
    """Deals with the updates of one chat one after another, and with many chats at the same time."""

    def __init__(self, journal: Journal, chats: int = 10_000) -> None:
        super().__init__(chats)
        self._journal = journal
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._users: Counter[Hashable] = Counter()
        self.closing = False

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then run the handlers. What has not begun when the bot closes stays noted."""
        key = _key(update)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] += 1
        try:
            async with lock:
                await self._deal(update, coroutine)
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]

    async def _deal(self, update: object, coroutine: Awaitable[Any]) -> None:
        if self.closing:
            coroutine.close()  # type: ignore[attr-defined]  # the application always gives a coroutine
            return
        if not isinstance(update, Update):
            await coroutine
            return
        current.set(update.update_id)
        await coroutine
        self._journal.finished(update)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def read_update(record: object, bot: Bot) -> Update | None:
    """Read an update; None if it cannot be read. Its words are not logged."""
    if not isinstance(record, dict):
        return None
    try:
        return Update.de_json(completing.update(record), bot)
    except Exception as error:  # noqa: BLE001 one broken update must not stop all that come after it
        kinds = ", ".join(kind for kind in Update.ALL_TYPES if kind in record) or "?"
        number, name = record.get("update_id"), type(error).__name__
        _log.warning("update %s (%s) cannot be read and is skipped: %s", number, kinds, name)
        return None


def _number(record: object) -> int | None:
    number = record.get("update_id") if isinstance(record, dict) else None
    return number if type(number) is int and 0 <= number < 2**63 else None  # what SQLite takes


def _raw(record: object, number: int) -> str:
    try:
        return json.dumps(record, sort_keys=True)
    except RecursionError:  # nothing that Telegram sends is that deep, and it could not be read either
        return json.dumps({"update_id": number})


def _key(update: object) -> Hashable:
    """Return what updates have in common that must not overtake each other; inline queries may."""
    if not isinstance(update, Update) or update.inline_query:
        return object()
    chat = update.effective_chat or update.effective_user
    return chat.id if chat else object()
