"""The word index in tantivy: derived from the catalogue, opened, brought up to date, queried."""

import logging
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Query

from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMissingError, Message, command, raise_shortage
from retrieval.store.catalogue import Catalogue
from retrieval.store.local.signatures import (
    Signatures,
    damaged_files,
    identity,
    is_closed,
    is_foreign,
    is_withheld,
    opened,
    seals_of,
    sweep,
    total_bytes,
)
from retrieval.store.local.word_documents import Clause, any_of, document_schema, documents, within
from retrieval.store.protocols import CONTEXT_WEIGHT, NO_WRITING, ArchiveChangedError, Term, affordable, batches
from retrieval.text import words as text_words
from retrieval.values import Filters

_log = logging.getLogger(__name__)


class WordsDamagedError(ArchiveChangedError):
    """The words cannot be read: another process makes them anew just now, or they have to be."""


@contextmanager
def panics_explained(folder: Path) -> Iterator[None]:
    """Say that the words in `folder` are damaged where tantivy, which does not expect it, panics.

    Raises:
        WordsDamagedError: it did.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # it cannot be imported, and is no Exception
            raise
        raise _damaged(folder, error) from error


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Say that the words in `folder` are damaged where tantivy cannot read them.

    Raises:
        WordsDamagedError: it cannot.
        ShortageError: it could if there were more memory, or more files might be open.
    """
    with panics_explained(folder):
        try:
            yield
        except (OSError, ValueError) as error:
            raise_shortage(Message("{folder} cannot be read", folder=folder), error)
            raise _damaged(folder, error) from error


def _damaged(folder: Path, error: BaseException) -> WordsDamagedError:
    what = " ".join(str(error).split())
    repair = command("verify --repair", folder.parent)
    return WordsDamagedError("{path} is damaged ({what}). Run: {command}", path=folder, what=what, command=repair)


_SIGNATURES = "signatures.sqlite"
_PASSAGES_AT_ONCE = 2_000  # a transaction of signatures
_TRIES = 20
"""How often a folder is removed, 50 ms apart, in which an index that was closed just now may still write."""
_WRITER_BYTES = 64_000_000  # tantivy asks for 15 MB at least; more makes fewer segments
_CHECKED_BYTES = 32 << 20  # read in 20 ms on opening


