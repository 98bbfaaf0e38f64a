"""The way of an update from Telegram to its handlers: noted on disk first, then chat by chat in order."""

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

    Telegram counts an update as delivered once `put` has returned, so it is on disk by then. While more than `most`
    are unfinished `put` waits, and Telegram keeps the others.
    """

    def __init__(self, inbox: Inbox, most: int) -> None:
        super().__init__()
        self._inbox = inbox
        self._room = asyncio.Semaphore(most)
        self.unfinished = 0

    async def put(self, item: object) -> None:
        """Note an update, then hand it on; one that was noted before is not handed on again.

        Raises:
            TelegramError: it cannot be noted. That makes the updater fetch it again later, and any other error would
                end its polling for good.
        """
        if not isinstance(item, Update):
            await super().put(item)  # the application's sign to stop
            return
        try:
            is_new = self._inbox.take(item.update_id, item.to_json())
        except sqlite3.Error as error:
            raise TelegramError(f"update {item.update_id} cannot be noted: {error}") from error
        if is_new:
            await self._hand_on(item)

    async def replay(self, bot: Bot) -> int:
        """Hand on what an earlier run left undone; return how many updates that were."""
        self._inbox.settle()
        left = self._inbox.left()
        for number, body in left:
            update = read_update(json.loads(body), bot)
            if update is None:
                self._inbox.done(number)
            else:
                await self._hand_on(update)
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
        self._inbox.done(update.update_id)
        self._room.release()
        self.unfinished -= 1

    async def _hand_on(self, update: Update) -> None:
        await self._room.acquire()
        self.unfinished += 1
        await super().put(update)


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


def read_update(data: dict[str, Any], bot: Bot) -> Update | None:
    """Read an update; None if it is not one. Its words are not logged."""
    try:
        return Update.de_json(completing.update(data), bot)
    except Exception as error:  # noqa: BLE001 one broken update must not stop all that come after it
        _log.warning("update %s is broken and left out: %s", data.get("update_id"), type(error).__name__)
        return None


def _key(update: object) -> Hashable:
    """Return what updates have in common that must not overtake each other; inline queries may."""
    if not isinstance(update, Update) or update.inline_query:
        return object()
    chat = update.effective_chat or update.effective_user
    return chat.id if chat else object()
