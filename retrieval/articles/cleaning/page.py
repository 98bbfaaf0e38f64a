"""A page's text → the article's paragraphs, and what stood around them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.articles.cleaning.body import find_body
from retrieval.articles.cleaning.head import Head, read_head
from retrieval.articles.cleaning.kinds import classify
from retrieval.articles.cleaning.lines import OUTLET, Kind, Line, split_lines
from retrieval.articles.cleaning.tails import Tail, cut_tails
from retrieval.articles.metadata.credits import read_credits
from retrieval.articles.outlets import Outlets
from retrieval.values import Removed, Span

# A repeated paragraph this long is a mistake of the page; a shorter one may be a refrain.
_REPEAT_SHORTEST = 30
_MASTHEAD_LONGEST = 40
_OFFICE = re.compile(r"^[\u3041-\u9fff]{2,16}(?:政府|局|厅|委员会|大学|学院|公司|集团|协会|中心|[町市村区県县])$")
_SUMMARY = re.compile(r"^(?:内容)?(?:摘要|核心提示|导读|导语|提要|内容提要|阅读提示|概要)\s*[::]\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart.

    `paragraphs` are spans in the page's text; `title` is the one printed on the page; `head` and `foot` are the lines
    above and below the body, `tails` the credits cut from its last paragraphs, `signature` the offices that sign it.
    """

    paragraphs: tuple[Span, ...]
    title: str | None
    bylines: tuple[str, ...]
    head: tuple[Line, ...]
    foot: tuple[Line, ...]
    tails: tuple[Tail, ...]
    removed: tuple[Removed, ...]
    signature: tuple[str, ...] = ()


def read_page(
    text: str, outlets: Outlets, *, title: str | None = None, is_boilerplate: Callable[[str], bool] | None = None
) -> Page:
    """Take a page apart into the article and the rest.

    `title` is the one its file declares; `is_boilerplate` tells the lines that stand in many articles of its source.
    """
    lines = [classify(line, outlets) for line in split_lines(text)]
    if is_boilerplate is not None:
        lines = [_as_boilerplate(line) if is_boilerplate(line.text) else line for line in lines]
    lines = _with_masthead(lines)
    lines = _with_dateline(lines, outlets)
    kept = find_body(lines).kept
    head = read_head(lines, kept, title)
    kept = tuple(i for i in kept if i >= head.start or i in head.deck)
    repeats = _repeats(lines, kept)
    kept = tuple(i for i in kept if i not in repeats)
    spans, tails = _paragraphs(lines, kept, outlets)
    first, last = (kept[0], kept[-1]) if kept else (len(lines), len(lines))
    inside = set(kept)
    removed = [
        Removed(line.text, _reason(i, line, head, repeats, first, last))
        for i, line in enumerate(lines)
        if i not in inside
    ]
    return Page(
        paragraphs=spans,
        title=None if head.title is None else lines[head.title].text,
        bylines=tuple(lines[i].text for i in head.bylines),
        head=tuple(lines[: head.start]),
        foot=tuple(line for i, line in enumerate(lines) if i > last or (i == last and line.kind is Kind.CREDIT)),
        tails=tails,
        removed=(*removed, *(Removed(tail.text, "byline") for tail in tails)),
        signature=_signature(lines, kept),
    )


def _as_boilerplate(line: Line) -> Line:
    """Make furniture of a line; credits stay what they are, for many articles share an outlet or an author."""
    if line.kind is Kind.CREDIT:
        return line
    return replace(line, kind=Kind.FURNITURE, reason="on many pages of the source")


def _with_masthead(lines: list[Line]) -> list[Line]:
    """Take the first line for the site's name where it stands above a menu, is an office's or owns the copyright."""
    if len(lines) < 2 or lines[0].kind is not Kind.SHORT or len(lines[0].text) > _MASTHEAD_LONGEST:
        return lines
    name = lines[0].even.split("  ")[0].casefold()
    owned = any(name in line.even.casefold() for line in lines[1:] if line.reason == "copyright")
    above_menu = lines[1].kind in (Kind.MENU, Kind.LINKS, Kind.FURNITURE) and not lines[1].gap
    if owned or above_menu or _OFFICE.search(name):
        return [replace(lines[0], reason=OUTLET), *lines[1:]]
    return lines


def _with_dateline(lines: list[Line], outlets: Outlets) -> list[Line]:
    """Look again for a dateline above the first sentence, where its words were too many to be told by themselves."""
    first = next((i for i, line in enumerate(lines) if line.kind is Kind.PROSE), 0)
    if any(line.credits and line.credits.published for line in lines[:first]):
        return lines
    for i in range(1, first):
        found = read_credits(lines[i].text, outlets, below_title=True) if lines[i].kind is Kind.SHORT else None
        if found and found.published and lines[i - 1].kind is Kind.SHORT:
            return [*lines[:i], replace(lines[i], kind=Kind.CREDIT, reason="dateline", credits=found), *lines[i + 1 :]]
    return lines


def _repeats(lines: Sequence[Line], kept: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that stand on the page twice: a summary of what follows, or the second of two."""
    seen: set[str] = set()
    repeats: set[int] = set()
    texts = {lines[i].text for i in kept}
    for i in kept:
        text = lines[i].text
        summary = _SUMMARY.match(lines[i].even)
        if (summary and text[summary.end() :] in texts) or (text in seen and len(text) >= _REPEAT_SHORTEST):
            repeats.add(i)
        seen.add(text)
    return frozenset(repeats)


def _paragraphs(
    lines: Sequence[Line], kept: Sequence[int], outlets: Outlets
) -> tuple[tuple[Span, ...], tuple[Tail, ...]]:
    spans = [lines[i].span for i in kept]
    if not kept or lines[kept[-1]].kind is not Kind.PROSE:
        return tuple(spans), ()
    text, tails = cut_tails(lines[kept[-1]].text, outlets)
    start = spans[-1][0]
    return (*spans[:-1], (start, start + len(text))), tails


def _signature(lines: Sequence[Line], kept: Sequence[int]) -> tuple[str, ...]:
    if not kept or lines[kept[-1]].kind is not Kind.CREDIT:
        return ()
    return tuple(lines[i].text for i in kept[-4:-1] if lines[i].kind is Kind.SHORT)


def _reason(i: int, line: Line, head: Head, repeats: frozenset[int], first: int, last: int) -> str:
    if i == head.title:
        return "title"
    if i in head.bylines:
        return "byline"
    if i in repeats:
        return "repeat"
    if line.reason:
        return line.reason
    if i < first:
        return "head of the page"
    return "foot of the page" if i > last else "list of other articles"
