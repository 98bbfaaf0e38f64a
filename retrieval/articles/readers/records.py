"""Article records in JSON: one a line, or a file of them; fields are known by their common names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from retrieval.articles.decoding import undo
from retrieval.articles.draft import Draft, Skipped
from retrieval.articles.readers.declared_dates import iso_date
from retrieval.articles.readers.fields import named_fields
from retrieval.articles.readers.files import File, whole
from retrieval.articles.readers.limits import Limits, UnreadableError, check_marks
from retrieval.articles.readers.lines import tidy
from retrieval.articles.readers.markup import has_markup, lines_of_fragment
from retrieval.values import PublishedFrom


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
        raise UnreadableError(f"a record must be an object, not {type(fields).__name__}")
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
            yield Skipped(f"{file.path}:{number}", str(error))
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
            yield Skipped(f"{file.path}#{number}", str(error))


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
        raise UnreadableError(f"not JSON: {error.msg} at line {error.lineno} column {error.colno}") from error
    except RecursionError as error:
        raise UnreadableError("JSON nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}") from error


def _is_object(line: str, limits: Limits) -> bool:
    try:
        return isinstance(_parse(line, limits), Mapping)
    except UnreadableError:
        return False


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return "text is empty" if field == "text" else f"{field}: {first['msg']}"
