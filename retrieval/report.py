"""What an indexing run did, and how far it has come."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.articles.draft import Draft, Skipped


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did, in ids of articles; `skipped` names what could not be read and why.

    `read` is the share of the files' bytes that was read, or of the articles that were copied, 0…1;
    None where it is not known, as of standard input.
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
    stopped: bool = False


class Reading:
    """Estimates how much of files and folders has been read, by their bytes.

    Of the file that is being read, the texts that came out of it count: its own size does once the next one begins.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._whole = sum(_sizes(paths))
        self._before = 0
        self._file: Path | None = None
        self._size = self._inside = 0
        self._last: str | None = None

    def meet(self, found: Draft | Skipped) -> float | None:
        """Count what was read; return the share of the whole, 0…1, or None where that is not known."""
        if found.path != self._last:
            self._last = found.path
            self._enter(_file_of(found.path))
        if isinstance(found, Draft):
            self._inside += len(found.text.encode("utf-8", "surrogatepass"))
        return min(1.0, (self._before + min(self._inside, self._size)) / self._whole) if self._whole else None

    def _enter(self, file: Path | None) -> None:
        if file != self._file:
            self._before += self._size
            self._file, self._inside = file, 0
            self._size = file.stat().st_size if file else 0


def _sizes(paths: Iterable[Path]) -> Iterator[int]:
    for path in paths:
        if path.is_file():
            yield path.stat().st_size
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            files = (Path(folder, name) for name in names if not name.startswith("."))
            yield from (file.stat().st_size for file in files if file.is_file())


def _file_of(path: str | None) -> Path | None:
    """Return the file that something was read from: an archive's or a compressed one, for what lies in it."""
    places = (Path(path), Path(f"{path}.gz"), *Path(path).parents) if path else ()
    return next((place for place in places if place.is_file()), None)
