"""How updates come in: fetched by polling, or delivered to a webhook."""

import hashlib
import hmac
import logging

from telegram.error import Conflict, TelegramError
from telegram.ext import Updater

from bot.telegram.dispatch import allowed_updates
from bot.telegram.settings import TelegramSettings, host_and_port

_log = logging.getLogger(__name__)
_POLL_S = 25


async def receive(updater: Updater, settings: TelegramSettings, token: str) -> None:
    """Let updates come in from now on.

    Raises:
        SettingsError: the address to listen on is none.
        OSError: it is taken.
    """
    if settings.webhook is None:
        await updater.start_polling(
            timeout=_POLL_S, bootstrap_retries=-1, allowed_updates=allowed_updates(), error_callback=_polling_failed
        )
        return
    host, port = host_and_port("LISTEN", settings.listen)
    path = _secret(token, "path")
    await updater.start_webhook(
        listen=host,
        port=port,
        url_path=path,
        webhook_url=f"{settings.webhook.rstrip('/')}/{path}",
        secret_token=_secret(token, "header"),
        cert=settings.certificate,
        key=settings.key,
        bootstrap_retries=-1,
        allowed_updates=allowed_updates(),
    )


def _secret(token: str, purpose: str) -> str:
    """Derive a secret from the token: the same after every restart, and telling nothing about the token."""
    return hmac.new(token.encode(), f"chuchu {purpose}".encode(), hashlib.sha256).hexdigest()[:48]


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process polls with the same token; stop one of the two")
    else:
        _log.warning("fetching updates failed (%s); trying again", error)
