"""The Bot API as this bot calls it."""

import asyncio
import logging
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.warnings import PTBUserWarning

from bot.telegram import completing
from bot.telegram.calls import Calls
from bot.telegram.journal import read_update
from bot.telegram.route import Route

_log = logging.getLogger(__name__)
_POLL_EVERY_S = 0.2
"""From one poll to the next. Nobody waits for it who asks a quiet bot, for a poll is waiting there; under load each
brings several updates, where one each had taken a fifth of the bot's time."""
_CONNECTIONS = 8
"""30 answers a second, 100 ms each, are 3 at a time."""
# there is no other public way to a reply as Telegram wrote it
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)


class Api(ExtBot[None]):
    """A bot that outlives updates it cannot read: the others of the same batch still arrive."""

    _next_poll = 0.0

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
        """Fetch the updates that are waiting."""
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout or 0
        asked = {"offset": offset, "limit": limit, "timeout": int(seconds), "allowed_updates": allowed_updates}
        await asyncio.sleep(max(0.0, self._next_poll - time.monotonic()))
        self._next_poll = time.monotonic() + _POLL_EVERY_S
        found = await self.do_api_request(
            "getUpdates",
            api_kwargs={name: value for name, value in asked.items() if value is not None},
            read_timeout=seconds + 10,
        )
        records = [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []
        read = [read_update(record, self) or _empty(record) for record in records]
        return tuple(update for update in read if update is not None)

    async def _do_post(self, endpoint: str, data: dict[str, Any], **options: Any) -> Any:
        """Make one call; `ExtBot` names this as the place to step in."""
        return completing.result(endpoint, data, await super()._do_post(endpoint, data, **options))


def _empty(record: dict[str, Any]) -> Update | None:
    """Return an update without content in place of a broken one, so that it is confirmed and does not come again."""
    number = record.get("update_id")
    return Update(number) if isinstance(number, int) else None


def make_api(server: str, token: str, pace: BaseRateLimiter[None], leaving: Callable[[], None]) -> Api:
    """Return the bot of a token on a server; `leaving` is told right before the body of a call leaves.

    Raises:
        SettingsError: the environment names a proxy that cannot be used.
    """
    route = Route.to(server)
    return Api(
        token,
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=Calls(route, _CONNECTIONS, 60, leaving),
        get_updates_request=Calls(route, 2, 10),
        rate_limiter=pace,
    )
