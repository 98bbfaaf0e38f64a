"""An archive in a folder, to ask and read: its catalogue, and the vectors and the words that are derived from it."""

import ctypes
import logging
import sys
import threading
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveDamagedError, ArchiveError, ShortageError
from retrieval.store import read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.local.signatures import total_bytes
from retrieval.store.local.vectors import VectorIndex, VectorView, best_of_each
from retrieval.store.local.word_index import WordIndex
from retrieval.store.lock import deriving, finish_swap_if_free, writer_lives
from retrieval.store.protocols import Arrival, Details, Entry, Recent, characters, read_details
from retrieval.text import Address
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


_log = logging.getLogger(__name__)


def sound_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Yield the articles of a catalogue that are as they were written, the oldest first."""
    for number in catalogue.numbers():
        try:
            entry = catalogue.entry(number)
        except ArchiveDamagedError as error:
            _log.warning("%s", error)
            continue
        if entry:
            yield entry


_MOST_ARRIVED = 2_000  # articles looked at for what is new: some megabytes of text
_PATIENCE_S = 1.0  # to wait for another process that makes words anew, as it does when it swaps in a rebuilt archive


class LocalReader:
    """Reads the archive in a folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the archive in `folder`.

        Raises:
            ArchiveMissingError: nothing has been indexed there.
            ArchiveError: the files there are not an archive, or cannot be read.
            ArchiveMismatchError: it has another format.
        """
        self._folder = folder
        self._lock = threading.RLock()
        finish_swap_if_free(folder)
        self._catalogue = Catalogue(folder / "catalogue.sqlite")
        self._idle: list[Catalogue] = []
        self._manifest = read_manifest(folder, self._catalogue)
        self._derived: Derived | None = None
        self._users = Counter[Derived]()

    def close(self) -> None:
        """Close the archive's files."""
        with self._lock:
            for derived in {*self._users, *([self._derived] if self._derived else [])}:
                derived.close()
            for catalogue in (self._catalogue, *self._idle):
                catalogue.close()

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with."""
        with self._lock:
            return self._manifest_of(self._catalogue)

    def _manifest_of(self, catalogue: Catalogue) -> dict[str, str]:
        """Return the manifest, read again where a rebuild has put another archive in the place of this one."""
        if catalogue.archive() != self._manifest["archive"]:
            self._manifest = read_manifest(self._folder, catalogue)
        return self._manifest

    @contextmanager
    def snapshot(self) -> Iterator[Indexes]:
        """Read the archive as it is now, whatever writers and other threads do meanwhile.

        Raises:
            WordsDamagedError: the words could not be read; the next time they are made anew.
        """
        catalogue = self._borrow()
        try:
            with catalogue.snapshot(), self._used(catalogue) as indexes:
                yield indexes
        except BaseException:
            catalogue.close()
            raise
        self._idle.append(catalogue)

    @contextmanager
    def _used(self, catalogue: Catalogue) -> Iterator[Indexes]:
        """Yield the archive as `catalogue` has it; what is derived is not closed under anybody's hands."""
        with self._lock:
            # one thread after the other, so that what is derived never meets an older catalogue than before
            derived = self._fresh(catalogue)
            with derived.words.guarded():
                indexes = derived.at(catalogue)
            self._users[derived] += 1
        try:
            with derived.words.guarded():
                yield indexes
        finally:
            with self._lock:
                self._users[derived] -= 1
                self._close_unused()

    def _borrow(self) -> Catalogue:
        """Return a connection that no other thread uses."""
        try:
            return self._idle.pop()
        except IndexError:
            return Catalogue(self._folder / "catalogue.sqlite")

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        with self._lock:
            return self._catalogue.article(article_id)

    def addressed(self, address: Address) -> list[Article]:
        """Return the first articles at an address."""
        with self._lock:
            return self._catalogue.addressed(address)

    def copies(self, article_id: str) -> list[Article]:
        """Return the other tellings of an article's story, the first published first, undated ones last."""
        with self._lock:
            return self._catalogue.copies_of(article_id)

    def moment(self) -> str:
        """Return what `arrived` takes, for the archive as it is now."""
        with self._lock:
            return f"{self._catalogue.archive()}:{self._catalogue.sequence()}"

    def arrived(self, moment: str) -> list[Arrival]:
        """Return the articles written since a moment, the last one first; none since that of another archive."""
        archive, _, sequence = moment.rpartition(":")
        with self._lock:
            is_ours = archive == self._catalogue.archive() and sequence.isdecimal()
            return self._catalogue.arrived(int(sequence), _MOST_ARRIVED) if is_ours else []

    def latest(self, n: int, filters: Filters) -> list[Article]:
        """Return the `n` newest articles that satisfy `filters`; undated ones are left out."""
        with self._lock:
            return self._catalogue.latest(n, filters)

    def sources(self) -> list[tuple[str | None, int, str | None, str | None]]:
        """Return each source with its number of articles and its first and last published date."""
        with self._lock:
            return self._catalogue.sources()

    def months(self) -> Counter[tuple[str | None, str]]:
        """Return how many articles each source has of each month; of those without a month it says nothing."""
        with self._lock:
            return self._catalogue.months()

    def stats(self) -> dict[str, object]:
        """Return counts, languages, dates and size on disk in bytes."""
        with self._lock:
            first, last, undated = self._catalogue.dates()
            return {
                **self._catalogue.counts(),
                "sources": sum(row[0] is not None for row in self._catalogue.sources()),
                "languages": self._catalogue.languages(),
                "first": first,
                "last": last,
                "undated": undated,
                "bytes": total_bytes(self._folder),
            }

    def entries(self) -> Iterator[Entry]:
        """Yield the articles that are as they were written, the oldest first."""
        return sound_entries(self._catalogue)

    def _fresh(self, catalogue: Catalogue) -> Derived:
        """Return what is derived from the archive that `catalogue` has; the caller holds the lock.

        One thread after the other, so that what is derived never meets an older catalogue than before.
        """
        manifest = self._manifest_of(catalogue)
        if self._derived is None or self._derived.archive != manifest["archive"]:
            self._derived = Derived(self._folder, manifest)
            self._close_unused()
            self._catch_up(self._derived.words)
        elif self._derived.words.is_distrusted:
            self._catch_up(self._derived.words)
        return self._derived

    def _catch_up(self, words: WordIndex) -> None:
        """Index the words that a killed writer left out, unless a living one is doing so."""
        words.compare(self._catalogue)
        if words.is_usable and words.covered() == self._catalogue.sequence():
            return
        if writer_lives(self._folder):
            words.reload()
            return
        with deriving(self._folder, patience_s=_PATIENCE_S) as is_held:
            try:
                words.update(self._catalogue) if is_held else words.reload()
            except (ArchiveError, ShortageError) as error:
                _log.warning("%s", error)
                words.reload()

    def _close_unused(self) -> None:
        """Close what is derived from an archive that another one has replaced, once nobody uses it any more."""
        for derived in [one for one, users in self._users.items() if not users and one is not self._derived]:
            del self._users[derived]
            derived.close()
