"""One writer at a time, and files that are written next to the old ones and renamed over them."""

import json
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import ArchiveError, ArchiveLockedError, Message, raise_shortage
from retrieval.store.catalogue import Catalogue

_log = logging.getLogger(__name__)
_SILENT_S = 3.0  # to wait without a word


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the archive's writer lock.

    Raises:
        ArchiveLockedError: another living process holds it; its number and since when is in the message.
        ArchiveError: the folder cannot be written.
    """
    holder = folder / "writer.json"
    lock = FileLock(folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveLockedError(
            "{folder} is being written by {holder}. Wait for it, or end it, and run the same command again.",
            folder=folder,
            holder=_describe(holder),
        ) from error
    except OSError as error:
        raise_shortage(Message("{folder} cannot be written", folder=folder), error)
        raise ArchiveError(
            "{folder} cannot be written: {error}. Choose another folder with --index, or fix its permissions.",
            folder=folder,
            error=error,
        ) from error
    try:
        with suppress(OSError):  # a full disk: what is to be written says so better, and removing may still work
            holder.write_text(json.dumps({"process": os.getpid(), "since": time.time()}), "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def deriving(folder: Path, *, patience_s: float | None = None) -> Iterator[bool]:
    """Hold the lock under which what is derived is written, after waiting for it if need be; yield whether it is held.

    It is not where another process still had it after `patience_s`, or where the folder cannot be written.
    """
    lock = FileLock(folder / "derived.lock")
    try:
        lock.acquire(timeout=_SILENT_S if patience_s is None else patience_s)
    except Timeout:
        if patience_s is None:
            _log.warning("waiting for another process, which makes the words or the vectors of %s anew", folder)
            lock.acquire()
    except OSError as error:
        _log.info("%s cannot be locked: %s", folder, error)
    try:
        yield lock.is_locked
    finally:
        lock.release()


def writer_lives(folder: Path) -> bool:
    """Return whether a living process says that it is writing, without a lock: a writer would be refused for that."""
    try:
        values = json.loads((folder / "writer.json").read_text("utf-8"))
        if values["since"] < time.time() - time.monotonic():  # the machine was started since
            return False
        os.kill(int(values["process"]), 0)
    except PermissionError:  # it is another user's
        return True
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return True


def _describe(holder: Path) -> str:
    try:
        values = json.loads(holder.read_text("utf-8"))
        seconds = max(0, round(time.time() - values["since"]))
        return Message("process {process}, for {seconds} s", process=values["process"], seconds=seconds)
    except (OSError, ValueError, KeyError, TypeError):
        return Message("another process")


_REBUILT, _DERIVED = "rebuilt", ("words", "vectors.faiss")


def rebuild_folder(folder: Path) -> Path:
    """Return where the archive in `folder` is rebuilt; what is found there from a killed run is gone on with."""
    return folder / _REBUILT


def swap(new: Catalogue, folder: Path) -> None:
    """Put the rebuilt archive, whose catalogue is `new`, in the place of the one in `folder`.

    Only the holder of the archive's lock may call this.

    Raises:
        ArchiveError: it cannot be written.
    """
    new.copy_into(folder / "catalogue.sqlite")
    with deriving(folder):
        _follow(folder)


def finish_swap_if_free(folder: Path) -> None:
    """Finish the swap of a killed rebuild, unless another process is doing so or the folder cannot be written.

    Anybody may call this: no writer is kept from its work.

    Raises:
        ArchiveError: the folder cannot even be looked into.
    """
    try:
        is_left = any((rebuild_folder(folder) / name).exists() for name in _DERIVED)
    except PermissionError as error:
        raise ArchiveError(
            "{folder} cannot be read: {reason}. Fix its permissions, or name another folder with --index.",
            folder=folder,
            reason=error.strerror,
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
    shutil.rmtree(rebuild_folder(folder), ignore_errors=True)
    for path in folder.glob("salvaged.sqlite*"):
        path.unlink(missing_ok=True)


def _is_swapped(folder: Path) -> bool:
    """Return whether what was rebuilt is the archive that is already in its place."""
    identity = _identity(rebuild_folder(folder))
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
        if (rebuild_folder(folder) / "words").exists():
            if (folder / "words").exists():  # out of the way first: a reader misses the words for a moment only
                shutil.rmtree(rebuild_folder(folder) / "replaced", ignore_errors=True)
                (folder / "words").replace(rebuild_folder(folder) / "replaced")
            (rebuild_folder(folder) / "words").replace(folder / "words")
        if (rebuild_folder(folder) / "vectors.faiss").exists():
            (rebuild_folder(folder) / "vectors.faiss").replace(folder / "vectors.faiss")
    except OSError as error:
        raise ArchiveError(
            "{folder} cannot be written: {error}. Fix its permissions, and run the same command again.",
            folder=folder,
            error=error,
        ) from error
    # a reader may be looking into it: then the next writer removes it
    shutil.rmtree(rebuild_folder(folder), ignore_errors=True)
