"""What is derived from a folder's catalogue, its vectors and its words: opened, brought up to date, and read."""

import ctypes
import sys
from collections.abc import Mapping
from pathlib import Path

from retrieval.index.catalogue import Catalogue
from retrieval.index.indexes import Indexes, Recents
from retrieval.index.vectors import VectorIndex
from retrieval.index.words import WordIndex


class Derived:
    """The vectors and the words of an archive; not to be shared between threads without a lock."""

    def __init__(self, folder: Path, manifest: Mapping[str, str]) -> None:
        """Open what there is in `folder`, as far as it belongs to the archive of this manifest."""
        self.archive = manifest["archive"]
        self.vectors = VectorIndex(folder / "vectors.faiss", bytes.fromhex(self.archive), int(manifest["dim"]))
        self.words = WordIndex(folder / "words", self.archive)
        self._names: tuple[int, list[str]] = (-1, [])
        self._recents = Recents()

    def close(self) -> None:
        """Close the files."""
        self.words.close()

    def update(self, catalogue: Catalogue) -> None:
        """Bring both up to date on disk; only the holder of the archive's lock may call this.

        Raises:
            ArchiveError: the folder cannot be written.
        """
        self.words.update(catalogue)
        self.vectors.save(catalogue)
        _give_memory_back()

    def at(self, catalogue: Catalogue) -> Indexes:
        """Return the archive as the catalogue has it now; the words as far as they are on disk."""
        self.vectors.refresh(catalogue)
        sequence, covered = self.vectors.view.sequence, self.words.covered()
        if covered != sequence:
            self.words.reload()
            covered = self.words.covered()
        if self._names[0] != sequence:
            self._names = sequence, [row[0] for row in catalogue.sources() if row[0]]
        state = self.archive, sequence, covered
        return Indexes(catalogue, self.vectors.view, self.words, state, self._names[1], self._recents)


def _give_memory_back() -> None:
    """Return what was freed to the system, where the C library can: each commit of words leaves some behind.

    Without it, 30,000 articles took 100 MB more than 10,000.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
