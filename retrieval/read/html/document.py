"""Web pages: the article's lines and what the page declares."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml import html

from retrieval.clean.body.kinds import is_prose
from retrieval.read.files import File, Limits, UnreadableError, without_response
from retrieval.read.html.declared import Declared, declared, site_name
from retrieval.read.html.elements import ElementLine, parse_page, without_unclosed
from retrieval.read.html.others import drop_others
from retrieval.read.html.regions import captions_of, find_body, is_sane, lines_in
from retrieval.read.html.scripted import scripted
from retrieval.values import Draft, PublishedFrom

_log = logging.getLogger(__name__)

_CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([\w-]+)", re.IGNORECASE)
# The extractor's body is taken where it is this much longer than our own: below, it is rather a summary from the side.
_LONGER = 1.3
# Below this agreement of the two readings of a page in another language, theirs is taken.
_AGREEING = 0.9
_EAST_ASIAN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
# A page with less prose, in characters, may be drawn by a script that holds the article.
_DRAWN = 80
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
    lines, printed, known = _read(root)
    if not lines and (closed := without_unclosed(markup)) != markup:
        lines, printed, known = _read(parse_page(without_response(closed), limits))
    if sum(len(line) for line in lines if is_prose(line)) < _DRAWN and (told := scripted(root, file, known.title)):
        return _with_declared(told, known, file, url)
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
        captions=captions_of(printed),
        site=known.site or site_name(known.beside_title, [line.text for line in printed]),
    )


def _with_declared(told: Draft, known: Declared, file: File, url: str | None) -> Draft:
    """Complete an article that a script holds with what its page declares."""
    is_titled = told.title is not None and told.title in (known.title or told.title)
    return replace(
        told,
        id=file.id,
        title=told.title if is_titled else known.title,
        source=told.source or known.source,
        author=told.author or known.author,
        published=told.published or known.published,
        published_from=PublishedFrom.SCRIPT if told.published else known.published_from,
        url=known.url or told.url or url,
        language=known.language or told.language,
        site=known.site or site_name(known.beside_title, []),
        days=known.days,
    )


def _read(root: html.HtmlElement) -> tuple[list[str], list[ElementLine], Declared]:
    """Return the lines of a page's article, all its lines but those of others, and what it declares."""
    kept = list(root.iter())  # else each of a dozen walks makes Python's objects for all elements again
    printed = drop_others(root)
    known = declared(root)
    body = _body(root, printed, known.title)
    del kept
    return body, printed, known


def _body(root: html.HtmlElement, lines: Sequence[ElementLine], title: str | None) -> list[str]:
    """Take our own reading, or trafilatura's where that is better.

    It is where it is longer and still prose, and on pages that are not Chinese, Japanese or Korean where the two differ
    much: there trafilatura is right more often. Where they agree ours has the head and the foot besides.
    """
    own = find_body(lines, title)
    if len(lines) > _MANY_LINES or sum(len(line.text) for line in lines) > _MANY_CHARACTERS or _is_large(root):
        return own
    foreign = _is_foreign(lines)
    extracted = _extracted(root, fast=not foreign)
    theirs = lines_in(lines, extracted)
    if not is_sane(theirs):
        return own
    if foreign and _agreement(own, theirs) < _AGREEING:
        return lines_in(lines, extracted, title or "")
    return theirs if sum(map(len, theirs)) > _LONGER * sum(map(len, own)) else own


def _is_foreign(lines: Sequence[ElementLine]) -> bool:
    """Tell a page that is not written in Chinese, Japanese or Korean."""
    text = "".join(line.text for line in lines)
    return 5 * sum(map(len, _EAST_ASIAN.findall(text))) < len(text)


def _agreement(own: Sequence[str], theirs: Sequence[str]) -> float:
    """Return how much of the prose of two readings is the same, 0…1."""
    ours, others = (frozenset(line for line in lines if is_prose(line)) for lines in (own, theirs))
    whole = sum(map(len, ours)) + sum(map(len, others))
    return 2 * sum(map(len, ours & others)) / whole if whole else 1.0


def _is_large(root: html.HtmlElement) -> bool:
    return next(islice(root.iter(), _MANY_ELEMENTS, None), None) is not None


def _extracted(root: html.HtmlElement, *, fast: bool) -> str:
    """Return the body that trafilatura finds, empty where it finds none or fails."""
    from trafilatura import extract

    try:
        # it changes the tree that it is given
        copy = html.document_fromstring(html.tostring(root, encoding="unicode"))
        return extract(copy, fast=fast, include_comments=False) or ""
    except Exception:  # noqa: BLE001  # an extractor that fails on a page leaves us our own reading of it
        _log.debug("trafilatura failed", exc_info=True)
        return ""
