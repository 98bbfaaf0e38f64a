"""The manifest and the outlets' names in a cluster: rows that are each written and read whole."""

import json
from collections.abc import Iterable, Mapping

from retrieval.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from retrieval.index.milvus.cluster import Cluster
from retrieval.index.milvus.rows import number_of, packed_text, unpacked_text
from retrieval.index.milvus.schema import FACTS, FORMAT
from retrieval.index.schema import FORMAT as CATALOGUE_FORMAT

_MANIFEST, _OUTLET = 1, 2


def read_manifest(cluster: Cluster) -> dict[str, str]:
    """Return what the archive was built with; nothing if nothing was indexed yet.

    Raises:
        ArchiveDamagedError: it is not as it was written.
        ArchiveMismatchError: it has another format.
    """
    try:
        found = [json.loads(text) for text in _texts(cluster, _MANIFEST)] if cluster.has(FACTS) else []
    except ValueError as error:
        raise ArchiveDamagedError(
            f"the manifest at {cluster.address} is not as it was written. "
            f"Index the articles under another CHUCHU_MILVUS_PREFIX."
        ) from error
    if not found:
        return {}
    values: dict[str, str] = found[0]
    if values.pop("milvus") != str(FORMAT):
        raise ArchiveMismatchError(
            f"the archive at {cluster.address} has another format than this chuchu reads. "
            f"Index the articles under another CHUCHU_MILVUS_PREFIX."
        )
    return {**values, "format": str(CATALOGUE_FORMAT)}  # of whatever format the catalogue was that it is a copy of


def write_manifest(cluster: Cluster, values: Mapping[str, str]) -> None:
    """Write what the archive is built with, as one row: two writers do not mix theirs."""
    _put(cluster, _MANIFEST, {"manifest": json.dumps({**values, "milvus": str(FORMAT)})})


def read_outlets(cluster: Cluster) -> list[str]:
    """Return the names of the outlets that the archive ever had an article of."""
    return sorted(_texts(cluster, _OUTLET))


def add_outlets(cluster: Cluster, names: Iterable[str]) -> None:
    """Remember names of outlets; those that are there already stay."""
    _put(cluster, _OUTLET, {name: name for name in names})


def no_archive(cluster: Cluster) -> ArchiveMissingError:
    """Return the error that says that nothing has been indexed."""
    return ArchiveMissingError(
        f"no archive at {cluster.address} ({cluster.name('*')}). "
        f"Make one with: chuchu index PATH --index {cluster.address}"
    )


def _texts(cluster: Cluster, kind: int) -> list[str]:
    return [unpacked_text(row["value"]) for row in cluster.scan(FACTS, f"kind == {kind}", ("value",))]


def _put(cluster: Cluster, kind: int, texts: Mapping[str, str]) -> None:
    rows = [
        {"number": number_of(kind, key), "kind": kind, "value": packed_text(text), "nothing": [0.0, 0.0]}
        for key, text in texts.items()
    ]
    cluster.put(FACTS, rows)
