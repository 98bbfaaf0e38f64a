"""Article texts → paragraphs of pieces, each with what is to be seen of it; and how two copies differ."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from bot.web.links import Span
from retrieval import Article, Hit

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?\n]+|\Z)")
_MOST_SENTENCES = 3_000
"""Sentences of a copy that are compared: their time may grow with the square."""


class MarkKind(StrEnum):
    """Why a piece of a text is marked."""

    PASSAGE = "passage"
    HIGHLIGHT = "highlight"
    ANSWER = "answer"
    REPAIR = "repair"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text that is marked, and what is said of it."""

    span: Span
    kind: MarkKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Words of a text that carry the same marks; `is_first` of those that carry the passage's."""

    text: str
    kinds: frozenset[MarkKind] = frozenset()
    note: str = ""
    is_first: bool = False


def paragraphs(text: str, marks: Sequence[Mark] = ()) -> list[list[MarkedText]]:
    """Cut a text into paragraphs, and those where a mark begins or ends; ends of lines are left out."""
    rows: list[list[MarkedText]] = [[]]
    is_begun = False
    for piece in _pieces(text, marks):
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                rows.append([])
            if line:
                is_first = MarkKind.PASSAGE in piece.kinds and not is_begun
                is_begun |= is_first
                rows[-1].append(replace(piece, text=line, is_first=is_first))
    return [row for row in rows if row]


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[MarkedText]:
    """Cut a text where a mark begins or ends, going once over the marks."""
    bounds = sorted({0, len(text), *(min(max(end, 0), len(text)) for mark in marks for end in mark.span)})
    waiting = sorted(marks, key=lambda mark: mark.span, reverse=True)
    current: list[Mark] = []
    for start, stop in pairwise(bounds):
        while waiting and waiting[-1].span[0] <= start:
            current.append(waiting.pop())
        current = [mark for mark in current if mark.span[1] > start]
        kinds = frozenset(mark.kind for mark in current)
        yield MarkedText(text[start:stop], kinds, " · ".join(mark.note for mark in current if mark.note))


def passage_of(hit: Hit) -> list[list[MarkedText]]:
    """Cut a hit's passage into paragraphs, its highlight marked, and its answer span where it has one."""
    marks = [Mark(hit.highlight, MarkKind.HIGHLIGHT)]
    if hit.answer:
        marks.append(Mark(hit.answer, MarkKind.ANSWER))
    return paragraphs(hit.text, marks)


def repairs_of(article: Article, note: str) -> list[Mark]:
    """Return the places of an article that were restored; `note` has blanks for what was seen and how sure it is."""
    return [
        Mark(repair.span, MarkKind.REPAIR, note.format(seen=repair.seen, percent=round(100 * repair.confidence)))
        for repair in article.repairs
    ]


def differences(one: str, other: str) -> tuple[list[Mark], list[Mark]]:
    """Return the sentences of two texts that the other one has not, in its order."""
    spans = [[found.span() for found in _SENTENCE.finditer(text) if found[0].strip()] for text in (one, other)]
    spans = [found[:_MOST_SENTENCES] for found in spans]
    sentences = [
        ["".join(text[start:stop].split()) for start, stop in found]
        for text, found in zip((one, other), spans, strict=True)
    ]
    marks: tuple[list[Mark], list[Mark]] = [], []
    for tag, *ends in SequenceMatcher(None, sentences[0], sentences[1]).get_opcodes():
        if tag != "equal":
            for side, (start, stop) in enumerate((ends[:2], ends[2:])):
                marks[side].extend(Mark(span, MarkKind.DIFFERENCE) for span in spans[side][start:stop])
    return marks
