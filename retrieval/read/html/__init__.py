"""Web pages: the article's lines and what the page declares; the article of a page that a script draws."""

import json
import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import unquote

from lxml import html

from retrieval.clean.body.kinds import is_prose
from retrieval.clean.names import read_names
from retrieval.read.files import File, Limits, UnreadableError, without_response
from retrieval.read.html.declared import declared, site_name
from retrieval.read.html.elements import ElementLine, holds_article, parse_page, without_unclosed
from retrieval.read.html.regions import (
    captions_of,
    drop_others,
    is_byline,
    is_credit,
    is_headline,
    is_list,
    main_lines,
    weight,
    with_near,
)
from retrieval.read.records import draft_of_record, named_fields
from retrieval.text import even
from retrieval.text.dates import find_dates
from retrieval.values import Draft, PublishedFrom

_log = logging.getLogger(__name__)

CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([\w-]+)", re.IGNORECASE)
"""The encoding that a page's head claims."""
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
    claim = CHARSET.search(mime.encode("ascii", "replace")) or CHARSET.search(file.head())
    return file.text(limits, claim[1].decode("ascii") if claim else None)


def draft_of_page(markup: str, file: File, limits: Limits, *, url: str | None = None) -> Draft:
    """Turn a page's markup into a draft; `url` is where its carrier says that it was found.

    Raises:
        UnreadableError: there is no text on it.
    """
    root = parse_page(without_response(markup), limits)
    lines, draft = _read(root, file, url)
    if not (lines and holds_article(root)) and (closed := without_unclosed(markup)) != markup:
        again = parse_page(without_response(closed), limits)
        if not lines or holds_article(again):
            lines, draft = _read(again, file, url)
    if sum(len(line) for line in lines if is_prose(line)) < _DRAWN and (drawn := scripted(root, file, draft.title)):
        return _with_declared(drawn, draft)
    if not lines:
        raise UnreadableError("no text on the page")
    return draft


def _with_declared(drawn: Draft, known: Draft) -> Draft:
    """Complete an article that a script holds with what its page declares."""
    is_titled = drawn.title is not None and drawn.title in (known.title or drawn.title)
    return replace(
        known,
        text=drawn.text,
        title=drawn.title if is_titled else known.title,
        source=drawn.source or known.source,
        author=drawn.author or known.author,
        published=drawn.published or known.published,
        published_from=PublishedFrom.SCRIPT if drawn.published else known.published_from,
        url=known.url or drawn.url,
        language=known.language or drawn.language,
        is_record=True,
        captions=(),
        around=(),
    )


def _read(root: html.HtmlElement, file: File, url: str | None) -> tuple[list[str], Draft]:
    """Return the lines of a page that may be its article's, and the draft with them."""
    kept = list(root.iter())  # else each of a dozen walks makes Python's objects for all elements again
    printed = drop_others(root)
    known, others = declared(root, file, url)
    body, around = _body(root, printed)
    del kept
    site = known.site or site_name(others, [line.text for line in printed])
    draft = replace(known, text="\n".join(body), captions=captions_of(printed), around=around, site=site)
    return body, draft


def _body(root: html.HtmlElement, lines: Sequence[ElementLine]) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines that may be the article's, and those of them that only stand around its body.

    The body finder judges them as it does those of any other format. On pages that are not Chinese, Japanese or Korean
    the body is the one that trafilatura finds.
    """
    many = len(lines) > _MANY_LINES or sum(len(line.text) for line in lines) > _MANY_CHARACTERS or _is_large(root)
    extracted = "" if many or not _is_foreign(lines) else _extracted(root)
    body, around = _extracted_lines(lines, extracted)
    return (body, around) if body else (main_lines(lines), ())


def _extracted_lines(lines: Sequence[ElementLine], text: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines of a page that stand in `text`, which an extractor made of it, and those near them.

    The second are those near them that are no headline, byline or sentence. Both are empty where most of the
    characters are in no sentences.
    """
    wanted = _bare(text)
    inside = [at for at, line in enumerate(lines) if _bare(line.text) in wanted and not is_list(line)]
    said = sum(len(lines[at].text) for at in inside if is_prose(lines[at].text))
    if said <= 0.6 * sum(len(lines[at].text) for at in inside):
        return [], ()
    first = next((at for at in inside if weight(lines[at]) and not is_headline(lines[at])), 0)
    second = next((at for at in inside if at > first and weight(lines[at])), first)
    # credits may stand behind a first paragraph in the header; they are read above it
    behind = [at for at in range(first + 1, second) if is_byline(lines[at]) or is_credit(lines[at])]
    if behind and first in inside:
        lines = [*lines[:first], *(lines[at] for at in behind), lines[first], *lines[first + 1 :]]
        inside = [at + len(behind) * (at >= first) for at in inside if at not in behind]
        first += len(behind)
    kept = with_near(lines, [at for at in inside if at >= first])
    held = {lines[at].text for at in inside}
    around = (line for line in lines if line.text not in held and not (weight(line) or is_headline(line)))
    return kept, tuple(line.text for line in around if not (is_byline(line) or _may_be_credit(line.text)))


