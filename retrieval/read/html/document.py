"""Web pages: the article's lines and what the page declares."""

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import html

from retrieval.read.files import File, Limits, UnreadableError, without_response
from retrieval.read.html.declared import declared, site_name
from retrieval.read.html.elements import ElementLine, parse_page
from retrieval.read.html.others import drop_others
from retrieval.read.html.regions import find_body, is_sane, lines_in
from retrieval.values import Draft

_log = logging.getLogger(__name__)

_CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([\w-]+)", re.IGNORECASE)
# The extractor's body is taken where it is this much longer than our own: below, it is rather a summary from the side.
_LONGER = 1.3
# Lines, characters and elements past which the extractor is not asked: on 3,000 lines it takes a second, and no article
# has so many; each line is looked for in all that it found.
_MANY_LINES, _MANY_CHARACTERS, _MANY_ELEMENTS = 3_000, 300_000, 20_000


def read_page(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a saved page."""
    yield draft_of_page(page_text(file, limits), file, limits)


def page_text(file: File, limits: Limits, mime: str = "") -> str:
    """Read a page's markup in the encoding that `mime`, how it was sent, or its own head claims, where that holds."""
    claim = _CHARSET.search(mime.encode("ascii", "replace")) or _CHARSET.search(file.head())
    return file.text(limits, claim[1].decode("ascii") if claim else None)


def draft_of_page(markup: str, file: File, limits: Limits, *, url: str | None = None) -> Draft:
    """Turn a page's markup into a draft; `url` is where its carrier says that it was found.

    Raises:
        UnreadableError: there is no text on it.
    """
    root = parse_page(without_response(markup), limits)
    printed = drop_others(root)
    known = declared(root)
    lines = _body(root, printed, known.title)
    if not lines:
        raise UnreadableError("no text on the page")
    return Draft(
        id=file.id,
        text="\n".join(lines),
        path=file.path,
        title=known.title,
        source=known.source,
        author=known.author,
        published=known.published,
        published_from=known.published_from,
        url=known.url or url,
        language=known.language,
        days=known.days,
        site=known.site or site_name(known.beside_title, [line.text for line in printed]),
    )


def _body(root: html.HtmlElement, lines: Sequence[ElementLine], title: str | None) -> list[str]:
    """Take our own reading, or trafilatura's where that is longer and still prose."""
    own = find_body(lines, title)
    if len(lines) > _MANY_LINES or sum(len(line.text) for line in lines) > _MANY_CHARACTERS or _is_large(root):
        return own
    theirs = lines_in(lines, _extracted(root))
    if is_sane(theirs) and sum(map(len, theirs)) > _LONGER * sum(map(len, own)):
        return theirs
    return own


def _is_large(root: html.HtmlElement) -> bool:
    return next(islice(root.iter(), _MANY_ELEMENTS, None), None) is not None


def _extracted(root: html.HtmlElement) -> str:
    """Return the body that trafilatura finds, empty where it finds none or fails."""
    from trafilatura import extract

    try:
        # it changes the tree that it is given
        copy = html.document_fromstring(html.tostring(root, encoding="unicode"))
        return extract(copy, fast=True, include_comments=False) or ""
    except Exception:  # noqa: BLE001  # an extractor that fails on a page leaves us our own reading of it
        _log.debug("trafilatura failed", exc_info=True)
        return ""
