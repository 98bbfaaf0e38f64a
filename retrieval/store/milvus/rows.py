"""The archive's collections in a cluster, and an entry as their rows.

`articles` holds the truth, an article a row: its cleaned text and what is known of it, packed, next to the numbers by
which it is found. `passages` holds their words, `windows` their vectors. `facts` holds the manifest and the outlets'
names. Keys are 63-bit hashes, so that several writers need no common counter: of an article's id for articles, and of
its revision and the place in it for passages and windows.

Passages and windows are partitioned by the year of their article: a date range searches only its years, and old years
need not be loaded.
"""

import base64
import functools
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.store.local.word_documents import context_of, words_of
from retrieval.store.milvus import Cluster, Row
from retrieval.store.protocols import CONTEXT_WEIGHT, Entry
from retrieval.text import Address, read_address
from retrieval.text.dates import day_range
from retrieval.text.words import signature, words
from retrieval.values import Article, Filters, Passage, PublishedFrom, Removed, Repair, Span

FORMAT = 4
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
            "number": number, "revision": number, "story": number, "address": number, **common,
            "id": text, "origin": text, "content": text, "source": text, "published": text, "language": text,
            "bands": numbers, "body": numbers,
        },
        indexed=("story", "address", *common, "bands"),
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


ARTICLE_FIELDS = ("number", "revision", "story", "body")
PASSAGE_FIELDS = ("number", "article", "revision", "start", "stop")
WINDOW_FIELDS = ("number", "passage", "article", "revision", "start", "stop", "vector", "seal")


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as its row holds it: all of an entry but the vectors."""

    article: Article
    passages: tuple[Passage, ...]
    origin: str
    content: bytes


def number_of(*parts: object) -> int:
    """Hash to a key: 63 bits, of which two in a billion are equal with a chance of 5 %."""
    joined = "\x00".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little") >> 1


# the words of questions and of the newest articles come again and again
@functools.lru_cache(maxsize=200_000)
def word_number(word: str) -> int:
    """Hash a word to 31 bits: of ten million words, one in 200 shares its number with another."""
    return number_of(word) & 0x7FFFFFFF


def outlet_number(source: str | None) -> int:
    """Return the number by which articles of an outlet are found; 0 for none."""
    return number_of(source) if source else 0


def address_number(address: Address | None) -> int:
    """Return the number by which articles at an address are found; 0 for none."""
    return number_of(address.host, address.path, *address.parameters) if address else 0


def passage_number(article: int, revision: int, place: int) -> int:
    """Return the key of the passage at a place, counted from 0, of an article's revision."""
    return number_of(article, revision, place)


def window_number(passage: int, place: int) -> int:
    """Return the key of the window at a place of a passage."""
    return number_of(passage, place)


def text_number(digest: bytes) -> int:
    """Return the number by which windows of equal text are found."""
    return int.from_bytes(digest[:8], "little") >> 1


def window_seal(digest: bytes, vector: NDArray[np.float16]) -> int:
    """Seal a window's text, of which the digest is given, and its vector."""
    return number_of(digest.hex(), vector.tobytes().hex())


def article_row(entry: Entry, story: int | None) -> Row:
    """Return the row of `articles` for an entry; the story is its own unless another article had it before.

    The revision is of the text and its cuts alone: embedded again in another batch, vectors differ in their last bits,
    and a run that was killed has to find the keys of what it had put.
    """
    article, body = entry.article, packed_text(json.dumps(_record(entry), ensure_ascii=False))
    number = number_of(article.id)
    revision = number_of(article.id, *body)
    return {
        "number": number,
        "revision": revision,
        "story": number_of(number, revision) if story is None else story,
        "address": address_number(read_address(article.url or "")),
        **_common(article),
        "id": article.id,
        "origin": entry.origin,
        "content": entry.content.hex(),
        "source": article.source or "",
        "published": article.published or "",
        "language": article.language or "",
        "bands": sorted(set(entry.bands)),
        "body": body,
        "nothing": [0.0, 0.0],
    }


