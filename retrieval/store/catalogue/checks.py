"""Check a catalogue: its file, every article's seal, and that passages and windows are where they say."""

from collections.abc import Iterator, Sequence
from typing import Any

from retrieval.errors import ArchiveDamagedError, Message
from retrieval.passages import uncovered
from retrieval.store.catalogue import queries
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE, Connection
from retrieval.store.catalogue.queries import article_names
from retrieval.store.catalogue.rows import read_article, seal_of_rows, sealed_parts, text_digest, windows_inside
from retrieval.values import Fault, Part, Passage

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
