"""Open an archive as a reader does, ask it, and compare what it finds with an exact scan."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.resident import kilobytes
from benchmarks.scale.building import Measured, seconds
from retrieval import read_settings
from retrieval.encode.encoder import QueryEmbedding, Vectors
from retrieval.search import rank_all
from retrieval.search.candidates import search
from retrieval.search.question import Query
from retrieval.search.translations import Translations
from retrieval.store import read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.local import Derived, Indexes
from retrieval.values import Filters

IN_RANGE = Filters(since="2020-01-01", until="2020-01-20")  # 1 % of the days that articles are given


class Reader:
    """A reader of the archive in a folder, with questions: their texts, and vectors of shape (n, dim)."""

    def __init__(self, folder: Path, texts: list[str], vectors: Vectors) -> None:
        self.folder, self._texts, self._vectors = folder, texts, vectors
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.derived = Derived(folder, read_manifest(folder, self.catalogue))
        self._translations = Translations.open(read_settings().cache)

    def ask(self, filters: Filters, place: int, words: int = 0) -> None:
        """Search for a question as an answer does: words, vectors, fusion; without the encoder.

        `words` asks for those of a question so many places later.
        """
        query = Query(self._texts[(place + words) % len(self._texts)], filters)
        with self.catalogue.snapshot():
            indexes = self.derived.at(self.catalogue)
            rank_all(
                indexes,
                query,
                search(indexes, query.text, QueryEmbedding(lambda: self._vectors[place]), self._translations, filters),
            )

    @property
    def indexes(self) -> Indexes:
        """The archive as it is now."""
        return self.derived.at(self.catalogue)


def read(folder: Path, texts: list[str], vectors: Vectors) -> Measured:
    """Open an archive, ask it every question with and without a date range, and return what that took."""
    started = time.perf_counter()
    reader = Reader(folder, texts, vectors)
    reader.ask(Filters(), 0)
    measured: Measured = {"open s": time.perf_counter() - started}
    for place in range(len(vectors)):  # what is measured has been running for a while
        reader.ask(Filters(), place, words=len(vectors))
    for name, filters in (("", Filters()), (" in range", IN_RANGE)):
        measured |= _times(f"search{name}", partial(reader.ask, filters), len(vectors))
    measured["memory MB"], measured["mapped MB"] = kilobytes("VmRSS") / 1e3, kilobytes("RssFile") / 1e3
    measured |= _ExactScan(reader.catalogue, _of_16_bits(vectors.shape[1])).times("scan of 16 bits", vectors)
    scan = _ExactScan(reader.catalogue, faiss.IndexFlatIP(vectors.shape[1]))
    measured |= scan.times("scan", vectors)
    for name, filters in (("", Filters()), (" in range", IN_RANGE)):
        measured[f"recall{name}"] = _recall(reader.indexes, scan, vectors, filters)
    measured["share in range"] = len(reader.catalogue.allowed_passages(IN_RANGE)) / len(reader.indexes.words)
    return measured | {"adding s": _adding(reader)}


def _of_16_bits(dim: int) -> faiss.Index:
    """Return a flat index that holds half as many bytes as FAISS's own, and every vector as exactly."""
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


class _ExactScan:
    """All vectors of the catalogue in memory, read one and all by one thread, as the search itself uses one."""

    def __init__(self, catalogue: Catalogue, flat: faiss.Index) -> None:
        self._flat = flat
        ids = []
        for block, vectors in catalogue.vectors_since(0):
            self._flat.add(vectors.astype(np.float32))
            ids.append(block)
        self._passages = np.concatenate(ids) // WINDOWS_A_PASSAGE
        faiss.omp_set_num_threads(1)

    def times(self, name: str, vectors: Vectors) -> Measured:
        """Return what a question takes."""
        return _times(name, lambda place: self.best(vectors[place]), min(len(vectors), 20))

    def best(self, vector: Vectors, allowed: NDArray[np.int64] | None = None) -> set[int]:
        """Return the passages of the 10 windows that are most similar."""
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.flatnonzero(np.isin(self._passages, allowed)))
        chosen = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        _, rows = self._flat.search(vector[None, :], 10, params=chosen)
        return set(self._passages[rows[0]].tolist())


def _recall(indexes: Indexes, scan: _ExactScan, vectors: Vectors, filters: Filters) -> float:
    """Return the share of the passages of the exact first 10 windows that the first 10 found have."""
    allowed = indexes.catalogue.allowed_passages(filters) if filters != Filters() else None
    shares = []
    for vector in vectors:
        exact = scan.best(vector, allowed)
        shares.append(len(exact & set(indexes.nearest(vector, 10, filters))) / len(exact))
    return float(np.mean(shares))


def _adding(reader: Reader) -> float:
    """Put one article, derive, and wait until the reader finds it; the vectors' file must stay as it is."""
    before = (reader.folder / "vectors.faiss").stat().st_mtime_ns
    entry = reader.catalogue.entry(1)
    assert entry is not None
    entry = replace(entry, article=replace(entry.article, id=f"new{reader.catalogue.last_number()}"), bands=())
    started = time.perf_counter()
    with closing(Catalogue(reader.folder / "catalogue.sqlite")) as writer:
        derived = Derived(reader.folder, writer.manifest())
        writer.put_all([entry])
        derived.update(writer)
    newest = int(reader.catalogue.passages_until(reader.catalogue.sequence())[-1])
    assert newest in reader.indexes.nearest(entry.vectors[-1].astype(np.float32), 50, Filters())
    assert reader.indexes.words.covered() == reader.catalogue.sequence()
    assert (reader.folder / "vectors.faiss").stat().st_mtime_ns == before
    return time.perf_counter() - started


def _times(name: str, work: Callable[[int], object], count: int) -> Measured:
    """Return milliseconds of the work with each number: by the clock, and of this process's processor time."""
    clock, processor = [], []
    for place in range(count):
        before = time.process_time()
        clock.append(1e3 * seconds(partial(work, place)))
        processor.append(1e3 * (time.process_time() - before))
    p50, p95 = np.percentile(clock, [50, 95])
    cpu50, cpu95 = np.percentile(processor, [50, 95])
    return {f"{name} p50": p50, f"{name} p95": p95, f"{name} cpu p50": cpu50, f"{name} cpu p95": cpu95}
