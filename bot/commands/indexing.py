"""The command `index`: once, again and again, or anew; it can be stopped between two articles."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from watchfiles import Change, DefaultFilter, watch
from watchfiles._rust_notify import WatchfilesRustInternalError
from watchfiles.main import FileChange

from bot import json_output as records
from bot import output
from bot.progress import indexing_progress, preparing_progress
from bot.terminal import STOPPED, Index, Json, ending_when_interrupted, named_path, say_stopped, stopping
from retrieval import (
    ChuchuError,
    Encoder,
    IndexReport,
    Settings,
    encoder_of,
    folders_in,
    is_own,
    parse_shard,
    read_settings,
)

_log = logging.getLogger(__name__)
_SURROGATE = re.compile("[\ud800-\udfff]")


class ArticleFiles(DefaultFilter):
    """Lets through what happens to articles, and not what an archive does to its own files among them."""

    def __init__(self, archive: Path) -> None:
        super().__init__()
        self._archive = archive

    def __call__(self, change: Change, path: str) -> bool:
        """Tell whether a change is one of an article."""
        return super().__call__(change, path) and not is_own(Path(path), self._archive)


class _Asked:
    """An event that is set once a question is answered with yes."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question

    def is_set(self) -> bool:
        return self._question()


def changes(
    watched: Sequence[Path], archive: Path, stopped: Callable[[], bool], *, follow_links: bool = False
) -> Iterator[set[FileChange]]:
    """Yield whenever articles have changed and been quiet for 1.6 s, until it is stopped: asked every second.

    Each folder is watched by itself, since a watch of whole trees follows every link in them.

    Raises:
        ChuchuError: they cannot be watched.
    """
    is_late = False  # something may have changed while nothing was watched
    while not stopped():
        folders = _folders(watched, follow_links=follow_links)
        if not folders:
            raise ChuchuError("folders whose names are no UTF-8 cannot be watched: index them without --watch")
        try:
            for found in _watch(folders, archive, stopped):
                if found or is_late:
                    is_late = False
                    yield found
                if found and _folders(watched, follow_links=follow_links) != folders:
                    break
        except FileNotFoundError:  # a folder has gone between two steps: the next run says which, if it was a named one
            yield set()
        except WatchfilesRustInternalError as error:  # the name of what has changed is no UTF-8
            _log.debug("%s", error)
            if is_late:  # it changes again and again
                yield set()
        except OSError as error:
            raise ChuchuError(f"{', '.join(map(str, watched))} cannot be watched: {error}") from error
        is_late = True


def _folders(watched: Sequence[Path], *, follow_links: bool) -> list[str]:
    """Return what is to be watched: the paths themselves and the folders in them, but for names that are no UTF-8."""
    found = {str(folder) for path in watched for folder in (path, *folders_in(path, follow_links=follow_links))}
    return sorted(folder for folder in found if not _SURROGATE.search(folder))


def _watch(folders: Sequence[str], archive: Path, stopped: Callable[[], bool]) -> Iterator[set[FileChange]]:
    """Yield changes, and nothing once a second."""
    return watch(
        *folders,
        watch_filter=ArticleFiles(archive),
        rust_timeout=1000,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
        stop_event=_Asked(stopped),
    )


_DOUBTED = "%s: --prune has removed nothing. If they are gone for good, run the same command with --prune=all"


class Pruned(StrEnum):
    """What `--prune` removes: what is certainly gone, or that also where it is very much at once."""

    GONE = "gone"
    ALL = "all"


class IndexCommand(TyperCommand):
    """Takes `--prune` and `--prune=all`: typer knows no option whose value may be missing."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give `--prune` its usual value."""
        end = args.index("--") if "--" in args else len(args)
        usual = [f"--prune={Pruned.GONE}" if argument == "--prune" else argument for argument in args[:end]]
        return super().parse_args(ctx, [*usual, *args[end:]])


