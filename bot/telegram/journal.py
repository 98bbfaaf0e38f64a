"""The way of an update from Telegram to its handlers: noted on disk as it came, then chat by chat in order.

It stands next to python-telegram-bot's queue and update processor because these lose what a killed process had taken.
"""

import asyncio
import hashlib
import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.telegram.state import State
from bot.terminal import write_private
from retrieval import Message

_log = logging.getLogger(__name__)
_KEEP_DONE_S = 2 * 86_400  # Telegram delivers an update again for at most a day
_PRUNE_EVERY = 1_000
_LEAVE_WITHIN_S = 60.0

Mark = Callable[[bool], object]
"""Notes that what is sent leaves (True), or that it did not after all (False)."""
current: ContextVar[Mark | None] = ContextVar("current", default=None)
"""Notes it of the update that is being handled, or of whatever else is answered by what is sent."""
_answered: ContextVar[Mark | None] = ContextVar("answered", default=None)


class Journal(asyncio.Queue[object]):
    """The queue between polling or webhook and the handlers, on disk.

    Telegram counts an update as delivered once the next poll asks for those after it, or the webhook has answered. By
    then `take` has written it to disk, into a file that is deleted when it is done. Its number is kept for two days.
    While more than `most` are unfinished there is no room, and Telegram keeps the others.
    """

    def __init__(self, state: State, most: int) -> None:
        super().__init__()
        self._state = state
        self._most = most
        self._room = asyncio.Event()
        self._room.set()
        self._taken = 0
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
            if self._note(number, _raw(record, number)):
                self._hand_on(number, record, bot)
        except (sqlite3.Error, OSError) as error:
            raise TelegramError(
                Message("update {number} cannot be noted: {error}", number=number, error=error)
            ) from error
        return number

    async def put(self, item: object) -> None:
        """Pass on the application's sign to stop. `take` has handed on the updates themselves."""
        if not isinstance(item, Update):
            await super().put(item)

    def replay(self, bot: Bot) -> int:
        """Hand on what an earlier run left undone; return how many updates that were."""
        for (number,) in self._state.rows("SELECT id FROM updates WHERE sending AND NOT done"):
            self._forget(number)
        self._adopt()
        left = self.left()
        for number, body in left:
            self._hand_on(number, _parsed(body), bot)
        return len(left)

    def left(self) -> list[tuple[int, str]]:
        """Return the updates that are not done, the first one first.

        One whose answer was on its way when the bot was killed counts as done: nobody can know whether it arrived, and
        it would be answered twice whenever it had. The call takes milliseconds, the answer before it much longer.
        """
        rows = self._state.rows("SELECT id FROM updates WHERE NOT done AND NOT sending ORDER BY id")
        bodies = [(number, self._body(number)) for (number,) in rows]
        return [(number, body) for number, body in bodies if body is not None]

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Take what leaves in here for the answer to the current update; a try that failed did not answer it."""
        mark = current.get()
        token = _answered.set(mark)
        try:
            yield
        except TelegramError:
            if mark is not None:
                mark(False)  # noqa: FBT003 a callback's one argument
            raise
        finally:
            _answered.reset(token)

    @staticmethod
    @contextmanager
    def unanswered() -> Iterator[None]:
        """Let nothing that is sent in here be the answer to the current update: after a kill it is handled again."""
        token = current.set(None)
        try:
            yield
        finally:
            current.reset(token)

    @staticmethod
    def leaving() -> None:
        """Note, in the moment in which an answer leaves, that its update must not be answered again."""
        if (mark := _answered.get()) is not None:
            mark(True)  # noqa: FBT003

    def mark_of(self, number: int) -> Mark:
        """Return what notes that the answer to an update leaves."""
        return partial(self._mark, number)

    def finished(self, number: int) -> None:
        """Forget what an update said that was handled."""
        self.unfinished -= 1
        if self.unfinished < self._most:
            self._room.set()
        self._forget(number)

    def _note(self, number: int, body: str) -> bool:
        """Write an update to disk; return False if it was written before."""
        self._taken += 1
        if self._taken % _PRUNE_EVERY == 1:
            old = self._state.clock() - _KEEP_DONE_S
            self._state.change("DELETE FROM updates WHERE done AND received < ?", old)
        digest = hashlib.blake2b(body.encode(), digest_size=8).digest()
        known = self._state.row("SELECT done FROM updates WHERE id = ? AND digest = ?", number, digest)
        if known is None:
            # the file comes first: a number without it would be an update that was lost
            write_private(self._file(number), body)
            # another update under an old number is none that was repeated: Telegram begins anew after a quiet week
            statement = "INSERT OR REPLACE INTO updates (id, received, digest) VALUES (?, ?, ?)"
            self._state.change(statement, number, self._state.clock(), digest)
        return known is None

    def _mark(self, number: int, sending: bool) -> None:  # noqa: FBT001 it is called back with this alone
        self._state.change("UPDATE updates SET sending = ? WHERE id = ?", sending, number)

    def _forget(self, number: int) -> None:
        self._file(number).unlink(missing_ok=True)
        self._state.change("UPDATE updates SET done = 1 WHERE id = ?", number)

    def _file(self, number: int) -> Path:
        return self._state.updates / f"{number}.json"

    def _body(self, number: int) -> str | None:
        """Return what an update said; None if a power cut took it, or it was forgotten right before a kill."""
        try:
            return self._file(number).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            self._forget(number)
            return None

    def _adopt(self) -> None:
        """Note the updates whose files alone are there: an older version's."""
        for file in sorted(self._state.updates.glob("*.json")):
            if file.stem.isdecimal() and self._state.row("SELECT 1 FROM updates WHERE id = ?", int(file.stem)) is None:
                self._note(int(file.stem), file.read_text("utf-8"))

    def _hand_on(self, number: int, record: object, bot: Bot) -> None:
        update = _read(record, bot)
        if update is None:
            self._forget(number)
            return
        self.unfinished += 1
        if self.unfinished >= self._most:
            self._room.clear()
        self.put_nowait(update)


