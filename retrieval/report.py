"""What an indexing run did, and how far it has come."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.articles.draft import Draft, Skipped


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did, in ids of articles; `skipped` names what could not be read and why.

    `read` is the share of the files' bytes that was read, or of the articles that were copied, 0…1;
    None where it is not known, as of standard input.
    `doubt` says why `--prune` removed nothing though files are gone: so many at once may be back tomorrow.
    `stopped` tells that it was told to stop before its end; what is reported as done stays.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    windows: int = 0
    embedded: int = 0
    read: float | None = None
    doubt: str = ""
    stopped: bool = False


class Reading:
    """Estimates how much of files and folders has been read, by their bytes.

    Of the file that is being read, the texts that came out of it count: its own size does once the next one begins.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._whole = sum(size for path in paths for size in _sizes(path))
        self._before = self._size = self._inside = 0
        self._file = ""

    def meet(self, found: Draft | Skipped) -> float | None:
        """Count what was read; return the share of the whole, 0…1, or None where that is not known."""
        self._enter(found.origin.file if found.origin else "")
        if isinstance(found, Draft):
            self._inside += len(found.text.encode("utf-8", "surrogatepass"))
        return min(1.0, (self._before + min(self._inside, self._size)) / self._whole) if self._whole else None

    def _enter(self, file: str) -> None:
        if file != self._file:
            self._before += self._size
            self._file, self._inside = file, 0
            self._size = _size(file)


def _size(file: str) -> int:
    try:
        status = Path(file).stat()
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _sizes(path: Path) -> Iterator[int]:
    """Yield the sizes of the files at or below a path; what cannot be looked at counts nothing."""
    yield _size(os.fspath(path))
    folders = [os.fspath(path)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as inside:
            for entry in inside:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield _size(entry.path)
