"""Article records in JSON and in tables; fields are known by their common names."""

import csv
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from retrieval.errors import Message
from retrieval.read.encodings import undo
from retrieval.read.fields import iso_date, named_fields
from retrieval.read.files import MB, File, Limits, UnreadableError, check_marks, tidy, whole
from retrieval.values import Draft, PublishedFrom, Skipped

_MARKUP = re.compile(
    r"</(?:p|div|span|a|table|ul|section|font|strong|b|h[1-6])>|<(?:p|br|img|div)\b[^<>]*>", re.IGNORECASE
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|iframe|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|section|article|blockquote|h[1-6]|figure|figcaption|dd|dt|hr|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")


def has_markup(text: str) -> bool:
    """Return whether a field holds HTML rather than text."""
    return "<" in text and _MARKUP.search(text) is not None


def lines_of_fragment(markup: str) -> list[str]:
    """Return the text of an HTML fragment, a line a block.

    >>> lines_of_fragment("<p>one<br>two &amp; three</p>")
    ['one', 'two & three']
    """
    text = _BREAK.sub("\0", _UNSEEN.sub("", markup))
    text = _TAG.sub("", _CELL.sub("\t", text))
    lines = (_SPACES.sub(" ", html.unescape(line)).strip(" \t\xa0\u3000") for line in text.split("\0"))
    return [line for line in lines if line]


def _words(value: Any) -> str | None:
    """Return a field's words: of a string, a number, a list of them, or an object with a name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "text", "value", "#text") if value.get(key)), None)
    if isinstance(value, list | tuple):
        value = "\n".join(filter(None, map(_words, value)))
    if value is None or isinstance(value, bool | Mapping):
        return None
    return undo(tidy(str(value))).strip("\n") or None


def _line(value: Any) -> str | None:
    words = _words(value)
    return " ".join(words.split()) or None if words else None


def _names_line(value: Any) -> str | None:
    words = _words(value)
    return ", ".join(filter(None, (part.strip() for part in words.split("\n")))) or None if words else None


def _text(value: Any) -> str:
    words = _words(value) or ""
    return "\n".join(lines_of_fragment(words)) if has_markup(words) else words


Line = Annotated[str | None, BeforeValidator(_line)]


class Record(BaseModel):
    """An article record as it comes in: only `text` is required, unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"\S")]
    title: Line = None
    source: Line = None
    author: Annotated[str | None, BeforeValidator(_names_line)] = None
    published: Annotated[str | None, BeforeValidator(iso_date)] = None
    url: Line = None
    id: Line = None
    language: Line = None


def draft_of_record(fields: object, file: File, number: int) -> Draft:
    """Turn a record into a draft; `number` names it in its file where it has no id.

    Raises:
        UnreadableError: it is no object, or has no text.
    """
    if not isinstance(fields, Mapping):
        raise UnreadableError("a record must be an object, not {kind}", kind=type(fields).__name__)
    known = named_fields(fields)
    if "text" not in known:
        raise UnreadableError("no text: none of its fields is called text, content, body, 正文 …")
    try:
        record = Record.model_validate(known)
    except ValidationError as error:
        raise UnreadableError(_reason(error)) from error
    return Draft(
        id=record.id or f"{file.id}#{number}",
        text=record.text,
        path=file.path,
        title=record.title,
        source=record.source,
        author=record.author,
        published=record.published,
        published_from=PublishedFrom.RECORD if record.published else PublishedFrom.NONE,
        url=record.url,
        language=record.language,
        is_record=True,
    )


def read_json_lines(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read one record a line; a bad one is reported with its line, the rest go on."""
    any_line = False
    for number, line in enumerate(file.lines(limits), start=1):
        if line is not None and not line.strip("\ufeff \t\r\n"):
            continue
        any_line = True
        try:
            yield draft_of_record(_parse(whole(line, limits), limits), file, number)
        except UnreadableError as error:
            yield Skipped(f"{file.path}:{number}", error.message)
    if not any_line:
        raise UnreadableError("empty")


def read_json(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read a file that is a record, a list of records, an object that holds such a list, or in truth JSON lines."""
    text = file.text(limits)
    try:
        content = _parse(text, limits)
    except UnreadableError:
        head, _, rest = text.strip().partition("\n")
        if rest.strip() and _is_object(head, limits):
            yield from read_json_lines(file, limits)
            return
        raise
    for number, record in enumerate(_records(content), start=1):
        try:
            yield draft_of_record(record, file, number)
        except UnreadableError as error:
            yield Skipped(f"{file.path}#{number}", error.message)


def _records(content: object) -> Iterable[object]:
    """Find the records in a parsed file."""
    if isinstance(content, list):
        return content
    if isinstance(content, Mapping) and "text" not in named_fields(content):
        lists = [value for value in content.values() if isinstance(value, list) and value]
        return max(lists, key=len, default=[content])
    return [content]


def _parse(text: str, limits: Limits) -> object:
    """Parse JSON.

    Raises:
        UnreadableError: it is not JSON, nested too deeply, or of too many parts.
    """
    check_marks(text, "{[,", limits)
    try:
        return json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise UnreadableError(
            "not JSON: {reason} at line {line} column {column}", reason=error.msg, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise UnreadableError("JSON nested too deeply") from error
    except ValueError as error:
        raise UnreadableError("not JSON: {error}", error=error) from error


def _is_object(line: str, limits: Limits) -> bool:
    try:
        return isinstance(_parse(line, limits), Mapping)
    except UnreadableError:
        return False


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return "text is empty" if field == "text" else f"{field}: {first['msg']}"


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
    ends_in_text = "text" in named_fields(dict.fromkeys(header[-1:], "x"))
    if "text" not in named_fields(dict.fromkeys(header, "x")):
        raise UnreadableError("no column for the text among {columns!r}", columns=", ".join(header)[:80])
    number = 0
    for number, row in enumerate(_rows(rows, lines), start=1):
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


def _fields(header: list[str], row: list[str], delimiter: str, *, ends_in_text: bool) -> dict[str, str]:
    """Return the fields of a row by their columns; those of a last column, if it is the text, may hold delimiters.

    Raises:
        UnreadableError: there are more fields than columns, and nobody can tell which of them were one.
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
