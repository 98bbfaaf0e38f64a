"""The options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer


def named(value: str) -> str:
    """Take a name as it is typed, but not an empty one: a shell's variable that is not set is no folder."""
    if not value:
        raise typer.BadParameter("it is empty: name a file or a folder.")
    return value


def named_path(value: str) -> Path:
    """Take the name of a file or a folder."""
    return Path(named(value))


Index = Annotated[
    str | None,
    typer.Option(
        "--index",
        parser=named,
        metavar="<str>",
        help="folder of the archive, or address of a cluster [default: $CHUCHU_INDEX, or index]",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
