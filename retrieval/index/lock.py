"""One writer at a time: a lock that dies with its holder and names it to whoever comes second."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import ArchiveError, ArchiveLockedError


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


def _describe(holder: Path) -> str:
    try:
        values = json.loads(holder.read_text("utf-8"))
        seconds = max(0, round(time.time() - values["since"]))
        return f"process {values['process']}, for {seconds} s"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
