"""Article records in JSON; fields are known by their common names."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from retrieval.read.encodings import undo
from retrieval.read.fields import iso_date, named_fields
from retrieval.read.files import File, Limits, UnreadableError, check_marks, tidy, whole
from retrieval.values import Draft, PublishedFrom, Skipped

_MARKUP = re.compile(
    r"</(?:p|div|span|a|table|ul|section|font|strong|b|h[1-6])>|<(?:p|br|img|div)\b[^<>]*>", re.IGNORECASE
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|iframe|template|rt|rp|rtc)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
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


# A break of lines written as two characters each, where no other is: `\\n` as JSON has it, once too often.
_WRITTEN_BREAK = re.compile(r"\\r\\n|\\[nr]")
# A character's name that is left when the rest has been read once.
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_NAMED_VALUES = ("name", "title", "text", "value", "data", "content", "html", "#text")


def _words(value: Any) -> str | None:
    """Return a field's words: of a string, a number, a list of them, or an object with a name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _NAMED_VALUES if value.get(key)), None)
    if isinstance(value, list | tuple):
        value = "\n".join(filter(None, map(_words, value)))
    if value is None or isinstance(value, bool | Mapping):
        return None
    return undo(tidy(str(value))).strip("\n") or None


def _line(value: Any) -> str | None:
    words = _words(value)
    return " ".join(unescaped(words).split()) or None if words else None


def unescaped(text: str) -> str:
    """Read the names of characters that were escaped twice.

    >>> unescaped("桥&amp;#8220;旧&amp;#8221;")
    '桥“旧”'
    """
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def _names_line(value: Any) -> str | None:
    words = _words(value)
    return ", ".join(filter(None, (part.strip() for part in words.split("\n")))) or None if words else None


def _text(value: Any) -> str:
    words = _words(value) or ""
    if "<" not in words and "&lt;" in words and has_markup(once := html.unescape(words)):
        words = once
    if "\n" not in words.strip() and _WRITTEN_BREAK.search(words):
        words = _WRITTEN_BREAK.sub("\n", words)
    return "\n".join(lines_of_fragment(words)) if has_markup(words) else words


# A string as it is, or a comma that stands before a bracket that closes.
_TRAILING = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[}\]])', re.DOTALL)
# Objects around the records, at most.
_WRAPPERS = 4
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
    fields = unwrapped(fields)
    known = named_fields(fields)
    if "text" not in known:
        raise UnreadableError("no text: none of its fields is called text, content, body, 正文 …")
    try:
        record = Record.model_validate(known)
    except ValidationError as error:
        raise UnreadableError(_reason(error)) from error
    return as_draft(record, file, number)


def as_draft(record: Record, file: File, number: int | None = None) -> Draft:
    """Return a record as a draft, named by its id, else by its file and its `number` there, None for a whole file."""
    own = file.id if number is None else f"{file.id}#{number}"
    origin = PublishedFrom.RECORD if record.published else PublishedFrom.NONE
    fields = record.model_dump() | {"id": record.id or own}
    return Draft(**fields, path=file.path, published_from=origin, is_record=number is not None)


def draft_or_reason(fields: object, file: File, number: int, place: str = "") -> Draft | Skipped:
    """Turn a record into a draft, or say at its `place` why it is none: `#number` in its file unless it is given."""
    try:
        return draft_of_record(fields, file, number)
    except UnreadableError as error:
        return Skipped(place or f"{file.path}#{number}", error.message)


def unwrapped(fields: Mapping[Any, Any], depth: int = 3) -> Mapping[Any, Any]:
    """Return the record inside a wrapper, as an export has it: `{"_id": …, "_source": {…}}`, `{"data": {…}}`."""
    if depth and "text" not in named_fields(fields):
        inner = [unwrapped(value, depth - 1) for value in fields.values() if isinstance(value, Mapping)]
        inner = [record for record in inner if "text" in named_fields(record)]
        if len(inner) == 1:
            return {"id": fields.get("_id"), **{key: one for key, one in inner[0].items() if key != "id" or one}}
    return fields


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
        yield draft_or_reason(record, file, number)


def _records(content: object) -> Iterable[object]:
    """Find the records in a parsed file: a list, the largest list in an object, objects by their ids, or one."""
    waiting, lists = [(content, 0)], list[list[object]]()
    for value, depth in waiting:
        if isinstance(value, list):
            lists.append(value)
        elif isinstance(value, Mapping) and depth < _WRAPPERS and "text" not in named_fields(value):
            inner = [one for one in value.values() if isinstance(one, Mapping)]
            if len(inner) > 1 and all("text" in named_fields(unwrapped(one)) for one in inner):
                lists.append([{"id": key, **one} for key, one in value.items() if isinstance(one, Mapping)])
            else:
                waiting += [(one, depth + 1) for one in value.values() if isinstance(one, Mapping | list) and one]
    return max(lists, key=len, default=[content])


def _parse(text: str, limits: Limits) -> object:
    """Parse JSON.

    Raises:
        UnreadableError: it is not JSON, nested too deeply, or of too many parts.
    """
    check_marks(text, "{[,", limits)
    try:
        return _loaded(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise UnreadableError(
            "not JSON: {what} at line {line} column {column}", what=error.msg, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise UnreadableError("JSON nested too deeply") from error
    except ValueError as error:
        raise UnreadableError("not JSON: {error}", error=error) from error


def _loaded(text: str) -> object:
    """Load JSON; commas before a closing bracket, as hand-made files have them, are passed over."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        without = _TRAILING.sub(lambda found: found[1] or "", text)
        if without == text:
            raise
        return json.loads(without, strict=False)


def _is_object(line: str, limits: Limits) -> bool:
    try:
        return isinstance(_parse(line, limits), Mapping)
    except UnreadableError:
        return False


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return "text is empty" if field == "text" else f"{field}: {first['msg']}"