class WordIndex:
    """The words of an archive's passages, ranked by BM25."""

    def __init__(self, folder: Path, archive: str) -> None:
        """Open `folder` if it belongs to `archive`; else it is made anew by the next `update`."""
        self._folder = folder
        self._stamp = f"{archive}:{text_words.VERSION}"
        self._index: tantivy.Index | None = None
        self._signatures: Signatures | None = None
        self._replaced: list[Signatures] = []
        self._opened: tuple[int, int] | None = None
        self._distrusted: tuple[int, int] | None = None
        self._reopen()

    def close(self) -> None:
        """Close the files."""
        for signatures in (self._signatures, *self._replaced):
            if signatures:
                signatures.close()

    def _reopen(self) -> None:
        self._opened = identity(self._folder)
        try:
            with reading(self._folder):
                self._index = None if self.is_distrusted or is_withheld(self._folder) else self._usable()
        except ArchiveError as error:
            self._index = None
            _log.warning("%s is not used (%s); it is made anew from the catalogue", self._folder, error)

    def _usable(self) -> tantivy.Index | None:
        """Open the index and its signatures; None where there are none, damaged ones, or another archive's."""
        if not (self._folder / _SIGNATURES).exists():
            return None
        try:
            if self._signatures is None or self._signatures.is_replaced:
                self._open_signatures()
        except ArchiveMissingError:  # a writer was killed before they held anything
            return None
        if self._is_damaged():
            return None
        index = opened(self._folder)
        return index if index.schema == document_schema() and self._marker(index) is not None else None

    def _open_signatures(self, *, create: bool = False) -> None:
        fresh = Signatures(self._folder / _SIGNATURES, create=create)
        if self._signatures:
            self._replaced.append(self._signatures)  # another thread may be reading them
        self._signatures = fresh

    def _is_damaged(self) -> bool:
        """Read the whole of a small index to see whether it is as it was written; a large one would take too long."""
        fault = next((f"{path} is no file" for path in self._folder.iterdir() if is_foreign(path)), None)
        if not fault and total_bytes(self._folder) < _CHECKED_BYTES:
            fault = next(self.damaged_files(), None)
        if fault:
            _log.warning("%s; the words are made anew from the catalogue", fault)
        return fault is not None

    def damaged_files(self) -> Iterator[str]:
        """Yield what is wrong with the files, reading all that is sealed."""
        return damaged_files(self._folder, self._signatures.seals()) if self._signatures else iter(())

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Use what lies in the folder no more if it cannot be read inside.

        Raises:
            WordsDamagedError: it cannot; `update` makes it anew.
        """
        try:
            with panics_explained(self._folder):
                yield
        except WordsDamagedError:
            self._distrusted = self._opened  # not what may have taken its place
            self._index = None
            raise

    def _marker(self, index: tantivy.Index) -> int | None:
        """Return the change sequence that an index covers, or None if it is not this archive's."""
        with reading(self._folder):
            searcher = index.searcher()
            found = searcher.search(Query.term_query(index.schema, "stamp", self._stamp), 1)
            if not found.hits:
                return None
            return int(searcher.fast_field_values("sequence", [found.hits[0][1]])[0] or 0)

    def __len__(self) -> int:
        """Return the number of passages."""
        index = self._index
        return max(0, index.searcher().num_docs - 1) if index else 0

    @property
    def is_usable(self) -> bool:
        """Whether there is an index that belongs to this archive."""
        return self._index is not None

    @property
    def is_distrusted(self) -> bool:
        """Whether what lies in the folder could not be read."""
        return self._distrusted is not None and self._distrusted == identity(self._folder)

    def passages(self) -> NDArray[np.int64]:
        """Return the numbers of the passages, ascending.

        Raises:
            WordsDamagedError: they cannot be read.
        """
        if self._index is None or not len(self):
            return np.empty(0, np.int64)
        with reading(self._folder):
            searcher = self._index.searcher()
            hits = searcher.search(Query.all_query(), searcher.num_docs, count=False).hits
            numbers = searcher.fast_field_values("passage", [address for _, address in hits])
        return np.sort(np.array([number for number in numbers if number is not None], np.int64))

    def signed_passages(self) -> NDArray[np.int64]:
        """Return the numbers of the passages whose signatures are there and as they were written, ascending."""
        return self._signatures.passages() if self._signatures else np.empty(0, np.int64)

    def covered(self) -> int:
        """Return the change sequence that a search would see."""
        index = self._index
        return self._marker(index) or 0 if index else 0

    def compare(self, catalogue: Catalogue) -> None:
        """Use what lies in the folder no more if it holds more or fewer passages than the catalogue it covers."""
        with suppress(ArchiveDamagedError):  # with a catalogue that is damaged itself nothing can be compared
            sequence, passages = catalogue.extent()
            if self._index is not None and self.covered() == sequence and len(self) != passages:
                _log.warning(
                    "%s holds %d passages, the catalogue %d; the words are made anew from it",
                    self._folder,
                    len(self),
                    passages,
                )
                self._distrusted, self._index = self._opened, None

    def reload(self) -> None:
        """See what another process has committed since."""
        index = self._index
        if index is None or self._signatures is None or self._signatures.is_replaced or is_closed(self._folder):
            self._reopen()
            return
        try:
            before = identity(self._folder)
            with reading(self._folder):
                index.reload()
            self._opened = before
        except WordsDamagedError as error:  # or they are just being replaced
            _log.info("%s", error)
            self._reopen()

    def update(self, catalogue: Catalogue) -> None:
        """Bring the index up to date and commit; only the holder of the lock for what is derived may call this.

        Raises:
            ArchiveError: the folder cannot be written.
        """
        self.reload()  # another process may have been at it before there was the lock
        self.compare(catalogue)
        if self.covered() > catalogue.sequence():
            self._index = None  # the catalogue is an older one, put back in its place
        try:
            self._update(catalogue)
            self._share(catalogue)
        except (OSError, ValueError) as error:
            raise_shortage(Message("{folder} cannot be written", folder=self._folder), error)
            raise ArchiveError(
                "{folder} cannot be written: {error}. Free space or fix its permissions, and run the same "
                "command again.",
                folder=self._folder,
                error=error,
            ) from error

    def _update(self, catalogue: Catalogue) -> None:
        try:
            with panics_explained(self._folder):
                self._replay(self._index or self._anew(), catalogue)
        except WordsDamagedError as error:
            _log.warning("%s; the words are made anew from the catalogue", error)
            self._replay(self._anew(), catalogue)

    def _anew(self) -> tantivy.Index:
        """Return an empty index in place of what lies in the folder."""
        if self._folder.is_symlink() or not self._folder.is_dir():
            self._folder.unlink(missing_ok=True)
        for _ in range(_TRIES):
            shutil.rmtree(self._folder, ignore_errors=True)
            with suppress(FileExistsError):
                self._folder.mkdir(parents=True)
                break
            time.sleep(0.05)
        else:
            shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True)
        index = tantivy.Index(document_schema(), path=str(self._folder))
        self._open_signatures(create=True)  # last: without them the folder is not looked into
        return index

    def _replay(self, index: tantivy.Index, catalogue: Catalogue) -> None:
        assert self._signatures is not None  # noqa: S101 shows mypy what has been opened with the index
        marked, sequence = self._marker(index), catalogue.sequence()
        if marked != sequence:
            covered = marked or 0
            sweep(self._folder)
            removed = catalogue.removed_since(covered).tolist()
            with _signing():
                self._signatures.remove(removed)
            with index.writer(_WRITER_BYTES, 1) as writer:
                if removed and covered:
                    writer.delete_documents_by_query(Query.term_set_query(index.schema, "passage", removed))
                for block in batches(documents(catalogue.passages_since(covered)), lambda _: 1, _PASSAGES_AT_ONCE):
                    for document, _ in block:
                        writer.add_document(document)
                    with _signing():
                        self._signatures.put([row for _, rows in block for row in rows])
                writer.delete_documents_by_term("stamp", self._stamp)
                writer.add_document(tantivy.Document(stamp=self._stamp, sequence=sequence))
                writer.commit()  # last: what it covers is then on disk in both
                self._share(catalogue)  # before merges are waited for
            index.reload()
        self._seal(self._signatures)
        self._index, self._opened = index, identity(self._folder)

    def _seal(self, signatures: Signatures) -> None:
        """Seal the files as they are, if a commit, perhaps of a killed writer, has brought new ones."""
        with _signing():
            before = signatures.seals()
            seals = seals_of(self._folder, before)
            if seals != before:
                signatures.seal(seals)

    def _share(self, catalogue: Catalogue) -> None:
        catalogue.share((self._folder, *self._folder.iterdir()))

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        """Return the different words of a question with the number of passages each stands in.

        Raises:
            WordsDamagedError: they cannot be read.
        """
        index = self._index
        if index is None:
            return []
        with reading(self._folder):
            searcher, marks = index.searcher(), _marks(index)
            counts = {word: [searcher.doc_freq("words", mark + word) for mark in marks] for word in question_words}
            return [
                Term(word, next(filter(None, those), 0), is_written=not any(those[1:]) or those[0] > 0)
                for word, those in counts.items()
            ]

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        """Return the best `k` passages with their BM25 scores, best first, and after them those that are no writing.

        What stands in the passage and what in the title or lead of its article are searched for apart, which is six
        times as fast as their sum and finds the same.

        Raises:
            WordsDamagedError: they cannot be read.
        """
        index, present = self._index, [term for term in terms if term.passages]
        if index is None or not present:
            return {}
        filters, asked = filters or Filters(), affordable(present)
        found: defaultdict[int, float] = defaultdict(float)
        with reading(self._folder):
            for field, weight in (("words", 1.0), ("context", CONTEXT_WEIGHT)):
                for number, score in _best(index, [(field, term.word) for term in asked], k, filters):
                    found[number] += weight * score
            best = dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:k])
            for mark in _marks(index)[1:]:
                others = _best(index, [("words", mark + term.word) for term in asked], k, filters)
                best |= {number: score for number, score in others if number not in best}
        return best

    def signatures(self, passages: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out.

        Raises:
            WordsDamagedError: they are not as they were written.
        """
        with _signing():
            return self._signatures.of(passages) if self._signatures else {}


@contextmanager
def _signing() -> Iterator[None]:
    """Count damage to the signatures as damage to the words, whose part they are."""
    try:
        yield
    except ArchiveDamagedError as error:
        raise WordsDamagedError(str(error)) from error


def _marks(index: tantivy.Index) -> Sequence[str]:
    """Return what stands before words: nothing, or else the mark of what is no writing."""
    return ("", NO_WRITING) if index.searcher().doc_freq("words", NO_WRITING) else ("",)


def _best(index: tantivy.Index, clauses: Sequence[Clause], k: int, filters: Filters) -> Iterator[tuple[int, float]]:
    searcher, schema = index.searcher(), index.schema
    query = any_of(schema, clauses)
    hits = searcher.search(query if filters == Filters() else within(schema, query, filters), k, count=False).hits
    numbers = searcher.fast_field_values("passage", [address for _, address in hits])
    for number, (score, _) in zip(numbers, hits, strict=True):
        if number is not None:
            yield int(number), float(score)
