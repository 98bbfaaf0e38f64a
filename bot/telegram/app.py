"""`chuchu telegram`: the application put together. A new command is a function, a line in `_COMMANDS`, a text."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any

from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.live_archive import ArchiveWriter, LiveArchive, open_loaded
from bot.settings import TelegramSettings, host_and_port
from bot.telegram import admission, announcing, asking, buttons, chat_commands
from bot.telegram.buttons import Handler
from bot.telegram.hearing import Named
from bot.telegram.journal import InOrder
from bot.telegram.keyboards import Verb
from bot.telegram.receiving import JournalBot, Receiver, secret_of
from bot.telegram.services import Context, Monitor, Services, configure_log
from bot.words import InterfaceLanguage, language_of, wording
from retrieval import ChuchuError, Location, Settings

ChatApplication = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]

_log = logging.getLogger(__name__)
_ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]
_CHATS_AT_ONCE = 2_000
_POLL_S = 25
_POLL_EVERY_S = 0.2
"""From one poll to the next. Nobody waits for it who asks a quiet bot, for a poll is waiting there; under load each
brings several updates, where one each had taken a fifth of the bot's time."""
_EDITS_WITHIN_S = 10.0

_COMMANDS: dict[str, Handler] = {
    "start": chat_commands.start,
    "help": chat_commands.help_,
    "ask": asking.ask,
    "latest": asking.latest,
    "timeline": asking.timeline,
    "sources": chat_commands.sources,
    "stats": chat_commands.stats,
    "lang": chat_commands.language,
    "tz": chat_commands.timezone,
    "since": chat_commands.since,
    "until": chat_commands.until,
    "source": chat_commands.source,
    "asof": chat_commands.as_of,
    "clear": chat_commands.clear,
    "watch": announcing.watch,
}
_ADMINS_COMMANDS: dict[str, Handler] = {
    "remove": chat_commands.remove,
    "reload": chat_commands.reload,
    "pair": chat_commands.pair,
    "feedback": chat_commands.feedback,
}
_BUTTONS: dict[Verb, Handler] = {
    Verb.HIT: buttons.show,
    Verb.MORE: buttons.more,
    Verb.ARTICLE: buttons.article,
    Verb.OLDER: buttons.older,
    Verb.NEWER: buttons.newer,
    Verb.WITHOUT: buttons.without,
    Verb.LITERAL: buttons.literally,
    Verb.RATE: buttons.rate,
    Verb.RATING: buttons.rated,
    Verb.WHY: buttons.why,
    Verb.SHARE: buttons.share,
    Verb.SUGGESTION: buttons.suggestion,
    Verb.SOURCES: buttons.sources,
    Verb.SOURCE: buttons.source,
    Verb.REMOVE: buttons.remove,
    Verb.LANGUAGE: buttons.choose,
    Verb.SCRIPT: buttons.choose,
    Verb.TIMEZONE: buttons.timezone,
    Verb.WATCH: announcing.change,
    Verb.NOTHING: buttons.nothing,
}


Companion = Callable[[LiveArchive], AbstractAsyncContextManager[None]]
"""Opens what runs next to the bot on its archive, and closes it."""


def run(location: Location, settings: Settings, telegram: TelegramSettings, companion: Companion | None = None) -> None:
    """Run the bot on the archive at `location` until SIGTERM or Ctrl-C, and with it what is to run next to it.

    Raises:
        ChuchuError: there is no archive, or Telegram does not know the token.
    """
    opener = partial(open_loaded, location, settings)
    serve(Services.of(telegram, location, opener, ArchiveWriter(location, settings)), companion)


def serve(services: Services, companion: Companion | None = None) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    settings = services.settings
    token = settings.token.get_secret_value() if settings.token else ""
    configure_log(token)
    services.archive.identity()  # that there is no archive is said before Telegram is asked anything
    if not settings.users:
        _log.warning("CHUCHU_TELEGRAM_USERS is not set: everyone on Telegram may ask")
    application = build(services, companion)
    try:
        if settings.webhook is None:
            application.run_polling(_POLL_EVERY_S, _POLL_S, -1, _ALLOWED_UPDATES)
            return
        host, port = host_and_port("LISTEN", settings.listen)
        path = secret_of(token, "path")
        application.run_webhook(
            host,
            port,
            path,
            cert=settings.certificate,
            key=settings.key,
            bootstrap_retries=-1,
            webhook_url=f"{settings.webhook.rstrip('/')}/{path}",
            allowed_updates=_ALLOWED_UPDATES,
            secret_token=secret_of(token, "header"),
        )
    except InvalidToken as error:
        raise ChuchuError("Telegram does not know this CHUCHU_TELEGRAM_TOKEN. Get one from @BotFather.") from error


