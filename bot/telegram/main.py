"""`chuchu telegram`: open the archive, start the bot, leave when asked to."""

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path

from bot.telegram import logs
from bot.telegram.admin import Shelf
from bot.telegram.application import Telegram
from bot.telegram.library import Library
from bot.telegram.settings import TelegramSettings
from retrieval import Archive, IndexReport, Settings, encoder_of, index_paths, open_archive, remove_articles

_log = logging.getLogger(__name__)


class ArchiveShelf:
    """Changes the archive in a folder."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings

    def add(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        """Index a file."""
        encoder, outlets = encoder_of(self._settings), self._settings.outlets
        return index_paths([path], self._folder, encoder, outlets=outlets, progress=progress)

    def remove(self, article_ids: list[str]) -> list[str]:
        """Remove articles; return the ids that were there."""
        return remove_articles(self._folder, article_ids)


def run(folder: Path, settings: Settings, telegram: TelegramSettings) -> None:
    """Run the bot on the archive in `folder` until SIGTERM or Ctrl-C.

    Raises:
        ChuchuError: there is no archive, or Telegram does not know the token.
    """
    logs.configure(telegram.token.get_secret_value() if telegram.token else "")

    def opened() -> Archive:
        archive = open_archive(folder, settings)
        archive.load()
        return archive

    library = Library(folder, opened)
    library.reload()
    serve(telegram, library, ArchiveShelf(folder, settings))


def serve(telegram: TelegramSettings, library: Library, shelf: Shelf) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    if not telegram.users:
        _log.warning("CHUCHU_TELEGRAM_USERS is not set: everyone on Telegram may ask")
    asyncio.run(_until_told(telegram, library, shelf))


async def _until_told(telegram: TelegramSettings, library: Library, shelf: Shelf) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Telegram(telegram, library, shelf).run(stop)
