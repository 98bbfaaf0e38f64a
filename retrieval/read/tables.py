"""Tables of articles: CSV in its dialects, with a header or without, and the sheets of Excel files."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import chain, islice

from retrieval.clean import bundled_outlets
from retrieval.clean.names import read_names
from retrieval.errors import Message
from retrieval.read.encodings import undo
from retrieval.read.files import MB, File, Limits, UnreadableError, tidy
from retrieval.read.records import draft_of_record, draft_or_reason, iso_date, named_fields
from retrieval.values import Draft, Skipped

_DELIMITERS = ",\t;|"
# What Excel writes above a header: sep=,
_SEPARATOR = re.compile(r"\ufeff?\"?sep=([^\w\s]|\t)\"?\s*", re.IGNORECASE)
# A longer cell is no column's name; what shows columns without names is looked for in so many rows.
_NAME_LONGEST, _LOOKED_AT, _TEXT_SHORTEST = 60, 20, 40
_URL = re.compile(r"https?://\S+")


def read_table(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read one record a row; a bad one is reported with its line, the rest go on.

    Raises:
        UnreadableError: the first row names no column for the text.
    """
    csv.field_size_limit(limits.line_bytes)
    lines = _Lines(file.lines(limits), 2 * limits.line_bytes)
    first = next(lines, "")
    declared = _SEPARATOR.fullmatch(first)
    first = next(lines, "") if declared else first
    if not first.strip():
        raise UnreadableError("empty")
    delimiter = declared[1] if declared else max(_DELIMITERS, key=first.count)
    header, rows = _headed(_rows(csv.reader(_again(first, lines), delimiter=delimiter), lines))
    ends_in_text = "text" in named_fields(dict.fromkeys(header[-1:], "x"))
    number = 0
    for number, row in enumerate(rows, start=1):
        place = f"{file.path}:{lines.number}"
        if row is None:
            yield Skipped(
                place, Message("a row or line that is no CSV or longer than {most} MB", most=limits.line_bytes // MB)
            )
            continue
        try:
            if any(field.strip() for field in row):
                yield draft_of_record(_fields(header, row, delimiter, ends_in_text=ends_in_text), file, number)
        except UnreadableError as error:
            yield Skipped(place, error.message)
    if number == 0:
        raise UnreadableError("a table without rows")
    if lines.is_open:
        reason = "a quotation mark without a partner: the rows after it are read as part of this one"
        yield Skipped(f"{file.path}:{lines.number}", reason)


_Row = list[str] | None


def _headed(rows: Iterator[_Row]) -> tuple[list[str], Iterator[_Row]]:
    """Split a table into the names of its columns and its rows.

    Raises:
        UnreadableError: no column is the text's.
    """
    first = next(rows, None) or []
    header = [undo(tidy(name)).strip() for name in first]
    if "text" in named_fields(dict.fromkeys(header, "x")):
        return header, rows
    if any(len(cell) > _NAME_LONGEST or iso_date(cell) or _URL.fullmatch(cell) for cell in header):
        looked_at: list[_Row] = [first, *islice(rows, _LOOKED_AT)]
        names = _guessed([row for row in looked_at if row])
        if "text" in names:
            return names, chain(looked_at, rows)
    raise UnreadableError("no column for the text among {columns!r}", columns=", ".join(header)[:80])


def _guessed(rows: Sequence[list[str]]) -> list[str]:
    """Name the columns of a table without names by what stands in them: the longest is the text, "" an unknown one."""
    columns = [[row[at].strip() for row in rows if at < len(row)] for at in range(max(map(len, rows)))]
    lengths = [sum(map(len, column)) / max(1, len(column)) for column in columns]
    text = lengths.index(max(lengths))
    names = [""] * len(columns)
    if lengths[text] < _TEXT_SHORTEST:
        return names
    names[text] = "text"
    for name, test in _TESTS.items():
        able = [at for at, given in enumerate(names) if not given and _mostly(columns[at], test)]
        if able:
            names[able[0]] = name
    rest = [at for at, given in enumerate(names) if not given and lengths[at] >= 4]
    if rest:
        names[max(rest, key=lengths.__getitem__)] = "title"
    return names


_TESTS: dict[str, Callable[[str], bool]] = {
    "url": lambda cell: _URL.fullmatch(cell) is not None,
    "published": lambda cell: iso_date(cell) is not None and (len(cell) == len("20220414") or not cell.isdecimal()),
    "source": lambda cell: bundled_outlets().looks_like_one(cell),
    "author": lambda cell: len(cell) <= 20 and bool(read_names(cell, declared="某" in cell)),
}


def _mostly(column: Sequence[str], test: Callable[[str], bool]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and 2 * sum(map(test, filled)) > len(filled)


def read_sheets(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read one record a row of each sheet of an Excel file.

    Raises:
        UnreadableError: it is encrypted, damaged, too large, or no sheet has a column for the text.
    """
    from openpyxl import load_workbook

    data = file.read(limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("encrypted, or an old .xls file: save it as .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 2 * limits.file_bytes:
                raise UnreadableError("inflates to more than {most} MB", most=2 * limits.file_bytes // MB)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError) as error:
        raise UnreadableError("damaged Excel file") from error
    reasons: list[Message] = []
    number = 0
    for sheet in book.worksheets:
        cells = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
        try:
            header, rows = _headed(row for row in cells if any(row))
        except UnreadableError as error:
            reasons.append(error.message)
            continue
        for row in rows:
            number += 1
            yield draft_or_reason(dict(zip(header, row or [], strict=False)), file, number)
    if not number:
        raise UnreadableError(
            reasons[0].template if reasons else "a table without rows", **(reasons[0].fields if reasons else {})
        )


def _cell(value: object) -> str:
    """Write a cell's value as text; a day that Excel holds as a midnight is a day."""
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if (value.hour, value.minute, value.second) == (0, 0, 0) else value.isoformat(" ")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fields(header: list[str], row: list[str], delimiter: str, *, ends_in_text: bool) -> dict[str, str]:
    """Return the fields of a row by their columns; those of a last column, if it is the text, may hold delimiters.

    Raises:
        UnreadableError: there are more fields than columns, and nobody knows which of them were one.
    """
    if any(field.strip() for field in row[len(header) :]):
        if not ends_in_text:
            raise UnreadableError(
                "{count} fields in {columns} columns: quote those that hold {delimiter!r}",
                count=len(row),
                columns=len(header),
                delimiter=delimiter,
            )
        row = [*row[: len(header) - 1], delimiter.join(row[len(header) - 1 :])]
    return dict(zip(header, row, strict=False))


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
                    raise UnreadableError("a row of more than {most} MB: the rest is not read", most=self._most // MB)
                return line
            self.lost += 1
        raise StopIteration

    def end_row(self) -> None:
        """Begin to count anew; `is_open` says whether the row that has ended had an odd number of quotation marks."""
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
