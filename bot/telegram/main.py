"""`chuchu telegram`: open the archive, start the bot, leave when asked to."""

import asyncio
import logging
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.telegram import logs
from bot.telegram.admin import Shelf
from bot.telegram.application import Telegram
from bot.telegram.library import Library
from bot.telegram.opening import open_loaded
from bot.telegram.processes import Processes
from bot.telegram.settings import TelegramSettings
from retrieval import IndexReport, Location, Settings, encoder_of, index_paths, remove_articles

_log = logging.getLogger(__name__)


class ArchiveShelf:
    """Changes the archive at a location."""

    def __init__(self, location: Location, settings: Settings) -> None:
        self._location = location
        self._settings = settings

    def add(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        """Index a file."""
        encoder, outlets = encoder_of(self._settings), self._settings.outlets
        return index_paths([path], self._location, encoder, settings=self._settings, outlets=outlets, progress=progress)

    def remove(self, article_ids: list[str]) -> list[str]:
        """Remove articles; return the ids that were there."""
        return remove_articles(self._location, article_ids, self._settings)


def run(location: Location, settings: Settings, telegram: TelegramSettings) -> None:
    """Run the bot on the archive at `location` until SIGTERM or Ctrl-C.

    Raises:
        ChuchuError: there is no archive, or Telegram does not know the token.
    """
    logs.configure(telegram.token.get_secret_value() if telegram.token else "")

    alone = partial(open_loaded, location, settings)
    several = partial(Processes, alone, telegram.processes)
    library = Library(location, several if telegram.processes > 1 else alone)
    library.reload()
    serve(telegram, library, ArchiveShelf(location, settings))


def serve(telegram: TelegramSettings, library: Library, shelf: Shelf) -> None:
    """Run the bot until SIGTERM or Ctrl-C, then close the archive."""
    if not telegram.users:
        _log.warning("CHUCHU_TELEGRAM_USERS is not set: everyone on Telegram may ask")
    try:
        asyncio.run(_until_told(telegram, library, shelf))
    finally:
        library.close()


async def _until_told(telegram: TelegramSettings, library: Library, shelf: Shelf) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Telegram(telegram, library, shelf).run(stop)
