"""Text files: one article each, or a dump of many that is split where its lines or blocks begin like articles.

What was printed on sheets, as PDF documents are, is freed of running heads and page numbers here too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import islice, pairwise

from retrieval.errors import Message
from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, Split, UnreadableError, tidy, without_response
from retrieval.values import Draft, Skipped

_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
# What never begins a line: it was torn from the one before. A number goes on behind its point.
_TORN = re.compile(r"(?<=[^\s])\n(?=[，。、；：！？）》」』”’％%])|(?<=\d)\n(?=\.\d)")
# Bytes at the head of a file in which its kind is looked for.
_HEAD = 1 << 19
_DAY = r"(?:[12]\d{3}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[-/]\d{1,2})"
_CLOCK = r"(?:[T\s]{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
# [ 2023-07-28 16：40 ] ，正文：… — only a dump's articles begin so.
_LABELLED = re.compile(rf"[\s\[【(（]{{0,4}}{_DAY}{_CLOCK}?[\s\]】)）,，|]{{0,6}}正文\s*[:：]")
# A day and a clock, or what a page calls its first title: sign enough where nearly every line has one and is as long as
# an article.
_BEGINS = re.compile(
    rf"[\s\[【(（]{{0,4}}(?:{_DAY}\s?{_CLOCK}|{_DAY}[\s\]】)）,，|]{{1,6}}(?=\S{{40}})|(?:原标题|标题)\s*[:：])"
)
_LEAST, _SHARE, _LENGTH = 5, 0.9, 120
_BY_DATES, _BY_LINES, _BY_BLOCKS = "lines that begin with dates", "lines", "blocks between empty lines"


def read_text(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read a file as one article, or as many where it is a dump; one that holds a page after all is read as a page."""
    if file.budget is not None:  # what is unpacked twice would count twice
        file = replace(file, open=partial(BytesIO, file.read(limits)))
    how = limits.split
    if how is Split.LINES:
        yield from _many(_lines(file, limits), file, limits, _BY_LINES)
    elif how is Split.BLANK:
        yield from _many(_blocks(_lines(file, limits)), file, limits, _BY_BLOCKS)
    elif how is Split.AUTO and (begins := _beginning(file)):
        yield from _many(_from_beginnings(_lines(file, limits), begins), file, limits, _BY_DATES)
    else:
        yield from _one(file, limits)


def _one(file: File, limits: Limits) -> Iterator[Draft]:
    text = without_response(file.text(limits))
    if _PAGE.match(text):
        from retrieval.read.html import draft_of_page

        yield draft_of_page(text, file, limits)
    else:
        yield Draft(id=file.id, path=file.path, text=whole_lines(text))


def whole_lines(text: str) -> str:
    """Take page numbers and running heads out of a text, and join the lines that were torn inside a word or number."""
    return _TORN.sub("", "\n".join(without_page_numbers(text.split("\n"))))


def _beginning(file: File) -> re.Pattern[str] | None:
    """Return what an article of a dump begins with, None for a file that is one article."""
    with file.open() as stream:
        data = stream.read(_HEAD)
    lines = [line for line in decode(data).text.splitlines() if line.strip()]
    if len(data) == _HEAD:
        lines.pop()
    if lines and _LABELLED.match(lines[0]) and sum(map(bool, map(_LABELLED.match, lines))) > 1:
        return _LABELLED_OR_EMPTY
    begun = [line for line in lines if _BEGINS.match(line)]
    lengths = sorted(map(len, begun))
    if len(begun) < max(_LEAST, _SHARE * len(lines)) or lengths[len(lengths) // 2] < _LENGTH:
        return None
    return _BEGINS


# The label is there where the day was lost.
_LABELLED_OR_EMPTY = re.compile(rf"{_LABELLED.pattern}|[\s,，]{{0,4}}正文\s*[:：]|原标题\s*[:：]")


def _lines(file: File, limits: Limits) -> Iterator[str]:
    for line in file.lines(limits):
        if line is None:
            raise UnreadableError("a line of more than {most} MB: the rest is not read", most=limits.line_bytes // MB)
        yield tidy(line).rstrip("\n")


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            gathered.append(line)
        elif gathered:
            yield "\n".join(gathered)
            gathered = []


def _from_beginnings(lines: Iterable[str], begins: re.Pattern[str]) -> Iterator[str]:
    """Gather lines to articles: one that does not begin like an article goes on with the one before."""
    gathered: list[str] = []
    for line in lines:
        if gathered and begins.match(line):
            yield "\n".join(gathered)
            gathered = []
        if line.strip() or gathered:
            gathered.append(line)
    if gathered:
        yield "\n".join(gathered)


def _many(texts: Iterable[str], file: File, limits: Limits, split: str) -> Iterator[Draft | Skipped]:
    number = 0
    filled = (text for text in texts if text.strip())
    for number, text in enumerate(islice(filled, limits.members), start=1):
        whole = whole_lines(text)
        draft = Draft(id=f"{file.id}#{number}", path=file.path, text=whole, is_record="\n" not in whole, split=split)
        yield (
            draft
            if len(whole) <= limits.characters
            else Skipped(
                f"{file.path}#{number}", Message("an article of more than {most:,} characters", most=limits.characters)
            )
        )
    if not number:
        raise UnreadableError("nothing but white space")


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
