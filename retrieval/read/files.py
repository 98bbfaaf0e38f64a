"""What readers take and give: a named stream of bytes in, a draft of an article out, within limits."""

import html
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from retrieval.errors import ArticleError
from retrieval.read.encodings import decode, guess, mark_of

MB = 1024 * 1024


class UnreadableError(ArticleError):
    """A file or record that cannot be read; its message is the reason, one clause."""


class Split(StrEnum):
    """How a text file is parted into articles: where lines begin like articles, at each, at empty ones, never."""

    AUTO = "auto"
    LINES = "lines"
    BLANK = "blank"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep hostile input from costing more than its own file, and how text files are parted into articles.

    `file_bytes` bounds a file that is read whole, `line_bytes` a line or record of one that is read as it streams,
    `inflated_bytes` all that one archive file unpacks to, `members` the files in it, `nesting` how many archives may
    stand inside each other, `elements` those of a page and `depth` those inside each other, `pages` those of a PDF,
    `seconds` the time for a file whose format has steps to look at the clock between, `characters` an article, and
    `marks` what opens an element, an attribute or a field, as its signs are counted before a file is parsed.
    """

    file_bytes: int = 64 * MB
    line_bytes: int = 8 * MB
    inflated_bytes: int = 4096 * MB
    members: int = 200_000
    nesting: int = 2
    depth: int = 1_000
    elements: int = 300_000
    pages: int = 2_000
    seconds: float = 20.0
    characters: int = 5_000_000
    marks: int = 6_000_000
    split: Split = Split.AUTO


@dataclass(slots=True)
class Budget:
    """Bytes that an archive file and all archives inside it may still inflate to."""

    left: int


def check_marks(text: str, signs: str, limits: Limits) -> None:
    """Count the signs of a text's structure, since each becomes an object of 60 to 350 bytes.

    Raises:
        UnreadableError: there are more than `limits.marks`.
    """
    if sum(map(text.count, signs)) > limits.marks:
        raise UnreadableError("more than {most:,} elements, attributes or fields", most=limits.marks)


_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")

# Shares above which characters that no text has, or that could not be read, show a file that is not text. A page saved
# in halves keeps below one lost character in five; compressed data has more than one control in twenty.
_CONTROLS, _LOST = 0.02, 0.2
# The head of a server's answer, which some programs save with what it answers; its `Date` is the day of the download.
_RESPONSE = re.compile(r"\s*HTTP/\d(?:\.\d)? \d{3}[^\n]*\n(?:[^\n]+\n){0,200}\n")


def without_response(text: str) -> str:
    """Drop the head of a server's answer from the top of a file."""
    found = _RESPONSE.match(text)
    return text[found.end() :] if found else text


def tidy(text: str) -> str:
    r"""End lines with `\n`, drop control characters and byte order marks, mark lone surrogates as lost.

    >>> tidy("a\r\nb\x00c")
    'a\nbc'
    """
    text = _LINE_END.sub("\n", text)
    text = _NOT_TEXT.sub("", text)
    return _SURROGATE.sub("\ufffd", text)


def is_binary(text: str, marked: int) -> bool:
    """Recognise what decoded to something that nobody wrote."""
    head = text[:65536]
    return len(_CONTROL.findall(head)) > _CONTROLS * len(head) or marked > max(_LOST * len(text), 2)


# Bytes from which the encoding of a streamed file is guessed; a line that contradicts it is judged by itself.
_HEAD = 65536
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: `id` names its articles, `path` is what a person calls it.

    `nesting` counts the archives around it, `budget` is what they share. `real` is the real path of a file on disk.
    """

    id: str
    path: str
    open: Callable[[], IO[bytes]]
    nesting: int = 0
    budget: Budget | None = None
    real: str = ""

    @property
    def name(self) -> str:
        """The last part of its path, in lower case."""
        return self.path.replace("\\", "/").rpartition("/")[2].lower()

    def head(self) -> bytes:
        """Read its first 4 KB."""
        with self.open() as stream:
            return stream.read(4096)

    def read(self, limits: Limits) -> bytes:
        """Read it whole.

        Raises:
            UnreadableError: it is empty or larger than `limits.file_bytes`.
        """
        with self.open() as stream:
            data = stream.read(limits.file_bytes + 1)
        if len(data) > limits.file_bytes:
            raise UnreadableError("larger than {most} MB", most=limits.file_bytes // MB)
        if not data:
            raise UnreadableError("empty")
        return data

    def text(self, limits: Limits, declared: str | None = None) -> str:
        r"""Read it whole as text, line ends as `\n`.

        Raises:
            UnreadableError: it is empty, white space, too large, not text, or has an endless line.
        """
        data = self.read(limits)
        decoded = decode(data, declared)
        if is_binary(decoded.text, decoded.marked):
            raise UnreadableError("binary, not text")
        text = tidy(decoded.text)
        if not text or text.isspace():
            raise UnreadableError("nothing but white space")
        if len(text) > limits.line_bytes and max(map(len, text.split("\n"))) > limits.line_bytes:
            whole(None, limits)
        return text

    def lines(self, limits: Limits) -> Iterator[str | None]:
        r"""Read it line by line as it streams, each with its `\n`; None stands for a line longer than the limit."""
        with self.open() as stream:
            head = stream.read(_HEAD)
            rest = _Joined(head, stream)
            if b"\0" in head or (mark_of(head) or (b"", "utf-8"))[1] != "utf-8":
                yield from _wide_lines(head, rest, limits)
            else:
                yield from _byte_lines(head, rest, limits)


def clean(path: str) -> str:
    """Return a path as text, whatever encoding the bytes of its names are in."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "/".join(map(_clean_name, path.split("/")))
    return path


def _clean_name(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        text = decode(raw).text
        is_read = text.isprintable() and "\ufffd" not in text and "/" not in text and text.strip()
        return text if is_read else named(raw, "utf-8")
    return name


def named(raw: bytes, encoding: str) -> str:
    """Read a name; bytes that stand for nothing are shown by their numbers, so that no two names become one."""
    try:
        text = raw.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape")
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def whole(line: str | None, limits: Limits) -> str:
    """Return a line that was read.

    Raises:
        UnreadableError: it is None, longer than the limit.
    """
    if line is None:
        raise UnreadableError("a line of more than {most} MB", most=limits.line_bytes // MB)
    return line


class _Joined(io.RawIOBase):
    """A stream with its head put back."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head = io.BytesIO(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        data = self._head.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _byte_lines(head: bytes, stream: _Joined, limits: Limits) -> Iterator[str | None]:
    claimed: str | None = None
    reader = io.BufferedReader(stream, _HEAD)
    while line := reader.readline(limits.line_bytes + 1):
        if len(line) > limits.line_bytes:
            _skip_line(reader, line)
            yield None
            continue
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            claimed = claimed or guess(head)
            yield decode(line, claimed).text


def _skip_line(reader: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = reader.readline(MB)


def _wide_lines(head: bytes, stream: _Joined, limits: Limits) -> Iterator[str | None]:
    found = mark_of(head)
    encoding = found[1] if found else guess(head)
    if found:
        stream.read(len(found[0]))
    reader = io.TextIOWrapper(io.BufferedReader(stream, _HEAD), encoding, "replace", newline="\n")
    while line := reader.readline(limits.line_bytes + 1):
        if len(line) <= limits.line_bytes:
            yield line
            continue
        while line and not line.endswith("\n"):
            line = reader.readline(MB)
        yield None


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
