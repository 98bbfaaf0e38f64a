"""Messages and pages saved as messages (MHTML)."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from retrieval.read.encodings import decode, undo
from retrieval.read.fields import iso_date
from retrieval.read.files import File, Limits, UnreadableError, tidy
from retrieval.read.html import CHARSET, draft_of_page
from retrieval.values import Draft, PublishedFrom

if TYPE_CHECKING:
    from email.message import Message

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


def _page_of(message: "Message[str, str]", file: File, limits: Limits) -> Draft:
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


def _parsed(file: File, limits: Limits) -> "Message[str, str]":
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


def _part(message: "Message[str, str]", kind: str) -> "Message[str, str] | None":
    """Return the first part of a kind that is not an attachment."""
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((part for part in parts if part.get_content_disposition() != "attachment"), None)


def _text(part: "Message[str, str]") -> str:
    payload: Any = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    claim = part.get_content_charset()
    if claim is None and (found := CHARSET.search(data[:4096])):
        claim = found[1].decode("ascii")
    return decode(data, claim).text


def _header(message: "Message[str, str]", name: str) -> str | None:
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


def _sender(message: "Message[str, str]") -> str | None:
    written = _header(message, "From") or ""
    names = [name or address for name, address in getaddresses([written])]
    return ", ".join(filter(None, names)) or None
