"""Draft → article: repair the text, take the page apart, find out title, outlet, authors and date."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from retrieval.clean import Outlets, bundled_outlets
from retrieval.clean.body import Page, read_page, read_record
from retrieval.clean.body.kinds import SECTION_TITLE
from retrieval.clean.boilerplate import Boilerplate, source_of
from retrieval.clean.labels import Role, source_name
from retrieval.clean.names import is_name, without_nobody
from retrieval.clean.origin import (
    Bounds,
    Published,
    canonical,
    find_authors,
    find_published,
    find_source,
    is_site_name,
    split_title,
)
from retrieval.repair import repair
from retrieval.text import even
from retrieval.text.dates import DateMention, find_dates
from retrieval.text.language import detect_language
from retrieval.values import Article, Draft, PublishedFrom, Removed, Repair, Skipped, Span

VERSION = "6"
"""Raised when reading or cleaning improves: articles made by an older version are made again."""


MADE = date(2025, 1, 1)
"""Chuchu is younger: a clock that stands before this day is wrong, as one at 1970 is whose battery is empty."""
# What a script or a feed's date of change says gives way to what the page prints as its publication.
_AFTER_PRINTED = (PublishedFrom.SCRIPT, PublishedFrom.UPDATED, PublishedFrom.URL)
_LABEL = re.compile(r"^(?:文章|新闻)?(?:标\s?题|標\s?題|题目|題目)\s*[:：]\s*(?=\S)")
_LESS = (PublishedFrom.UPDATED, PublishedFrom.URL, PublishedFrom.NONE)


def make_article(
    draft: Draft,
    *,
    outlets: Outlets | None = None,
    today: date | None = None,
    boilerplate: Boilerplate | None = None,
) -> Article | Skipped:
    """Turn what a reader read into an article.

    `outlets` are those of the bundled table unless given; dates after `today`, the clock's unless given, are not
    believed; `boilerplate` is what was learned from other articles of the source.
    """
    outlets = outlets or bundled_outlets()
    today = today or last_day()
    if not draft.text.strip():
        return Skipped(draft.path or draft.id, "it is empty")
    raw, (draft, repairs) = draft, _repaired(draft)
    known = dict.fromkeys(
        _boilerplate_lines(raw, draft.text, boilerplate) if boilerplate else (), "on many pages of the source"
    )
    known |= dict.fromkeys(draft.captions, "caption") | dict.fromkeys(draft.around, "around the body")
    draft, page = _titled(draft, outlets, _taken_apart(draft, outlets, known))
    if not page.paragraphs:
        return Skipped(draft.path or draft.id, "it holds no article, only a menu")
    if boilerplate:
        page = _without_sentences(page, draft.text, boilerplate)
    body = "\n".join(draft.text[slice(*span)] for span in page.paragraphs)
    draft, authors = _written_by(draft, page, body, outlets)
    source = _source(draft, page, body, outlets, authors)
    published = _published(draft, page, body, _bounds(source, outlets, today))
    return Article(
        id=draft.id,
        text=body,
        title=draft.title,
        source=source,
        author=draft.author or (", " if all(name.isascii() for name in authors) else "、").join(authors) or None,
        published=published.iso,
        published_from=published.where,
        url=draft.url,
        path=draft.path,
        language=detect_language(body) or draft.language,
        removed=page.removed,
        repairs=_moved(repairs, page.paragraphs),
    )


def last_day() -> date:
    """Return the clock's day, the last that an article can be from; a clock that is plainly wrong bounds nothing."""
    today = date.today()  # noqa: DTZ011 — a page prints its own local day
    return today if today >= MADE else date.max - timedelta(days=1)


def is_ahead(draft: Draft) -> bool:
    """Return whether a draft declares a day that has not come yet, by a clock that may be wrong."""
    declared = _declared(draft.published)
    if declared is None or declared.year is None:
        return False
    return date(declared.year, declared.month or 1, declared.day or 1) > last_day()


def _without_sentences(page: Page, text: str, boilerplate: Boilerplate) -> Page:
    """Cut from the paragraphs the sentences that many articles have; of an article that is little else none."""
    pieces: list[Span] = []
    gone: list[Span] = []
    for start, end in page.paragraphs:
        at = start
        for first, last in boilerplate.sentences(text[start:end]):
            gone.append((start + first, start + last))
            pieces.append((at, start + first))
            at = start + last
        pieces.append((at, end))
    kept = tuple(span for span in (_stripped(text, *piece) for piece in pieces) if span[0] < span[1])
    if not gone or 2 * sum(end - start for start, end in gone) > sum(end - start for start, end in page.paragraphs):
        return page
    removed = tuple(Removed(text[slice(*span)].strip(), "in many articles") for span in gone)
    return replace(page, paragraphs=kept, removed=(*page.removed, *removed))


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _boilerplate_lines(raw: Draft, text: str, boilerplate: Boilerplate) -> frozenset[str]:
    """Find the lines of the repaired `text` that are boilerplate, which was learned from texts before repair."""
    lines, was = text.split("\n"), raw.text.split("\n")
    if len(lines) != len(was):
        return frozenset()
    known = boilerplate.among(source_of(raw), was)
    return frozenset(line.strip() for line, is_known in zip(lines, known, strict=True) if is_known)


