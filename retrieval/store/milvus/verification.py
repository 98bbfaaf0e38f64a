"""Check an archive in a cluster, reading all of it, and repair what can be repaired."""

from collections.abc import Iterator, Sequence

from retrieval.errors import ArchiveDamagedError, Message
from retrieval.passages import uncovered
from retrieval.settings import Settings
from retrieval.store.milvus.articles import read_entries
from retrieval.store.milvus.cluster import Cluster, within
from retrieval.store.milvus.facts import no_archive, read_manifest
from retrieval.store.milvus.schema import ARTICLES, PASSAGES, WINDOWS, load_collections
from retrieval.values import Fault, Part

_PARTS = {PASSAGES: Part.WORDS, WINDOWS: Part.VECTORS}


def verify(address: str, settings: Settings) -> tuple[Fault, ...]:
    """Return everything that is wrong with the archive at `address`; what writers do meanwhile may look like a fault.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
    """
    cluster = Cluster(address, settings)
    try:
        return tuple(_faults(cluster))
    finally:
        cluster.close()


def repair(address: str, settings: Settings, found: Sequence[Fault]) -> list[str]:
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


def _faults(cluster: Cluster) -> Iterator[Fault]:
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
