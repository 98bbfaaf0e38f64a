"""The bot put together, from its first connection to its last answer."""

import asyncio
import logging
import time

from telegram import BotCommand, Update, User
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, TypeHandler

from bot.telegram.admin import Admin, Shelf
from bot.telegram.api import make_api
from bot.telegram.asking import Asking
from bot.telegram.buttons import Buttons
from bot.telegram.commands import Commands, menu
from bot.telegram.dispatch import Dispatch
from bot.telegram.inline import Inline
from bot.telegram.journal import InOrder, Journal
from bot.telegram.library import Library
from bot.telegram.monitor import Monitor
from bot.telegram.parts import make_parts
from bot.telegram.receiving import receiving
from bot.telegram.sending import Pace
from bot.telegram.settings import TelegramSettings
from bot.telegram.state import Database, Inbox
from bot.telegram.texts import Language, wording
from retrieval import ChuchuError

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
        self._parts = make_parts(settings, library, self._database)
        self._journal = Journal(Inbox(self._database, time.time), _UNFINISHED)
        self._order = InOrder(self._journal)
        self._pace = Pace(settings.send_rate, settings.group_rate, time.monotonic, sending=self._journal.sending)
        self._admin = Admin(self._parts, shelf, settings.state / "files")
        asking = Asking(self._parts)
        buttons, inline = Buttons(self._parts, asking), Inline(self._parts, asking)
        self._dispatch = Dispatch(self._parts, asking, Commands(self._parts, asking), buttons, inline, self._admin)
        self._bot = make_api(settings.api, self._token, self._pace, self._journal)
        self._application = (
            Application.builder().bot(self._bot).update_queue(self._journal).concurrent_updates(self._order).build()
        )
        self._application.add_handler(TypeHandler(Update, lambda update, _: self._dispatch(update, self._me)))
        self._monitor = Monitor(self._parts, self._journal, self._pace, lambda: self._bot.is_well)

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
            await self._bot.shutdown()  # where it went wrong before all was begun
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
        updater = self._application.updater
        if updater is None:  # the builder makes one unless told not to
            raise RuntimeError("the application has no updater")
        self._monitor.serve(self._settings.monitor)
        await self._application.start()
        try:
            again = asyncio.create_task(self._begin())
            async with receiving(self._bot, updater, self._journal, self._settings):
                self._monitor.is_serving = True
                _log.info(
                    "@%s is answering; %s may ask",
                    self._me.username,
                    "everyone" if self._parts.access.is_open else "invited people",
                )
                await stop.wait()
                _log.info("leaving: finishing what was begun")
                self._monitor.is_serving, self._order.closing = False, True
        finally:
            again.cancel()
            await self._leave()
            self._monitor.stop()

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

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(_LEAVE_WITHIN_S):
                await self._application.stop()
                await self._parts.edits.finish()
        except TimeoutError:
            _log.warning("some answers are not finished; they will be after the restart")
        await self._application.shutdown()


async def _either(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
