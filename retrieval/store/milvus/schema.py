"""The archive's collections in a cluster.

`articles` holds the truth, an article a row: its cleaned text and what is known of it, packed, beside the numbers by
which it is found. `passages` holds their words, `windows` their vectors. `facts` holds the manifest and the outlets'
names. Keys are 63-bit hashes, so that several writers need no common counter: of an article's id for articles, and of
its revision and the place in it for passages and windows.

Passages and windows are partitioned by the year of their article: a date range searches only its years, and old years
need not be loaded.
"""

from datetime import date
from typing import Any

from retrieval.store.milvus.cluster import Cluster
from retrieval.values import Filters

FORMAT = 3
"""Part of the manifest: an archive of another format cannot be opened."""

ARTICLES, PASSAGES, WINDOWS, FACTS = "articles", "passages", "windows", "facts"
COLLECTIONS = (ARTICLES, PASSAGES, WINDOWS, FACTS)

PIECE, PIECES = 60_000, 1_024
"""A field holds at most 65,535 bytes: what is longer is cut into pieces, 61 MB of them at most."""

MOST_WORDS = 4_096
"""What an array field holds at most; the longest passages have about 1,000 different words."""

_TEXT = 65_535
_UNDATED = "undated"
_YEARS = (1900, 2100)
"""Years outside share the partitions at the ends: a server has room for 1,024 of them."""


def create_collections(cluster: Cluster, dim: int, vector_index: str) -> None:
    """Make the collections that are not there yet, for vectors of `dim` dimensions."""
    number, text, numbers = "INT64", "VARCHAR", "ARRAY"
    common = {"outlet": number, "first_day": number, "last_day": number}
    _create(
        cluster,
        ARTICLES,
        {
            "number": number, "revision": number, "story": number, **common,
            "id": text, "origin": text, "content": text, "source": text, "published": text, "language": text,
            "bands": numbers, "body": numbers,
        },
        indexed=("story", *common, "bands"),
    )  # fmt: skip
    passage = {"number": number, "article": number, "revision": number, "start": number, "stop": number, **common}
    _create(
        cluster,
        PASSAGES,
        {**passage, "terms": numbers, "words": "SPARSE_FLOAT_VECTOR", "inside": numbers, "about": numbers},
        indexed=("article", *common, "terms"),
    )
    _create(
        cluster,
        WINDOWS,
        {**passage, "passage": number, "text": number, "vector": "FLOAT_VECTOR", "seal": number},
        indexed=("article", "passage", "text", *common),
        dim=dim,
        vector_index=vector_index,
    )
    _create(cluster, FACTS, {"number": number, "kind": number, "value": numbers}, indexed=("kind",))


def load_collections(cluster: Cluster) -> None:
    """Have the server hold the collections in memory; it remembers."""
    for collection in COLLECTIONS:
        cluster.call("load_collection", collection)


def partition_of(first_day: int) -> str:
    """Name the partition of what was published from this day on; 0 is undated."""
    return f"y{_year(first_day)}" if first_day else _UNDATED


def partitions_within(partitions: list[str], since: int, until: int) -> list[str]:
    """Return those of the partitions that can hold what was published from the day `since` to the day `until`."""
    years = range(_year(since), _year(until) + 1)
    return [name for name in partitions if name[:1] == "y" and name[1:].isdigit() and int(name[1:]) in years]


def condition(filters: Filters, days: tuple[int, int] | None, outlet: int) -> str:
    """Return what rows must satisfy to pass the filters; `days` are the first and last that they allow."""
    parts = []
    if days:
        parts += [f"first_day >= 1 and first_day <= {days[1]}", f"last_day >= {days[0]}"]
    if filters.source:
        parts.append(f"outlet == {outlet}")
    return " and ".join(parts)


def _year(day: int) -> int:
    return min(max(date.fromordinal(min(max(day, 1), date.max.toordinal())).year, _YEARS[0]), _YEARS[1])


def _create(
    cluster: Cluster,
    collection: str,
    fields: dict[str, str],
    *,
    indexed: tuple[str, ...],
    dim: int | None = None,
    vector_index: str = "FLAT",
) -> None:
    from pymilvus import DataType  # type: ignore[import-untyped]

    schema, indexes = cluster.client.create_schema(), cluster.client.prepare_index_params()
    for name, kind in fields.items():
        schema.add_field(name, DataType[kind], is_primary=name == "number", **_limits(name, kind, dim))
    for name in indexed:
        if not (cluster.is_lite and fields[name] == "ARRAY"):  # Milvus Lite looks through arrays one by one
            indexes.add_index(name, index_type="INVERTED")
    if "words" in fields:
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    elif "vector" in fields:
        indexes.add_index("vector", index_type=vector_index, metric_type="IP")
    else:
        # a collection must have a vector field: two dimensions that nobody searches
        schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)
        indexes.add_index("nothing", index_type="FLAT", metric_type="IP")
    cluster.create(collection, schema, indexes)


def _limits(name: str, kind: str, dim: int | None) -> dict[str, Any]:
    from pymilvus import DataType

    if kind == "VARCHAR":
        return {"max_length": _TEXT}
    if kind == "ARRAY" and name in {"body", "value", "inside", "about"}:
        return {"element_type": DataType.VARCHAR, "max_length": _TEXT, "max_capacity": PIECES}
    if kind == "ARRAY":
        return {"element_type": DataType.INT32 if name == "terms" else DataType.INT64, "max_capacity": MOST_WORDS}
    return {"dim": dim} if kind == "FLOAT_VECTOR" else {}
