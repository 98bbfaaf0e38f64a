"""The bot put together, from its first connection to its last answer."""

import asyncio
import hashlib
import hmac
import logging
import time

from telegram import BotCommand, Update, User
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, TypeHandler
from tornado.httpserver import HTTPServer

from bot.telegram import monitor
from bot.telegram.access import Access
from bot.telegram.admin import Admin, Shelf
from bot.telegram.api import make_api
from bot.telegram.asking import Asking
from bot.telegram.buttons import Buttons
from bot.telegram.commands import Commands, menu
from bot.telegram.desk import Desk
from bot.telegram.dispatch import Dispatch, allowed_updates
from bot.telegram.edits import Edits
from bot.telegram.inline import Inline
from bot.telegram.journal import InOrder, Journal
from bot.telegram.library import Library
from bot.telegram.limits import Limits
from bot.telegram.metrics import Metrics
from bot.telegram.parts import Parts
from bot.telegram.sending import Pace
from bot.telegram.settings import TelegramSettings, host_and_port
from bot.telegram.state import Answers, Database, Feedback, Inbox, Invitations, People
from bot.telegram.texts import Language, wording
from retrieval import ChuchuError, SettingsError

_log = logging.getLogger(__name__)
_UNFINISHED = 2_000  # updates taken and not done; past that Telegram keeps them
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 15.0
_LEAVE_WITHIN_S = 60.0


