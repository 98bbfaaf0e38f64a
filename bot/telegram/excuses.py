"""What a person is told when something did not work."""

import traceback

from telegram.error import TelegramError

from bot.telegram.desk import BusyError, SlowError
from bot.telegram.texts import Wording
from retrieval import ChuchuError, QuestionError

MOST_CHARACTERS = 2_000  # what the archive takes as a question


def excuse(error: BaseException, words: Wording) -> str:
    """Say kindly what went wrong."""
    if isinstance(error, QuestionError):
        return words.too_long.format(most=MOST_CHARACTERS)
    if isinstance(error, BusyError):
        return words.busy.format(waiting=error.waiting)
    if isinstance(error, SlowError):
        return words.slow
    return words.no_archive if isinstance(error, ChuchuError) else words.fault


def is_expected(error: BaseException) -> bool:
    """Tell whether an error needs no traceback in the log."""
    return isinstance(error, (ChuchuError, BusyError, SlowError))


def described(error: BaseException) -> str:
    """Describe an error for the log: where it happened, but no message that could repeat a person's words."""
    known = isinstance(error, (ChuchuError, TelegramError))
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__name__}: {error if known else '(message left out)'}"
