"""The commands that look after an archive: `verify` and `doctor`."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from bot import output
from retrieval import ArchiveDamagedError, ChuchuError, Fault, open_archive, read_settings

Index = Annotated[Path | None, typer.Option("--index", help="folder of the archive [default: $CHUCHU_INDEX, or index]")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


def verify_command(
    index: Index = None,
    *,
    repair: Annotated[bool, typer.Option("--repair", help="mend what can be mended")] = False,
    as_json: Json = False,
) -> None:
    """Check every byte of the archive, and that its passages and vectors are where they say."""
    from retrieval import repair_archive, verify_archive

    folder = index or Path(read_settings().index)
    taken_out: tuple[str, ...] = ()
    if repair:
        repaired = repair_archive(folder)
        found, taken_out, left = repaired.found, repaired.taken_out, repaired.left
    else:
        found = left = verify_archive(folder)
    if as_json:
        output.print_json({"faults": _records(found), "taken_out": list(taken_out), "left": _records(left)})
    else:
        _print(found, taken_out, mended=repair and not left)
    if left:
        mend = "" if repair else f" Run: chuchu verify --repair --index {folder}"
        raise ArchiveDamagedError(f"{folder} has {len(left)} faults.{mend}")


def doctor_command(index: Index = None, *, as_json: Json = False) -> None:
    """Say whether this installation can answer, and what is missing."""
    settings = read_settings()
    folder = index or Path(settings.index)
    findings = {
        "archive": _archive(folder),
        "model": f"{settings.model}, prepared in {settings.cache}",
        "disk": _disk(folder),
        "telegram": "a token is set" if getattr(settings, "telegram_token", None) else "no token is set",
    }
    if as_json:
        output.print_json(findings)
    else:
        for name, finding in findings.items():
            output.console().print(f"{name:10}{finding}")


def _archive(folder: Path) -> str:
    try:
        with open_archive(folder) as archive:
            stats = archive.stats()
    except ChuchuError as error:
        return str(error)
    return f"{folder}: {stats['articles']} articles, {stats['windows']} windows, built with {stats['model']}"


def _disk(folder: Path) -> str:
    place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    return f"{shutil.disk_usage(place).free / 1e9:.1f} GB free in {place}"


def _records(faults: tuple[Fault, ...]) -> list[dict[str, object]]:
    return [{"part": fault.part, "what": fault.what, "article": fault.article} for fault in faults]


def _print(faults: tuple[Fault, ...], taken_out: tuple[str, ...], *, mended: bool) -> None:
    screen = output.console()
    for fault in faults:
        named = f" {fault.article}" if fault.article else ""
        screen.print(f"{fault.part}{named}: {fault.what}", markup=False)
    if taken_out:
        screen.print(f"taken out, to be indexed again: {', '.join(taken_out)}", markup=False)
    if not faults:
        screen.print("nothing is wrong")
    elif mended:
        screen.print("mended")
