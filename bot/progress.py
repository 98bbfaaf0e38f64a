"""Progress of long work, on standard error; quiet when that is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.output import console
from bot.remaining import Remaining
from bot.streams import open_streams
from retrieval import IndexReport


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
                tasks[stage] = drawn.add_task(stage, total=1.0)
            drawn.update(tasks[stage], completed=share)

        yield show


@contextmanager
def indexing_progress(done: str = "indexed") -> Iterator[Callable[[IndexReport], None]]:
    """Yield a function that shows how far indexing, or what else is `done` to articles, has come, and what is left."""
    remaining, said = Remaining(), TextColumn("{task.description}", markup=False)
    with bars(SpinnerColumn(), said, BarColumn(), TimeElapsedColumn()) as drawn:
        task = drawn.add_task("reading", total=None)

        def show(report: IndexReport) -> None:
            seconds = drawn.tasks[0].elapsed or 0.0
            total, share = (None, 0.0) if report.read is None else (1.0, report.read)
            left = remaining.left(seconds, share, is_embedding=report.embedded > 0)
            drawn.update(task, description=described(report, seconds, left, done), total=total, completed=share)

        yield show


def described(report: IndexReport, seconds: float, left: float | None = None, done: str = "indexed") -> str:
    """Say what was done in so many seconds, how fast, and how many seconds are left where that is known."""
    count = len(report.added) + len(report.changed)
    parts = [f"{count:,} {done}, {len(report.unchanged):,} unchanged, {len(report.skipped):,} skipped"]
    if seconds > 1 and report.embedded:
        parts.append(f"{report.embedded / seconds:.0f} windows/s")
    if left is not None and left >= 1:
        parts.append(f"{timedelta(seconds=round(left))} left")
    return ", ".join(parts)