def passage_rows(entry: Entry, row: Row) -> Iterator[Row]:
    """Yield the rows of `passages` for an entry with this row of `articles`."""
    head = context_of(entry.article)
    about, context = _pieces(signature(head)), {word_number(word): CONTEXT_WEIGHT for word in words(head)}
    for place, passage in enumerate(entry.passages):
        said = entry.article.text[slice(*passage.span)]
        weights = context | {word_number(word): 1.0 for word in words(said)}
        yield {
            "number": passage_number(row["number"], row["revision"], place),
            **_part(row, passage.span),
            "terms": sorted({word_number(word) for word in words_of(said)})[:MOST_WORDS],
            "inside": _pieces(signature(said)),
            "about": about,
            "words": weights or {0: 1.0},  # a passage of signs only has no words, and a vector may not be empty
        }


def window_rows(entry: Entry, row: Row) -> Iterator[Row]:
    """Yield the rows of `windows` for an entry with this row of `articles`."""
    windows = zip(entry.hashes, entry.vectors, strict=True)
    for place, passage in enumerate(entry.passages):
        number = passage_number(row["number"], row["revision"], place)
        for inside, span in enumerate(passage.windows):
            digest, vector = next(windows)
            yield {
                "number": window_number(number, inside),
                "passage": number,
                **_part(row, span),
                "text": text_number(digest),
                "vector": vector.astype(np.float32).tolist(),
                "seal": window_seal(digest, vector),
            }


def read_stored(row: Row) -> Stored:
    """Return what the row of an article holds.

    Raises:
        ArchiveDamagedError: it is not as it was written.
    """
    try:
        record = json.loads(unpacked_text(row["body"]))
    except ValueError as error:
        raise ArchiveDamagedError(
            "article {number} in the cluster is not as it was written. Run chuchu verify --repair on it",
            number=row["number"],
        ) from error
    article = record["article"]
    article["removed"] = tuple(Removed(**item) for item in article["removed"])
    repairs = article["repairs"]
    article["repairs"] = tuple(Repair(tuple(item["span"]), item["seen"], item["confidence"]) for item in repairs)
    article["published_from"] = PublishedFrom(article["published_from"])
    passages = tuple(
        Passage(tuple(span), tuple((start, stop) for start, stop in windows)) for span, windows in record["passages"]
    )
    return Stored(Article(**article), passages, record["origin"], bytes.fromhex(record["content"]))


def packed_text(text: str) -> list[str]:
    """Return a text as the pieces of a field; zlib's own checksum seals it."""
    packed = base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"))).decode("ascii")
    return [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]


def _pieces(text: str) -> list[str]:
    """Return a short text as the pieces of a field: a character has four bytes at most, and packing saves nothing."""
    return [text[start : start + PIECE // 4] for start in range(0, len(text), PIECE // 4)]


def unpacked_text(pieces: Sequence[str]) -> str:
    """Return the text of a field.

    Raises:
        ValueError: it is not as it was written.
    """
    try:
        return zlib.decompress(base64.b64decode("".join(pieces))).decode("utf-8", "surrogatepass")
    except zlib.error as error:
        raise ValueError(str(error)) from error


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "article": asdict(entry.article),
        "passages": [(passage.span, passage.windows) for passage in entry.passages],
        "origin": entry.origin,
        "content": entry.content.hex(),
    }


def _common(article: Article) -> Row:
    first, last = day_range(article.published) if article.published else (0, 0)
    return {"outlet": outlet_number(article.source), "first_day": first, "last_day": last}


def _part(row: Row, span: Span) -> Row:
    """Return what the rows of passages and windows share with their article's."""
    common = {name: row[name] for name in ("revision", "outlet", "first_day", "last_day")}
    return {"article": row["number"], **common, "start": span[0], "stop": span[1]}
