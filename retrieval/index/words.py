"""The passages' words in tantivy: derived from the catalogue, brought up to date by change sequence."""

import logging
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Query

from retrieval.batches import batches
from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.segments import damaged_files, sweep, total_bytes
from retrieval.index.signatures import Signatures
from retrieval.index.terms import CONTEXT_WEIGHT, Term, affordable
from retrieval.index.word_documents import document_schema, documents
from retrieval.index.word_folder import is_closed, is_withheld, opened
from retrieval.index.word_queries import Clause, any_of, within
from retrieval.text import words as text_words
from retrieval.values import Filters

_log = logging.getLogger(__name__)
_SIGNATURES = "signatures.sqlite"
_PASSAGES_AT_ONCE = 2_000  # a transaction of signatures
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
        self._reopen()

    def close(self) -> None:
        """Close the files."""
        if self._signatures:
            self._signatures.close()

    def _reopen(self) -> None:
        self._index = None
        if is_withheld(self._folder) or not (self._folder / _SIGNATURES).exists() or self._is_damaged():
            return
        try:
            self._open_signatures()
            index = opened(self._folder)
        except (OSError, ValueError, ArchiveError) as error:
            _log.warning("%s is not used (%s); it is made anew from the catalogue", self._folder, error)
            return
        if index.schema == document_schema():
            self._index = index
        if self._marker() is None:
            self._index = None

    def _open_signatures(self, *, create: bool = False) -> None:
        self.close()
        self._signatures = None
        self._signatures = Signatures(self._folder / _SIGNATURES, create=create)

    def _is_damaged(self) -> bool:
        """Read the whole of a small index to see whether it is as it was written; a large one would take too long."""
        faults = damaged_files(self._folder) if total_bytes(self._folder) < _CHECKED_BYTES else iter(())
        fault = next(faults, None)
        if fault:
            _log.warning("%s; the words are made anew from the catalogue", fault)
        return fault is not None

    def _marker(self) -> int | None:
        """Return the change sequence that the index covers, or None if it is not this archive's."""
        if self._index is None:
            return None
        searcher = self._index.searcher()
        found = searcher.search(Query.term_query(self._index.schema, "stamp", self._stamp), 1)
        if not found.hits:
            return None
        return int(searcher.fast_field_values("sequence", [found.hits[0][1]])[0] or 0)

    def __len__(self) -> int:
        """Return the number of passages."""
        return max(0, self._index.searcher().num_docs - 1) if self._index else 0

    @property
    def is_usable(self) -> bool:
        """Whether there is an index that belongs to this archive."""
        return self._index is not None

    def passages(self) -> NDArray[np.int64]:
        """Return the numbers of the passages, ascending."""
        if self._index is None or not len(self):
            return np.empty(0, np.int64)
        searcher = self._index.searcher()
        hits = searcher.search(Query.all_query(), searcher.num_docs, count=False).hits
        numbers = searcher.fast_field_values("passage", [address for _, address in hits])
        return np.sort(np.array([number for number in numbers if number is not None], np.int64))

    def signed_passages(self) -> NDArray[np.int64]:
        """Return the numbers of the passages whose signatures are there and as they were written, ascending."""
        return self._signatures.passages() if self._signatures else np.empty(0, np.int64)

    def covered(self) -> int:
        """Return the change sequence that a search would see."""
        return self._marker() or 0

    def reload(self) -> None:
        """See what a writer has committed since."""
        if self._index is None or self._signatures is None or self._signatures.is_replaced or is_closed(self._folder):
            self._reopen()
        else:
            self._index.reload()

    def update(self, catalogue: Catalogue) -> None:
        """Bring the index up to date and commit; only the holder of the archive's lock may call this.

        Raises:
            ArchiveError: the folder cannot be written.
        """
        if self.covered() > catalogue.sequence():
            self._index = None  # the catalogue is an older one, put back in its place
        try:
            if self._index is None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder.mkdir(parents=True)
                self._index = tantivy.Index(document_schema(), path=str(self._folder))
                self._open_signatures(create=True)  # last: without them the folder is not looked into
            self._replay(self._index, catalogue)
            self._share(catalogue)
        except (OSError, ValueError) as error:
            raise ArchiveError(
                f"{self._folder} cannot be written: {error}. Free space or mend its permissions, "
                "and run the same command again."
            ) from error

    def _replay(self, index: tantivy.Index, catalogue: Catalogue) -> None:
        covered, sequence = self.covered(), catalogue.sequence()
        if covered == sequence and self._marker() is not None:
            return
        assert self._signatures is not None  # noqa: S101 tells mypy what update has opened
        sweep(self._folder)
        removed = catalogue.removed_since(covered).tolist()
        self._signatures.remove(removed)
        with index.writer(_WRITER_BYTES, 1) as writer:
            if removed and covered:
                writer.delete_documents_by_query(Query.term_set_query(index.schema, "passage", removed))
            for block in batches(documents(catalogue.passages_since(covered)), lambda _: 1, _PASSAGES_AT_ONCE):
                for document, _ in block:
                    writer.add_document(document)
                self._signatures.put(row for _, rows in block for row in rows)
            writer.delete_documents_by_term("stamp", self._stamp)
            writer.add_document(tantivy.Document(stamp=self._stamp, sequence=sequence))
            writer.commit()  # last: what it covers is then on disk in both
            self._share(catalogue)  # before merges are waited for
        index.reload()

    def _share(self, catalogue: Catalogue) -> None:
        catalogue.share((self._folder, *self._folder.iterdir()))

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        """Return the different words of a question with the number of passages each stands in."""
        if self._index is None:
            return []
        searcher = self._index.searcher()
        return [Term(word, searcher.doc_freq("words", word)) for word in dict.fromkeys(question_words)]

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        """Return the best `k` passages with their BM25 scores, best first.

        What stands in the passage and what in the title or lead of its article are searched for apart, which is six
        times as fast as their sum and finds the same.
        """
        present = [term for term in terms if term.passages]
        if self._index is None or not present:
            return {}
        filters, asked = filters or Filters(), affordable(present)
        found: defaultdict[int, float] = defaultdict(float)
        for field, weight in (("words", 1.0), ("context", CONTEXT_WEIGHT)):
            for number, score in self._best([(field, term.word) for term in asked], k, filters):
                found[number] += weight * score
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:k])

    def _best(self, clauses: Sequence[Clause], k: int, filters: Filters) -> Iterator[tuple[int, float]]:
        assert self._index is not None  # noqa: S101 tells mypy what search has checked
        searcher, schema = self._index.searcher(), self._index.schema
        query = any_of(schema, clauses)
        hits = searcher.search(query if filters == Filters() else within(schema, query, filters), k, count=False).hits
        numbers = searcher.fast_field_values("passage", [address for _, address in hits])
        for number, (score, _) in zip(numbers, hits, strict=True):
            if number is not None:
                yield int(number), float(score)

    def signatures(self, passages: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out."""
        return self._signatures.of(passages) if self._signatures else {}
