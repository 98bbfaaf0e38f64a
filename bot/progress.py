"""Progress of long work, on standard error; quiet when that is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.remaining import Remaining
from retrieval import IndexReport


def _console() -> Console:
    return Console(stderr=True)


@contextmanager
def preparing_progress() -> Iterator[Callable[[str, float], None]]:
    """Yield a function that shows a stage of the model's preparation and its share done, 0…1."""
    screen = _console()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def show(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=share)  # type: ignore[arg-type]

        yield show


@contextmanager
def indexing_progress(done: str = "indexed") -> Iterator[Callable[[IndexReport], None]]:
    """Yield a function that shows how far indexing, or what else is `done` to articles, has come, and what is left."""
    screen, remaining = _console(), Remaining()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        task = bars.add_task("reading", total=None)

        def show(report: IndexReport) -> None:
            seconds = bars.tasks[0].elapsed or 0.0
            total, share = (None, 0.0) if report.read is None else (1.0, report.read)
            left = remaining.left(seconds, share, is_embedding=report.embedded > 0)
            bars.update(task, description=described(report, seconds, left, done), total=total, completed=share)

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
