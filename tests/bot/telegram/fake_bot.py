"""The real bot as a process of its own, with a fake archive behind it: `python -m tests.bot.telegram.fake_bot DIR`."""

import os
import sys
from functools import partial
from pathlib import Path

from bot.telegram import logs
from bot.telegram.library import Library
from bot.telegram.main import serve
from bot.telegram.processes import Processes
from bot.telegram.settings import read_telegram_settings
from tests.bot.telegram.fakes import FakeArchive, FakeShelf


def main() -> None:
    settings = read_telegram_settings()
    logs.configure(settings.token.get_secret_value() if settings.token else "")
    opener = partial(FakeArchive, float(os.environ.get("FAKE_DELAY", "0")))
    several = partial(Processes, opener, settings.processes)
    library = Library(Path(sys.argv[1]), several if settings.processes > 1 else opener)
    library.reload()
    serve(settings, library, FakeShelf())


if __name__ == "__main__":
    main()
