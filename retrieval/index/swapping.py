"""Put a rebuilt archive, which lies in a folder inside the old one's, in the place of the old one.

The catalogue goes over in one transaction; what is derived from it follows by renaming. Killed between the two, the
rest is done by whoever opens the archive next: until then its vectors and words would have to be made again.
"""

import shutil
from contextlib import closing, suppress
from pathlib import Path

from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing

_BESIDE = "rebuilt"


def beside(folder: Path) -> Path:
    """Return where the archive in `folder` is rebuilt; what is found there from a killed run is gone on with."""
    return folder / _BESIDE


def swap(new: Catalogue, folder: Path) -> None:
    """Put the archive beside, whose catalogue is `new`, in the place of the one in `folder`.

    Only the holder of the archive's lock may call this.

    Raises:
        ArchiveError: it cannot be written.
    """
    new.copy_into(folder / "catalogue.sqlite")
    _follow(folder)


def settle(folder: Path) -> None:
    """Finish the swap of a killed rebuild, unless a living writer is at it or the folder cannot be written.

    Raises:
        ArchiveError: the folder cannot even be looked into.
    """
    try:
        is_left = beside(folder).exists()
    except PermissionError as error:
        raise ArchiveError(
            f"{folder} cannot be read: {error.strerror}. Mend its permissions, or name another folder with --index."
        ) from error
    if is_left:
        with suppress(ArchiveError), writing(folder):
            finish_swap(folder)


def finish_swap(folder: Path) -> None:
    """Do what is left of a swap that was killed, if one was. Only the holder of the archive's lock may call this."""
    identity = _identity(beside(folder))
    if identity and identity == _identity(folder):
        _follow(folder)


def _identity(folder: Path) -> str | None:
    if not (folder / "catalogue.sqlite").is_file():
        return None
    try:
        with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
            return catalogue.manifest().get("archive")
    except ArchiveError:
        return None


def _follow(folder: Path) -> None:
    try:
        if (beside(folder) / "words").exists():
            shutil.rmtree(folder / "words", ignore_errors=True)
            (beside(folder) / "words").replace(folder / "words")
        if (beside(folder) / "vectors.faiss").exists():
            (beside(folder) / "vectors.faiss").replace(folder / "vectors.faiss")
        shutil.rmtree(beside(folder))
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written: {error}. Mend its permissions, and run the same command again."
        ) from error
