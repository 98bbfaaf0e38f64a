"""Web archives (WARC): each page that a crawler was given, without what the crawler wrote beside it."""

import io
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email.parser import BytesHeaderParser
from typing import IO

from retrieval.errors import Message
from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, UnreadableError, tidy
from retrieval.read.html import draft_of_page, page_text
from retrieval.values import Draft, Skipped

_log = logging.getLogger(__name__)

# A header of an archive's record or of a response; longer ones are no headers.
_HEADER = 65_536
_PAGE = re.compile(r"text/html|application/xhtml", re.IGNORECASE)
_RESPONSE = re.compile(rb"HTTP/\d(?:\.\d)? (?P<status>\d{3})[^\n]*\n(?P<fields>(?:[^\r\n]+\r?\n){0,200})\r?\n")
_CHUNK, _END = re.compile(rb"([0-9A-Fa-f]{1,8})[^\n]{0,100}\n"), re.compile(rb"\r?\n?")


def read_warc(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read the pages of a web archive, and the texts that others made of pages (WET). The days of the crawl are none.

    Raises:
        UnreadableError: it is damaged, or holds no page.
    """
    found = False
    with file.open() as raw:
        stream = io.BufferedReader(raw, MB) if isinstance(raw, io.RawIOBase) else raw
        for number, (head, block) in enumerate(_records(stream, limits), start=1):
            part = replace(file, id=f"{file.id}#{number}", path=f"{file.path}#{number}")
            item = _item(head, block, part, limits)
            found |= item is not None
            if item is not None:
                yield item
    if not found:
        raise UnreadableError("a web archive without pages")


def _records(stream: IO[bytes], limits: Limits) -> Iterator[tuple[Mapping[str, str], bytes | None]]:
    """Yield each record's header and block; None stands for a block that is larger than a file may be."""
    for _ in range(limits.members):
        line = stream.readline(_HEADER)
        while line and not line.strip():
            line = stream.readline(_HEADER)
        if not line:
            return
        if not line.startswith(b"WARC/"):
            raise UnreadableError("damaged web archive")
        head = _head(stream)
        length = head.get("content-length", "")
        if not length.isdecimal():
            raise UnreadableError("damaged web archive: a record without a length")
        size = int(length)
        block = stream.read(min(size, limits.file_bytes))
        left = size - len(block)
        while left > 0 and (skipped := stream.read(min(left, MB))):
            left -= len(skipped)
        yield head, block if size <= limits.file_bytes else None


def _head(stream: IO[bytes]) -> Mapping[str, str]:
    lines = []
    size = 0
    while (line := stream.readline(_HEADER)) and line.strip():
        lines.append(line)
        size += len(line)
        if size > _HEADER:
            raise UnreadableError("damaged web archive: an endless header")
    return _fields(b"".join(lines))


def _fields(head: bytes) -> Mapping[str, str]:
    return {name.lower(): str(value).strip() for name, value in BytesHeaderParser().parsebytes(head).items()}


def _item(head: Mapping[str, str], block: bytes | None, file: File, limits: Limits) -> Draft | Skipped | None:
    """Read a record, None where it holds no page; one that cannot be read costs itself only."""
    try:
        return _draft(head, block, file, limits)
    except UnreadableError as error:
        return Skipped(file.path, error.message)
    except Exception as error:  # noqa: BLE001  # a parser may raise anything on hostile bytes
        _log.debug("cannot read %s", file.path, exc_info=True)
        return Skipped(file.path, Message("damaged ({kind})", kind=type(error).__name__))


def _draft(head: Mapping[str, str], block: bytes | None, file: File, limits: Limits) -> Draft | None:
    kind, url = head.get("warc-type", "").lower(), head.get("warc-target-uri", "").strip("<>")
    if kind not in ("response", "resource", "conversion"):
        return None
    if block is None:
        raise UnreadableError("larger than {most} MB", most=limits.file_bytes // MB)
    if kind == "conversion":
        text = tidy(decode(block, "utf-8").text)
        return Draft(id=file.id, text=text, path=file.path, url=url or None) if text.strip() else None
    mime, body = head.get("content-type", ""), block
    if response := _RESPONSE.match(block):
        if response["status"] != b"200":
            return None
        fields = _fields(response["fields"])
        mime, body = fields.get("content-type", ""), _unpacked(block[response.end() :], fields, limits)
    if not _PAGE.search(mime) or not body.strip():
        return None
    page = replace(file, open=lambda: io.BytesIO(body))
    return draft_of_page(page_text(page, limits, mime), page, limits, url=url or None)


def _unpacked(body: bytes, fields: Mapping[str, str], limits: Limits) -> bytes:
    """Undo what a server did to a body on its way: pieces with their lengths, compression."""
    if "chunked" in fields.get("transfer-encoding", "").lower() and _CHUNK.match(body):
        body = b"".join(_chunks(body))
    packing = fields.get("content-encoding", "").lower()
    if packing not in ("gzip", "x-gzip", "deflate"):
        return body
    try:
        inflated = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, limits.file_bytes + 1)
    except zlib.error as error:
        raise UnreadableError("a page whose compression is damaged") from error
    if len(inflated) > limits.file_bytes:
        raise UnreadableError("inflates to more than {most} MB", most=limits.file_bytes // MB)
    return inflated


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        yield body[found.end() : found.end() + size]
        at = found.end() + size + len(_END.match(body, found.end() + size)[0])  # type: ignore[index]
        if not size:
            return
