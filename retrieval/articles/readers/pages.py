"""Web pages: the article's lines and what the page declares."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import html

from retrieval.articles.draft import Draft
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import Limits, UnreadableError
from retrieval.articles.readers.page_body import find_body, is_sane, lines_in
from retrieval.articles.readers.page_head import Declared, declared
from retrieval.articles.readers.page_site import site_name
from retrieval.articles.readers.page_tree import Line, lines_of, parse_page
from retrieval.values import PublishedFrom

_log = logging.getLogger(__name__)

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# The extractor's body is taken where it is this much longer than our own: below, it is rather a summary from the side.
_LONGER = 1.3
# Lines past which the extractor is not asked: on 3,000 it takes a second, and no article has so many.
_MANY_LINES = 3_000


def read_page(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a saved page."""
    head = file.head()
    claim = _CHARSET.search(head)
    yield draft_of_page(file.text(limits, claim[1].decode("ascii") if claim else None), file, limits)


def draft_of_page(markup: str, file: File, limits: Limits, *, url: str | None = None) -> Draft:
    """Turn a page's markup into a draft; `url` is where its carrier says that it was found.

    Raises:
        UnreadableError: there is no text on it.
    """
    root = parse_page(markup, limits)
    known = declared(root)
    if known.published is None:
        known = _with_checked_date(root, known)
    printed = lines_of(root)
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
        site=known.site or site_name(known.beside_title, [line.text for line in printed]),
    )


def _body(root: html.HtmlElement, lines: Sequence[Line], title: str | None) -> list[str]:
    """Take our own reading, or trafilatura's where that is longer and still prose."""
    own = find_body(lines, title)
    if len(lines) > _MANY_LINES:
        return own
    theirs = lines_in(lines, _extracted(root))
    if is_sane(theirs) and sum(map(len, theirs)) > _LONGER * sum(map(len, own)):
        return theirs
    return own


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


def _with_checked_date(root: html.HtmlElement, known: Declared) -> Declared:
    """Ask htmldate, and believe it only where the markup itself holds that day in an attribute."""
    from htmldate import find_date

    try:
        found = find_date(html.tostring(root, encoding="unicode"), extensive_search=False, original_date=True)
    except Exception:  # noqa: BLE001  # no date is better than no article
        _log.debug("htmldate failed", exc_info=True)
        return known
    if not found:
        return known
    year, month, day = (part.lstrip("0") for part in found.split("-"))
    spelled = re.compile(rf"{year}\D?0?{month}\D?0?{day}(?!\d)")
    if not any(spelled.search(value) for value in _attributes(root)):
        return known
    return replace(known, published=found, published_from=PublishedFrom.META)


def _attributes(root: html.HtmlElement) -> Iterator[str]:
    """List the attributes that may hold a date of publication; not those of a change."""
    for element in root.iter("meta", "time", "abbr"):
        values = " ".join(map(str, element.attrib.values()))
        if not re.search("modif|updat|expir|revis", values, re.IGNORECASE):
            yield values
