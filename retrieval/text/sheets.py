"""Take running heads and page numbers out of a text that was printed on pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

# — 12 — · - 3 - · 第 4 页 · 第4页 共10页 · Page 3 of 9 · 5/12 · 7
_NUMBER = re.compile(
    r"[\s\u3000]*(?:[-–—·•~]{1,2}\s?\d{1,4}\s?[-–—·•~]{1,2}|第?\s?\d{1,4}\s?[页頁](?:[\s,，]*(?:共|/)\s?\d{1,4}\s?[页頁])?"
    r"|(?:page|p\.|seite)\s?\d{1,4}(?:\s?(?:of|/|von)\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}|[-–—]?\s?\d{1,4}\s?[-–—]?)[\s\u3000]*",
    re.IGNORECASE,
)
# The same in a text that has lost its pages: a number alone may be anything there.
_SURELY = re.compile(
    r"[\s\u3000]*(?:[-–—]{1,2}\s?\d{1,4}\s?[-–—]{1,2}|第\s?\d{1,4}\s?[页頁](?:[\s,，]*(?:共|/)\s?\d{1,4}\s?[页頁])?"
    r"|page\s?\d{1,4}\s?(?:of|/)\s?\d{1,4})[\s\u3000]*",
    re.IGNORECASE,
)
# Lines at the head and at the foot of a page that may be the same on all; these are no longer.
_EDGE, _LONGEST = 3, 80
_DIGITS, _SPACES = re.compile(r"\d+"), re.compile(r"\s+")


def without_sheets(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all pages without what most of them begin or end with, numbers apart."""
    if len(pages) < 2:
        return [line for page in pages for line in page]
    seen = Counter(key for page in pages for key in {_key(page[at]) for at in _edges(page)})
    least = max(2, (len(pages) + 1) // 2)
    lines: list[str] = []
    for page in pages:
        ends = _outermost(page)
        gone = {
            at for at in _edges(page) if seen[_key(page[at])] >= least or (at in ends and _NUMBER.fullmatch(page[at]))
        }
        lines += [line for at, line in enumerate(page) if at not in gone]
    return lines


def _filled(page: Sequence[str]) -> list[int]:
    return [at for at, line in enumerate(page) if line.strip()]


def _edges(page: Sequence[str]) -> Iterator[int]:
    filled = _filled(page)
    yield from (at for at in {*filled[:_EDGE], *filled[-_EDGE:]} if len(page[at]) <= _LONGEST)


def _outermost(page: Sequence[str]) -> frozenset[int]:
    filled = _filled(page)
    return frozenset((*filled[:2], *filled[-2:]))


def _key(line: str) -> str:
    return _DIGITS.sub("0", _SPACES.sub("", line))


def without_page_numbers(lines: Sequence[str]) -> list[str]:
    """Take page numbers out of a text that was printed on pages once, with the heads that stand right beside them.

    Numbers that go up and are marked as a page's are proof; what stands beside two of them or more is a running head.
    """
    marks = [at for at, line in enumerate(lines) if _SURELY.fullmatch(line)]
    numbers = [int(_DIGITS.search(lines[at])[0]) for at in marks]  # type: ignore[index]
    if len(marks) < 2 or any(b <= a for a, b in pairwise(numbers)):
        return list(lines)
    beside = [at for mark in marks for at in _beside(lines, mark)]
    same = Counter(_key(lines[at]) for at in beside)
    gone = {*marks, *(at for at in beside if same[_key(lines[at])] > 1)}
    return [
        line for at, line in enumerate(lines) if at not in gone and not (not line.strip() and _is_seam(at, gone, lines))
    ]


def _beside(lines: Sequence[str], mark: int) -> Iterator[int]:
    """Give the short lines next to a page number, empty ones passed over."""
    for step in (-1, 1):
        at = mark + step
        while 0 <= at < len(lines) and not lines[at].strip():
            at += step
        if 0 <= at < len(lines) and len(lines[at]) <= _LONGEST:
            yield at


def _is_seam(at: int, gone: set[int], lines: Sequence[str]) -> bool:
    """Tell an empty line between a page's furniture and its text."""
    for step in (-1, 1):
        near = at + step
        while 0 <= near < len(lines) and not lines[near].strip():
            near += step
        if near in gone:
            return True
    return False
