"""Check a whole archive, reading all of it: in a folder that what is derived from the catalogue says the same.

An archive in a cluster is repaired here, too, as far as it can be.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, ArchiveError, Message, raise_shortage
from retrieval.passages import uncovered
from retrieval.settings import Settings
from retrieval.store.catalogue.catalogue import Catalogue
from retrieval.store.local.faiss_file import Saved, check_vectors, holds, read_vectors, reconstruction
from retrieval.store.local.vectors import among
from retrieval.store.local.word_index import WordIndex
from retrieval.store.milvus.articles import read_entries
from retrieval.store.milvus.cluster import Cluster, within
from retrieval.store.milvus.facts import no_archive, read_manifest
from retrieval.store.milvus.schema import ARTICLES, PASSAGES, WINDOWS, load_collections
from retrieval.values import Fault, Part

Passages = NDArray[np.int64]
"""Numbers of passages."""


def faults(folder: Path, catalogue: Catalogue) -> Iterator[Fault]:
    """Yield everything that is wrong with the archive in `folder`, reading every byte of it.

    One that has no manifest and no articles was killed before its first: nothing is wrong with it.
    """
    broken = False
    for fault in catalogue.faults():
        broken = True
        yield fault
    try:
        manifest = catalogue.manifest()
    except ArchiveDamagedError as error:
        yield Fault(Part.MANIFEST, error.message)
        return
    if manifest and not broken:  # against a catalogue that is wrong itself nothing can be compared
        archive = manifest["archive"], int(manifest["dim"])
        yield from (Fault(Part.VECTORS, what) for what in _vector_faults(folder / "vectors.faiss", catalogue, *archive))
        yield from (Fault(Part.WORDS, what) for what in _word_faults(folder / "words", catalogue, archive[0]))


_AHEAD = "{path} knows changes that the catalogue does not"


def _vector_faults(path: Path, catalogue: Catalogue, archive: str, dim: int) -> Iterator[str]:
    owner = bytes.fromhex(archive)
    try:
        check_vectors(path, owner)
        saved = read_vectors(path, owner, dim)
    except FileNotFoundError:
        if catalogue.counts()["windows"]:
            yield Message("{path} is missing", path=path)
        return
    except (OSError, ValueError, RuntimeError) as error:
        raise_shortage(Message("{path} cannot be read", path=path), error)
        yield Message("{path} cannot be used: {error}", path=path, error=error)
        return
    if saved.sequence > catalogue.sequence():
        yield Message(_AHEAD, path=path)
        return
    gone = among(np.abs(saved.windows), catalogue.removed_since(saved.sequence))
    yield from _compared(path, catalogue, saved, np.flatnonzero((saved.windows > 0) & ~gone))


def _compared(path: Path, catalogue: Catalogue, saved: Saved, rows: NDArray[np.int64]) -> Iterator[str]:
    """Compare the rows of the index that are not gone with the windows that it should hold."""
    held, met, far = saved.windows[rows], 0, 0
    reconstruct = reconstruction(saved.index)
    for ids, vectors in catalogue.vectors_until(saved.sequence):
        places = np.minimum(np.searchsorted(held, ids), max(len(held) - 1, 0))
        there = held[places] == ids if len(held) else np.zeros(len(ids), np.bool_)
        met += int(np.count_nonzero(there))
        if not there.all():
            missing = {"count": np.count_nonzero(~there), "first": int(ids[~there][0])}
            yield Message("{path} lacks {count} windows from {first} on", path=path, **missing)
        if there.any():
            stored = reconstruct(rows[places[there]])
            far += int(np.count_nonzero(~holds(saved.index, stored, vectors[there].astype(np.float32))))
    if met < len(held):
        extra = len(held) - met
        yield Message("{path} has {count} windows that the catalogue does not have", path=path, count=extra)
    if far:
        yield Message("{path} has {count} vectors that are not the catalogue's", path=path, count=far)


def _word_faults(folder: Path, catalogue: Catalogue, archive: str) -> Iterator[str]:
    if not folder.exists():
        if catalogue.counts()["passages"]:
            yield Message("{path} is missing", path=folder)
        return
    try:
        with closing(WordIndex(folder, archive)) as words:
            damaged = list(words.damaged_files())
            yield from damaged or _words_apart(folder, catalogue, words)
    except (ArchiveError, OSError) as error:
        raise_shortage(Message("{folder} cannot be read", folder=folder), error)
        yield Message("{path} cannot be used: {error}", path=folder, error=error.__cause__ or error)


def _words_apart(folder: Path, catalogue: Catalogue, words: WordIndex) -> Iterator[str]:
    """Compare the passages of the words with those that they should hold."""
    if not words.is_usable:
        yield Message("{path} cannot be used, or belongs to another archive", path=folder)
        return
    if words.covered() > catalogue.sequence():
        yield Message(_AHEAD, path=folder)
        return
    expected, removed = catalogue.passages_until(words.covered()), catalogue.removed_since(words.covered())
    yield from _apart(folder, words.passages(), expected, expected, removed)
    # a writer that was killed wrote signatures of what the words do not cover yet
    there = catalogue.passages_until(catalogue.sequence())
    yield from _apart(folder / "signatures.sqlite", words.signed_passages(), expected, there, removed)


def _apart(path: Path, held: Passages, expected: Passages, there: Passages, removed: Passages) -> Iterator[str]:
    """Yield by what `held`, `removed` ones aside, lacks of what is expected, and has besides what may be there."""
    held = held[~np.isin(held, removed)]
    missing = len(np.setdiff1d(expected, held))
    extra = len(held) - len(np.intersect1d(held, there))  # a passage that is there twice is one too many
    if missing or extra:
        apart = "{path} lacks {missing} passages and has {extra} that the catalogue does not"
        yield Message(apart, path=path, missing=missing, extra=extra)


_PARTS = {PASSAGES: Part.WORDS, WINDOWS: Part.VECTORS}


def verify_cluster(address: str, settings: Settings) -> tuple[Fault, ...]:
    """Return everything that is wrong with the archive at `address`; what writers do meanwhile may look like a fault.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
    """
    cluster = Cluster(address, settings)
    try:
        return tuple(_cluster_faults(cluster))
    finally:
        cluster.close()


def repair_cluster(address: str, settings: Settings, found: Sequence[Fault]) -> list[str]:
    """Take out articles that are damaged, to be indexed again, and rows that belong to none; return those ids.

    No writer may be at work: what it has put before its article's row belongs to none yet.
    """
    cluster = Cluster(address, settings)
    try:
        damaged = {fault.number: fault.article or "" for fault in found if fault.number is not None}
        for number in damaged:
            cluster.delete(ARTICLES, within("number", [number]))
        for collection in _PARTS:
            for article, revision in _strays(cluster, collection):
                cluster.delete(collection, f"article == {article} and revision == {revision}")
        return sorted(damaged.values())
    finally:
        cluster.close()


def _cluster_faults(cluster: Cluster) -> Iterator[Fault]:
    try:
        manifest = read_manifest(cluster)
    except ArchiveDamagedError as error:
        yield Fault(Part.MANIFEST, error.message)
        return
    if not manifest:
        raise no_archive(cluster)
    load_collections(cluster)
    for read in read_entries(cluster):
        if read.fault:
            yield Fault(Part.ARTICLE, read.fault, read.id, read.number)
        elif read.entry and uncovered(read.entry.article.text, read.entry.passages).strip():
            yield Fault(Part.ARTICLE, "its passages do not cover its text", read.id, read.number)
    for collection, part in _PARTS.items():
        strays = _strays(cluster, collection)
        if strays:
            yield Fault(
                part,
                Message(
                    "{collection} of {count} revisions belong to no article: a killed run left what no answer shows",
                    collection=collection,
                    count=len(strays),
                ),
            )


def _strays(cluster: Cluster, collection: str) -> set[tuple[int, int]]:
    """Return the articles and revisions of rows that no article's row names."""
    named = {row["number"]: row["revision"] for row in cluster.scan(ARTICLES, "", ("number", "revision"))}
    rows = cluster.scan(collection, "", ("article", "revision"))
    return {(row["article"], row["revision"]) for row in rows if named.get(row["article"]) != row["revision"]}
