"""What the catalogue's rows hold, and the seals by which a flipped byte is noticed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveDamagedError
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.protocols import Entry
from retrieval.text.dates import day_range
from retrieval.values import Article, Passage, PublishedFrom, Removed, Repair

_MOST = 127  # the largest code; -128 stays unused, so that a vector and its opposite are coded alike
_LEVELS = np.arange(256)
_STEPS = np.ldexp(np.float32(8) + _LEVELS % 8, _LEVELS // 8 - 24).astype(np.float32)  # 2⁻²¹ to 15 · 2⁷, ascending


def packed(vectors: NDArray[np.floating]) -> list[bytes]:
    """Return each row of (n, dim) as bytes: the step's number, then the codes."""
    if not len(vectors):
        return []
    wide = vectors.astype(np.float32)
    levels = _levels(np.abs(wide).max(axis=1, initial=0))
    codes = np.rint(wide / _STEPS[levels, None]).clip(-_MOST, _MOST).astype(np.int8)
    return [row.tobytes() for row in np.hstack([levels[:, None].astype(np.uint8).view(np.int8), codes])]


def _is_packed(blob: object, length: int) -> bool:
    return isinstance(blob, bytes) and len(blob) == length > 1


def unpacked(blobs: Sequence[bytes]) -> Vectors:
    """Return what was packed as float32 of shape (n, dim).

    Raises:
        ArchiveDamagedError: that is no vector, or not of the length of the others; the message is a clause.
    """
    if not blobs:
        return np.empty((0, 0), np.float32)
    if not all(_is_packed(blob, len(blobs[0])) for blob in blobs):
        raise ArchiveDamagedError("a vector is not as it was written")
    rows = np.frombuffer(b"".join(blobs), np.int8).reshape(len(blobs), -1)
    vectors: Vectors = rows[:, 1:] * _STEPS[rows[:, :1].view(np.uint8)]
    return vectors


def _levels(most: Vectors) -> NDArray[np.intp]:
    """Return for each largest value the least step that reaches it, or the one below if rounding brings it there."""
    levels = np.searchsorted(_STEPS, most / _MOST).clip(1, len(_STEPS) - 1)
    reached = np.rint(most / _STEPS[levels]) * _STEPS[levels]
    return np.where(reached <= _MOST * _STEPS[levels - 1], levels - 1, levels)


ARTICLE_COLUMNS = (
    "number", "id", "sequence", "story", "first_passage", "last_passage", "origin", "content", "first_day", "last_day",
    "title", "source", "author", "published", "published_from", "url", "path", "language",
    "removed", "repairs", "text", "parts", "checksum",
)  # fmt: skip
"""Of the table `articles`, in their order."""
_ARTICLE_FIELDS = (
    "id", "text", "title", "source", "author", "published", "published_from", "url", "path", "language",
    "removed", "repairs",
)  # fmt: skip


SEAL = "seal"
"""The manifest's key for its own seal."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that an entry gets: its own, its change's, its story's, and its first passage's."""

    article: int
    sequence: int
    story: int
    first_passage: int


Row = tuple[object, ...]


def entry_rows(entry: Entry, numbers: Numbers) -> tuple[Row, list[Row], list[Row]]:
    """Return an entry's row of the table `articles`, sealed, and its rows of `passages` and `windows`."""
    vectors, article = packed(entry.vectors), entry.article
    first, last = day_range(article.published) if article.published else (None, None)
    row = (
        numbers.article, article.id, numbers.sequence, numbers.story,
        numbers.first_passage, numbers.first_passage + len(entry.passages) - 1,
        entry.origin, entry.content, first, last,
        article.title, article.source, article.author, article.published, str(article.published_from),
        article.url, article.path, article.language,
        json.dumps([asdict(item) for item in article.removed], ensure_ascii=False),
        json.dumps([asdict(item) for item in article.repairs], ensure_ascii=False),
        article.text,
        parts_seal(_parts(entry, vectors)),
    )  # fmt: skip
    return (*row, _seal(row)), *_part_rows(entry, numbers, vectors)


def _part_rows(entry: Entry, numbers: Numbers, vectors: Sequence[bytes]) -> tuple[list[Row], list[Row]]:
    passages, windows = list[Row](), list[Row]()
    for number, passage in enumerate(entry.passages, numbers.first_passage):
        passages.append((number, numbers.article, *passage.span))
        for at, span in enumerate(passage.windows, number * WINDOWS_A_PASSAGE):
            windows.append((at, *span, entry.hashes[len(windows)], vectors[len(windows)]))
    return passages, windows


