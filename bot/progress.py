"""Progress of long work, on standard error; quiet when that is not a terminal."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.output import console
from bot.streams import open_streams
from bot.words import say
from retrieval import IndexReport

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
    return ", ".join(parts)
