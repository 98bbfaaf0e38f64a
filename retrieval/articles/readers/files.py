"""What a reader is given: a named stream of bytes, on disk, in an archive or from standard input."""

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from retrieval.articles.decoding import decode
from retrieval.articles.decoding.encodings import guess, mark_of
from retrieval.articles.readers.limits import MB, Budget, Limits, UnreadableError
from retrieval.articles.readers.lines import is_binary, tidy

# Bytes from which the encoding of a streamed file is told; a line that contradicts it is judged by itself.
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
            raise UnreadableError(f"larger than {limits.file_bytes // MB} MB")
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
        raise UnreadableError(f"a line of more than {limits.line_bytes // MB} MB")
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
