"""The windows' vectors in FAISS: derived from the catalogue, brought up to date by change sequence.

What the file holds is never changed by a reader: newer windows go into a flat tail, removed ones out of a mask, in a
view that others may be reading meanwhile. Only the holder of the archive's lock folds both into a new file.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveError, Message, raise_shortage
from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.local.faiss_file import (
    FLAT_MOST,
    Saved,
    is_exact,
    make_index,
    read_vectors,
    refined,
    sample_size,
    saved_sequence,
    search_rows,
    write_vectors,
)


@dataclass(frozen=True, slots=True)
class Tail:
    """Windows in the order of their ids, with their float32 vectors of shape (n, dim)."""

    ids: NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def empty(cls, dim: int) -> "Tail":
        """Return a tail without windows."""
        return cls(np.empty(0, np.int64), np.empty((0, dim), np.float32))

    def __len__(self) -> int:
        return len(self.ids)

    def with_added(self, ids: NDArray[np.int64], vectors: NDArray[np.floating]) -> "Tail":
        """Return it with windows that are newer than all before."""
        return Tail(np.concatenate([self.ids, ids]), np.concatenate([self.vectors, vectors.astype(np.float32)]))

    def without(self, passages: NDArray[np.int64]) -> "Tail":
        """Return it without the windows of these passages."""
        kept = ~among(self.ids, passages)
        return Tail(self.ids[kept], self.vectors[kept])

    def search(self, query: Vectors, k: int, passages: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], Vectors]:
        """Return ids and scores of the best `k` windows, those of `passages` if they are given, in no order."""
        scores: Vectors = self.vectors @ query
        ids = self.ids
        if passages is not None:
            kept = among(ids, passages)
            ids, scores = ids[kept], scores[kept]
        if len(ids) > k:
            best = np.argpartition(-scores, k)[:k]
            ids, scores = ids[best], scores[best]
        return ids, scores


def among(windows: NDArray[np.int64], passages: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Flag the windows that lie in one of the passages; both are ascending.

    Neighbouring passages are looked up together: of a million windows a hundredth is flagged in 0.5 ms.
    """
    inside = np.zeros(len(windows), np.bool_)
    if len(passages):
        breaks = np.flatnonzero(np.diff(passages) > 1)
        first, last = passages[np.append(0, breaks + 1)], passages[np.append(breaks, -1)]
        starts = np.searchsorted(windows, first * WINDOWS_A_PASSAGE)
        lengths = np.searchsorted(windows, (last + 1) * WINDOWS_A_PASSAGE) - starts
        inside[np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())] = True
    return inside


Windows = NDArray[np.int64]
VectorsOf = Callable[[Windows], tuple[Windows, NDArray[np.floating]]]
"""Returns those windows of some that are there, and their vectors of shape (n, dim)."""


