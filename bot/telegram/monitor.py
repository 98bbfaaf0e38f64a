"""`/healthz` and `/metrics`, on an address that only the machine itself should reach."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.telegram.journal import Journal
from bot.telegram.parts import Parts
from bot.telegram.sending import Pace
from bot.telegram.settings import host_and_port
from retrieval import ChuchuError, SettingsError

_log = logging.getLogger(__name__)

Page = Callable[[], Awaitable[tuple[int, str]]]
"""Returns an HTTP status and a text."""


class Monitor:
    """Says how the bot is; `is_serving` whether it has begun and not ended, `is_well` whether polls work."""

    def __init__(self, parts: Parts, journal: Journal, pace: Pace, is_well: Callable[[], bool]) -> None:
        self._parts, self._journal, self._pace, self._is_well = parts, journal, pace, is_well
        self._server: HTTPServer | None = None
        self.is_serving = False

    def serve(self, address: str | None) -> None:
        """Serve both pages at `host:port` until stopped; nothing without an address.

        Raises:
            SettingsError: the address is taken, or none.
        """
        if address is None:
            return
        host, port = host_and_port("MONITOR", address)
        pages = {"/healthz": self._health, "/metrics": self._measured}
        self._server = HTTPServer(Application([(path, _Handler, {"page": page}) for path, page in pages.items()]))
        try:
            self._server.listen(port, host)
        except OSError as error:
            raise SettingsError(f"CHUCHU_TELEGRAM_MONITOR {host}:{port} cannot be used: {error.strerror}") from error

    def stop(self) -> None:
        """Serve no more."""
        if self._server:
            self._server.stop()

    async def _health(self) -> tuple[int, str]:
        return (200, "ok\n") if self.is_serving and self._is_well() else (503, "not connected\n")

    async def _measured(self) -> tuple[int, str]:
        parts = self._parts
        gauges: dict[str, float] = {
            "waiting": parts.desk.waiting,
            "running": parts.desk.running,
            "updates_unfinished": self._journal.unfinished,
            "send_retries": self._pace.retries,
        }
        try:
            stats = await asyncio.to_thread(parts.library.stats)  # waits where all processes answer, for one of them
            gauges |= {f"archive_{name}": value for name, value in stats.items() if isinstance(value, int)}
        except ChuchuError as error:
            _log.warning("%s", error)
        return 200, parts.metrics.render(gauges)


class _Handler(RequestHandler):
    def initialize(self, page: Page) -> None:
        """Serve one page."""
        self._page = page

    async def get(self) -> None:
        """Write the page."""
        status, text = await self._page()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.write(text)
