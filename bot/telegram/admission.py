"""Who is let in, before any other handler; and what people and the log learn when a handler fails."""

import logging
import traceback

from telegram import Chat, Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop, filters

from bot.live_archive import BusyError, SlowError
from bot.telegram import asking, chat_commands, rendering
from bot.telegram.hearing import GivenCommand, command_in
from bot.telegram.messages import acknowledge
from bot.telegram.services import Access, Context
from bot.words import Wording
from retrieval import ChuchuError, QuestionError

_log = logging.getLogger(__name__)
_MOST_CHARACTERS = 2_000  # what the archive takes as a question


class Admins(filters.MessageFilter):
    """Messages of those who may change the archive."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access

    def filter(self, message: Message) -> bool:
        """Return whether an admin sent a message."""
        return self._access.is_admin(message.from_user)


async def admit(update: Update, context: Context) -> None:
    """Stop what no handler is to see: strangers, what is too old, too much, or of a kind that is not answered."""
    access = context.services.access
    if update.inline_query:
        if access.allows(update.inline_query.from_user, None):
            return
        await asking.list_results(update.inline_query, [])
    elif query := update.callback_query:
        if access.allows(query.from_user, query.message.chat if query.message else None):
            return
        await acknowledge(query, None)
    elif (message := update.message or update.edited_message) and message.from_user:
        _note_move(message, context)
        if await _is_admitted(update, message, context):
            return
    raise ApplicationHandlerStop


async def _is_admitted(update: Update, message: Message, context: Context) -> bool:
    services, given = context.services, command_in(message, context.bot.username)
    said_at = message.edit_date or message.date
    if services.state.clock() - said_at.timestamp() > services.settings.oldest:
        return False
    if message.via_bot and message.via_bot.id == context.bot.id:
        return False
    if not services.access.allows(message.from_user, message.chat, message.sender_chat):
        if update.message:
            await _turn_away(update, message, given, context)
        return False
    costs_nothing = given is not None and given.name != "ask"
    return not (costs_nothing and services.limits.wait_press(context.asker))


async def _turn_away(update: Update, message: Message, given: GivenCommand | None, context: Context) -> None:
    """Let in whoever has an invitation; say to others in private, now and then, that they have none."""
    user, limits = context.user, context.services.limits
    if message.chat.type != Chat.PRIVATE or user.is_bot:
        return
    if given and given.name == "start" and given.argument.startswith(chat_commands.INVITATION):
        if not limits.wait_press(user.id):
            await chat_commands.start(update, context)
    elif limits.may_notify(user.id):
        await context.reply(context.words.private.format(user=user.id))


def _note_move(message: Message, context: Context) -> None:
    """Follow a group that becomes a supergroup: Telegram says so in the old chat and in the new one."""
    here = message.chat.id
    if message.migrate_to_chat_id:
        context.services.move_chat(here, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        context.services.move_chat(message.migrate_from_chat_id, here)


async def report_failure(update: object, context: Context) -> None:
    """Log what went wrong, excuse it to the person, and let no other handler see the update."""
    error, number = context.error, update.update_id if isinstance(update, Update) else None
    context.services.metrics.errors.inc()
    if isinstance(error, Forbidden):
        _log.info("update %s: this chat has shut the bot out", number)
    elif isinstance(error, (ChuchuError, BusyError, SlowError, TelegramError)):
        _log.warning("update %s: %s", number, error)
    elif error:
        # where it happened, but no message that could repeat a person's words
        frames, name = "".join(traceback.format_tb(error.__traceback__)), type(error).__name__
        _log.error("update %s failed\n%s%s: (message left out)", number, frames, name)
    if isinstance(update, Update) and update.message and error and not isinstance(error, TelegramError):
        try:
            await context.reply(rendering.text(apology(error, context.words))[0])
        except (TelegramError, ValueError) as second:
            _log.warning("and the person could not be answered: %s", second)
    raise ApplicationHandlerStop


def apology(error: BaseException, words: Wording) -> str:
    """Say kindly what went wrong."""
    if isinstance(error, QuestionError):
        return words.too_long.format(most=_MOST_CHARACTERS)
    if isinstance(error, BusyError):
        return words.busy.format(waiting=error.waiting)
    if isinstance(error, SlowError):
        return words.slow
    return words.no_archive if isinstance(error, ChuchuError) else words.fault
