"""Check a catalogue: its file, every article's seal, and that passages and windows are where they say; salvage one.

Salvaged is what SQLite cannot read of its own file: articles' rows that no tree leads to, and all behind a damaged
first page. A row of an article is sealed, so that one found anywhere in the file can be trusted.

Source: the format of SQLite's files, https://sqlite.org/fileformat2.html
"""

import mmap
import shutil
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from retrieval.errors import ArchiveDamagedError, Fault, Message, Part
from retrieval.passages import uncovered
from retrieval.store.catalogue import queries
from retrieval.store.catalogue.connection import PAGE_BYTES, WINDOWS_A_PASSAGE, Connection, article_names
from retrieval.store.catalogue.queries import CatalogueReader
from retrieval.store.catalogue.rows import (
    ARTICLE_COLUMNS,
    read_article,
    read_bare_entry,
    seal_of_rows,
    sealed_parts,
    windows_inside,
)
from retrieval.store.protocols import Entry, text_digest
from retrieval.values import Passage

_Rows = list[Sequence[Any]]


def catalogue_faults(connection: Connection) -> Iterator[Fault]:
    """Yield what is wrong with the catalogue, reading all of it."""
    structure = _structure(connection)
    yield from (Fault(Part.FILE, line) for line in structure)
    # where the file contradicts itself, an article is looked for by whatever still names it, one by one
    rows = _named_rows(connection) if structure else _article_rows(connection)
    passages = windows = 0
    is_sound = not structure
    for number, name, row in rows:
        found, met = _article_faults(connection, row)
        passages, windows = passages + met[0], windows + met[1]
        is_sound = is_sound and not found
        yield from (Fault(Part.ARTICLE, what, name, number) for what in found)
    if is_sound:
        yield from _strays(connection, passages, windows)


def _structure(connection: Connection) -> list[str]:
    try:
        lines = [str(row[0]) for row in connection.rows("PRAGMA integrity_check(20)")]
    except ArchiveDamagedError as error:
        return [str(error.__cause__)]
    return [] if lines == ["ok"] else lines


def _article_rows(connection: Connection) -> Iterator[tuple[int, str, Sequence[Any] | None]]:
    """Yield number, id and row of every article of a file that is whole; one by one from where rows cannot be read."""
    number = 0
    query = "SELECT * FROM articles WHERE number > ? ORDER BY number LIMIT 100"
    try:
        while rows := connection.rows(query, (number,)):
            yield from ((row[0], str(row[1]), row) for row in rows)
            number = rows[-1][0]
    except ArchiveDamagedError:
        yield from (item for item in _named_rows(connection) if item[0] > number)


def _named_rows(connection: Connection) -> Iterator[tuple[int, str, Sequence[Any] | None]]:
    """Yield number and id of every article of a damaged file, and its row where that can be read."""
    for number, name in article_names(connection).items():
        try:
            yield number, name, connection.one("SELECT * FROM articles WHERE number = ?", (number,))
        except ArchiveDamagedError:
            yield number, name, None


def _article_faults(connection: Connection, row: Sequence[Any] | None) -> tuple[list[str], tuple[int, int]]:
    """Return what is wrong with an article, and how many passages and windows were met."""
    if row is None:
        return ["it cannot be read"], (0, 0)
    try:
        text = read_article(row).text
        spans = connection.rows(queries.SPANS, (row[0], row[4], row[5]))
        bounds = (row[4] * WINDOWS_A_PASSAGE, (row[5] + 1) * WINDOWS_A_PASSAGE)
        windows = connection.rows(queries.WINDOWS, bounds)
    except ArchiveDamagedError as error:
        return ["its passages cannot be read" if error.__cause__ else "it is not as it was written"], (0, 0)
    return _part_faults(row, text, spans, windows), (len(spans), len(windows))


def _part_faults(row: Sequence[Any], text: str, spans: _Rows, windows: _Rows) -> list[str]:
    if [number for number, *_ in spans] != list(range(row[4], row[5] + 1)):
        return ["passages are missing, or of another article"]
    inside = windows_inside(spans, windows)
    if seal_of_rows(spans, inside) != sealed_parts(row):
        return ["its passages, windows or vectors are not as they were written"]
    cut = [
        Passage((start, stop), tuple((item[1], item[2]) for item in items))
        for (_, start, stop), items in zip(spans, inside, strict=True)
    ]
    return list(_cut_faults(text, cut, windows))


def _cut_faults(text: str, passages: list[Passage], windows: _Rows) -> Iterator[str]:
    if uncovered(text, passages).strip():
        yield "its passages do not cover its text"
    if any(span[0] < passage.span[0] or span[1] > passage.span[1] for passage in passages for span in passage.windows):
        yield "a window lies outside its passage"
    if any(text_digest(text[start:stop]) != digest for _, start, stop, digest, _ in windows):
        yield "a window's text is not the one that was embedded"


