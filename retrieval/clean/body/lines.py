"""The lines of a page, each with its place in the text and what it looks like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.clean.credits import Credits
from retrieval.text.folding import even
from retrieval.values import Span

# What is white space, and what has no width, which str.strip() does not know by itself.
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


OUTLET = "name of the outlet"
"""The reason given to a short line that is an outlet's name."""


class LineKind(StrEnum):
    """What a line looks like by itself."""

    PROSE = "prose"
    SHORT = "short"  # a heading, a headline, a list item: its neighbours decide
    CREDIT = "credit"
    CAPTION = "caption"
    FURNITURE = "furniture"
    LINKS = "links"
    RELATED = "related"
    MENU = "menu"  # may be an article's own list: goes only at the edges
    COMMENT = "comment"  # what a reader wrote: never the article's, and dates nothing
    NOTICE = "notice"  # sentences, but the site's: go only at the edges


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it.

    `span` counts characters in the page's text; `even` is the line in Simplified and half width, place by place;
    `gap` says that an empty line stands before it; `ends` that what follows it is no longer the article.
    """

    text: str
    span: Span
    even: str
    gap: bool = False
    kind: LineKind = LineKind.SHORT
    reason: str = ""
    ends: bool = False
    credits: Credits | None = None


def split_lines(text: str) -> Iterator[Line]:
    """Cut a text into its lines that are not empty."""
    evened = even(text)
    start, gap = 0, False
    for end, following in _breaks(text):
        span = _stripped(text, start, end)
        if span[0] < span[1]:
            yield Line(text[slice(*span)], span, evened[slice(*span)], gap)
        gap = span[0] == span[1]
        start = following


def _breaks(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _BREAK.finditer(text))
    yield len(text), len(text)


def _stripped(text: str, start: int, end: int) -> Span:
    line = text[start:end].rstrip(_BLANK)
    return start + len(line) - len(line.lstrip(_BLANK)), start + len(line)
