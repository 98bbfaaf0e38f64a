"""What a search and an indexing run ask of an archive, whether in a folder or in a cluster.

And what was read last of one, kept for as long as it does not change.
"""

import hashlib
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveError
from retrieval.text import Address
from retrieval.values import Article, Filters, Passage, Span

MOST_ADDRESSED = 50
"""Articles at one address that are given."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be written: `vectors` is a float16 row a window, `hashes` a digest of each window's text.

    `origin` is the file or stream it was read from, `content` the digest by which it is recognised as unchanged;
    `bands` are the keys that copies of it are likely to share.
    """

    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float16]
    hashes: Sequence[bytes]
    origin: str
    content: bytes
    bands: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its article's number and its span in the article's text.

    `story` is the number of the story that the article reports, the same for copies, and `days` the first and last day,
    as ordinals, on which it may have been published; None if it is undated.
    """

    article: int
    span: Span
    story: int
    days: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Details:
    """What a search weighs of a passage.

    `windows` are spans in the article, `vectors` theirs, float32 of shape (windows, dim). `signatures` say what words
    stand in the passage, and in the title and lead of its article.
    """

    place: Place
    windows: tuple[Span, ...]
    vectors: Vectors
    signatures: tuple[str, str]


def text_digest(text: str) -> bytes:
    """Digest a window's text: equal texts have one vector."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Known:
    """By what an article is recognised: the digest of what it was made from, and the file it was read from."""

    content: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that was written lately: its number, its id, and the numbers of its passages."""

    number: int
    id: str
    passages: range


_MOST_READ = 100_000
"""Passages that the words of a search stand in together: more frequent ones are left out.

Of 370,000 passages all words find the first 100 in 17 ms, those of 300,000 in 7, of 100,000 in 4, of 30,000 in 3; each
of these 100 holds the first 10 of all words. The words left out count nevertheless, once what was found is weighed.
"""
CONTEXT_WEIGHT = 0.25  # 0.25, 0.5 and 0.75 tried: more makes all passages of an article alike
NO_WRITING = "¶"
"""Stands among the words of a passage that is no writing, and before each of the others: figures, and what wrong
decoding makes, are found by their words and make no word of a question rarer or more frequent."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question, and in how many passages it stands; `is_written` unless these are all no writing."""

    word: str
    passages: int
    is_written: bool = True


def affordable(terms: Sequence[Term]) -> list[Term]:
    """Return the rarer ones of some terms, or the rarest."""
    ordered = sorted(terms, key=lambda term: (term.passages, term.word))
    read = accumulate(term.passages for term in ordered)
    return [term for term, passages in zip(ordered, read, strict=True) if passages <= _MOST_READ] or ordered[:1]


class ArchiveChangedError(ArchiveError):
    """An article was replaced between two steps of a search: search again."""


class Articles(Protocol):
    """What a search reads of articles and their passages, by their numbers."""

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """Return where each passage stands; those that are no longer there are left out."""

    def windows(self, passages: Sequence[int]) -> dict[int, tuple[list[Span], Vectors]]:
        """Return each passage's windows: their spans in the article, and float32 vectors of shape (n, dim)."""

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""

    def dates(self) -> tuple[str | None, str | None, int]:
        """Return the first and the last published date, and how many articles have none."""


