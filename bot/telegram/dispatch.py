"""Which update goes to whom: who is let in, how old it may be, and what happens when something fails."""

import logging
from collections.abc import Awaitable, Callable

from telegram import Chat, Message, Update, User
from telegram.error import Forbidden, TelegramError

from bot.telegram import rendering
from bot.telegram.admin import Admin
from bot.telegram.asking import Asking
from bot.telegram.buttons import Buttons
from bot.telegram.commands import Commands
from bot.telegram.excuses import described, excuse, is_expected
from bot.telegram.inline import Inline
from bot.telegram.parts import Parts
from bot.telegram.speaking import acknowledge, reply

_log = logging.getLogger(__name__)

Command = Callable[[Message, User], Awaitable[None]]


class Dispatch:
    """Gives each update to its handler. Updates of other kinds, and from channels, go nowhere."""

    def __init__(
        self, parts: Parts, asking: Asking, commands: Commands, buttons: Buttons, inline: Inline, admin: Admin
    ) -> None:
        self._parts = parts
        self._asking, self._commands, self._buttons, self._inline, self._admin = (
            asking,
            commands,
            buttons,
            inline,
            admin,
        )
        self._public: dict[str, Command] = {
            "start": commands.start,
            "help": commands.help,
            "ask": self._ask,
            "latest": asking.latest,
            "sources": commands.sources,
            "stats": commands.stats,
            "lang": commands.language,
            "since": commands.since,
            "until": commands.until,
            "source": commands.source,
            "asof": commands.as_of,
            "clear": commands.clear,
        }
        self._private: dict[str, Command] = {
            "remove": admin.remove,
            "reload": admin.reload,
            "pair": admin.pair,
            "feedback": admin.feedback,
        }

    async def __call__(self, update: Update, me: User) -> None:
        """Handle one update; whatever goes wrong, the person is told and the bot goes on."""
        try:
            await self._handle(update, me)
        except Exception as error:  # noqa: BLE001 nothing that one update does may stop the bot
            await self._failed(error, update)

    async def _handle(self, update: Update, me: User) -> None:
        if update.inline_query:
            await self._inline.query(update.inline_query, me)
        elif query := update.callback_query:
            chat = query.message.chat if query.message else None
            if self._parts.access.allows(query.from_user, chat):
                await self._buttons.press(query, me)
            else:
                await acknowledge(query, None)
        elif update.message and update.message.from_user:
            await self._message(update.message, update.message.from_user, me)

    async def _message(self, message: Message, user: User, me: User) -> None:
        if self._parts.clock() - message.date.timestamp() > self._parts.settings.oldest:
            return
        name = command_name(message, me)
        if not self._parts.access.allows(user, message.chat):
            await self._stranger(message, user, name)
        elif name is not None:
            await self._command(name, message, user)
        elif message.document and self._admin.may(message, user):
            await self._admin.document(message, message.document, user)
        else:
            await self._asking.message(message, user, me)

    async def _command(self, name: str, message: Message, user: User) -> None:
        command = self._public.get(name)
        if name in self._private and self._admin.may(message, user):
            command = self._private[name]
        if command:
            if name == "ask" or not self._parts.limits.wait_press(user.id):
                await command(message, user)
        elif message.chat.type == Chat.PRIVATE:
            await self._commands.help(message, user)

    async def _ask(self, message: Message, user: User) -> None:
        await self._asking.message(message, user, message.get_bot().bot)

    async def _stranger(self, message: Message, user: User, name: str | None) -> None:
        """Let in whoever has an invitation; tell others in private, now and then, that they have none."""
        if message.chat.type != Chat.PRIVATE or user.is_bot or not self._parts.limits.may_tell(user.id):
            return
        if name == "start" and "p_" in (message.text or ""):
            await self._commands.start(message, user)
        else:
            await reply(message, self._parts.words(user).private.format(user=user.id))

    async def _failed(self, error: Exception, update: Update) -> None:
        self._parts.metrics.errors += 1
        if isinstance(error, Forbidden):
            _log.info("update %d: this chat has shut the bot out", update.update_id)
            return
        if is_expected(error):
            _log.warning("update %d: %s", update.update_id, error)
        else:
            _log.error("update %d failed\n%s", update.update_id, described(error))
        if update.message and not isinstance(error, TelegramError):
            await self._excuse(error, update.message)

    async def _excuse(self, error: Exception, message: Message) -> None:
        try:
            await reply(message, rendering.text(excuse(error, self._parts.words(message.from_user)))[0])
        except TelegramError as second:
            _log.warning("nor could the person be told: %s", second)


def command_name(message: Message, me: User) -> str | None:
    """Return the command that a message gives this bot, without its slash; None if it gives none.

    In groups a command may name another bot, and is none of ours then.
    """
    text = message.text or ""
    if not text.startswith("/") or message.via_bot:
        return None
    name, _, bot = text.split(maxsplit=1)[0][1:].partition("@")
    if bot and bot.lower() != (me.username or "").lower():
        return "" if message.chat.type != Chat.PRIVATE else None
    return name.lower()


def allowed_updates() -> list[str]:
    """Return the kinds of updates that the bot asks Telegram for."""
    return [Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]
