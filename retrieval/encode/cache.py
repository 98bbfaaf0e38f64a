"""Prepared models on disk: folders that are there whole or not at all.

A folder is built next to its place under the lock of that place, synced, and renamed. Its manifest names every file
with size and SHA-256. Checksums are compared where a file's size or times are not those of the last comparison, and by
`doctor` and `verify`.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from retrieval.errors import ChuchuError, EncoderError, Message, ShortageError, raise_shortage, shortage

FORMAT = 2
"""Of what prepared folders hold: folders of another format are made again."""
_MANIFEST, _CHECKED = "manifest.json", "checked.json"
_SPACE = {errno.ENOSPC, errno.EDQUOT}


def prepared(folder: Path, build: Callable[[Path], None], *, whole: Callable[[Path], bool] | None = None) -> Path:
    """Return the folder, built first where it is not complete.

    Raises:
        EncoderError: it must be built and cannot be written there.
    """
    whole = whole or is_complete
    if whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name(f"{folder.name}.lock")):
            if not whole(folder):
                _replace(folder, build)
    except OSError as error:
        reason = error.strerror or error
        if error.errno not in _SPACE:
            raise_shortage(Message("cannot prepare the model in {folder}", folder=folder.parent), error)
        raise EncoderError(
            "cannot prepare the model in {folder}: {reason}. Set CHUCHU_CACHE=… to a writable folder",
            folder=folder.parent,
            reason=reason,
        ) from error
    return folder


def is_complete(folder: Path) -> bool:
    """Return whether every file of the manifest is there in its full size."""
    try:
        files = _files(folder)
        return bool(files) and all((folder / name).stat().st_size == size for name, (size, _) in files.items())
    except (OSError, ValueError, TypeError, KeyError):
        return False


def is_unchanged(folder: Path) -> bool:
    """Return whether every file is what was written; reads only what has another time than when it was last read."""
    if not is_complete(folder):
        return False
    found = _times(folder)
    if found and found == _checked(folder):
        return True
    if verify(folder):
        return False
    _keep_checked(folder, found)
    return True


def damaged(place: Path) -> dict[Path, list[str]]:
    """Return the prepared folders in a cache of which files are not what was written, with the names of those."""
    folders = [
        path.parent for path in sorted(place.glob(f"*/{_MANIFEST}")) if path.parent.suffix not in {".new", ".old"}
    ]
    return {folder: names for folder in folders if (names := verify(folder))}


def discard(folder: Path) -> None:
    """Remove a prepared folder: the next use prepares it again.

    Raises:
        EncoderError: it cannot be removed.
    """
    try:
        with _locked(folder.with_name(f"{folder.name}.lock")):
            shutil.rmtree(folder)
    except OSError as error:
        raise EncoderError(
            "{folder} cannot be removed: {reason}. Fix its permissions", folder=folder, reason=error.strerror
        ) from error


def verify(folder: Path) -> list[str]:
    """Return the names of files whose content is not what was written; of the manifest when it cannot be read."""
    try:
        return [name for name, (_, checksum) in _files(folder).items() if not _matches(folder / name, checksum)]
    except (OSError, ValueError, TypeError, KeyError):
        return [_MANIFEST]


def is_sound(folder: Path) -> bool:
    """Return whether every file is what was written; reads them all."""
    return is_complete(folder) and not verify(folder)


def unloadable(folder: Path, error: BaseException) -> ChuchuError:
    """Return what to raise where a prepared folder cannot be loaded: for want of memory or files, or it is damaged."""
    if said := shortage(error):
        return ShortageError("the model in {folder} cannot be loaded: {said}", folder=folder, said=said)
    what = " ".join(str(error).split())
    return EncoderError("{folder} is damaged ({what}). Delete it and run the command again", folder=folder, what=what)


def _times(folder: Path) -> dict[str, list[int]]:
    """Return size and times of each file: when its bytes and when its attributes were changed last, in nanoseconds."""
    try:
        stats = {name: (folder / name).stat() for name in (*_files(folder), _MANIFEST)}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {name: [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns] for name, stat in stats.items()}


def _checked(folder: Path) -> object:
    try:
        return json.loads((folder / _CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _keep_checked(folder: Path, times: dict[str, list[int]]) -> None:
    """Let the next use know what was compared; where that cannot be written, it compares again."""
    fresh = folder / f"{_CHECKED}.{os.getpid()}"
    with suppress(OSError):
        fresh.write_text(json.dumps(times), encoding="utf-8")
        fresh.replace(folder / _CHECKED)


def _files(folder: Path) -> dict[str, tuple[int, str]]:
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        return {}
    return {name: (entry["size"], entry["sha256"]) for name, entry in manifest["files"].items()}


def _matches(path: Path, checksum: str) -> bool:
    return path.is_file() and _checksum(path) == checksum


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(folder: Path, build: Callable[[Path], None]) -> None:
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for left in (fresh, old):  # of a process that was killed: nobody else holds the lock
        shutil.rmtree(left, ignore_errors=True)
    fresh.mkdir()
    build(fresh)
    _seal(fresh)
    _keep_checked(fresh, _times(fresh))
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _seal(folder: Path) -> None:
    """Write the manifest last, and everything to the disk."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {str(path.relative_to(folder)): {"size": path.stat().st_size, "sha256": _checksum(path)} for path in paths}
    manifest = folder / _MANIFEST
    manifest.write_text(json.dumps({"format": FORMAT, "files": files}, indent=1), encoding="utf-8")
    for path in (*paths, manifest, *(path for path in folder.rglob("*") if path.is_dir()), folder):
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file; the system frees it when the process ends, however it ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
