"""How updates come in: fetched by polling, or delivered to a webhook."""

import asyncio
import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from telegram.error import Conflict, TelegramError
from telegram.ext import Updater
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.telegram.api import Api
from bot.telegram.dispatch import allowed_updates
from bot.telegram.journal import Journal
from bot.telegram.settings import TelegramSettings, host_and_port
from retrieval import SettingsError

_log = logging.getLogger(__name__)
_POLL_S = 25
_POLL_EVERY_S = 0.2
"""From one poll to the next. Nobody waits for it who asks a quiet bot, for a poll is waiting there; under load each
brings several updates, where one each had taken a fifth of the bot's time."""
_MOST_BYTES = 2**20  # of an update; the longest message with all its entities has a fifth of that
_CHECK_EVERY_S = 60.0
_AGAIN_S = 5.0


@asynccontextmanager
async def receiving(bot: Api, updater: Updater, journal: Journal, settings: TelegramSettings) -> AsyncIterator[None]:
    """Let updates come in.

    Raises:
        SettingsError: the address to listen on is none, or it is taken.
    """
    if settings.webhook is None:
        await updater.start_polling(
            poll_interval=_POLL_EVERY_S,
            timeout=_POLL_S,
            bootstrap_retries=-1,
            allowed_updates=allowed_updates(),
            error_callback=_polling_failed,
        )
        try:
            yield
        finally:
            await updater.stop()
        return
    async with _webhook(bot, journal, settings):
        yield


@asynccontextmanager
async def _webhook(bot: Api, journal: Journal, settings: TelegramSettings) -> AsyncIterator[None]:
    host, port = host_and_port("LISTEN", settings.listen)
    path, secret = _secret(bot.token, "path"), _secret(bot.token, "header")
    hook = (f"/{path}", _Hook, {"bot": bot, "journal": journal, "secret": secret})
    server = HTTPServer(Application([hook]), ssl_options=_certified(settings), max_body_size=_MOST_BYTES)
    try:
        server.listen(port, host)
    except OSError as error:
        raise SettingsError(f"CHUCHU_TELEGRAM_LISTEN {host}:{port} cannot be used: {error.strerror}") from error
    task = asyncio.create_task(_call_in(bot, f"{str(settings.webhook).rstrip('/')}/{path}", secret, settings))
    try:
        yield
    finally:
        task.cancel()
        server.stop()
        await server.close_all_connections()


async def _call_in(bot: Api, url: str, secret: str, settings: TelegramSettings) -> None:
    """Have Telegram call the webhook, as soon as it can be asked to; then ask it from time to time who we are."""
    while True:
        with suppress(TelegramError):
            await bot.set_webhook(
                url, certificate=settings.certificate, secret_token=secret, allowed_updates=allowed_updates()
            )
            break
        await asyncio.sleep(_AGAIN_S)
    while True:
        await bot.check()
        await asyncio.sleep(_CHECK_EVERY_S)


def _certified(settings: TelegramSettings) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.certificate, settings.key)
    return context


@stream_request_body
class _Hook(RequestHandler):
    """Takes one update. The library's own reads a body before it looks at the secret, and never takes some updates."""

    def initialize(self, bot: Api, journal: Journal, secret: str) -> None:
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


def _secret(token: str, purpose: str) -> str:
    """Derive a secret from the token: the same after every restart, and telling nothing about the token."""
    return hmac.new(token.encode(), f"chuchu {purpose}".encode(), hashlib.sha256).hexdigest()[:48]


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process polls with the same token; stop one of the two")
    else:
        _log.warning("fetching updates failed (%s); trying again", error)
