"""What admins may do: add and remove articles, let people in, see what was judged."""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from telegram import Chat, Document, Message, User

from bot.telegram import keyboards, markup, rendering
from bot.telegram.journal import Journal
from bot.telegram.parts import Parts
from bot.telegram.questions import argument
from bot.telegram.speaking import reply
from bot.telegram.texts import Wording
from retrieval import ChuchuError, IndexReport

T = TypeVar("T")
_log = logging.getLogger(__name__)
_MOST_BYTES = 20 * 2**20  # what the Bot API lets a bot fetch
_EDIT_EVERY_S = 3.0
_MOST_NAMED = 20
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


class Shelf(Protocol):
    """Changes the archive; blocks while it does."""

    def add(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        """Index a file."""

    def remove(self, article_ids: list[str]) -> list[str]:
        """Remove articles; return the ids that were there."""


class Admin:
    """Obeys admins; for anybody else it is as if none of this existed."""

    def __init__(self, parts: Parts, shelf: Shelf, files: Path) -> None:
        self._parts = parts
        self._shelf = shelf
        self._files = files
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    def may(self, message: Message, user: User) -> bool:
        """Tell whether these commands exist for a person, here."""
        return message.chat.type == Chat.PRIVATE and self._parts.access.is_admin(user)

    async def document(self, message: Message, document: Document, user: User) -> None:
        """Index a file that was sent, saying how far it has come."""
        words, name = self._parts.words(user), file_name(document.file_name)
        if (document.file_size or 0) > _MOST_BYTES:
            await self._say(message, words.file_too_big.format(name=name, most=_MOST_BYTES // 2**20))
            return
        path = self._files / name
        self._files.mkdir(parents=True, exist_ok=True, mode=0o700)
        with Journal.aside():
            sent = await reply(message, _progress(name, IndexReport(), words))
        await (await document.get_file()).download_to_drive(path)
        try:
            said = _summary(name, await self._index(path, sent, words), words)
        except ChuchuError as error:
            said = rendering.text(words.index_failed.format(name=name, reason=error))[0]
        await self._parts.edits.show(sent, said)

    async def remove(self, message: Message, user: User) -> None:
        """Remove articles by their ids, a line or a word each."""
        words, given = self._parts.words(user), argument(message)
        ids = given.splitlines() if "\n" in given else [given] if given else []
        removed = await self._off_loop(lambda: self._shelf.remove(ids)) if ids else []
        missing = [each for each in ids if each not in removed]
        lines = [words.removed.format(ids=", ".join(removed))] * bool(removed)
        lines += [words.not_removed.format(ids=", ".join(missing))] * bool(missing or not ids)
        await self._say(message, "\n".join(lines))

    async def reload(self, message: Message, user: User) -> None:
        """Open the archive anew."""
        parts = self._parts
        await parts.desk.run(parts.library.reload)
        stats = await parts.desk.run(parts.library.stats)
        await self._say(message, parts.words(user).reloaded.format(articles=stats.get("articles")))

    async def pair(self, message: Message, user: User) -> None:
        """Make a link that lets one person in."""
        link = f"https://t.me/{message.get_bot().username}?start=p_{self._parts.invitations.make()}"
        await self._say(message, self._parts.words(user).pair.format(link=link))

    async def feedback(self, message: Message, user: User) -> None:
        """Say what people judged."""
        words, counts = self._parts.words(user), self._parts.feedback.counts()
        named = keyboards.verdicts(words).items()
        said = " · ".join(f"{name} {counts[verdict]}" for verdict, name in named if verdict in counts)
        await self._say(message, words.feedback_heading.format(counts=said) if said else words.feedback_none)

    def close(self) -> None:
        """Take no more files; one that is being indexed ends with the process, its finished articles kept."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _index(self, path: Path, sent: Message, words: Wording) -> IndexReport:
        latest = IndexReport()

        def note(report: IndexReport) -> None:
            nonlocal latest
            latest = report

        work = asyncio.ensure_future(self._off_loop(lambda: self._shelf.add(path, note)))
        while not (await asyncio.wait({work}, timeout=_EDIT_EVERY_S))[0]:
            await self._parts.edits.show(sent, _progress(path.name, latest, words))
        return await work

    async def _off_loop(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, job)

    async def _say(self, message: Message, words: str) -> None:
        for text in rendering.text(words):
            await reply(message, text)


def file_name(given: str | None) -> str:
    """Return a name that stays in its folder, whatever name a file was sent with."""
    name = _UNFIT.sub("_", markup.sendable(given or "")).strip(" .")
    while len(name.encode()) > 150:  # file systems take 255 bytes
        name = name[1:]
    return name or "file.txt"


def _progress(name: str, report: IndexReport, words: Wording) -> str:
    done = len(report.added) + len(report.changed) + len(report.unchanged)
    return rendering.text(words.indexing.format(name=name, done=done, skipped=len(report.skipped)))[0]


def _summary(name: str, report: IndexReport, words: Wording) -> str:
    said = words.indexed.format(
        name=name,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        skipped=len(report.skipped),
    )
    named = [f"\n{item.path}: {item.reason}" for item in report.skipped[:_MOST_NAMED]]
    return rendering.text(said + "".join(named))[0]
