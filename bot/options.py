"""The options that several commands take."""

from typing import Annotated

import typer

Index = Annotated[
    str | None,
    typer.Option("--index", help="folder of the archive, or address of a cluster [default: $CHUCHU_INDEX, or index]"),
]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
