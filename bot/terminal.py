"""What commands share of a terminal: options, files, progress of long work, and how to stop.

Progress is shown on standard error, and only where that is a terminal.
"""

import math
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.output import console
from bot.streams import open_streams
from bot.words import listed, say, translated
from retrieval import IndexReport


def named(value: str) -> str:
    """Take a name as it is typed, but not an empty one: a shell's variable that is not set is no folder."""
    if not value:
        raise typer.BadParameter(say("it is empty: name a file or a folder."))
    return value


def named_path(value: str) -> Path:
    """Take the name of a file or a folder."""
    return Path(named(value))


Index = Annotated[
    str | None,
    typer.Option(
        "--index",
        parser=named,
        metavar="<str>",
        help="folder of the archive, or address of a cluster; without it $CHUCHU_INDEX, or index",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


_PANELS = ("ARGUMENTS", "OPTIONS", "COMMANDS")


def commands_below(command: Any) -> Iterator[Any]:
    """Yield a command of the command line and all below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from commands_below(below)


def translate_help(command: Any) -> None:
    """Put the help of a command, and of all below it, into the terminal's language."""
    from typer import rich_utils

    for panel in _PANELS:
        setattr(rich_utils, f"{panel}_PANEL_TITLE", say(panel.capitalize()))
    for name in ("DEFAULT_STRING", "REQUIRED_LONG_STRING"):
        setattr(rich_utils, name, say(getattr(rich_utils, name)))
    for each in commands_below(command):
        usage = each.get_usage
        each.get_usage = partial(_usage, usage)
        with typer.Context(each) as context:
            parameters = [*each.params, *filter(None, [each.get_help_option(context)])]
        for item in (each, *parameters):
            if getattr(item, "help", None):
                item.help = translated(item.help)


def _usage(usage: Callable[[Any], str], context: Any) -> str:
    return usage(context).replace("Usage:", say("Usage:"), 1)


_OWNER_ONLY = 0o600


def keep_private(path: Path) -> None:
    """Close a file of chuchu's own to others, and make it if there is none.

    Raises:
        OSError: it cannot be written.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY))
    with suppress(PermissionError):  # it is another user's, who decides
        path.chmod(_OWNER_ONLY)


def write_private(path: Path, text: str) -> None:
    """Write a file where the user wants it; one that is there keeps its permissions, and a new one is the owner's only.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, _OWNER_ONLY)) as file:
        file.write(text)


STOPPED = 130  # what a shell reports for a command that was interrupted


def heed_interrupts() -> None:
    """Let Ctrl-C raise KeyboardInterrupt, where the process was not started to ignore it."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def say_stopped(left: str) -> None:
    """Say on standard error that it was stopped, and what is left to do."""
    sys.stderr.write(f"{say('stopped: {left}', left=say(left))}\n")


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
    """Yield a function that returns whether Ctrl-C was pressed; pressed twice, it ends the process as a kill would.

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
        sys.stderr.write(say("stopping after these articles; Ctrl-C again stops at once") + "\n")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


INDEXED, COPIED = "{count:,} indexed", "{count:,} copied"
_EVERY = 5.0
"""Seconds between two looks: about one batch, before which its articles are read and not yet embedded."""
_MEMORY = 60.0
"""Seconds after which what was measured counts a third: long against a batch, short against a run worth estimating."""


class Remaining:
    """Estimates the seconds left from how fast the share that is read has grown of late.

    What is read before the first batch is embedded runs ahead, and what was indexed before costs nearly nothing: the
    estimate begins anew with the first batch.
    """

    def __init__(self) -> None:
        self._is_embedding = False
        self._seen: tuple[float, float] | None = None
        self._share = self._seconds = 0.0
        self._end: float | None = None

    def left(self, seconds: float, share: float, *, is_embedding: bool) -> float | None:
        """Return the seconds left after so many, with this share of the whole done; None as long as nobody knows."""
        if self._seen is None or is_embedding != self._is_embedding:
            self._is_embedding, self._seen = is_embedding, (seconds, share)
            self._share = self._seconds = 0.0
            self._end = None
        elif seconds - self._seen[0] >= _EVERY:
            self._look(seconds - self._seen[0], share - self._seen[1])
            self._seen = (seconds, share)
            self._end = seconds + (1 - share) * self._seconds / self._share if self._share else None
        return None if self._end is None else max(0.0, self._end - seconds)

    def _look(self, seconds: float, share: float) -> None:
        kept = math.exp(-seconds / _MEMORY)
        self._share = kept * self._share + share
        self._seconds = kept * self._seconds + seconds


@contextmanager
def bars(*columns: ProgressColumn) -> Iterator[Progress]:
    """Yield bars of progress with these columns, which are gone in the end."""
    screen = console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as drawn:
        open_streams()  # rich puts other lines above the bars, but takes colours and links from them
        yield drawn


@contextmanager
def preparing_progress() -> Iterator[Callable[[str, float], None]]:
    """Yield a function that shows a stage of the model's preparation and its share done, 0…1."""
    with bars(TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()) as drawn:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = drawn.add_task(say(stage), total=1.0)
            drawn.update(tasks[stage], completed=share)

        yield show


@contextmanager
def indexing_progress(done: str = INDEXED) -> Iterator[Callable[[IndexReport], None]]:
    """Yield a function that shows how far indexing, or what else is `done` to articles, has come, and what is left."""
    remaining, said = Remaining(), TextColumn("{task.description}", markup=False)
    with bars(SpinnerColumn(), said, BarColumn(), TimeElapsedColumn()) as drawn:
        task = drawn.add_task(say("reading"), total=None)

        def show(report: IndexReport) -> None:
            seconds = drawn.tasks[0].elapsed or 0.0
            total, share = (None, 0.0) if report.read is None else (1.0, report.read)
            left = remaining.left(seconds, share, is_embedding=report.embedded > 0)
            drawn.update(task, description=described(report, seconds, left, done), total=total, completed=share)

        yield show


def described(report: IndexReport, seconds: float, left: float | None = None, done: str = INDEXED) -> str:
    """Say what was done in so many seconds, how fast, and how many seconds are left where that is known."""
    count = len(report.added) + len(report.changed)
    parts = [say(done, count=count)]
    parts += [
        say("{count:,} unchanged", count=len(report.unchanged)),
        say("{count:,} skipped", count=len(report.skipped)),
    ]
    if seconds > 1 and report.embedded:
        parts.append(say("{speed:.0f} windows/s", speed=report.embedded / seconds))
    if left is not None and left >= 1:
        parts.append(say("{time} left", time=timedelta(seconds=round(left))))
    return listed(parts)
