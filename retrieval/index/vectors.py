"""The windows' vectors in FAISS: derived from the catalogue, brought up to date by change sequence.

What the file holds is never changed by a reader: newer windows go into a flat tail, removed ones out of a mask. Only
the holder of the archive's lock folds both into a new file.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.schema import WINDOWS_A_PASSAGE
from retrieval.index.structure import FLAT_MOST, is_exact, make_index, refined, search_rows
from retrieval.index.tail import Tail, among
from retrieval.index.vector_building import appended, rebuilt
from retrieval.index.vector_file import Saved, read_vectors, saved_sequence, write_vectors

_log = logging.getLogger(__name__)
_TAIL_SHARE, _TAIL_LEAST, _TAIL_MOST = 0.1, 100, 20_000
"""The tail is folded in once it is this share of the whole: 20,000 windows are read in 5 ms."""

_TAIL_UNSAVED = 2 * _TAIL_MOST  # more is missing only where the file is lost: then an index is made in memory
_UNREADABLE = (OSError, ValueError, RuntimeError)


class VectorIndex:
    """The vectors of an archive's windows, searched by inner product."""

    def __init__(self, path: Path, archive: bytes, dim: int, *, flat_most: int = FLAT_MOST) -> None:
        """Open `path` if it belongs to `archive` (16 bytes), else start empty: `refresh` fills in what is missing.

        Up to `flat_most` windows every vector is read.
        """
        self._path = path
        self._archive = archive
        self._dim = dim
        self._flat_most = flat_most
        self._catalogue: Catalogue | None = None
        self._adopt(self._read() or self._empty())

    def __len__(self) -> int:
        return int(np.count_nonzero(self._alive)) + len(self._tail)

    def _adopt(self, saved: Saved) -> None:
        self._saved = saved
        self._ids = np.abs(saved.windows)
        self._alive = saved.windows > 0
        self._tail = Tail(self._dim)
        self._covered = saved.sequence

    def _empty(self) -> Saved:
        return Saved(make_index(self._dim, 0, np.empty((0, self._dim), np.float32)), np.empty(0, np.int64), 0, 0)

    def _read(self, *, mapped: bool = True) -> Saved | None:
        try:
            return read_vectors(self._path, self._archive, self._dim, mapped=mapped)
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            _log.warning("%s is not used (%s); its vectors are read from the catalogue", self._path, error)
            return None

    def refresh(self, catalogue: Catalogue) -> None:
        """Replay what the catalogue changed since the last time."""
        self._catalogue = catalogue
        sequence = catalogue.sequence()
        if sequence == self._covered:
            return
        if self._covered < saved_sequence(self._path, self._archive) <= sequence:
            saved = self._read()  # a writer has folded in what would be replayed
            if saved and saved.sequence <= sequence:
                self._adopt(saved)
        if self._covered > sequence:
            self._adopt(self._empty())  # the catalogue is an older one, put back in its place
        if catalogue.windows_since(self._covered) > _TAIL_UNSAVED:
            self._adopt(rebuilt(catalogue, self._dim, sequence, self._flat_most))
        self._replay(catalogue)
        self._covered = sequence

    def _replay(self, catalogue: Catalogue) -> None:
        removed = catalogue.removed_since(self._covered)
        if len(removed):
            self._alive &= ~among(self._ids, removed)
            self._tail.remove(removed)
        for ids, vectors in catalogue.vectors_since(self._covered):
            self._tail.add(ids, vectors)

    def save(self, catalogue: Catalogue) -> None:
        """Catch up, and write the file anew if too much of it is missing or gone: beside the old one, then over it.

        Only the holder of the archive's lock may call this.

        Raises:
            ArchiveError: it cannot be written.
        """
        self.refresh(catalogue)
        covered = saved_sequence(self._path, self._archive)
        is_usable = 0 <= covered <= catalogue.sequence()  # else of no use, or of a catalogue that an older one replaced
        if is_usable and catalogue.windows_since(covered) <= self._tail_most() and not self._is_hollow():
            return
        try:
            write_vectors(self._path, self._archive, self._folded(catalogue))
        except (OSError, RuntimeError) as error:
            raise ArchiveError(
                f"{self._path} cannot be written: {error}. Free space, and run the same command again; "
                "what was indexed is kept."
            ) from error
        self._adopt(self._read() or self._empty())
        self.refresh(catalogue)

    def _folded(self, catalogue: Catalogue) -> Saved:
        """Return one index of all that is alive."""
        whole = None if is_exact(self._saved.index) or self._is_hollow() else self._read(mapped=False)
        if whole and whole.sequence == self._saved.sequence:
            folded = appended(whole, self._alive, self._tail, self._covered)
            if folded:
                return folded
        return rebuilt(catalogue, self._dim, self._covered, self._flat_most)

    def _tail_most(self) -> float:
        return min(max(_TAIL_LEAST, _TAIL_SHARE * len(self._alive)), _TAIL_MOST)

    def _is_hollow(self) -> bool:
        return 2 * int(np.count_nonzero(self._alive)) < len(self._alive)

    def search(
        self, query: Vectors, k: int, passages: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return passage numbers and scores of the best `k` windows for `query` of shape (dim,), best first.

        `passages`, sorted numbers, restricts the search. Equal scores keep the older passage first.
        """
        index = self._saved.index
        wanted = k if is_exact(index) else refined(k)
        rows, scores = search_rows(index, query, wanted, self._allowed(passages))
        inside = rows < len(self._ids)  # not so after a flipped byte in a large file, which is not checked on opening
        ids, scores = self._ids[rows[inside]], scores[inside]
        if not is_exact(index) and self._catalogue is not None:
            ids, scores = _exact(self._catalogue, ids, query)
        tail_ids, tail_scores = self._tail.search(query, k, passages)
        ids, scores = np.concatenate([ids, tail_ids]), np.concatenate([scores, tail_scores])
        order = np.lexsort((ids, -scores))[:k]
        return ids[order] // WINDOWS_A_PASSAGE, scores[order]

    def _allowed(self, passages: NDArray[np.int64] | None) -> NDArray[np.bool_] | None:
        if passages is None:
            return None if self._alive.all() else self._alive
        return self._alive & among(self._ids, passages)


def _exact(catalogue: Catalogue, ids: NDArray[np.int64], query: Vectors) -> tuple[NDArray[np.int64], Vectors]:
    found, vectors = catalogue.window_vectors(ids)
    scores: Vectors = vectors.astype(np.float32) @ query if len(found) else np.empty(0, np.float32)
    return found, scores


def best_of_each(numbers: Sequence[int] | NDArray[np.int64], scores: Vectors) -> dict[int, float]:
    """Return each passage's best score, in the order given."""
    best: dict[int, float] = {}
    for number, score in zip(numbers, scores, strict=True):
        best.setdefault(int(number), float(score))
    return best