Paths = Annotated[
    list[Path] | None,
    typer.Argument(parser=named_path, metavar="PATH", help="files, folders, *.jsonl, *.zip …; - reads standard input"),
]
SourceOption = Annotated[str | None, typer.Option("--source", help="outlet of the articles that name none")]
ShardOption = Annotated[
    str,
    typer.Option("--shard", metavar="N/OF", help="take only this share of the articles: 3/16 is the third of sixteen"),
]
Prune = Annotated[
    Pruned | None,
    typer.Option(
        "--prune",
        metavar="[=all]",
        help="remove articles of these paths whose files are gone; =all: also whole folders, or more than half",
    ),
]
FollowLinks = Annotated[bool, typer.Option("--follow-links", help="follow links that lead out of these folders")]
Watch = Annotated[bool, typer.Option("--watch", help="go on indexing as files appear and change")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="embed the archive's articles again, as after a change of model")
]


def index_command(
    paths: Paths = None,
    index: Index = None,
    source: SourceOption = None,
    shard: ShardOption = "1/1",
    *,
    prune: Prune = None,
    follow_links: FollowLinks = False,
    watch: Watch = False,
    rebuild: Rebuild = False,
    as_json: Json = False,
) -> None:
    """Add articles to the archive; unchanged ones are skipped."""
    from retrieval import index_paths, rebuild_archive

    if rebuild == bool(paths):
        raise ChuchuError("name files or folders with articles to index, or --rebuild the archive out of itself")
    if watch and Path("-") in (paths or []):
        raise ChuchuError("standard input cannot be watched: name files or folders, or leave --watch away")
    settings = read_settings()
    named, location, share, encoder = paths or [], index or settings.index, parse_shard(shard), _encoder(settings)
    with stopping() as stopped:
        run = (
            partial(rebuild_archive, location, encoder, stopped=stopped)
            if rebuild
            else partial(index_paths, named, location, encoder, settings=settings, source=source,
                         outlets=settings.outlets, shard=share, prune="all" if prune is Pruned.ALL else bool(prune),
                         follow_links=follow_links, stopped=stopped)
        )  # fmt: skip
        watched = partial(_changes, named, Path(location), stopped, follow_links=follow_links)
        for report in _runs(run, watched if watch and named else None, stopped):
            _print(report, location, as_json=as_json)
            if report.doubt and watch:
                _log.warning(_DOUBTED, report.doubt)
        if report.stopped:
            say_stopped("the same command goes on")
        if stopped():
            raise typer.Exit(STOPPED)
    if report.doubt:
        raise ChuchuError(_DOUBTED % report.doubt)
    if share.of == 1:
        _check_found(report, named)


def _encoder(settings: Settings) -> Encoder:
    with (
        ending_when_interrupted("the model is not prepared yet; the next run prepares it"),
        preparing_progress() as prepared,
    ):
        return encoder_of(settings, prepared)


def _runs(
    run: Callable[..., IndexReport], watched: Callable[[], Iterator[object]] | None, stopped: Callable[[], bool]
) -> Iterator[IndexReport]:
    """Yield the report of each run: one, and one more with every change that is seen."""
    with indexing_progress() as progressed:
        report = run(progress=progressed)
    yield report  # once the line of the progress is gone
    if watched and not stopped():
        for _ in watched():
            report = run()
            if report.added or report.changed or report.removed or report.skipped or report.doubt:
                yield report


def _changes(paths: list[Path], archive: Path, stopped: Callable[[], bool], *, follow_links: bool) -> Iterator[object]:

    return changes(paths, archive, stopped, follow_links=follow_links)


def _print(report: IndexReport, location: str, *, as_json: bool) -> None:
    if as_json:
        output.print_json(records.report(report))
    else:
        output.print_report(report, location)


def _check_found(report: IndexReport, paths: list[Path]) -> None:
    if paths and not (report.added or report.changed or report.unchanged or report.removed):
        named = ", ".join(map(str, paths))
        raise ChuchuError(
            f"no article was found in {named}. Name files or folders with articles: .txt, .jsonl, .html …"
        )
