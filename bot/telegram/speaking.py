"""Replies and the little signs around them."""

import asyncio
import html
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_TYPING_AFTER_S = 0.5  # most answers are there before anybody would see the sign
_TYPING_EVERY_S = 4.5  # Telegram takes the sign away after five
_at_work: set[asyncio.Task[None]] = set()


async def reply(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Answer a message with HTML; should Telegram not take the HTML, with the same words without it."""
    try:
        return await _send(message, text, ParseMode.HTML, keyboard)
    except BadRequest as error:
        if "parse entities" not in str(error):
            raise
        _log.error("Telegram did not take our HTML: %s", error)
        return await _send(message, bare(text), None, keyboard)


async def _send(message: Message, text: str, mode: str | None, keyboard: InlineKeyboardMarkup | None) -> Message:
    return await message.get_bot().send_message(
        message.chat.id,
        text,
        parse_mode=mode,
        reply_markup=keyboard,
        link_preview_options=_NO_PREVIEW,
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
        message_thread_id=message.message_thread_id if message.is_topic_message else None,
    )


async def acknowledge(query: CallbackQuery, notice: str | None, *, alert: bool = False) -> None:
    """Answer a pressed button, with a notice of at most 200 characters; one that came too late is not an error."""
    try:
        await query.answer(notice[:200] if notice else None, show_alert=alert)
    except TelegramError as error:
        _log.info("a button was not acknowledged: %s", error)


@asynccontextmanager
async def typing(message: Message, after: float = _TYPING_AFTER_S) -> AsyncIterator[None]:
    """Show that the bot is at work for as long as it takes, from `after` seconds on.

    A call under way is left to end by itself: cancelled, it would cost the connection that it is made on.
    """
    done = asyncio.Event()
    timer = asyncio.get_running_loop().call_later(after, _begin_typing, message, done)
    try:
        yield
    finally:
        timer.cancel()
        done.set()


def _begin_typing(message: Message, done: asyncio.Event) -> None:
    task = asyncio.create_task(_keep_typing(message, done))
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)


async def _keep_typing(message: Message, done: asyncio.Event) -> None:
    while not done.is_set():
        with suppress(TelegramError):
            await message.get_bot().send_chat_action(message.chat.id, ChatAction.TYPING)
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _TYPING_EVERY_S)


def bare(text: str) -> str:
    """Return what HTML of ours shows, without its styles."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))