def build(services: Services, companion: Companion | None = None) -> ChatApplication:
    """Build the application; its resources open when it has reached Telegram, and close when it ends."""
    bot = JournalBot(services.settings, services.journal, services.pace)
    processor = InOrder(services.journal, _CHATS_AT_ONCE)
    resources = _Resources(services, bot, companion)
    application = (
        ApplicationBuilder()
        .updater(Receiver(bot, services.journal, processor.leave))
        .concurrent_updates(processor)
        .context_types(ContextTypes(context=Context))
        .post_init(resources.open)
        .post_stop(resources.finish_edits)
        .post_shutdown(resources.close)
        .build()
    )
    application.bot_data["services"] = services
    add_handlers(application, services)
    return application


class _Resources:
    """What is open as long as the bot answers."""

    def __init__(self, services: Services, bot: JournalBot, companion: Companion | None) -> None:
        self._services, self._bot, self._companion = services, bot, companion
        self._monitor = Monitor(services.metrics, lambda: bot.is_well, lambda: services.archive.current().stats())
        self._tasks = set["asyncio.Task[None]"]()
        self._opened = AsyncExitStack()

    async def open(self, application: ChatApplication) -> None:
        """Open them, hand on what an earlier run left undone, and begin what goes on by itself."""
        services, bot = self._services, self._bot
        services.state.open()
        services.standing.open()
        await asyncio.to_thread(services.archive.current)  # the first time ever it takes minutes
        self._monitor.serve(services.settings.monitor)
        if self._companion:
            await self._opened.enter_async_context(self._companion(services.archive))
        if left := services.journal.replay(bot):
            _log.info("%d updates were left undone by an earlier run", left)
        self._tasks.add(asyncio.create_task(_fill_menu(bot)))
        self._tasks.add(asyncio.create_task(announcing.keep_announcing(services, bot)))
        said = "@%s is answering; invited people may ask" if services.settings.users else "@%s is answering"
        _log.info(said, application.bot.username)

    async def finish_edits(self, _: ChatApplication) -> None:
        """Make the edits that wait."""
        await self._services.edits.finish(_EDITS_WITHIN_S)

    async def close(self, _: ChatApplication) -> None:
        """Close them."""
        for task in self._tasks:
            task.cancel()
        await self._opened.aclose()
        self._monitor.stop()
        services = self._services
        for each in (services.writer, services.archive, services.standing, services.state):
            each.close()


def add_handlers(application: ChatApplication, services: Services) -> None:
    """Register what the bot answers to, from top to bottom: the first that fits handles an update."""
    add = application.add_handler
    application.add_handler(TypeHandler(Update, admission.admit), group=-1)
    typed = filters.UpdateType.MESSAGE & ~filters.VIA_BOT
    in_private = typed & filters.ChatType.PRIVATE
    by_admin = in_private & admission.Admins(services.access)

    for name, answer in _COMMANDS.items():
        add(MessageHandler(typed & Named(name), answer))
    for name, answer in _ADMINS_COMMANDS.items():
        add(MessageHandler(by_admin & Named(name), answer))
    add(MessageHandler(by_admin & filters.Document.ALL, chat_commands.document))
    add(MessageHandler(in_private & Named(), chat_commands.help_))
    add(MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS | filters.StatusUpdate.CHAT_CREATED, chat_commands.joined))
    add(MessageHandler(filters.UpdateType.EDITED_MESSAGE, asking.edited))
    add(MessageHandler(filters.UpdateType.MESSAGE, asking.message))
    for verb, press in _BUTTONS.items():
        add(CallbackQueryHandler(press, verb.pattern))
    add(CallbackQueryHandler(buttons.unknown))
    add(InlineQueryHandler(asking.inline))
    application.add_error_handler(admission.report_failure)


async def _fill_menu(bot: JournalBot) -> None:
    """Fill Telegram's menu of commands. It knows languages of two letters only: both kinds of Chinese are one to it."""
    menus: dict[str | None, InterfaceLanguage] = {each.split("-")[0]: each for each in reversed(InterfaceLanguage)}
    for code, language in {**menus, None: language_of(None)}.items():
        commands = [BotCommand(name, text) for name, text in wording(language).commands.items()]
        try:
            await bot.set_my_commands(commands, language_code=code)
        except TelegramError as error:
            _log.warning("the menu of commands was not set: %s", error)
