"""Check a catalogue: its file, every article's seal, and that passages and windows are where they say."""

from collections.abc import Iterator, Sequence
from typing import Any

from retrieval.errors import ArchiveDamagedError
from retrieval.index.connection import Connection
from retrieval.index.faults import Fault, Part
from retrieval.index.rows import parts_seal, read_article, text_digest
from retrieval.index.schema import WINDOWS_A_PASSAGE
from retrieval.passages import uncovered
from retrieval.values import Passage

_Window = tuple[int, int, int, bytes, bytes]  # id, start, stop, digest of the text, vector


def catalogue_faults(connection: Connection) -> Iterator[Fault]:
    """Yield what is wrong with the catalogue, reading all of it."""
    structure = _structure(connection)
    yield from (Fault(Part.FILE, line) for line in structure)
    passages = windows = 0
    try:
        for row in _article_rows(connection):
            parts = _parts(connection, row)
            passages, windows = passages + len(parts[0]), windows + len(parts[1])
            yield from (Fault(Part.ARTICLE, what, str(row[1]), row[0]) for what in _article_faults(row, *parts))
        yield from _strays(connection, passages, windows)
    except ArchiveDamagedError as error:
        if not structure:
            yield Fault(Part.FILE, str(error.__cause__))


def _structure(connection: Connection) -> list[str]:
    try:
        lines = [row[0] for row in connection.rows("PRAGMA integrity_check(20)")]
    except ArchiveDamagedError as error:
        return [str(error.__cause__)]
    return [] if lines == ["ok"] else lines


def _article_rows(connection: Connection) -> Iterator[Sequence[Any]]:
    number = 0
    while rows := connection.rows("SELECT * FROM articles WHERE number > ? ORDER BY number LIMIT 100", (number,)):
        yield from rows
        number = rows[-1][0]


def _parts(connection: Connection, row: Sequence[Any]) -> tuple[list[tuple[int, int, int]], list[_Window]]:
    first, last = row[4], row[5]
    passages = "SELECT number, start, stop FROM passages WHERE article = ? ORDER BY number"
    windows = "SELECT id, start, stop, text_hash, vector FROM windows WHERE id >= ? AND id < ? ORDER BY id"
    bounds = (first * WINDOWS_A_PASSAGE, (last + 1) * WINDOWS_A_PASSAGE)
    return connection.rows(passages, (row[0],)), connection.rows(windows, bounds)


def _article_faults(row: Sequence[Any], passages: list[tuple[int, int, int]], windows: list[_Window]) -> Iterator[str]:
    try:
        text = read_article(row).text
    except ArchiveDamagedError:
        yield "it is not as it was written"
        return
    if [number for number, *_ in passages] != list(range(row[4], row[5] + 1)):
        yield "passages are missing, or of another article"
        return
    grouped = [
        (passage, [item for item in windows if item[0] // WINDOWS_A_PASSAGE == passage[0]]) for passage in passages
    ]
    if (
        parts_seal(part for passage, inside in grouped for part in (passage[1:], *(item[1:] for item in inside)))
        != row[-2]
    ):
        yield "its passages, windows or vectors are not as they were written"
    cut = [Passage((start, stop), tuple((item[1], item[2]) for item in inside)) for (_, start, stop), inside in grouped]
    if uncovered(text, cut).strip():
        yield "its passages do not cover its text"
    yield from _window_faults(text, cut, windows)


def _window_faults(text: str, passages: list[Passage], windows: list[_Window]) -> Iterator[str]:
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
            yield Fault(Part.FILE, f"{counted[0] - met} {table} belong to no article")
