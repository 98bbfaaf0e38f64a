"""Pages as they were captured: messages, pages saved as messages (MHTML), and web archives (WARC).

Of a web archive each page that a crawler was given is read, without what the crawler wrote next to it.
"""

import io
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import IO, TYPE_CHECKING, Any

from retrieval.errors import Message
from retrieval.read.encodings import decode, undo
from retrieval.read.files import MB, File, Limits, UnreadableError, tidy
from retrieval.read.html import CHARSET, draft_of_page, page_text
from retrieval.read.records import iso_date
from retrieval.values import Draft, PublishedFrom, Skipped

if TYPE_CHECKING:
    from email.message import Message as Mail

# Bounds on what the standard library reads in more than linear time: 200 KB of semicolons in one header take minutes,
# and each line is compared with the boundaries of all parts around it, 20 million times in about two seconds.
_PARTS, _HEADER, _COMPARED = 5_000, 2_000, 20_000_000
_SAVED = re.compile(r"\W*saved by\b", re.IGNORECASE)


def read_mhtml(file: File, limits: Limits) -> Iterator[Draft]:
    """Read the page in an MHTML file.

    Raises:
        UnreadableError: there is none.
    """
    yield _page_of(_parsed(file, limits), file, limits)


def _page_of(message: "Mail[str, str]", file: File, limits: Limits) -> Draft:
    page = _part(message, "text/html")
    if page is None:
        raise UnreadableError("no page in it")
    address = page.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
    url = address.strip() if address.strip().startswith(("http://", "https://")) else None
    return draft_of_page(_text(page), file, limits, url=url)


def read_message(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a message: its plain text, else its page; subject, sender and date are what it declares.

    Raises:
        UnreadableError: it has neither.
    """
    message = _parsed(file, limits)
    if message.get("Snapshot-Content-Location") or _SAVED.match(message.get("From", "")):
        # a page that a browser saved, whose date is the day of that
        yield _page_of(message, file, limits)
        return
    plain, page = _part(message, "text/plain"), _part(message, "text/html")
    text = tidy(_text(plain)).strip("\n") if plain is not None else ""
    known = None
    if not text.strip():
        if page is None:
            raise UnreadableError("a message without text")
        known = draft_of_page(_text(page), file, limits)
        text = known.text
    published = iso_date(_header(message, "Date"))
    yield Draft(
        id=file.id,
        text=text,
        path=file.path,
        title=_header(message, "Subject") or (known.title if known else None),
        author=_sender(message),
        published=published,
        published_from=PublishedFrom.RECORD if published else PublishedFrom.NONE,
        url=known.url if known else None,
    )


def _parsed(file: File, limits: Limits) -> "Mail[str, str]":
    data = file.read(limits).lstrip()
    if data.count(b"\n--") > _PARTS:
        raise UnreadableError("more than {most} parts", most=_PARTS)
    if data.lower().count(b"boundary") * data.count(b"\n") > _COMPARED:
        raise UnreadableError("too many parts inside each other")
    return message_from_bytes(data, policy=_ShortHeaders())


class _ShortHeaders(policy.Compat32):
    """The standard library's policy, which takes the beginning of a header that is longer than any has to be."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Cut the value before anything looks at it."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_HEADER]


def _part(message: "Mail[str, str]", kind: str) -> "Mail[str, str] | None":
    """Return the first part of a kind that is not an attachment."""
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((part for part in parts if part.get_content_disposition() != "attachment"), None)


def _text(part: "Mail[str, str]") -> str:
    payload: Any = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    claim = part.get_content_charset()
    if claim is None and (found := CHARSET.search(data[:4096])):
        claim = found[1].decode("ascii")
    return decode(data, claim).text


def _header(message: "Mail[str, str]", name: str) -> str | None:
    """Return a header's text, its encoded words and bare bytes read by their evidence."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return None
    try:
        pieces = decode_header(str(value)[:_HEADER].encode("utf-8", "surrogateescape").decode("latin-1"))
    except (ValueError, LookupError):
        return None
    texts = []
    for piece, charset in pieces:
        data = piece if isinstance(piece, bytes) else piece.encode("latin-1", "replace")
        texts.append(decode(data, charset).text)
    return " ".join(undo(tidy("".join(texts))).split()) or None


def _sender(message: "Mail[str, str]") -> str | None:
    written = _header(message, "From") or ""
    names = [name or address for name, address in getaddresses([written])]
    return ", ".join(filter(None, names)) or None


_log = logging.getLogger(__name__)

# A header of an archive's record or of a response; longer ones are no headers.
_RECORD_HEADER = 65_536
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
        line = stream.readline(_RECORD_HEADER)
        while line and not line.strip():
            line = stream.readline(_RECORD_HEADER)
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
    while (line := stream.readline(_RECORD_HEADER)) and line.strip():
        lines.append(line)
        size += len(line)
        if size > _RECORD_HEADER:
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
