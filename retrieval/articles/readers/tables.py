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
    lines = _Lines(file.lines(limits), 2 * limits.line_bytes)
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
    if lines.is_open:
        reason = "a quotation mark without a partner: the rows after it are read as part of this one"
        yield Skipped(f"{file.path}:{lines.number}", reason)


class _Lines(Iterator[str]):
    """Lines of a table, counted; too long ones are left out and counted too.

    Raises:
        UnreadableError: lines since the last row are longer than `most`, as where a quotation mark has no partner.
    """

    def __init__(self, lines: Iterator[str | None], most: int) -> None:
        self._lines, self._most = lines, most
        self.number = 0
        self.lost = 0
        self.in_row = self._marks = 0
        self.is_open = False

    def __next__(self) -> str:
        for line in self._lines:
            self.number += 1
            if line is not None:
                self.in_row += len(line)
                self._marks += line.count('"')
                if self.in_row > self._most:
                    raise UnreadableError(f"a row of more than {self._most // MB} MB: the rest is not read")
                return line
            self.lost += 1
        raise StopIteration

    def end_row(self) -> None:
        """Begin to count anew; `is_open` tells whether the row that has ended had an odd number of quotation marks."""
        self.is_open = self._marks % 2 == 1
        self.in_row = self._marks = 0


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _rows(rows: Iterator[list[str]], lines: _Lines) -> Iterator[list[str] | None]:
    """Yield rows, None for each that could not be read."""
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            lines.end_row()
            yield None
            continue
        for _ in range(lines.lost):
            yield None
        lines.lost = 0
        if row is None:
            return
        lines.end_row()
        yield row
