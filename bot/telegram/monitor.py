"""What can be seen of the bot from outside: its log, and `/healthz` and `/metrics` for the machine alone."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.streams import LineFormatter
from bot.telegram.settings import address_refused, host_and_port
from retrieval import ChuchuError

_log = logging.getLogger(__name__)
_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

View = Callable[[], Awaitable[tuple[int, bytes]]]
"""Returns an HTTP status and a text."""


class Metrics:
    """Counts since the start, as Prometheus reads them."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.questions = Counter("chuchu_questions", "questions, by where they came from", ["from"], registry=registry)
        self.outcomes = Counter("chuchu_outcomes", "questions, by how they ended", ["outcome"], registry=registry)
        self.presses = Counter("chuchu_presses", "buttons pressed", registry=registry)
        self.errors = Counter("chuchu_errors", "updates whose handling failed", registry=registry)
        self.seconds = Histogram(
            "chuchu_answer_seconds", "from question to answer, waiting included", buckets=_BOUNDS_S, registry=registry
        )

    def watch(self, **gauges: Callable[[], float]) -> None:
        """Show values as they are when somebody looks."""
        for name, value in gauges.items():
            Gauge(f"chuchu_{name}", name.replace("_", " "), registry=self.registry).set_function(value)


class _ArchiveNumbers:
    """What the archive holds, as it was read last."""

    def __init__(self) -> None:
        self.stats: Mapping[str, object] = {}

    def collect(self) -> Iterable[Metric]:
        """Yield each number."""
        for name, value in self.stats.items():
            if isinstance(value, int):
                yield GaugeMetricFamily(f"chuchu_archive_{name}", f"of the archive: {name}", value)


class Monitor:
    """Serves `/healthz` and `/metrics`."""

    def __init__(
        self, metrics: Metrics, is_well: Callable[[], bool], stats: Callable[[], Mapping[str, object]]
    ) -> None:
        self._metrics, self._is_well, self._stats = metrics, is_well, stats
        self._archive = _ArchiveNumbers()
        metrics.registry.register(self._archive)
        self._server: HTTPServer | None = None

    def serve(self, address: str | None) -> None:
        """Serve both pages at `host:port` until stopped; nothing without an address.

        Raises:
            SettingsError: the address is taken, or none.
        """
        if address is None:
            return
        host, port = host_and_port("MONITOR", address)
        views = {"/healthz": self._health, "/metrics": self._measured}
        self._server = HTTPServer(Application([(path, _Handler, {"view": view}) for path, view in views.items()]))
        try:
            self._server.listen(port, host)
        except OSError as error:
            raise address_refused("MONITOR", address, error) from error

    def stop(self) -> None:
        """Serve no more."""
        if self._server:
            self._server.stop()

    async def _health(self) -> tuple[int, bytes]:
        return (200, b"ok\n") if self._is_well() else (503, b"not connected\n")

    async def _measured(self) -> tuple[int, bytes]:
        try:
            self._archive.stats = await asyncio.to_thread(self._stats)
        except ChuchuError as error:
            _log.warning("%s", error)
        return 200, generate_latest(self._metrics.registry)


class _Handler(RequestHandler):
    def initialize(self, view: View) -> None:
        """Serve one page."""
        self._view = view

    async def get(self) -> None:
        """Write the page."""
        status, text = await self._view()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.write(text)


class Redacting(LineFormatter):
    """Writes a record in one line, every secret replaced wherever it came from: message, arguments or traceback."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        # the part behind the colon is the secret; the number before it is the bot's public id
        self._secrets = [part for secret in secrets for part in (secret, secret.partition(":")[2]) if part]

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line


def configure_log(token: str) -> None:
    """Log to standard error at INFO, without the token, and without libraries that log addresses or people's words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "tornado.access", "telegram.Bot"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # these write what they could not read, people's words included, and what failed is logged here anyway
    for name in ("telegram.ext", "telegram.request"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