def _taken_apart(draft: Draft, outlets: Outlets, boilerplate: Mapping[str, str]) -> Callable[[str | None], Page]:
    """Return how to take a draft's page apart, given the title it declares."""
    if draft.is_record:
        return lambda _: read_record(draft.text, outlets)
    return lambda title: read_page(draft.text, outlets, title=title, boilerplate=boilerplate)


def _titled(draft: Draft, outlets: Outlets, taken_apart: Callable[[str | None], Page]) -> tuple[Draft, Page]:
    """Take the page apart, and give the draft the title that is the article's and the site's name behind it."""
    if not draft.title:
        page = taken_apart(None)
        return replace(draft, title=_LABEL.sub("", page.title) if page.title else None), page
    title, site = split_title(draft.title, outlets, draft.source or draft.site)
    if not draft.is_record and (is_site_name(title, outlets) or SECTION_TITLE.fullmatch(even(title))):
        # some sites declare their own name, or that of a section, on every page
        page = taken_apart(None)
        if page.title not in (None, title):
            return replace(draft, title=page.title, site=draft.site or title), page
    return replace(draft, title=title, site=draft.site or site), taken_apart(title)


def _written_by(draft: Draft, page: Page, body: str, outlets: Outlets) -> tuple[Draft, tuple[str, ...]]:
    """Take from the declared author what is nobody; an outlet in his place is the source where none is declared.

    Returns the draft, and the authors that the page prints.
    """

    def is_outlet(name: str) -> bool:
        return outlets.looks_like_one(name) or name == draft.source or bool(draft.site and draft.site.startswith(name))

    authors = tuple(name for name in find_authors(page, body) if not is_outlet(name))
    if not draft.author:
        return draft, authors
    said = [line.credits for line in (*page.head, *page.foot) if line.credits]
    others = {name for found in said for name in found.editors} - {*authors}
    others |= {found.source for found in said if found.source and Role.SOURCE in found.roles}
    author = without_nobody(draft.author, lambda name: is_outlet(name) or name in others)
    parts = [part for part in draft.author.split(" | ") if part != draft.site]
    outlet = next(filter(outlets.looks_like_one, parts), None)
    if outlet and author and len(parts) > 1:
        # 岭南晨刊 | 云网: an outlet and the platform that carries it
        author = "、".join(filter(is_name, author.split("、"))) or None
    return replace(draft, author=author, source=draft.source or (None if author else outlet)), authors


def _source(draft: Draft, page: Page, body: str, outlets: Outlets, authors: Sequence[str]) -> str | None:
    declared = source_name(draft.source) if draft.source else None
    if declared and (draft.is_record or draft.source != draft.site):
        return canonical(declared, outlets)
    # a page that declares its site as its source may be a reprint: whom it names wins
    people = frozenset((*authors, *(draft.author or "").split("、"), *(draft.author or "").split(", ")))
    return find_source(page, body, outlets, site=draft.site, url=draft.url, authors=people)


def _published(draft: Draft, page: Page, body: str, bounds: Bounds) -> Published:
    """Believe the file, but let a printed date be more precise than the one in the address."""
    declared = _declared(draft.published)
    believed = declared is not None and bounds.hold(declared)
    if believed and draft.published_from not in _AFTER_PRINTED:
        return Published(draft.published, draft.published_from)
    days = [day for written in draft.days if (day := _declared(written))]
    printed = find_published(page, body, draft.url, bounds, days)
    if believed and draft.published_from is not PublishedFrom.URL and printed.where in _LESS:
        return Published(draft.published, draft.published_from)
    return printed


def _bounds(source: str | None, outlets: Outlets, today: date) -> Bounds:
    outlet = outlets.named(source) if source else None
    return Bounds(today, outlet.since if outlet else None)


def _declared(published: str | None) -> DateMention | None:
    if published and re.fullmatch(r"\d{4}", published):
        return DateMention((0, 4), int(published))
    return next(iter(find_dates(published or "")), None)


def _repaired(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """Undo a converter's damage in the text and, by the same evidence, in what the file declares."""
    said = (draft.title, draft.source, draft.author, draft.site)
    declared = [" ".join((value or "").split("\n")) for value in said]
    repaired = repair("\n".join([*declared, draft.text]))
    if not repaired.damaged:
        return draft, ()
    *fields, text = repaired.text.split("\n", len(declared))
    title, source, author, site = (value or None for value in fields)
    start = len(repaired.text) - len(text)
    moved = tuple(
        Repair((found.span[0] - start, found.span[1] - start), found.seen, found.confidence)
        for found in repaired.repairs
        if found.span[0] >= start
    )
    return replace(draft, title=title, source=source, author=author, site=site, text=text), moved


def _moved(repairs: Sequence[Repair], paragraphs: Sequence[Span]) -> tuple[Repair, ...]:
    """Move repairs, in order, from places in the page to places in the body; those outside it go."""
    moved: list[Repair] = []
    starts = [found.span[0] for found in repairs]
    offset = 0
    for start, end in paragraphs:
        shift = offset - start
        moved += [
            Repair((found.span[0] + shift, found.span[1] + shift), found.seen, found.confidence)
            for found in repairs[bisect_left(starts, start) : bisect_right(starts, end)]
            if found.span[1] <= end
        ]
        offset += end - start + 1
    return tuple(moved)
