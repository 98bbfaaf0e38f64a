"""Draft → article: repair the text, take the page apart, find out title, outlet, authors and date."""

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from retrieval.articles.cleaning.boilerplate import Boilerplate, source_of
from retrieval.articles.cleaning.page import Page, read_page
from retrieval.articles.cleaning.record import read_record
from retrieval.articles.draft import Draft, Skipped
from retrieval.articles.metadata.origin import canonical, find_authors, find_source, is_site_name, split_title
from retrieval.articles.metadata.published import Bounds, Published, find_published
from retrieval.articles.outlets import Outlets, load_outlets
from retrieval.articles.repair import repair
from retrieval.text.language import detect_language
from retrieval.text.notations import DateMention, find_dates
from retrieval.values import Article, PublishedFrom, Repair, Span


def make_article(
    draft: Draft,
    *,
    outlets: Outlets | None = None,
    today: date | None = None,
    boilerplate: Boilerplate | None = None,
) -> Article | Skipped:
    """Turn what a reader read into an article.

    `outlets` are those of the bundled table unless given; dates after `today`, the system's unless given, are not
    believed; `boilerplate` is what was learned from other articles of the source.
    """
    outlets = outlets or _bundled_outlets()
    today = today or date.today()  # noqa: DTZ011 — a page prints its own local day
    if not draft.text.strip():
        return Skipped(draft.path or draft.id, "it is empty")
    draft, repairs = _repaired(draft)
    declared, site = split_title(draft.title or "", outlets, draft.source)
    page = _page(draft, declared, outlets, boilerplate)
    if declared and not draft.is_record and is_site_name(declared, outlets):
        # some sites declare their own name on every page
        other = _page(draft, None, outlets, boilerplate)
        if other.title and other.title != declared:
            declared, site, page = None, declared, other
    if not page.paragraphs:
        return Skipped(draft.path or draft.id, "it holds no article, only a menu")
    body = "\n".join(draft.text[slice(*span)] for span in page.paragraphs)
    source = draft.source or site
    source = canonical(source, outlets) if source else find_source(page, body, draft.url, outlets)
    published = _published(draft, page, body, _bounds(source, outlets, today))
    return Article(
        id=draft.id,
        text=body,
        title=declared or page.title,
        source=source,
        author=draft.author or _joined(find_authors(page, body)),
        published=published.iso,
        published_from=published.where,
        url=draft.url,
        path=draft.path,
        language=detect_language(body) or draft.language,
        removed=page.removed,
        repairs=_moved(repairs, page.paragraphs),
    )


def _page(draft: Draft, title: str | None, outlets: Outlets, boilerplate: Boilerplate | None) -> Page:
    if draft.is_record:
        return read_record(draft.text, outlets)
    if boilerplate is None:
        return read_page(draft.text, outlets, title=title)
    return read_page(
        draft.text, outlets, title=title, is_boilerplate=functools.partial(boilerplate.knows, source_of(draft))
    )


def _published(draft: Draft, page: Page, body: str, bounds: Bounds) -> Published:
    """Believe the file, but let a printed date be more precise than the one in the address."""
    declared = _declared(draft.published)
    if declared is not None and bounds.hold(declared) and draft.published_from is not PublishedFrom.URL:
        return Published(draft.published, draft.published_from)
    return find_published(page, body, draft.url, bounds)


def _declared(published: str | None) -> DateMention | None:
    if published and re.fullmatch(r"\d{4}", published):
        return DateMention((0, 4), int(published))
    return next(iter(find_dates(published or "")), None)


def _bounds(source: str | None, outlets: Outlets, today: date) -> Bounds:
    outlet = outlets.named(source) if source else None
    return Bounds(today, outlet.since if outlet else None)


def _joined(names: Sequence[str]) -> str | None:
    return (", " if all(name.isascii() for name in names) else "、").join(names) or None


def _repaired(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """Undo a converter's damage in the text and, by the same evidence, in what the file declares."""
    declared = [draft.title, draft.source, draft.author]
    head = "".join(f"{value or ''}\n".replace("\n", " ", (value or "").count("\n")) for value in declared)
    repaired = repair(head + draft.text)
    if not repaired.damaged:
        return draft, ()
    title, source, author, text = repaired.text.split("\n", 3)
    start = len(repaired.text) - len(text)
    repairs = tuple(
        Repair((r.span[0] - start, r.span[1] - start), r.seen, r.confidence)
        for r in repaired.repairs
        if r.span[0] >= start
    )
    return replace(draft, title=title or None, source=source or None, author=author or None, text=text), repairs


def _moved(repairs: Sequence[Repair], paragraphs: Sequence[Span]) -> tuple[Repair, ...]:
    """Move repairs from places in the page to places in the body; those outside it go."""
    moved: list[Repair] = []
    offset = 0
    for start, end in paragraphs:
        shift = offset - start
        moved += [
            Repair((r.span[0] + shift, r.span[1] + shift), r.seen, r.confidence)
            for r in repairs
            if start <= r.span[0] and r.span[1] <= end
        ]
        offset += end - start + 1
    return tuple(moved)


@functools.cache
def _bundled_outlets() -> Outlets:
    return load_outlets()