@dataclass(frozen=True, slots=True)
class VectorView:
    """The windows of a file, those of them that are not gone, and the tail of newer ones; nothing of it changes.

    It covers the changes up to `sequence`.
    """

    index: Any
    ids: Windows
    alive: NDArray[np.bool_]
    tail: Tail
    sequence: int

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive)) + len(self.tail)

    def search(
        self, query: Vectors, k: int, vectors_of: VectorsOf, passages: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return passage numbers and scores of the best `k` windows for `query` of shape (dim,), best first.

        `vectors_of` reads the exact vectors, of which a large index holds 4 bits only. `passages`, sorted numbers,
        restricts the search. Equal scores keep the older passage first.
        """
        ids, scores = self._of_file(query, k, vectors_of, passages)
        tail_ids, tail_scores = self.tail.search(query, k, passages)
        ids, scores = np.concatenate([ids, tail_ids]), np.concatenate([scores, tail_scores])
        order = np.lexsort((ids, -scores))[:k]
        return ids[order] // WINDOWS_A_PASSAGE, scores[order]

    def _of_file(
        self, query: Vectors, k: int, vectors_of: VectorsOf, passages: NDArray[np.int64] | None
    ) -> tuple[Windows, Vectors]:
        wanted = k if is_exact(self.index) else refined(k)
        rows, scores = search_rows(self.index, query, wanted, self._allowed(passages))
        inside = rows < len(self.ids)  # not so after a flipped byte in a large file, which is not checked on opening
        ids, scores = self.ids[rows[inside]], scores[inside]
        if is_exact(self.index) or not len(ids):
            return ids, scores
        ids, vectors = vectors_of(ids)
        exact: Vectors = vectors.astype(np.float32, copy=False) @ query
        return ids, exact

    def _allowed(self, passages: NDArray[np.int64] | None) -> NDArray[np.bool_] | None:
        if passages is None:
            return None if self.alive.all() else self.alive
        return self.alive & among(self.ids, passages)


def best_of_each(numbers: Sequence[int] | NDArray[np.int64], scores: Vectors) -> dict[int, float]:
    """Return each passage's best score, in the order given."""
    best: dict[int, float] = {}
    for number, score in zip(numbers, scores, strict=True):
        best.setdefault(int(number), float(score))
    return best


_RETRAINED = 4  # times as many windows as the structure was chosen and trained for: make it anew


def rebuilt(catalogue: Catalogue, dim: int, sequence: int, flat_most: int) -> Saved:
    """Return an index of all windows of the catalogue, which stands at `sequence`."""
    total = catalogue.counts()["windows"]
    index = make_index(dim, total, _sample(catalogue, dim, sample_size(total, flat_most)))
    windows: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for ids, vectors in catalogue.vectors_since(0):
        index.add(vectors.astype(np.float32))
        windows.append(ids)
    return Saved(index, np.concatenate(windows), sequence, total)


def appended(old: Saved, alive: NDArray[np.bool_], tail: Tail, sequence: int) -> Saved | None:
    """Return `old`, whose index is in memory, with the tail added to it; None if it has outgrown its structure."""
    windows = np.concatenate([np.where(alive, old.windows, -np.abs(old.windows)), tail.ids])
    if len(windows) > _RETRAINED * old.trained:
        return None
    old.index.add(tail.vectors)
    return Saved(old.index, windows, sequence, old.trained)


def _sample(catalogue: Catalogue, dim: int, wanted: int) -> Vectors:
    """Return about as many windows as are wanted, spread evenly over the archive."""
    if not wanted:
        return np.empty((0, dim), np.float32)
    share = wanted / catalogue.counts()["windows"]
    rng = np.random.default_rng(0)
    blocks = [vectors[rng.random(len(vectors)) < share] for _, vectors in catalogue.vectors_since(0)]
    return np.concatenate(blocks).astype(np.float32)


_log = logging.getLogger(__name__)
_TAIL_SHARE, _TAIL_LEAST, _TAIL_MOST = 0.1, 100, 20_000
"""The tail is folded in once it is this share of the whole: 20,000 windows are read in 5 ms."""

_TAIL_UNSAVED = 2 * _TAIL_MOST  # more is missing only where the file is lost: then an index is made in memory
_UNREADABLE = (OSError, ValueError, RuntimeError)


class VectorIndex:
    """Keeps the vectors of an archive's windows up to date; its `view` is searched. Not to be shared without a lock."""

    def __init__(self, path: Path, archive: bytes, dim: int, *, flat_most: int = FLAT_MOST) -> None:
        """Open `path` if it belongs to `archive` (16 bytes), else start empty: `refresh` fills in what is missing.

        Up to `flat_most` windows every vector is read.
        """
        self._path = path
        self._archive = archive
        self._dim = dim
        self._flat_most = flat_most
        self._adopt(self._read() or self._empty())

    @property
    def view(self) -> VectorView:
        """The vectors as the last `refresh` left them."""
        return self._view

    def _adopt(self, saved: Saved) -> None:
        self._saved = saved
        ids, alive = np.abs(saved.windows), saved.windows > 0
        self._view = VectorView(saved.index, ids, alive, Tail.empty(self._dim), saved.sequence)

    def _empty(self) -> Saved:
        return Saved(make_index(self._dim, 0, np.empty((0, self._dim), np.float32)), np.empty(0, np.int64), 0, 0)

    def _read(self, *, mapped: bool = True) -> Saved | None:
        try:
            return read_vectors(self._path, self._archive, self._dim, mapped=mapped)
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            raise_shortage(Message("{path} cannot be read", path=self._path), error)
            _log.warning("%s is not used (%s); its vectors are read from the catalogue", self._path, error)
            return None

    def refresh(self, catalogue: Catalogue) -> None:
        """Replay what the catalogue changed since the last time."""
        sequence = catalogue.sequence()
        if sequence == self._view.sequence:
            return
        if self._view.sequence < saved_sequence(self._path, self._archive) <= sequence:
            saved = self._read()  # a writer has folded in what would be replayed
            if saved and saved.sequence <= sequence:
                self._adopt(saved)
        if self._view.sequence > sequence:
            self._adopt(self._empty())  # the catalogue is an older one, put back in its place
        if catalogue.windows_since(self._view.sequence) > _TAIL_UNSAVED:
            self._adopt(rebuilt(catalogue, self._dim, sequence, self._flat_most))
        self._view = _replayed(self._view, catalogue, sequence)

    def save(self, catalogue: Catalogue) -> None:
        """Catch up, and write the file anew if too much of it is missing or gone: next to the old one, then over it.

        Only the holder of the archive's lock may call this.

        Raises:
            ArchiveError: it cannot be written.
        """
        self.refresh(catalogue)
        covered = saved_sequence(self._path, self._archive)
        is_usable = 0 <= covered <= catalogue.sequence()  # else of no use, or of a catalogue that an older one replaced
        if is_usable and catalogue.windows_since(covered) <= self._tail_most() and not self._is_mostly_removed():
            catalogue.share([self._path])
            return
        try:
            write_vectors(self._path, self._archive, self._folded(catalogue))
        except (OSError, RuntimeError) as error:
            raise_shortage(Message("{path} cannot be written", path=self._path), error)
            raise ArchiveError(
                "{path} cannot be written: {error}. Free space, and run the same command again; what was "
                "indexed is kept.",
                path=self._path,
                error=error,
            ) from error
        catalogue.share([self._path])
        self._adopt(self._read() or self._empty())
        self.refresh(catalogue)

    def _folded(self, catalogue: Catalogue) -> Saved:
        """Return one index of all that is alive."""
        whole = None if is_exact(self._saved.index) or self._is_mostly_removed() else self._read(mapped=False)
        if whole and whole.sequence == self._saved.sequence:
            folded = appended(whole, self._view.alive, self._view.tail, self._view.sequence)
            if folded:
                return folded
        return rebuilt(catalogue, self._dim, self._view.sequence, self._flat_most)

    def _tail_most(self) -> float:
        return min(max(_TAIL_LEAST, _TAIL_SHARE * len(self._view.alive)), _TAIL_MOST)

    def _is_mostly_removed(self) -> bool:
        return 2 * int(np.count_nonzero(self._view.alive)) < len(self._view.alive)


def _replayed(view: VectorView, catalogue: Catalogue, sequence: int) -> VectorView:
    """Return the vectors as they are after the changes up to `sequence`, where the catalogue stands."""
    alive, tail = view.alive, view.tail
    removed = catalogue.removed_since(view.sequence)
    if len(removed):
        alive, tail = alive & ~among(view.ids, removed), tail.without(removed)
    for ids, vectors in catalogue.vectors_since(view.sequence):
        tail = tail.with_added(ids, vectors)
    return replace(view, alive=alive, tail=tail, sequence=sequence)
