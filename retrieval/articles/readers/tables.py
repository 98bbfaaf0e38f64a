"""CSV and TSV: one article a row, its columns known by their common names."""

import csv
from collections.abc import Iterator

from retrieval.articles.decoding import undo
from retrieval.articles.draft import Draft, Skipped
from retrieval.articles.readers.fields import named_fields
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import MB, Limits, UnreadableError
from retrieval.articles.readers.lines import tidy
from retrieval.articles.readers.records import draft_of_record

_DELIMITERS = ",\t;|"


def read_table(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read one record a row; a bad one is reported with its line, the rest go on.

    Raises:
        UnreadableError: the first row names no column for the text.
    """
    csv.field_size_limit(limits.line_bytes)
    lines = _Lines(file.lines(limits))
    first = next(lines, "")
    if not first.strip():
        raise UnreadableError("empty")
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(_again(first, lines), delimiter=delimiter)
    header = [undo(tidy(name)).strip() for name in next(_rows(rows, lines), None) or []]
    if "text" not in named_fields(dict.fromkeys(header, "x")):
        raise UnreadableError(f"no column for the text among {', '.join(header)[:80]!r}")
    number = 0
    for number, row in enumerate(_rows(rows, lines), start=1):
        place = f"{file.path}:{lines.number}"
        if row is None:
            yield Skipped(place, f"a row or line that is no CSV or longer than {limits.line_bytes // MB} MB")
            continue
        try:
            if any(field.strip() for field in row):
                yield draft_of_record(dict(zip(header, row, strict=False)), file, number)
        except UnreadableError as error:
            yield Skipped(place, str(error))
    if number == 0:
        raise UnreadableError("a table without rows")


class _Lines(Iterator[str]):
    """Lines of a table, counted; too long ones are left out and counted too."""

    def __init__(self, lines: Iterator[str | None]) -> None:
        self._lines = lines
        self.number = 0
        self.lost = 0

    def __next__(self) -> str:
        for line in self._lines:
            self.number += 1
            if line is not None:
                return line
            self.lost += 1
        raise StopIteration


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _rows(rows: Iterator[list[str]], lines: _Lines) -> Iterator[list[str] | None]:
    """Yield rows, None for each that could not be read."""
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            yield None
            continue
        for _ in range(lines.lost):
            yield None
        lines.lost = 0
        if row is None:
            return
        yield row
