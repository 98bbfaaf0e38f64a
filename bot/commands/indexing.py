"""The command `index`: once, again and again, or anew; it can be stopped between two articles."""

import logging
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from bot import json_output, output
from bot.terminal import (
    STOPPED,
    Index,
    Json,
    ending_when_interrupted,
    indexing_progress,
    named_path,
    preparing_progress,
    say_stopped,
    stopping,
)
from bot.words import listed, say
from retrieval import (
    ChuchuError,
    Encoder,
    IndexReport,
    Location,
    Settings,
    Survey,
    encoder_of,
    parse_shard,
    read_settings,
)

_log = logging.getLogger(__name__)
_DOUBTED = "{what}: --prune has removed nothing. If they are gone for good, run the same command with --prune=all"


class Pruned(StrEnum):
    """What `--prune` removes: what is certainly gone, or that also where it is very much at once."""

    GONE = "gone"
    ALL = "all"


class Splits(StrEnum):
    """What parts a text file into articles; `auto` parts where nearly every line begins like an article."""

    AUTO = "auto"
    LINES = "lines"
    BLANK = "blank"
    NONE = "none"


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
SplitOption = Annotated[
    Splits,
    typer.Option(
        "--split", help="what parts a text file into articles: lines, blank lines, nothing, or auto: its look"
    ),
]
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
    split: SplitOption = Splits.AUTO,
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
                         follow_links=follow_links, split=split, stopped=stopped)
        )  # fmt: skip
        watched = partial(_changes, named, Path(location), stopped, follow_links=follow_links)
        for report in _runs(run, watched if watch and named else None, stopped):
            _print(report, location, as_json=as_json)
            if report.doubt and watch:
                _log.warning("%s", say(_DOUBTED, what=report.doubt))
        if report.stopped:
            say_stopped("the same command goes on")
        if stopped():
            raise typer.Exit(STOPPED)
    if report.doubt:
        raise ChuchuError(_DOUBTED, what=report.doubt)
    if share.of == 1:
        _check_found(report, named)


def read_command(
    paths: Annotated[list[Path], typer.Argument(parser=named_path, metavar="PATH", help="what `index` would be given")],
    source: SourceOption = None,
    *,
    follow_links: FollowLinks = False,
    split: SplitOption = Splits.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="write the report as JSON, too")] = False,
) -> None:
    """Read articles without an archive: a JSON record a line, or why one is skipped; the report on standard error."""
    from retrieval import read_articles

    settings, survey, any_item = read_settings(), Survey(), False
    found = read_articles(
        paths, source=source, outlets=settings.outlets, split=split, follow_links=follow_links, survey=survey
    )
    for item in found:
        any_item = True
        output.print_line(json_output.read_item(item))
    if as_json:
        output.print_line(json_output.survey(survey), stderr=True)
    else:
        print_survey(survey, stderr=True)
    if not any_item:
        _check_found(IndexReport(), paths)


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
    from retrieval import changed_files

    return changed_files(paths, archive, stopped, follow_links=follow_links)


def _print(report: IndexReport, location: str, *, as_json: bool) -> None:
    if as_json:
        output.print_json(json_output.report(report))
    else:
        print_report(report, location)


def _check_found(report: IndexReport, paths: list[Path]) -> None:
    if paths and not (report.added or report.changed or report.unchanged or report.removed):
        raise ChuchuError(
            "no article was found in {paths}. Name files or folders with articles: .txt, .jsonl, .html …",
            paths=", ".join(map(str, paths)),
        )


_SHOWN_STRING = 80


def print_survey(survey: Survey, *, stderr: bool = False) -> None:
    """Print what a person would check of the articles that were made; what is most likely wrong comes first."""
    for line in _survey_lines(survey):
        output.console(stderr=stderr).print(output.name(line), soft_wrap=True)


def _survey_lines(survey: Survey) -> Iterator[str]:
    if not survey.articles:
        return
    count = survey.articles
    if survey.is_undated:
        yield say("look here: {part:,} of {count:,} articles have no date; see them: chuchu read PATH",
                  part=survey.undated, count=count)  # fmt: skip
    if survey.is_cut:
        yield say("look here: {part:,} of {count:,} articles lost more than a third; see of what: chuchu read PATH",
                  part=survey.cut, count=count)  # fmt: skip
    for path, (made, by) in survey.splits.items():
        yield say("{path}: 1 file, {count:,} {by}: {count:,} articles (--split none keeps it whole)",
                  path=path, count=made, by=say(by))  # fmt: skip
    yield say("{count:,} articles: {undated:,} without a date, {nameless:,} without an outlet, "
              "{removed:,} of {characters:,} characters removed", count=count, undated=survey.undated,
              nameless=survey.nameless, removed=survey.removed, characters=survey.characters)  # fmt: skip
    for text, times in survey.removed_most:
        yield say("  removed {count:,} times: {text}", count=times, text=text[:_SHOWN_STRING])
    for sample in survey.samples:
        shown = (
            sample.title or say("no title"),
            sample.source or say("no outlet"),
            (sample.published or say("no date")).replace("T", " "),
            sample.opening,
        )
        yield f"  {' · '.join(shown)}"


def print_report(report: IndexReport, location: Location) -> None:
    """Print what an indexing run did; skipped files go to standard error."""
    counts = {
        "{count:,} added": len(report.added),
        "{count:,} changed": len(report.changed),
        "{count:,} unchanged": len(report.unchanged),
        "{count:,} removed": len(report.removed),
        "{count:,} skipped": len(report.skipped),
    }
    said = listed(say(template, count=count) for template, count in counts.items() if count) or say("nothing done")
    work = say("{windows:,} windows, {embedded:,} embedded", windows=report.windows, embedded=report.embedded)
    output.console().print(output.name(f"{location}: {said} ({work})"))
    print_survey(report.survey)
    errors = output.console(stderr=True)
    for item in report.skipped[: output.SHOWN_SKIPS]:
        errors.print(
            output.name(say("skipped {path}: {reason}", path=item.path, reason=item.reason), "yellow"), soft_wrap=True
        )
    output.print_rest(len(report.skipped), errors)
