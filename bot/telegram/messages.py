"""Messages of the bot's own: replies, their changes, and the little signs around them.

Text with styles → Telegram's HTML, cut into messages without ever cutting a tag or an entity.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import quote

from cachetools import LRUCache
from telegram import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.streams import CONTROL

LIMIT = 4096
"""UTF-16 units that one message may have, counted after its tags are taken out."""

_END = re.compile(r"[。！？!?；;…\n][”’」』）》)\"']*|\.[\"')]*(?=\s)")
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style. `tags` are opening tags without brackets, the outermost first."""

    text: str
    tags: tuple[str, ...] = ()


MOST_TITLE = 150  # units; scraped titles are sometimes whole pages


def plain(text: str) -> Run:
    """Return text without a style."""
    return Run(text)


def bold(text: str) -> Run:
    """Return bold text."""
    return Run(text, ("b",))


def link(text: str, url: str | None) -> Run:
    """Return text that leads to an address of the web; any other address leaves it plain."""
    if url is None or not re.match(r"https?://[^\s/]", url):
        return Run(text)
    return Run(text, (f'a href="{escape(_quoted(url))}"',))


def button_address(url: str | None) -> str | None:
    """Return an address as a button may have it; None where it is none of the public web, which Telegram refuses."""
    if url is None or not re.fullmatch(r"https?://[^\s/?#@\"<>]+\.[^\s/?#@\"<>.\d:]{2,}(?::\d+)?(?:[/?#]\S*)?", url):
        return None
    return _quoted(url)


def _quoted(url: str) -> str:
    return quote(url, safe="%/:=&?~#+!$,;@()*[]|", errors="replace")


def within(tag: str, runs: Iterable[Run]) -> list[Run]:
    """Put a tag around runs."""
    return [replace(run, tags=(tag, *run.tags)) for run in runs]


def sendable(text: str) -> str:
    """Take out what a message cannot carry or must not hide: control characters, lone surrogates, unseen marks."""
    return CONTROL.sub("", text)


def escape(text: str) -> str:
    """Write text so that HTML shows it as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram counts a message's length."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(runs: Iterable[Run]) -> int:
    """Count the UTF-16 units that runs show."""
    return sum(units(sendable(run.text)) for run in runs)


def html(runs: Iterable[Run]) -> str:
    """Write runs as HTML; neighbours in the same tag share it."""
    written: list[str] = []
    opened: tuple[str, ...] = ()
    for run in runs:
        text = sendable(run.text)
        if not text:
            continue
        same = _common(opened, run.tags)
        written += [f"</{tag.split()[0]}>" for tag in reversed(opened[same:])]
        written += [f"<{tag}>" for tag in run.tags[same:]]
        written.append(escape(text))
        opened = run.tags
    written += [f"</{tag.split()[0]}>" for tag in reversed(opened)]
    return "".join(written)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def split(runs: Iterable[Run], limit: int = LIMIT) -> list[list[Run]]:
    """Cut runs into messages of at most `limit` units, at the ends of sentences where there are any.

    Nothing but white space at the cuts is lost.
    """
    messages: list[list[Run]] = [[]]
    room = limit
    for run in runs:
        rest = sendable(run.text)
        while units(rest) > room:
            cut = cut_before(rest, room, empty=not messages[-1])
            messages[-1].append(replace(run, text=rest[:cut].rstrip()))
            rest = rest[cut:].lstrip()
            messages.append([])
            room = limit
        if rest:
            messages[-1].append(replace(run, text=rest))
            room -= units(rest)
    return [message for message in messages if any(run.text.strip() for run in message)]


def cut_before(text: str, limit: int, *, empty: bool = True) -> int:
    """Return where to cut so that text[:cut] has at most `limit` units: after a sentence, else after a space.

    A message that is not `empty` yet may be left as it is, at 0, rather than be filled by half a sentence.
    """
    if limit <= 0 and not empty:
        return 0
    most = _characters(text, limit)
    ends = [match.end() for match in _END.finditer(text, 0, most)]
    if ends and (ends[-1] > most // 3 or not empty):
        return ends[-1]
    if not empty:
        return 0
    space = text.rfind(" ", most // 2, most)
    if space > 0:
        return space + 1
    while most > 1 and (_JOINED.match(text, most) or text[most - 1] == "\u200d"):
        most -= 1
    return most or _characters(text, limit)


def _characters(text: str, limit: int) -> int:
    """Count the characters that fit into `limit` units, at least one."""
    left = limit
    for index, character in enumerate(text):
        left -= 1 + (character > "\uffff")
        if left < 0:
            return max(index, 1)
    return len(text)


def short(text: str, most: int = MOST_TITLE) -> str:
    """Write a text on one line of at most `most` units."""
    line = " ".join(sendable(text).split())
    if units(line) <= most:
        return line
    while units(line) > most - 1:
        line = line[: len(line) - max(1, (units(line) - most) // 2)]
    return line + "…"


def first_within(text: str, room: int) -> str:
    """Return the beginning of a text within `room` units, whole sentences if possible."""
    if units(sendable(text)) <= room:
        return text
    return text[: cut_before(text, room)] + "…" if room > 1 else ""


def last_within(text: str, room: int) -> str:
    """Return the end of a text within `room` units."""
    if units(sendable(text)) <= room:
        return text
    return "…" + text[-(room // 2) :] if room > 1 else ""


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
        direct_messages_topic_id=message.direct_messages_topic.topic_id if message.direct_messages_topic else None,
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
    return unescape(re.sub(r"<[^>]*>", "", text))


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
