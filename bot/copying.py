"""The command `copy`: move an archive to a cluster, or back, without embedding anything."""

from typing import Annotated

import typer

from bot import output, records
from bot.options import Json
from bot.progress import indexing_progress
from bot.stopping import STOPPED, say_stopped, stopping
from retrieval import read_settings


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
            output.print_json(records.report(report))
        else:
            output.print_report(report, target)
        if report.stopped:
            say_stopped("the same command goes on")
            raise typer.Exit(STOPPED)