def read_article(row: Sequence[Any]) -> Article:
    """Return the article of a row of the table `articles`.

    Raises:
        ArchiveDamagedError: it is not as it was written; the message is a clause.
    """
    if _seal(tuple(row[:-1])) != row[-1]:
        raise ArchiveDamagedError("article {id!r} is not as it was written", id=row[1])
    values = dict(zip(ARTICLE_COLUMNS, row, strict=True))
    values["removed"] = tuple(Removed(**item) for item in json.loads(values["removed"]))
    repairs = json.loads(values["repairs"])
    values["repairs"] = tuple(Repair(tuple(item["span"]), item["seen"], item["confidence"]) for item in repairs)
    values["published_from"] = PublishedFrom(values["published_from"])
    return Article(**{name: values[name] for name in _ARTICLE_FIELDS})


def read_entry(row: Sequence[Any], spans: Sequence[Any], windows: Sequence[Any], bands: Sequence[int]) -> Entry:
    """Return what was put, from its rows of the tables `articles`, `passages` and `windows`.

    Raises:
        ArchiveDamagedError: it is not as it was written; the message is a clause.
    """
    bare = read_bare_entry(row)
    inside = windows_inside(spans, windows)
    if seal_of_rows(spans, inside) != sealed_parts(row):
        raise ArchiveDamagedError("the passages of article {id!r} are not as they were written", id=bare.article.id)
    passages = [
        Passage((start, stop), tuple((item[1], item[2]) for item in items))
        for (_, start, stop), items in zip(spans, inside, strict=True)
    ]
    vectors, hashes = unpacked([item[4] for item in windows]).astype(np.float16), [item[3] for item in windows]
    return replace(bare, passages=passages, vectors=vectors, hashes=hashes, bands=bands)


def read_bare_entry(row: Sequence[Any]) -> Entry:
    """Return what was put of an article itself, without passages, from its row of the table `articles`.

    Raises:
        ArchiveDamagedError: it is not as it was written; the message is a clause.
    """
    values = dict(zip(ARTICLE_COLUMNS, row, strict=True))
    return Entry(read_article(row), (), np.empty((0, 0), np.float16), (), values["origin"], values["content"])


def sealed_parts(row: Sequence[Any]) -> bytes:
    """Return the seal of an article's passages and windows from its row of the table `articles`."""
    return bytes(row[ARTICLE_COLUMNS.index("parts")])


def windows_inside(spans: Sequence[Any], windows: Sequence[Any]) -> list[list[Any]]:
    """Group rows of windows, in the order of their ids, by the passages, given as rows, that they belong to."""
    grouped = {number: list[Any]() for number, *_ in spans}
    for item in windows:
        grouped.get(item[0] // WINDOWS_A_PASSAGE, []).append(item)
    return list(grouped.values())


def seal_of_rows(spans: Sequence[Any], inside: Sequence[Sequence[Any]]) -> bytes:
    """Seal passages and windows as their rows have them, whatever that is."""
    return parts_seal(
        part
        for span, items in zip(spans, inside, strict=True)
        for part in (tuple(span[1:]), *(tuple(item[1:]) for item in items))
    )


def manifest_seal(values: Mapping[str, str]) -> str:
    """Seal what an archive was built with."""
    return _seal(tuple(sorted((key, value) for key, value in values.items() if key != SEAL))).hex()


def entry_seal(entry: Entry) -> bytes:
    """Seal the passages, windows and vectors of an entry."""
    return parts_seal(_parts(entry, packed(entry.vectors)))


def parts_seal(parts: Iterable[Row]) -> bytes:
    """Seal passages and windows, in order: (start, stop) and (start, stop, text hash, vector)."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(repr(part).encode())
    return digest.digest()


def _parts(entry: Entry, vectors: Sequence[bytes]) -> Iterable[Row]:
    row = 0
    for passage in entry.passages:
        yield passage.span
        for span in passage.windows:
            yield *span, entry.hashes[row], vectors[row]
            row += 1


def _seal(row: Row) -> bytes:
    return hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def passages_of(ranges: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """Return the passages, ascending, of articles whose first and last passages are given."""
    bounds = np.array(ranges, np.int64).reshape(-1, 2)
    bounds = bounds[np.argsort(bounds[:, 0])]
    lengths = bounds[:, 1] - bounds[:, 0] + 1
    starts = np.repeat(bounds[:, 0] - np.cumsum(lengths) + lengths, lengths)
    numbers: NDArray[np.int64] = starts + np.arange(len(starts), dtype=np.int64)
    return numbers