def _may_be_credit(text: str) -> bool:
    """Recognise a line with a name or a day, which the body finder reads by what stands around it."""
    return bool(read_names(text)) or any(mention.day and mention.year for mention in find_dates(text))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _is_foreign(lines: Sequence[ElementLine]) -> bool:
    """Recognise a page that is not written in Chinese, Japanese or Korean."""
    text = "".join(line.text for line in lines)
    return 5 * sum(map(len, _EAST_ASIAN.findall(text))) < len(text)


def _is_large(root: html.HtmlElement) -> bool:
    return next(islice(root.iter(), _MANY_ELEMENTS, None), None) is not None


def _extracted(root: html.HtmlElement) -> str:
    """Return the body that trafilatura finds, empty where it finds none or fails."""
    from trafilatura import extract

    try:
        # it changes the tree that it is given
        copy = html.document_fromstring(html.tostring(root, encoding="unicode"))
        return extract(copy, include_comments=False) or ""
    except Exception:  # noqa: BLE001  # an extractor that fails on a page leaves us our own reading of it
        _log.debug("trafilatura failed", exc_info=True)
        return ""


# window.__INITIAL_STATE__ = {…} · var allData = {…}
_ASSIGNED = re.compile(
    r"(?:^|[;\s{])(?:var|let|const|window\.|self\.)\s*[\w.$\[\]\"']{1,60}\s*=\s*(?:JSON\.parse\(\s*)?(?=[{\"'])"
)
# Characters of scripts and objects in them that are looked at; a text is no shorter, or it is a summary.
_MOST, _OBJECTS, _SHORTEST, _ASSIGNMENTS = 8_000_000, 20_000, 60, 40
_FIELDS = 200
_JSON = ("application/json", "application/ld+json")


def scripted(root: html.HtmlElement, file: File, title: str | None) -> Draft | None:
    """Return the article that a page's scripts hold, None where they hold none.

    Of several the one with the page's title, else the longest.
    """
    found: dict[str, Draft] = {}
    for record in _records(root):
        try:
            draft = draft_of_record(record, file, 0)
        except UnreadableError:
            continue
        if len(draft.text) >= _SHORTEST and not draft.text.lstrip().startswith(("{", "http")):
            found.setdefault(draft.text, draft)
    return max(found.values(), key=lambda draft: (_is_titled(draft, title), len(draft.text)), default=None)


def _is_titled(draft: Draft, title: str | None) -> bool:
    return bool(draft.title and title) and even(draft.title or "") in even(title or "")


def _records(root: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """List the objects in a page's scripts that have a text and a title or a date, those around them first."""
    left = _OBJECTS
    for content in _contents(root):
        waiting = deque([content])
        while waiting and left:
            left -= 1
            value = waiting.popleft()
            if isinstance(value, Mapping):
                known = named_fields(value)
                if "text" in known and (
                    "title" in known or "published" in known or "headline" in value or "name" in value
                ):
                    yield {"title": value.get("name"), **value}
                waiting.extend(inner for inner in value.values() if isinstance(inner, Mapping | list))
            elif isinstance(value, list):
                waiting.extend(inner for inner in value if isinstance(inner, Mapping | list))


def _fields(root: html.HtmlElement) -> dict[str, str]:
    """Give what a page hides in fields of forms by their names: <textarea class="article-content">."""
    fields: dict[str, str] = {}
    for element in root.iter("textarea", "input"):
        value = element.text if element.tag == "textarea" else element.get("value")
        name = element.get("name") or element.get("class") or element.get("id")
        if name and value and len(fields) < _FIELDS:
            fields.setdefault(re.sub("^(?:article|news|content)[-_]", "", name), value)
    return fields


def _contents(root: html.HtmlElement) -> Iterator[object]:
    yield _fields(root)
    for script in root.iter("script"):
        text = (script.text or "").strip()
        if not text or len(text) > _MOST:
            continue
        if (script.get("type") or "").split(";")[0].strip().lower() in _JSON:
            yield from _loaded(unquote(text) if text.startswith("%7B") else text)
            continue
        for assigned in islice(_ASSIGNED.finditer(text), _ASSIGNMENTS):
            yield from _loaded(text, assigned.end())


def _loaded(text: str, start: int = 0) -> Iterator[object]:
    """Load the JSON at a place of a text; a string may hold JSON once more."""
    try:
        content, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
        yield json.loads(content, strict=False) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return
