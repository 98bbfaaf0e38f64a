"""A folder of words on disk, opened to be read, also where it may not be written; and what tantivy's errors mean."""

import functools
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from retrieval.commands import command
from retrieval.index.protocols import ArchiveChangedError

_log = logging.getLogger(__name__)


class WordsDamagedError(ArchiveChangedError):
    """The words cannot be read: another process makes them anew just now, or they have to be."""


@contextmanager
def panics_explained(folder: Path) -> Iterator[None]:
    """Say that the words in `folder` are damaged where tantivy, which does not expect it, panics.

    Raises:
        WordsDamagedError: it did.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # it cannot be imported, and is no Exception
            raise
        raise _damaged(folder, error) from error


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Say that the words in `folder` are damaged where tantivy cannot read them.

    Raises:
        WordsDamagedError: it cannot.
    """
    with panics_explained(folder):
        try:
            yield
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error


def _damaged(folder: Path, error: BaseException) -> WordsDamagedError:
    what = " ".join(str(error).split())
    return WordsDamagedError(f"{folder} is damaged ({what}). Run: {command('verify --repair', folder.parent)}")


def opened(folder: Path) -> tantivy.Index:
    """Open an index; one that may not be written, where tantivy cannot lock, by way of links to its files."""
    if not is_closed(folder):
        return tantivy.Index.open(str(folder))
    with TemporaryDirectory(prefix="chuchu-") as beside:
        for path in folder.iterdir():
            if not path.name.endswith(".lock"):
                (Path(beside) / path.name).symlink_to(path.absolute())
        return tantivy.Index.open(beside)


def is_closed(folder: Path) -> bool:
    """Tell whether a folder may not be written."""
    return not os.access(folder, os.W_OK)


def is_withheld(folder: Path) -> bool:
    """Tell whether this user may not read the words that another user made; said once."""
    try:
        (folder / "meta.json").open("rb").close()
    except PermissionError:
        _say_withheld(folder)
        return True
    except OSError:  # there are none, or they are damaged
        return False
    return False


@functools.cache
def _say_withheld(folder: Path) -> None:
    _log.warning(
        "%s may not be read by this user, so that less is found. Its owner opens it to whoever may read the archive "
        "with the next chuchu index",
        folder,
    )


def identity(folder: Path) -> tuple[int, int] | None:
    """Tell what is committed in a folder from what was there at other times; None where nothing is."""
    try:
        found = (folder / "meta.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
