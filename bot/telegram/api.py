"""The Bot API as this bot calls it."""

import logging
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.warnings import PTBUserWarning

from bot.telegram import completing
from bot.telegram.calls import Calls
from bot.telegram.journal import Journal
from bot.telegram.limits import Monotonic
from bot.telegram.route import Route

_log = logging.getLogger(__name__)
_STALE_S = 90.0  # a poll waits for 25 s, and after failures the updater for 30 s at most
_CONNECTIONS = 8
"""30 answers a second, 100 ms each, are 3 at a time."""
# there is no other public way to a reply as Telegram wrote it
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)


class Health:
    """Whether calls to Telegram work: the last one did, and that was not long ago."""

    def __init__(self, clock: Monotonic) -> None:
        self._clock = clock
        self._worked = clock()
        self._failed = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Note how a call ends; one that is given up says nothing."""
        try:
            yield
        except Exception:
            self._failed = True
            raise
        self._worked, self._failed = self._clock(), False

    @property
    def is_well(self) -> bool:
        """Whether the last call worked."""
        return not self._failed and self._clock() - self._worked < _STALE_S


class Api(ExtBot[None]):
    """A bot that writes updates to disk as they come, and outlives those that it cannot read."""

    def __init__(self, token: str, journal: Journal, **options: Any) -> None:
        super().__init__(token, **options)
        self._health = Health(time.monotonic)
        self._journal = journal

    async def initialize(self) -> None:
        """Make the first call; hang up if it fails, for then nobody else does."""
        try:
            await super().initialize()
        except BaseException:
            await self.shutdown()
            raise

    async def get_updates(
        self,
        offset: int | None = None,
        limit: int | None = None,
        timeout: int | timedelta | None = None,  # noqa: ASYNC109 the parameter is Telegram's
        allowed_updates: Sequence[str] | None = None,
        **_: Any,
    ) -> tuple[Update, ...]:
        """Fetch the updates that are waiting, and take them; return their numbers alone."""
        await self._journal.room()
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout or 0
        seconds = seconds if self._health.is_well else 0  # whether it works again shows at once, not after a long poll
        asked = {"offset": offset, "limit": limit, "timeout": int(seconds), "allowed_updates": allowed_updates}
        with self._health.call():
            found = await self.do_api_request(
                "getUpdates",
                api_kwargs={name: value for name, value in asked.items() if value is not None},
                read_timeout=seconds + 10,
            )
            numbers = [self._journal.take(record, self) for record in found]
        return tuple(Update(number) for number in numbers if number is not None)

    async def check(self) -> None:
        """Ask Telegram whether it knows this bot; for `is_well` where no polls do."""
        with suppress(TelegramError), self._health.call():
            await self.get_me()

    @property
    def is_well(self) -> bool:
        """Whether the last poll worked, and not long ago."""
        return self._health.is_well

    async def _do_post(self, endpoint: str, data: dict[str, Any], **options: Any) -> Any:
        """Make one call; `ExtBot` names this as the place to step in."""
        return completing.result(endpoint, data, await super()._do_post(endpoint, data, **options))


def make_api(server: str, token: str, pace: BaseRateLimiter[None], journal: Journal) -> Api:
    """Return the bot of a token on a server.

    Raises:
        SettingsError: the environment names a proxy that cannot be used.
    """
    route = Route.to(server)
    return Api(
        token,
        journal,
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=Calls(route, _CONNECTIONS, 60, journal.leaving),
        get_updates_request=Calls(route, 2, 10),
        rate_limiter=pace,
    )
