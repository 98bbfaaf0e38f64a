"""The three parts of an archive in a folder, as a search asks them."""

import ctypes
import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from retrieval.encode import Vectors
from retrieval.store.catalogue import Catalogue
from retrieval.store.local.vectors import VectorIndex, VectorView, best_of_each
from retrieval.store.local.word_index import WordIndex
from retrieval.store.protocols import Details, read_details
from retrieval.store.recent import Recent, characters
from retrieval.values import Article, Filters

_PASSAGES_KEPT, _CHARACTERS_KEPT = 1_000, 2_000_000
"""Passages, of 8 KB each, and characters of articles that are kept after they were read. Of a small archive this is
all of it; in a large one it is what people ask about these days."""
_NO_COPIES = 100  # characters that an article weighs of which there are none


class Recents:
    """What was read last of an archive on this machine: passages, 8 MB, articles, and the copies of their stories."""

    def __init__(self) -> None:
        self.details = Recent[int, Details](_PASSAGES_KEPT)
        self.articles = Recent[int, Article](_CHARACTERS_KEPT, lambda article: characters([article]))
        self.copies = Recent[int, list[Article]](_CHARACTERS_KEPT, lambda copies: _NO_COPIES + characters(copies))


@dataclass(frozen=True, slots=True)
class Indexes:
    """The three parts of an archive on this machine, at one moment; `state` is another after each change."""

    catalogue: Catalogue
    vectors: VectorView
    words: WordIndex
    state: Hashable
    names: Sequence[str]
    recents: Recents

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector` of shape (dim,), best first, with scores."""
        allowed = self.catalogue.allowed_passages(filters) if filters != Filters() else None
        return best_of_each(*self.vectors.search(vector, k, self.catalogue.window_vectors, allowed))

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""
        return self.recents.details.of(self.state, passages, partial(read_details, self.catalogue, self.words))

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""
        return self.recents.articles.of(self.state, numbers, self.catalogue.articles)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        return self.recents.copies.of(self.state, numbers, self.catalogue.copies)


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
