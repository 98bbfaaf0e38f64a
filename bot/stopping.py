"""Ctrl-C during long work: the first ends it between two articles, the second at once."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from bot.output import console

STOPPED = 130  # what a shell reports for a command that was interrupted


def heed_interrupts() -> None:
    """Let Ctrl-C raise KeyboardInterrupt, where the process was not started to ignore it."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def say_stopped(left: str) -> None:
    """Say on standard error that it was stopped, and what is left to do."""
    sys.stderr.write(f"stopped: {left}\n")


@contextmanager
def ending_when_interrupted(left: str) -> Iterator[None]:
    """Let Ctrl-C end what has nothing to keep, and say what is left to do."""
    try:
        yield
    except KeyboardInterrupt:
        say_stopped(left)
        raise SystemExit(STOPPED) from None


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether Ctrl-C was pressed; pressed twice, it ends the process as a kill would.

    An archive bears that, and to wait for the thread that embeds would take seconds.
    """
    pressed = False

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            say_stopped("what was written is kept, and the same command goes on")
            console(stderr=True).show_cursor()
            sys.stderr.flush()
            os._exit(STOPPED)
        pressed = True
        sys.stderr.write("stopping after these articles; Ctrl-C again stops at once\n")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)