class Words(Protocol):
    """What a search asks of the words of the passages."""

    def __len__(self) -> int:
        """Return the number of passages."""

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        """Return the different words of a question with the number of passages each stands in."""

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        """Return the best `k` passages with their scores, best first."""

    def signatures(self, passages: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out."""


class Index(Protocol):
    """The parts of an archive that a search asks, at one moment."""

    @property
    def state(self) -> Hashable | None:
        """What is another whenever the archive is; None where that cannot be known."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the outlets."""

    @property
    def catalogue(self) -> Articles:
        """The articles."""

    @property
    def words(self) -> Words:
        """The words."""

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector` of shape (dim,), best first, with scores."""

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""


class Reader(Protocol):
    """An archive to ask and read. Safe to use from several threads."""

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with.

        Raises:
            ArchiveMissingError: nothing has been indexed yet.
            ArchiveMismatchError: it has another format.
        """

    def snapshot(self) -> AbstractContextManager[Index]:
        """Read the archive as it is now, whatever writers do meanwhile."""

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id."""

    def addressed(self, address: Address) -> list[Article]:
        """Return the first articles at an address."""

    def copies(self, article_id: str) -> list[Article]:
        """Return the other tellings of an article's story, the first published first, undated ones last."""

    def moment(self) -> str:
        """Return what `arrived` takes, for the archive as it is now."""

    def arrived(self, moment: str) -> list[Arrival]:
        """Return the articles written since a moment, the last one first; none since that of another archive.

        Raises:
            ArchiveError: the archive lies in a cluster, which keeps no order of changes.
        """

    def latest(self, n: int, filters: Filters) -> list[Article]:
        """Return the `n` newest articles that satisfy `filters`; undated ones are left out."""

    def sources(self) -> list[tuple[str | None, int, str | None, str | None]]:
        """Return each source with its number of articles and its first and last published date."""

    def months(self) -> Mapping[tuple[str | None, str], int]:
        """Return how many articles each source has of each month; of those without a month it says nothing."""

    def stats(self) -> dict[str, object]:
        """Return counts, languages, dates and size on disk in bytes."""

    def entries(self) -> Iterator[Entry]:
        """Yield the articles as they were put; those that are not as they were written are left out, and logged."""

    def close(self) -> None:
        """Close files and connections."""


class Writer(Protocol):
    """An archive to add to and remove from."""

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with; nothing if nothing was indexed yet."""

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with."""

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        """Return by what the articles with these ids are recognised; those that are not there are left out."""

    def known_vectors(self, hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the vectors of window texts that were embedded before."""

    def origins(self) -> Iterator[tuple[str, str]]:
        """Yield each article's id and the file it was read from; articles may be removed meanwhile."""

    def put_all(self, entries: Sequence[Entry]) -> None:
        """Write articles, each whole or not at all, in place of older ones with the same ids."""

    def remove_all(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles, each whole or not at all; return the ids that were there."""


_UNSIGNED = ("", "")


def read_details(catalogue: Articles, words: Words, passages: Sequence[int]) -> dict[int, Details]:
    """Return the details of passages; those that are no longer there are left out."""
    places = catalogue.places(passages)
    there = sorted(places)
    signatures, windows = words.signatures(there), catalogue.windows(there)
    return {
        number: Details(places[number], tuple(spans), _own(vectors), signatures.get(number, _UNSIGNED))
        for number, (spans, vectors) in windows.items()
    }


def _own(vectors: Vectors) -> Vectors:
    """Return a copy that cannot be changed: a part of an array keeps the whole of it."""
    own = vectors.copy()
    own.flags.writeable = False
    return own


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_FRAME = 100  # characters that an object takes besides its text


class Recent(Generic[Key, Value]):
    """Values by key in one state of an archive, the longest unused first to go. Safe to use from several threads."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        """Keep values that weigh `most` together; each weighs one unless `weigh` says otherwise, and never nothing."""
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._kept = LRUCache[Key, Value](most, weigh)

    def of(
        self, state: Hashable, keys: Sequence[Key], read: Callable[[list[Key]], Mapping[Key, Value]]
    ) -> dict[Key, Value]:
        """Return the values of `keys`, in their order; `read` gives those that are not kept, if they are there."""
        found = self.recall(state, keys)
        if missing := [key for key in keys if key not in found]:
            fresh = read(missing)
            self.keep(state, fresh)
            found.update(fresh)
        return {key: found[key] for key in keys if key in found}

    def recall(self, state: Hashable, keys: Sequence[Key]) -> dict[Key, Value]:
        """Return what is kept of `keys` in this state of the archive; None is unlike itself."""
        with self._lock:
            self._enter(state)
            return {key: self._kept[key] for key in keys if key in self._kept}

    def keep(self, state: Hashable, values: Mapping[Key, Value]) -> None:
        """Keep values; `state` is what the archive was in before they were read."""
        with self._lock:
            self._enter(state)
            for key, value in values.items() if state is not None else ():
                self._kept.pop(key, None)
                with suppress(ValueError):  # it weighs more than all may together
                    self._kept[key] = value

    def _enter(self, state: Hashable) -> None:
        if state != self._state:
            self._kept.clear()
            self._state = state


def characters(articles: Iterable[Article]) -> int:
    """Count what articles weigh: the characters of their texts and of what was removed from them, and their frames."""
    return sum(
        _FRAME + len(article.text) + sum(_FRAME + len(item.text) for item in article.removed) for article in articles
    )


_T = TypeVar("_T")


def batches(items: Iterable[_T], windows: Callable[[_T], int], most: int) -> Iterator[list[_T]]:
    """Yield items in order, in lists that end as soon as they have `most` windows; the last one may have fewer."""
    batch: list[_T] = []
    count = 0
    for item in items:
        batch.append(item)
        count += windows(item)
        if count >= most:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