def _strays(connection: Connection, passages: int, windows: int) -> Iterator[Fault]:
    for table, met in (("passages", passages), ("windows", windows)):
        counted = connection.one(
            "SELECT count(*) FROM passages" if table == "passages" else "SELECT count(*) FROM windows"
        )
        if counted[0] != met:
            yield Fault(Part.FILE, Message("{count} {table} belong to no article", count=counted[0] - met, table=table))


_LEAF = 13  # the type of a page with a table's rows
_SIZES = (0, 1, 2, 3, 4, 6, 8)  # bytes of integers, by their type in a record
_FREE_PAGES = slice(32, 40)  # of the head: where the list of free pages begins, and how many they are
_PAGES = slice(28, 32)

_UNREADABLE = (IndexError, ValueError, struct.error)


class Leaves:
    """The rows of articles in a file, looked for page by page, whatever its trees say, once one is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def bare_entry(self, number: int) -> tuple[Entry, bytes] | None:
        """Return an article by its number without its passages, and the seal of those; None if it is nowhere whole."""
        for page, place in self._places.get(number, ()):
            with suppress(*_UNREADABLE, ArchiveDamagedError):
                row = self._row(page, place)
                return read_bare_entry(row), sealed_parts(row)
        return None

    @cached_property
    def _bytes(self) -> mmap.mmap:
        with self._path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def _places(self) -> dict[int, list[tuple[int, int]]]:
        """Under each number the pages and the places in them of rows that may be an article's."""
        places = defaultdict[int, list[tuple[int, int]]](list)
        for page in range(0, len(self._bytes) - PAGE_BYTES + 1, PAGE_BYTES):
            with suppress(*_UNREADABLE):
                for place in self._cells(page):
                    _, at = _varint(self._bytes, page + place)
                    number, at = _varint(self._bytes, at)
                    if self._bytes[at] > len(
                        ARTICLE_COLUMNS
                    ):  # the length of its head: other tables have fewer columns
                        places[number].append((page, place))
        return dict(places)

    def _cells(self, page: int) -> tuple[int, ...]:
        """Return where in a page the rows of a table begin."""
        head = page or 100  # the first page begins with the head of the file
        if self._bytes[head] != _LEAF:
            return ()
        (count,) = struct.unpack_from(">H", self._bytes, head + 3)
        return struct.unpack_from(f">{count}H", self._bytes, head + 8)

    def _row(self, page: int, place: int) -> tuple[Any, ...]:
        """Read the row at a place in a page.

        Raises:
            ValueError, IndexError, struct.error: it is not one of an article.
        """
        length, at = _varint(self._bytes, page + place)
        number, at = _varint(self._bytes, at)
        if length > len(self._bytes):
            raise ValueError(f"a row of {length} bytes")
        types, data = _types(self._payload(at, length))
        if len(types) != len(ARTICLE_COLUMNS):
            raise ValueError(f"a row of {len(types)} columns")
        return number, *list(_values(types, data))[1:]  # SQLite keeps the number apart

    def _payload(self, at: int, length: int) -> bytes:
        """Return a row's bytes, of which those that its page has no room for lie in a chain of others."""
        most, least = PAGE_BYTES - 35, (PAGE_BYTES - 12) * 32 // 255 - 23
        here = length
        if length > most:
            wanted = least + (length - least) % (PAGE_BYTES - 4)
            here = wanted if wanted <= most else least
        parts, left = [self._bytes[at : at + here]], length - here
        (following,) = struct.unpack_from(">I", self._bytes, at + here) if left else (0,)
        while left > 0:
            start = (following - 1) * PAGE_BYTES
            (following,) = struct.unpack_from(">I", self._bytes, start)
            parts.append(self._bytes[start + 4 : start + 4 + min(left, PAGE_BYTES - 4)])
            left -= PAGE_BYTES - 4
        return b"".join(parts)


def _varint(data: Any, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | data[place] & 127
        if data[place] < 128:
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def _types(payload: bytes) -> tuple[list[int], bytes]:
    """Return the types of a record's columns, and the bytes of their values."""
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    return types, payload[end:]


def _values(types: list[int], data: bytes) -> Iterator[Any]:
    at = 0
    for kind in types:
        size = _SIZES[kind] if kind < len(_SIZES) else 0 if kind < 12 else (kind - 12) // 2
        part, at = data[at : at + size], at + size
        if kind >= 12:
            yield part.decode() if kind % 2 else part
        else:
            yield None if kind == 0 else kind - 8 if kind in {8, 9} else int.from_bytes(part, "big", signed=True)


def with_borrowed_head(path: Path, made: Path) -> None:
    """Copy a catalogue to `made` with the first page of an empty one, which lists the same tables at the same places.

    Pages that were free stay out of use.
    """
    with closing(CatalogueReader(made, create=True)):
        pass
    head = bytearray(made.read_bytes()[:PAGE_BYTES])
    shutil.copyfile(path, made)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        shutil.copyfile(log, made.with_name(f"{made.name}-wal"))
    head[_PAGES] = struct.pack(">I", made.stat().st_size // PAGE_BYTES)
    head[_FREE_PAGES] = bytes(8)
    with made.open("r+b") as file:
        file.write(head)
