"""Text files: one article each, or a dump of many that is split where its lines or blocks begin like articles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import islice

from retrieval.errors import Message
from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, Split, UnreadableError, tidy, without_response
from retrieval.text.sheets import without_page_numbers
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
        from retrieval.read.html.document import draft_of_page

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