class Telegram:
    """One running bot."""

    def __init__(self, settings: TelegramSettings, library: Library, shelf: Shelf) -> None:
        self._settings = settings
        self._token = settings.token.get_secret_value() if settings.token else ""
        self._database = Database(settings.state)
        self._parts = _parts(settings, library, self._database)
        self._journal = Journal(Inbox(self._database, time.time), _UNFINISHED)
        self._order = InOrder(self._journal)
        self._pace = Pace(settings.send_rate, settings.group_rate, time.monotonic, sending=self._journal.sending)
        self._admin = Admin(self._parts, shelf, settings.state / "files")
        asking = Asking(self._parts)
        buttons, inline = Buttons(self._parts, asking), Inline(self._parts, asking)
        self._dispatch = Dispatch(self._parts, asking, Commands(self._parts, asking), buttons, inline, self._admin)
        self._bot = make_api(settings.api, self._token, self._pace, self._journal.leaving)
        self._application = (
            Application.builder().bot(self._bot).update_queue(self._journal).concurrent_updates(self._order).build()
        )
        self._application.add_handler(TypeHandler(Update, lambda update, _: self._dispatch(update, self._me)))
        self._connected = False

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; then finish what was begun.

        Raises:
            ChuchuError: Telegram does not know the token, or an address is taken.
        """
        try:
            await self._connect(stop)
            if stop.is_set():
                return
            await self._serve(stop)
        finally:
            self._admin.close()
            self._parts.desk.close()
            self._database.close()

    @property
    def _me(self) -> User:
        return self._bot.bot

    async def _connect(self, stop: asyncio.Event) -> None:
        """Make the first call, as often as it takes: the server may come up later than the bot."""
        wait = _FIRST_WAIT_S
        while not stop.is_set():
            try:
                await self._application.initialize()
            except InvalidToken as error:
                raise ChuchuError(
                    "Telegram does not know this CHUCHU_TELEGRAM_TOKEN. Get one from @BotFather."
                ) from error
            except TelegramError as error:
                _log.warning("%s cannot be reached (%s); trying again in %.0f s", self._settings.api, error, wait)
                await _either(stop, wait)
                wait = min(2 * wait, _LONGEST_WAIT_S)
            else:
                return

    async def _serve(self, stop: asyncio.Event) -> None:
        server = self._monitor()
        updater = self._application.updater
        if updater is None:  # the builder makes one unless told not to
            raise RuntimeError("the application has no updater")
        await self._application.start()
        try:
            again = asyncio.create_task(self._begin())
            await self._receive()
            self._connected = True
            _log.info(
                "@%s is answering; %s may ask",
                self._me.username,
                "everyone" if self._parts.access.is_open else "invited people",
            )
            await stop.wait()
            _log.info("leaving: finishing what was begun")
        finally:
            self._connected, self._order.closing = False, True
            again.cancel()
            await updater.stop()
            await self._leave()
            if server:
                server.stop()

    async def _begin(self) -> None:
        """Answer what an earlier run left undone, and fill Telegram's menu."""
        if left := await self._journal.replay(self._bot):
            _log.info("%d updates were left undone by an earlier run", left)
        for language in Language:
            commands = [BotCommand(name, text) for name, text in menu(wording(language))]
            # zh-hans and zh-hant are one language to Telegram, which knows two letters only
            for code in {Language.ENGLISH: (None, "en"), Language.SIMPLIFIED: ("zh",)}.get(language, ()):
                try:
                    await self._bot.set_my_commands(commands, language_code=code)
                except TelegramError as error:
                    _log.warning("the menu of commands was not set: %s", error)

    async def _receive(self) -> None:
        settings, updater = self._settings, self._application.updater
        assert updater is not None  # noqa: S101 _serve has seen to it
        if settings.webhook is None:
            await updater.start_polling(
                timeout=25, bootstrap_retries=-1, allowed_updates=allowed_updates(), error_callback=_polling_failed
            )
            return
        host, port = host_and_port("LISTEN", settings.listen)
        path = secret(self._token, "path")
        await updater.start_webhook(
            listen=host,
            port=port,
            url_path=path,
            webhook_url=f"{settings.webhook.rstrip('/')}/{path}",
            secret_token=secret(self._token, "header"),
            cert=settings.certificate,
            key=settings.key,
            bootstrap_retries=-1,
            allowed_updates=allowed_updates(),
        )

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(_LEAVE_WITHIN_S):
                await self._application.stop()
                await self._parts.edits.finish()
        except TimeoutError:
            _log.warning("some answers are not finished; they will be after the restart")
        await self._application.shutdown()

    def _monitor(self) -> HTTPServer | None:
        if self._settings.monitor is None:
            return None
        host, port = host_and_port("MONITOR", self._settings.monitor)
        try:
            return monitor.serve(host, port, {"/healthz": self._health, "/metrics": self._measured})
        except OSError as error:
            raise SettingsError(f"CHUCHU_TELEGRAM_MONITOR {host}:{port} cannot be used: {error.strerror}") from error

    def _health(self) -> tuple[int, str]:
        return (200, "ok\n") if self._connected else (503, "not connected\n")

    def _measured(self) -> tuple[int, str]:
        parts = self._parts
        gauges: dict[str, float] = {
            "waiting": parts.desk.waiting,
            "running": parts.desk.running,
            "updates_unfinished": self._journal.unfinished,
            "send_retries": self._pace.retries,
        }
        try:
            stats = parts.library.stats()
            gauges |= {f"archive_{name}": value for name, value in stats.items() if isinstance(value, int)}
        except ChuchuError as error:
            _log.warning("%s", error)
        return 200, parts.metrics.render(gauges)


def secret(token: str, purpose: str) -> str:
    """Derive a secret from the token: the same after every restart, and telling nothing about the token."""
    return hmac.new(token.encode(), f"chuchu {purpose}".encode(), hashlib.sha256).hexdigest()[:48]


def _parts(settings: TelegramSettings, library: Library, database: Database) -> Parts:
    invitations = Invitations(database, time.time)
    return Parts(
        settings=settings,
        library=library,
        desk=Desk(settings.threads, settings.queue, settings.timeout),
        people=People(database),
        answers=Answers(database, time.time, settings.keep_days * 86_400),
        feedback=Feedback(database, time.time),
        invitations=invitations,
        access=Access(settings.users, settings.chats, settings.admins, invitations.is_invited),
        limits=Limits(settings.per_user, settings.per_chat, time.monotonic),
        edits=Edits(),
        metrics=Metrics(),
        clock=time.time,
    )


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process polls with the same token; stop one of the two")
    else:
        _log.warning("fetching updates failed (%s); trying again", error)


async def _either(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
