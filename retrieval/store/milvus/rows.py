"""An entry as the rows of a cluster's collections, and back."""

import base64
import functools
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.store.catalogue.rows import Entry
from retrieval.store.local.signatures import context_of, words_of
from retrieval.store.milvus.cluster import Row
from retrieval.store.milvus.schema import MOST_WORDS, PIECE
from retrieval.store.protocols import CONTEXT_WEIGHT
from retrieval.text.dates import day_range
from retrieval.text.words import signature, words
from retrieval.values import Article, Passage, PublishedFrom, Removed, Repair, Span

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
    """Return the row of `articles` for an entry; the story is its own unless another article told it before.

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
