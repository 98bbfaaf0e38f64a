"""Who may write: one writer at a time, and what is derived by one process at a time, be it a writer or a reader.

Both locks die with their holders. The second writer is refused, with the name of the first. Whoever derives is waited
for: a reader that makes up for a killed writer keeps no writer from its work.
"""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import ArchiveError, ArchiveLockedError

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
            f"{folder} is being written by {_describe(holder)}. Wait for it, or end it, and run the same command again."
        ) from error
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written: {error}. Choose another folder with --index, or mend its permissions."
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
    """Tell whether a living process says that it is writing, without a lock: a writer would be refused for that."""
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
        return f"process {values['process']}, for {seconds} s"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
