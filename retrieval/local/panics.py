"""What tantivy's panics mean: a damaged folder of words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.commands import command
from retrieval.errors import ArchiveDamagedError


@contextmanager
def panics_explained(folder: Path) -> Iterator[None]:
    """Tell that words are damaged where tantivy, which does not expect it, panics."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # it cannot be imported, and is no Exception
            raise
        raise ArchiveDamagedError(
            f"{folder / 'words'} is damaged ({error}). Run: {command('verify --repair', folder)}"
        ) from error
