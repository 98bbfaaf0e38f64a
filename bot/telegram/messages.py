"""Messages of the bot's own: replies, their changes, and the little signs around them."""

import asyncio
import html
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from cachetools import LRUCache
from telegram import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_TYPING_AFTER_S = 0.5  # most answers are there before anybody would see the sign
_TYPING_EVERY_S = 4.5  # Telegram takes the sign away after five
_PATIENCE_S = 2.0  # then whoever pressed a button sees at least that it was pressed; Telegram forgets it after 15
_MOST_KNOWN = 2_000
_typing = set["asyncio.Task[None]"]()


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
        message_thread_id=_topic(message),
    )


def _topic(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


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
    _typing.add(task)
    task.add_done_callback(_typing.discard)


async def _keep_typing(message: Message, done: asyncio.Event) -> None:
    while not done.is_set():
        with suppress(TelegramError):
            await message.get_bot().send_chat_action(
                message.chat.id, ChatAction.TYPING, message_thread_id=_topic(message)
            )
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _TYPING_EVERY_S)


def bare(text: str) -> str:
    """Return what HTML of ours shows, without its styles."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows; `text`, in HTML, is None where it stays as it was."""

    text: str | None
    keyboard: InlineKeyboardMarkup | None


class Edits:
    """Changes of the bot's messages: one call at a time for each, and none that changes nothing.

    Only the newest change is sent while an older one is on its way.
    """

    def __init__(self) -> None:
        self._known: LRUCache[tuple[int, int], Shown] = LRUCache(_MOST_KNOWN)
        self._wanted: dict[tuple[int, int], Shown] = {}
        self._under_way: dict[tuple[int, int], asyncio.Task[None]] = {}

    async def show(self, message: Message, text: str | None, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Show something else in a message of ours, or with `text` None only other buttons below it.

        Returns when it is shown, or after two seconds when Telegram lets us wait; it is shown later then, unless
        something newer has to be.

        Raises:
            TelegramError: Telegram refused it.
        """
        key = (message.chat.id, message.message_id)
        waiting = self._wanted.get(key)
        self._wanted[key] = Shown(waiting.text if waiting and text is None else text, keyboard)
        if key not in self._under_way:
            self._under_way[key] = asyncio.create_task(self._send_newest(key, message))
            self._under_way[key].add_done_callback(_log_failure)
        task = self._under_way[key]
        if (await asyncio.wait({task}, timeout=_PATIENCE_S))[0]:
            task.result()

    async def finish(self, seconds: float) -> None:
        """Wait until everything is shown, at most so long."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=seconds)

    async def _send_newest(self, key: tuple[int, int], message: Message) -> None:
        try:
            while wanted := self._wanted.pop(key, None):
                if not self._is_shown(key, message, wanted):
                    known = self._known.pop(key, Shown(None, None))
                    await _change(message, wanted)
                    self._known[key] = Shown(known.text if wanted.text is None else wanted.text, wanted.keyboard)
        finally:
            # not in a callback, which another call might run before
            del self._under_way[key]
            self._wanted.pop(key, None)

    def _is_shown(self, key: tuple[int, int], message: Message, wanted: Shown) -> bool:
        """Return whether a message shows this already, by what was sent last, or else by what Telegram said of it."""
        known = self._known.get(key)
        if (known.keyboard if known else message.reply_markup) != wanted.keyboard:
            return False
        if wanted.text is None:
            return True
        if known and known.text is not None:
            return known.text == wanted.text
        return bare(wanted.text).strip() == (message.text or "").strip()


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.info("a message was not changed: %s", error)


async def _change(message: Message, wanted: Shown) -> None:
    try:
        if wanted.text is None:
            await message.edit_reply_markup(wanted.keyboard)
        else:
            await message.edit_text(
                wanted.text, parse_mode=ParseMode.HTML, reply_markup=wanted.keyboard, link_preview_options=_NO_PREVIEW
            )
    except BadRequest as error:
        # a try whose reply got lost may have worked, and is made again
        if "not modified" not in str(error).lower():
            raise
