"""The command `index`: once, again and again, or anew; it can be stopped between two articles."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot import output, records
from bot.progress import indexing_progress, preparing_progress
from retrieval import ChuchuError, Encoder, IndexReport, encoder_of, read_settings

_STOPPED = 130  # what a shell reports for a command that was interrupted


def index_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="files, folders, *.jsonl, *.zip …; - reads standard input")
    ] = None,
    index: Annotated[
        Path | None, typer.Option("--index", help="folder of the archive [default: $CHUCHU_INDEX, or index]")
    ] = None,
    source: Annotated[str | None, typer.Option(help="outlet of the articles that name none")] = None,
    *,
    prune: Annotated[bool, typer.Option("--prune", help="remove articles of these paths whose files are gone")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="go on indexing as files appear and change")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="embed the archive's articles again, as after a change of model")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Add articles to the archive; unchanged ones are skipped."""
    if rebuild == bool(paths):
        raise ChuchuError("name files or folders with articles to index, or --rebuild the archive out of itself")
    settings = read_settings()
    folder = index or Path(settings.index)
    with preparing_progress() as prepared:
        encoder = encoder_of(settings, prepared)
    with _stopping() as stopped:
        runs = _runs(paths or [], folder, encoder, source, stopped, outlets=settings.outlets, prune=prune, watch=watch)
        for report in runs:
            _print(report, folder, as_json=as_json)
        if stopped():
            raise typer.Exit(_STOPPED)
    if paths and not (report.added or report.changed or report.unchanged or report.removed):
        named = ", ".join(map(str, paths))
        raise ChuchuError(
            f"no article was found in {named}. Name files or folders with articles: .txt, .jsonl, .html …"
        )


def _runs(
    paths: list[Path],
    folder: Path,
    encoder: Encoder,
    source: str | None,
    stopped: Callable[[], bool],
    *,
    outlets: Path | None,
    prune: bool,
    watch: bool,
) -> Iterator[IndexReport]:
    """Yield the report of each run: one, or one more with every change that is watched."""
    from retrieval import index_paths, rebuild_archive

    with indexing_progress() as progressed:
        if not paths:
            yield rebuild_archive(folder, encoder, progress=progressed, stopped=stopped)
            return
        run = partial(index_paths, paths, folder, encoder, source=source, outlets=outlets, prune=prune, stopped=stopped)
        yield run(progress=progressed)
    if watch and not stopped():
        from watchfiles import watch as changes

        # it asks every second whether it is to stop, and hands on changes once they have been quiet for 1.6 s
        for _ in changes(*paths, rust_timeout=1000, yield_on_timeout=False, stop_event=_Asked(stopped)):
            report = run()
            if report.added or report.changed or report.removed or report.skipped:
                yield report


class _Asked:
    """An event that is set once a question is answered with yes."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question

    def is_set(self) -> bool:
        return self._question()


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether Ctrl-C was pressed; pressed twice, it interrupts at once."""
    pressed = False

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        sys.stderr.write("stopping after these articles; Ctrl-C again stops at once\n")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _print(report: IndexReport, folder: Path, *, as_json: bool) -> None:
    if as_json:
        output.print_json(records.report(report))
    else:
        output.print_report(report, folder)
