"""The Telegram bot: the archive's answers where people talk, each passage with its source, date and link."""

import os

# python-telegram-bot gives durations as timedelta from its next major version on; without this it warns at each one.
os.environ.setdefault("PTB_TIMEDELTA", "1")
