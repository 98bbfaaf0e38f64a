"""Put a rebuilt archive, which lies in a folder inside the old one's, in the place of the old one.

The catalogue goes over in one transaction; what is derived from it follows by renaming. Killed between the two, the
rest is done by whoever opens the archive next: until then its vectors and words would have to be made again. What a
rebuild that was killed earlier leaves, only another rebuild of the same articles can go on with; any other writer
removes it.
"""

import shutil
from contextlib import closing, suppress
from pathlib import Path

from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import deriving

_BESIDE, _DERIVED = "rebuilt", ("words", "vectors.faiss")


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
    with deriving(folder):
        _follow(folder)


def settle(folder: Path) -> None:
    """Finish the swap of a killed rebuild, unless another process is at it or the folder cannot be written.

    Anybody may call this: no writer is kept from its work.

    Raises:
        ArchiveError: the folder cannot even be looked into.
    """
    try:
        is_left = any((beside(folder) / name).exists() for name in _DERIVED)
    except PermissionError as error:
        raise ArchiveError(
            f"{folder} cannot be read: {error.strerror}. Mend its permissions, or name another folder with --index."
        ) from error
    if is_left and _is_swapped(folder):
        with suppress(ArchiveError), deriving(folder, patience_s=0) as is_held:
            if is_held and _is_swapped(folder):  # another rebuild may have begun meanwhile
                _follow(folder)


def finish_swap(folder: Path) -> None:
    """Do what is left of a swap that was killed, if one was. Only the holder of the archive's lock may call this."""
    if _is_swapped(folder):
        with deriving(folder):
            _follow(folder)


def clear(folder: Path) -> None:
    """Remove what killed writers left that nobody will use. Only the holder of the archive's lock may call this."""
    shutil.rmtree(beside(folder), ignore_errors=True)
    for path in folder.glob("salvaged.sqlite*"):
        path.unlink(missing_ok=True)


def _is_swapped(folder: Path) -> bool:
    """Tell whether what lies beside is the archive that is already in its place."""
    identity = _identity(beside(folder))
    return identity is not None and identity == _identity(folder)


def _identity(folder: Path) -> str | None:
    if not (folder / "catalogue.sqlite").is_file():
        return None
    try:
        with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
            return catalogue.manifest().get("archive")
    except ArchiveError:
        return None


def _follow(folder: Path) -> None:
    """Move what is derived; what another process has moved meanwhile is not there any more."""
    try:
        if (beside(folder) / "words").exists():
            if (folder / "words").exists():  # out of the way first: a reader misses the words for a moment only
                shutil.rmtree(beside(folder) / "replaced", ignore_errors=True)
                (folder / "words").replace(beside(folder) / "replaced")
            (beside(folder) / "words").replace(folder / "words")
        if (beside(folder) / "vectors.faiss").exists():
            (beside(folder) / "vectors.faiss").replace(folder / "vectors.faiss")
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written: {error}. Mend its permissions, and run the same command again."
        ) from error
    shutil.rmtree(beside(folder), ignore_errors=True)  # a reader may be looking into it: the next writer removes it
