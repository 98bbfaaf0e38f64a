"""Changes of messages: only the newest is sent while an older one is on its way, and none that changes nothing."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.speaking import bare

_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PATIENCE_S = 2.0  # then whoever pressed a button is told at least that it was pressed; Telegram forgets it after 15
_MOST_KNOWN = 2_000

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Face:
    """What a message shows; `text`, in HTML, is None where it stays as it was."""

    text: str | None
    keyboard: InlineKeyboardMarkup | None


class Edits:
    """Edits the bot's messages, one call at a time for each."""

    def __init__(self) -> None:
        self._shown: OrderedDict[Key, Face] = OrderedDict()
        self._wanted: dict[Key, Face] = {}
        self._under_way: dict[Key, asyncio.Task[None]] = {}

    async def show(self, message: Message, text: str | None, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Show something else in a message of ours, or with `text` None only other buttons below it.

        Returns when it is shown, or after two seconds when Telegram lets us wait; it is shown later then, unless
        something newer has to be.

        Raises:
            TelegramError: Telegram refused it.
        """
        key = (message.chat.id, message.message_id)
        waiting = self._wanted.get(key)
        self._wanted[key] = Face(waiting.text, keyboard) if waiting and text is None else Face(text, keyboard)
        if key not in self._under_way:
            self._under_way[key] = asyncio.create_task(self._send_newest(key, message))
            self._under_way[key].add_done_callback(_log_failure)
        task = self._under_way[key]
        if (await asyncio.wait({task}, timeout=_PATIENCE_S))[0]:
            task.result()

    async def finish(self) -> None:
        """Wait until everything is shown."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _send_newest(self, key: Key, message: Message) -> None:
        try:
            while face := self._wanted.pop(key, None):
                if not self._is_shown(key, message, face):
                    known = self._shown.pop(key, Face(None, None))
                    await _send(message, face)
                    self._remember(key, Face(known.text if face.text is None else face.text, face.keyboard))
        finally:
            # not in a callback, which another call might run before
            del self._under_way[key]
            self._wanted.pop(key, None)

    def _remember(self, key: Key, face: Face) -> None:
        self._shown[key] = face
        if len(self._shown) > _MOST_KNOWN:
            self._shown.popitem(last=False)

    def _is_shown(self, key: Key, message: Message, face: Face) -> bool:
        """Tell whether a message shows this already, by what was sent last, or else by what Telegram said of it."""
        known = self._shown.get(key)
        if (known.keyboard if known else message.reply_markup) != face.keyboard:
            return False
        if face.text is None:
            return True
        if known and known.text is not None:
            return known.text == face.text
        return bare(face.text).strip() == (message.text or "").strip()


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.info("a message was not changed: %s", error)


async def _send(message: Message, face: Face) -> None:
    try:
        if face.text is None:
            await message.edit_reply_markup(face.keyboard)
        else:
            await message.edit_text(
                face.text, parse_mode=ParseMode.HTML, reply_markup=face.keyboard, link_preview_options=_NO_PREVIEW
            )
    except BadRequest as error:
        # a try whose reply got lost may have been obeyed, and is made again
        if "not modified" not in str(error).lower():
            raise
