"""How fast: what people may ask, and the calls to Telegram at the pace that it allows, made again where that helps.

python-telegram-bot's AIORateLimiter is not used: a 429 in one chat holds back all others there, and a call that failed
on the network is not made again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import BaseRateLimiter

from bot.live_archive import Buckets, Monotonic

_log = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]

_AT_ONCE = {
    *("getMe", "setWebhook", "deleteWebhook", "sendChatAction", "answerCallbackQuery", "answerInlineQuery"),
    "setMyCommands",
}
"""Calls that no answer depends on, or whose caller tries again by itself: they are made once, without waiting."""
_SENDS = ("send", "edit", "copy", "forward")
_TRIED_AGAIN = (*_SENDS, "getFile")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 10.0
_GIVE_UP_S = 900.0  # a quarter of an hour: a server that restarts is back by then
_BURST = 3.0
_SIGNS, _SIGNS_AT_ONCE = 2.0, 5.0
"""“typing…” a second to all chats together: with 200 chats waiting they were four fifths of all calls."""


class PersonalLimits:
    """What people may ask: `per_user` and `per_chat` questions a minute, a third of that at once."""

    def __init__(self, per_user: float, per_chat: float, clock: Monotonic) -> None:
        self._users = Buckets(per_user / 3, per_user / 60, clock)
        self._chats = Buckets(per_chat / 3, per_chat / 60, clock)
        self._presses = Buckets(per_user, per_user / 20, clock)  # a button costs less than a question
        self._typed = Buckets(30, 2, clock)  # a search for each pause in typing
        self._notices = Buckets(1, 1 / 30, clock)
        self._hints = Buckets(1, 1 / 3600, clock)

    def wait(self, user: int, chat: int | None) -> float:
        """Count one question; return 0.0, or the seconds until the next may be asked."""
        return self._users.take(user) or (0.0 if chat is None or chat == user else self._chats.take(chat))

    def wait_press(self, user: int) -> float:
        """Count one press of a button; return 0.0, or the seconds until the next may follow."""
        return self._presses.take(user)

    def wait_typed(self, user: int) -> float:
        """Count one search for a question that is still typed on; return 0.0, or the seconds until the next."""
        return self._typed.take(user)

    def may_notify(self, user: int) -> bool:
        """Return whether a person may hear again of a limit: once in half a minute, lest notices be the flood."""
        return self._notices.take(user) == 0

    def may_hint(self, chat: int) -> bool:
        """Return whether a chat may read again what the bot cannot: once an hour, for pictures come in dozens."""
        return self._hints.take(chat) == 0


class Pace(BaseRateLimiter[None]):
    """Keeps to `overall` messages a second and `group` messages a minute to each group.

    A 429 holds back the chat that got it, no other.
    """

    def __init__(
        self,
        overall: float,
        group: float,
        clock: Monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        sending: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Make each try to send a message within the context `sending`."""
        self._all = Buckets(max(1.0, overall / 2), overall, clock)
        self._groups = Buckets(min(_BURST, group), group / 60, clock)
        self._signs = Buckets(_SIGNS_AT_ONCE, _SIGNS, clock)
        self._clock = clock
        self._sleep = sleep
        self._sending = sending
        self._until: dict[object, float] = {}
        self.retries = 0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 the protocol has it
    ) -> Result:
        """Make a call when it may be made; again after a fault that may pass.

        Raises:
            TelegramError: Telegram refused it, or it failed for a quarter of an hour.
        """
        chat = data.get("chat_id")
        if endpoint == "sendChatAction" and self._signs.take("all"):
            return True
        if endpoint in _AT_ONCE:
            return await callback(*args, **kwargs)
        began, wait = self._clock(), _FIRST_WAIT_S
        while True:
            await self._turn(chat, endpoint)
            try:
                with self._sending() if endpoint == "sendMessage" else nullcontext():
                    return await callback(*args, **kwargs)
            except RetryAfter as error:
                if self._clock() - began > _GIVE_UP_S:
                    raise
                self._hold(chat, error)
            except TelegramError as error:
                # a refusal stays one; what is no answer at all, such as a proxy's page, is a plain TelegramError
                passing = type(error) in {TelegramError, NetworkError, TimedOut}
                if not passing or self._clock() - began > _GIVE_UP_S or not endpoint.startswith(_TRIED_AGAIN):
                    raise
                _log.warning("%s failed (%s); trying again in %.1f s", endpoint, type(error).__name__, wait)
                await self._sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT_S)
            self.retries += 1

    async def _turn(self, chat: object, endpoint: str) -> None:
        while (left := self._until.get(chat, 0.0) - self._clock()) > 0:
            await self._sleep(left)
        self._until.pop(chat, None)
        if chat is None or not endpoint.startswith(_SENDS):
            return
        if isinstance(chat, int) and chat < 0 and (wait := self._groups.reserve(chat)):
            await self._sleep(wait)
        if wait := self._all.reserve("all"):
            await self._sleep(wait)

    def _hold(self, chat: object, error: RetryAfter) -> None:
        given = error.retry_after
        seconds = given if isinstance(given, int) else given.total_seconds()
        self._until[chat] = self._clock() + seconds + 0.1
        _log.warning("Telegram asks chat %s to wait %d s", chat, seconds)
