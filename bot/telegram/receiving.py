"""How updates come in, by polling or at a webhook, and how calls go out: the library's bot and updater, with a journal.

The library's own reads an update before anybody could note it, and its webhook a body before it looks at the secret.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import ssl
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.error import Conflict, EndPointNotFound, NetworkError, TelegramError
from telegram.ext import ExtBot, Updater
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.live_archive import Monotonic
from bot.settings import TelegramSettings, address_refused
from bot.telegram.journal import Journal
from bot.telegram.pace import Pace
from retrieval import SettingsError

_log = logging.getLogger(__name__)
_STALE_S = 90.0  # a poll waits for 25 s, and after failures the updater for 30 s at most
_CONNECTIONS = 16  # 30 answers a second, 100 ms each, are 3 at a time
_WAIT_S = 60.0  # for a connection while all are in use
_READ_S, _WRITE_S = 60.0, 20.0
_MOST_BYTES = 2**20  # of an update; the longest message with all its entities has a fifth of that
_CHECK_EVERY_S = 60.0
_AGAIN_S = 5.0
# there is no other public way to a reply as Telegram wrote it
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)


class Health:
    """Whether calls to Telegram work: the last one did, and that was not long ago."""

    def __init__(self, clock: Monotonic) -> None:
        self._clock = clock
        self._worked = clock()
        self._failed = True  # none has worked yet

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


class JournalBot(ExtBot[None]):
    """A bot that writes updates to disk as they come, and outlives those that it cannot read."""

    def __init__(self, settings: TelegramSettings, journal: Journal, pace: Pace) -> None:
        """Be the bot of the settings' token.

        Raises:
            SettingsError: the environment names a proxy that cannot be used.
        """
        super().__init__(
            settings.token.get_secret_value() if settings.token else "",
            base_url=f"{settings.api}/bot",
            base_file_url=f"{settings.api}/file/bot",
            request=make_request(_CONNECTIONS, journal.leaving),
            get_updates_request=make_request(1),
            rate_limiter=pace,
        )
        self._journal = journal
        self._health = Health(time.monotonic)

    async def initialize(self) -> None:
        """Make the first call; the application tries again until it works, for the server may come up later."""
        try:
            with self._health.call():
                await super().initialize()
        except NetworkError as error:
            _log.warning("%s cannot be reached (%s); trying again", self.base_url.rpartition("/bot")[0], error)
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

    @property
    def is_well(self) -> bool:
        """Whether the last poll worked, or the last check where nobody polls."""
        return self._health.is_well

    async def check(self) -> None:
        """Ask Telegram whether it knows this bot."""
        with suppress(TelegramError), self._health.call():
            await self.get_me()


def make_request(connections: int, leaving: Callable[[], None] | None = None) -> HTTPXRequest:
    """Return what makes calls; `leaving` is called right before the body of a call is written to its connection.

    Some milliseconds lie between a call and that moment. What a process that is killed then had only meant to send is
    known not to have left.
    """

    async def trace(event: str, info: Any) -> None:
        # a proxy is asked with CONNECT first
        if leaving and event == "http11.send_request_body.started" and info["request"].method == b"POST":
            leaving()

    async def mark(request: Any) -> None:
        request.extensions = {**request.extensions, "trace": trace}

    hooks = {"event_hooks": {"request": [mark]}} if leaving else {}
    try:
        return HTTPXRequest(connections, _READ_S, _WRITE_S, pool_timeout=_WAIT_S, httpx_kwargs=hooks)
    except (ImportError, RuntimeError, ValueError) as error:
        raise SettingsError(
            "HTTPS_PROXY or ALL_PROXY names a proxy that cannot be used. "
            "Set it to an http:// or https:// address, or put the Bot API's host into NO_PROXY."
        ) from error


class Receiver(Updater):
    """The library's updater, whose webhook takes whatever an update holds, and bodies of 1 MB at most."""

    def __init__(self, bot: JournalBot, journal: Journal, leaving: Callable[[], None]) -> None:
        """Hand on updates to `journal`; `leaving` is called when no more are to be begun with."""
        super().__init__(bot, journal)
        self._journal_bot, self._journal, self._leaving = bot, journal, leaving
        self._server: HTTPServer | None = None
        self._calls: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether updates may come in."""
        return super().running or self._server is not None

    async def start_polling(self, *args: Any, **options: Any) -> "asyncio.Queue[object]":
        """Let the library poll; failures are logged in a line each."""
        return await super().start_polling(*args, **{**options, "error_callback": _log_failed_poll})

    async def start_webhook(  # type: ignore[override]  # those of its parameters that the application passes on
        self,
        listen: str,
        port: int,
        url_path: str,
        cert: Path | None,
        key: Path | None,
        webhook_url: str,
        allowed_updates: Sequence[str],
        secret_token: str,
        **_: Any,
    ) -> "asyncio.Queue[object]":
        """Let Telegram call.

        Raises:
            SettingsError: the address is taken, or none, or the certificate cannot be read.
        """
        given = {"bot": self._journal_bot, "journal": self._journal, "secret": secret_token}
        application = Application([(f"/{url_path}", _Hook, given)])
        server = HTTPServer(application, ssl_options=_certified(cert, key), max_body_size=_MOST_BYTES)
        try:
            server.listen(port, listen)
        except OSError as error:
            raise address_refused("LISTEN", f"{listen}:{port}", error) from error
        self._server = server
        options = {"certificate": cert, "secret_token": secret_token, "allowed_updates": allowed_updates}
        self._calls = asyncio.create_task(self._call_in(webhook_url, options))
        return self._journal

    async def stop(self) -> None:
        """Let no more come in."""
        self._leaving()
        if self._server is None or self._calls is None:
            await super().stop()
            return
        self._calls.cancel()
        self._server.stop()
        await self._server.close_all_connections()
        self._server = None

    async def _call_in(self, url: str, options: dict[str, Any]) -> None:
        """Have Telegram call the webhook, as soon as it can be asked to; then ask from time to time who we are."""
        while True:
            try:
                await self._journal_bot.set_webhook(url, **options)
                break
            except TelegramError as error:
                _log.warning("the webhook was not set (%s); trying again", error)
                await asyncio.sleep(_AGAIN_S)
        while True:
            await self._journal_bot.check()
            await asyncio.sleep(_CHECK_EVERY_S)


@stream_request_body
class _Hook(RequestHandler):
    """Takes one update from Telegram."""

    def initialize(self, bot: JournalBot, journal: Journal, secret: str) -> None:
        """Serve one call."""
        self._bot, self._journal, self._secret = bot, journal, secret
        self._body = bytearray()

    def prepare(self) -> None:
        """Refuse whoever does not know the secret, before the body is read."""
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        if not self._journal.has_room:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)  # Telegram calls again later

    def data_received(self, chunk: bytes) -> None:
        """Read a piece of the body."""
        self._body += chunk

    def post(self) -> None:
        """Take the update; whatever it holds, it is not to come again."""
        try:
            record = json.loads(self._body)
        except (ValueError, RecursionError):
            record = None
        try:
            self._journal.take(record, self._bot)
        except TelegramError as error:
            _log.error("%s", error)
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from error


def secret_of(token: str, purpose: str) -> str:
    """Derive a secret from the token: the same after every restart, and saying nothing about the token."""
    return hmac.new(token.encode(), f"chuchu {purpose}".encode(), hashlib.sha256).hexdigest()[:48]


def _log_failed_poll(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process polls with the same token; stop one of the two")
    elif isinstance(error, EndPointNotFound):  # what the library makes of 401 here
        _log.error("Telegram does not know this CHUCHU_TELEGRAM_TOKEN. Get one from @BotFather.")
    else:
        _log.warning("fetching updates failed (%s); trying again", error)


def _certified(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        certificate.read_bytes()  # Telegram gets it, too
        if key is None:
            return None
        context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl's errors are among them
        raise SettingsError(
            "CHUCHU_TELEGRAM_CERTIFICATE {certificate} with CHUCHU_TELEGRAM_KEY {key} cannot be used: {error}. "
            "Name the certificate and its private key as PEM files.",
            certificate=certificate,
            key=key,
            error=error,
        ) from error
    return context
