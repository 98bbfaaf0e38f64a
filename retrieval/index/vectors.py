"""The windows' vectors in FAISS: derived from the catalogue, brought up to date by change sequence.

What the file holds is never changed by a reader: newer windows go into a flat tail, removed ones out of a mask, in a
view that others may be reading meanwhile. Only the holder of the archive's lock folds both into a new file.
"""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.structure import FLAT_MOST, is_exact, make_index
from retrieval.index.tail import Tail, among
from retrieval.index.vector_building import appended, rebuilt
from retrieval.index.vector_file import Saved, read_vectors, saved_sequence, write_vectors
from retrieval.index.vector_view import VectorView

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
        """Catch up, and write the file anew if too much of it is missing or gone: beside the old one, then over it.

        Only the holder of the archive's lock may call this.

        Raises:
            ArchiveError: it cannot be written.
        """
        self.refresh(catalogue)
        covered = saved_sequence(self._path, self._archive)
        is_usable = 0 <= covered <= catalogue.sequence()  # else of no use, or of a catalogue that an older one replaced
        if is_usable and catalogue.windows_since(covered) <= self._tail_most() and not self._is_hollow():
            catalogue.share([self._path])
            return
        try:
            write_vectors(self._path, self._archive, self._folded(catalogue))
        except (OSError, RuntimeError) as error:
            raise ArchiveError(
                f"{self._path} cannot be written: {error}. Free space, and run the same command again; "
                "what was indexed is kept."
            ) from error
        catalogue.share([self._path])
        self._adopt(self._read() or self._empty())
        self.refresh(catalogue)

    def _folded(self, catalogue: Catalogue) -> Saved:
        """Return one index of all that is alive."""
        whole = None if is_exact(self._saved.index) or self._is_hollow() else self._read(mapped=False)
        if whole and whole.sequence == self._saved.sequence:
            folded = appended(whole, self._view.alive, self._view.tail, self._view.sequence)
            if folded:
                return folded
        return rebuilt(catalogue, self._dim, self._view.sequence, self._flat_most)

    def _tail_most(self) -> float:
        return min(max(_TAIL_LEAST, _TAIL_SHARE * len(self._view.alive)), _TAIL_MOST)

    def _is_hollow(self) -> bool:
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
