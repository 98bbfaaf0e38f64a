"""Articles → passages → windows: whole paragraphs are shown, whole sentences are embedded."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.values import Passage, Span

_CLOSING = "”’」』）》〉】〕)\"'\\]"
# A full stop ends a sentence only before white space and a letter that can begin one: 3.5, U.S.A., e.g. x stay whole.
_END = re.compile(
    rf"(?:[。！？!?；…]+[{_CLOSING}]*|(?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|No|vs))(?<!\b(?:Mrs|Jan|Feb|Aug|Sep|Oct|Nov|Dec))"
    rf"\.[{_CLOSING}]*(?=\s+[\"“‘(\[]?[^\W\d_a-z])|\n)\s*"
)
_SOFT = re.compile(r"[，,、：:;]\s*|\s+")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield spans that tile text[start:end], each a sentence with the white space after it."""
    end = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def pieces(text: str, span: Span, limit: int) -> Iterator[Span]:
    """Yield spans that tile `span`, none longer than `limit` characters, cut at commas or spaces if there are any."""
    begin, end = span
    while end - begin > limit:
        cuts = [match.end() for match in _SOFT.finditer(text, begin + limit // 2, begin + limit)]
        cut = cuts[-1] if cuts else begin + limit
        yield begin, cut
        begin = cut
    if begin < end:
        yield begin, end


VERSION = "2"
"""Part of the manifest: another cut needs other vectors."""

_WIDE = (
    (0x1100, 0x11FF), (0x2E80, 0x9FFF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""First and last code point of each range of characters that are as wide as they are high."""
_BOUNDS = np.array([(first, last + 1) for first, last in _WIDE], np.uint32).reshape(-1)
_ENDED = re.compile(r"[。！？!?；;.…][”’」』）》】)\"']*$")
_HEADING_MOST = 30  # wide characters of a line that can be a heading


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in wide characters: a letter of an alphabet counts `narrow`, as much as it says next to a Han character."""

    passage_least: int = 200
    passage_most: int = 400
    window_most: int = 120
    leftover: int = 20
    narrow: float = 0.4

    @property
    def passage_limit(self) -> int:
        """What no passage exceeds, whatever headings and leftovers are to be joined to it."""
        return 2 * self.passage_most


DEFAULT = Sizes()


def split(text: str, sizes: Sizes = DEFAULT) -> tuple[Passage, ...]:
    """Cut `text` into passages that cover it: only white space lies between them.

    Passages are whole paragraphs, or whole sentences of a long one; windows are whole sentences inside a passage,
    and cover it too. No passage is longer than `sizes.passage_limit`, and only next to so much white space, or where
    the text has no more, is one or a window shorter than `sizes.leftover`.
    """
    return _Cut(text, sizes).passages()


def size(text: str, span: Span | None = None) -> float:
    """Measure a text, or text[span] of it, in wide characters."""
    part = text[slice(*span)] if span else text
    return _Ruler(part, DEFAULT.narrow)((0, len(part)))


class _Ruler:
    """Measures any part of a text in wide characters, in the same short time: it has counted all beginnings."""

    def __init__(self, text: str, narrow: float) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        # a character is in a range if an odd number of bounds is not above it
        inside = np.searchsorted(_BOUNDS, codes, side="right") % 2
        self._wide = np.append(0, np.cumsum(inside)).astype(np.int32).data  # gives Python's own numbers
        self._narrow = narrow

    def __call__(self, span: Span) -> float:
        wide: int = self._wide[span[1]] - self._wide[span[0]]
        return wide + self._narrow * (span[1] - span[0] - wide)


@dataclass(slots=True)
class _Group:
    """Neighbouring paragraphs of one passage; `headings` counts those at its end that may be headings."""

    blocks: list[Span]
    headings: int

    @property
    def span(self) -> Span:
        return self.blocks[0][0], self.blocks[-1][1]


class _Cut:
    """One text that is being cut."""

    def __init__(self, text: str, sizes: Sizes) -> None:
        self._text, self._sizes = text, sizes
        self._size = _Ruler(text, sizes.narrow)

    def passages(self) -> tuple[Passage, ...]:
        """Return the passages with their windows."""
        return tuple(Passage(group.span, tuple(self._windows(group.span))) for group in self._grouped())

    # --- paragraphs, and what they are cut into -----------------------------------------------------------------

    def _blocks(self) -> Iterator[Span]:
        """Yield paragraphs, and the sentence groups of paragraphs that are too long to be shown whole."""
        start = 0
        for line in self._text.splitlines(keepends=True):
            span = _trim(self._text, (start, start + len(line)))
            start += len(line)
            if span[0] == span[1]:
                continue
            whole = self._size(span)
            if whole <= self._sizes.passage_most:
                yield span
            else:
                count = -(-whole // self._sizes.passage_most)
                yield from self._shares(self._short_sentences(span), whole / count)

    def _short_sentences(self, span: Span) -> Iterator[Span]:
        limit = self._sizes.passage_most // 2
        for sentence in sentences(self._text, *span):
            length = self._size(sentence)
            if length <= limit:
                yield sentence
            else:
                density = length / (sentence[1] - sentence[0])
                yield from pieces(self._text, sentence, int(limit / density))

    def _shares(self, spans: Iterable[Span], share: float) -> Iterator[Span]:
        """Join neighbours into shares of about equal size, so that no short rest is left over."""
        position, number, begin, end = 0.0, 0, -1, -1
        for span in spans:
            length = self._size(span)
            middle = int((position + length / 2) / share)
            if begin >= 0 and middle > number:
                yield _trim(self._text, (begin, end))
                begin = -1
            begin, end, number = span[0] if begin < 0 else begin, span[1], middle
            position += length
        if begin >= 0:
            yield _trim(self._text, (begin, end))

    # --- paragraphs -> passages ---------------------------------------------------------------------------------

    def _grouped(self) -> list[_Group]:
        """Group paragraphs into passages; a heading goes with what follows it."""
        groups: list[_Group] = []
        for block in self._blocks():
            is_heading = self._is_heading(block)
            if groups and self._joins(groups[-1], block):
                groups[-1].blocks.append(block)
                groups[-1].headings = groups[-1].headings + 1 if is_heading else 0
            else:
                carried = self._carried(groups[-1], block) if groups else []
                groups.append(_Group([*carried, block], len(carried) + 1 if is_heading else 0))
        if len(groups) > 1 and self._size(groups[-1].span) < self._sizes.leftover:
            before, last = groups[-2:]
            if self._fits(before.span[0], last.span[1]):
                groups[-2:] = [_Group(before.blocks + last.blocks, 0)]
        return groups

    def _joins(self, group: _Group, block: Span) -> bool:
        before, joined = self._size(group.span), self._size((group.span[0], block[1]))
        if before < self._sizes.leftover or (
            before < self._sizes.passage_least and group.headings == len(group.blocks)
        ):
            return joined <= self._sizes.passage_limit
        return before < self._sizes.passage_least and joined <= self._sizes.passage_most

    def _carried(self, group: _Group, block: Span) -> list[Span]:
        """Take out of a group the headings at its end, for the block that comes; of a list of headings none."""
        if not 0 < group.headings < len(group.blocks):
            return []
        carried = group.blocks[-group.headings :]
        if not self._fits(carried[0][0], block[1]):
            return []
        del group.blocks[-group.headings :]
        group.headings = 0
        return carried

    def _fits(self, start: int, stop: int) -> bool:
        return self._size((start, stop)) <= self._sizes.passage_limit

    def _is_heading(self, span: Span) -> bool:
        return self._size(span) <= _HEADING_MOST and not _ENDED.search(self._text[slice(*span)])

    # --- passages -> windows ------------------------------------------------------------------------------------

    def _windows(self, passage: Span) -> Iterator[Span]:
        """Yield whole sentences, several joined while they are short."""
        for span in self._packed(self._short_sentences(passage)):
            yield _trim(self._text, span)

    def _packed(self, spans: Iterable[Span]) -> list[Span]:
        """Join neighbours while they stay within a window; a leftover joins its neighbour whatever comes."""
        packed: list[Span] = []
        for span in spans:
            joined = (packed[-1][0], span[1]) if packed else span
            if packed and (self._is_leftover(packed[-1]) or self._size(joined) <= self._sizes.window_most):
                packed[-1] = joined
            else:
                packed.append(span)
        if len(packed) > 1 and self._is_leftover(packed[-1]):
            packed[-2:] = [(packed[-2][0], packed[-1][1])]
        return packed

    def _is_leftover(self, span: Span) -> bool:
        return self._size(span) < self._sizes.leftover


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def uncovered(text: str, passages: Iterable[Passage]) -> str:
    """Return what no passage covers: white space only, if nothing was lost."""
    edges = [(0, 0), *(passage.span for passage in passages), (len(text), len(text))]
    return "".join(text[left[1] : right[0]] for left, right in pairwise(edges))
