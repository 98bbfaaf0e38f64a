"""The real bot as a process of its own, with a fake archive behind it: `python -m tests.bot.telegram.fake_bot DIR`."""

import os
import sys
from pathlib import Path
from typing import cast

from bot.settings import read_telegram_settings
from bot.telegram import app
from bot.telegram.services import Services
from retrieval import Archive, Settings
from tests.bot.telegram.fakes import FakeArchive, FakeWriter


def main() -> None:
    app._POLL_EVERY_S = 0.0  # each question of a test would wait for it
    folder, delay = Path(sys.argv[1]), float(os.environ.get("FAKE_DELAY", "0"))
    writer = FakeWriter(folder, Settings())
    app.serve(
        Services.of(read_telegram_settings(), folder, lambda: cast("Archive", FakeArchive(delay, folder)), writer)
    )


if __name__ == "__main__":
    main()