class InOrder(BaseUpdateProcessor):
    """Handles the updates of one chat one after another, and of at most `chats` chats at the same time."""

    def __init__(self, journal: Journal, chats: int) -> None:
        super().__init__(chats)
        self._journal = journal
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._users: Counter[Hashable] = Counter()
        self._running = set["asyncio.Task[Any]"]()
        self._is_leaving = False

    def leave(self) -> None:
        """Begin with no update any more: it stays noted. What has begun may go on for a minute."""
        self._is_leaving = True
        asyncio.get_running_loop().call_later(_LEAVE_WITHIN_S, self._give_up)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then run the handlers."""
        key = _key(update)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] += 1
        try:
            async with lock:
                await self._handle(update, coroutine)
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]

    async def _handle(self, update: object, coroutine: Awaitable[Any]) -> None:
        if self._is_leaving or not isinstance(update, Update):
            coroutine.close()  # type: ignore[attr-defined]  # the application always gives a coroutine
            return
        current.set(self._journal.mark_of(update.update_id))
        if task := asyncio.current_task():
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await coroutine
        except Exception:
            self._journal.finished(update.update_id)  # it would fail again; one that is cancelled stays noted
            raise
        self._journal.finished(update.update_id)

    def _give_up(self) -> None:
        _log.warning("%d answers are not finished; they will be after the restart", len(self._running))
        for task in self._running:
            task.cancel()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def _read(record: object, bot: Bot) -> Update | None:
    """Read an update, or of one that the library cannot read what is asked in it; None if that cannot be read either.

    Its words are not logged.
    """
    if not isinstance(record, dict):
        return None
    kinds = ", ".join(kind for kind in Update.ALL_TYPES if kind in record) or "?"
    try:
        return Update.de_json(_writable(record), bot)
    except Exception as error:  # noqa: BLE001 one broken update must not stop all that come after it
        named = record.get("update_id"), kinds, type(error).__name__
    with suppress(Exception):
        update = Update.de_json(_asked_in(_writable(record)), bot)
        if update.effective_user and (update.effective_message or update.inline_query):
            _log.warning("update %s (%s) is read in part: %s", *named)
            return update
    _log.warning("update %s (%s) cannot be read and is skipped: %s", *named)
    return None


def _writable(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without lone surrogates, which nothing further can write."""
    written = json.dumps(record, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        found: dict[str, Any] = json.loads(written.encode("utf-8", "ignore"))
        return found
    return record


_ASKING = {"message", "edited_message", "callback_query", "inline_query", "chat", "from", "sender_chat", "via_bot"}
_ASKING |= {"reply_to_message", "quote", "entities", "caption_entities", "user"}
_FORWARDED = {"type": "hidden_user", "date": 0, "sender_user_name": "?"}


def _asked_in(value: Any) -> Any:
    """Return what somebody asks, where, and in reply to what: all else that has parts may have parts nobody knows."""
    if isinstance(value, list):
        return [_asked_in(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {
        name: _asked_in(each) for name, each in value.items() if name in _ASKING or not isinstance(each, list | dict)
    }
    return {**kept, "forward_origin": _FORWARDED} if "forward_origin" in value else kept


def _parsed(body: str) -> object:
    """Read what a file says; None if the kill came while it was written."""
    try:
        return json.loads(body)
    except ValueError:
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
    if chat is None or not isinstance(chat.id, int):
        return object()
    # a file may take an admin's archive minutes, in which the chat goes on
    return (chat.id, "files") if update.message and update.message.document else chat.id
