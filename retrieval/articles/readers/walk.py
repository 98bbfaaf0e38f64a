"""Paths → files, in sorted order."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from retrieval.articles.decoding import decode
from retrieval.articles.draft import Skipped
from retrieval.articles.readers.files import File
from retrieval.errors import ArticleError
from retrieval.own_files import without_own

STANDARD_INPUT = "-"


def check(paths: Sequence[Path]) -> None:
    """Make sure that every path exists before anything is read.

    Raises:
        ArticleError: one does not.
    """
    for path in paths:
        if str(path) != STANDARD_INPUT and not path.exists():
            raise ArticleError(f"{path} does not exist: give a file, a folder or - for standard input")


def walk(path: Path) -> Iterator[File | Skipped]:
    """Yield the files at or below `path`; hidden ones are passed over, and archives' own; folders are entered once."""
    if str(path) == STANDARD_INPUT:
        yield from _standard_input()
    elif path.is_dir():
        yield from _walk_folder(path)
    else:
        yield _file(path, _clean(path.name))


def _walk_folder(folder: Path) -> Iterator[File | Skipped]:
    """Walk depth first with a stack, since folders can lie deeper than calls may."""
    seen: set[tuple[int, int]] = set()
    stack = [folder]
    while stack:
        path = stack.pop()
        if not path.is_dir():
            yield _file(path, _clean(path.relative_to(folder).as_posix()))
            continue
        try:
            status = path.stat()
            inside = sorted(child for child in path.iterdir() if not child.name.startswith("."))
        except OSError as error:
            yield Skipped(_clean(str(path)), error.strerror or "cannot be listed")
            continue
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            stack.extend(reversed(without_own(inside)))


def _file(path: Path, identity: str) -> File | Skipped:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return Skipped(_clean(str(path)), error.strerror or "cannot be opened")
    if not stat.S_ISREG(mode):
        return Skipped(_clean(str(path)), "not a regular file")
    return File(identity, _clean(path.as_posix()), lambda: path.open("rb"))


def _clean(name: str) -> str:
    """Return a file's name as text, whatever encoding its bytes are in."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return decode(os.fsencode(name)).text
    return name


def _standard_input() -> Iterator[File]:
    """Keep standard input in an unnamed temporary file, since a format may be looked at first and read afterwards."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        yield File("stdin", "stdin", lambda: _from_start(kept))


def _from_start(kept: IO[bytes]) -> IO[bytes]:
    kept.seek(0)
    return os.fdopen(os.dup(kept.fileno()), "rb")
