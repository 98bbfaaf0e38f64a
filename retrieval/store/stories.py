"""Which articles report one story: copies and reprints of each other, found by shared band keys."""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.text import fold
from retrieval.text.quantities import NUMERAL, number

Hashes = NDArray[np.uint32]
"""uint32 of shape (n,)."""

FIGURE = 0
"""What stands for every figure in `Tokens.masked`."""

_LONE = r"\u2e80-\U0003ffff"  # Chinese, Japanese, Korean: a token a letter
_TOKEN = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{NUMERAL}{{2,}}|[^\W\d_{_LONE}]+|[^\W_]",
)
_NUMERAL = re.compile(NUMERAL)
# 4月29日电: when a report was filed, which every outlet fills in for itself. It is looked for where a number begins,
# not at each of its digits.
_DATELINE = re.compile(rf"(?:(?:(?<!\d)\d++|(?<!{NUMERAL}){NUMERAL}++)\s*+[年月日]\s*+){{1,3}}(?=[讯电])")


class Tokens(NamedTuple):
    """Hashes of a text's letters (Chinese, Japanese, Korean), words (all others) and figures; no punctuation.

    In `masked` every figure is `FIGURE`, so that texts which differ in figures alone are equal there.
    """

    exact: Hashes
    masked: Hashes


def tokens(text: str) -> Tokens:
    """Fold a text and hash its tokens, without the days of its datelines."""
    hashes = np.array([_hash(token) for token in _TOKEN.findall(_DATELINE.sub("", fold(text)))], dtype=np.uint64)
    return Tokens((hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32), (hashes >> np.uint64(32)).astype(np.uint32))


_REMEMBERED = 2_000
"""Characters up to which a text's tokens are kept, eight bytes each; of longer ones a batch has few."""


def _tokens(text: str) -> Tokens:
    return _tokens_before(text) if len(text) <= _REMEMBERED else tokens(text)


# an article is signed, and compared when its batch is written: room for two batches, 16 MB when full
@functools.lru_cache(maxsize=1024)
def _tokens_before(text: str) -> Tokens:
    return tokens(text)


def runs(hashes: Hashes, length: int) -> Hashes:
    """Hash each `length` tokens in a row; a shorter text is one run."""
    count = max(hashes.size - length + 1, min(hashes.size, 1))
    hashed = np.zeros(count, dtype=np.uint32)
    for start in range(min(length, hashes.size)):
        # FNV's prime; rotated, so that the high bits reach the low ones too
        hashed = (hashed ^ hashes[start : start + count]) * np.uint32(0x01000193)
        hashed = hashed << np.uint32(13) | hashed >> np.uint32(19)
    return hashed


# one entry a token in use: 10,000 characters, and words; 8 MB when full
@functools.lru_cache(maxsize=1 << 16)
def _hash(token: str) -> int:
    """Hash a token to its masked hash (high 32 bits) and its exact one."""
    if token[0].isdecimal() or (len(token) > 1 and _NUMERAL.match(token)):
        return FIGURE << 32 | crc32(_value(token).encode())
    exact = crc32(token.encode())
    return exact << 32 | exact


def _value(figure: str) -> str:
    """Write 3,100 as 3100 and 二十六 as 26."""
    if figure[0].isdecimal():
        return figure.replace(",", "")
    value = number(figure)
    return figure if value is None else str(value)


# tokens in a row; 3 to 6 measure alike, since blocks grow from where they are held
_RUN = 4


Places = NDArray[np.intp]


class Block(NamedTuple):
    """`size` tokens that agree, from `one` and from `other` on."""

    one: int
    other: int
    size: int


def align(one: Hashes, other: Hashes) -> Iterator[Block]:
    """Yield the blocks that agree, in the order of both texts, none overlapping another.

    Runs that stand once in each text hold the alignment, so it takes linear time but for sorting them; the blocks
    grow from there. Source: Cohen, "Patience Diff Advantages", 2010.
    """
    block = Block(0, 0, 0)
    anchors = _anchors(one, other)
    chain = _chain(*anchors) if anchors[0].size else ()
    for following in [*chain, Block(one.size, other.size, 0)]:
        here, there = one[block.one + block.size : following.one], other[block.other + block.size : following.other]
        forward = _agreeing(here, there)
        backward = _agreeing(here[forward:][::-1], there[forward:][::-1])
        if block.size + forward:
            yield block._replace(size=block.size + forward)
        block = Block(following.one - backward, following.other - backward, following.size + backward)
    if block.size:
        yield block


def _agreeing(one: Hashes, other: Hashes) -> int:
    """Count the tokens that agree from the start on."""
    size = min(one.size, other.size)
    different = one[:size] != other[:size]
    first = int(different.argmax()) if size else 0
    return first if size and different[first] else size


def _chain(one: Places, other: Places) -> Iterator[Block]:
    """Join anchors on the same diagonal; where two diagonals overlap, the first keeps the tokens."""
    apart = np.flatnonzero((np.diff(one) != np.diff(other)) | (np.diff(one) > _RUN)) + 1
    firsts, lasts = np.concatenate(([0], apart)), np.concatenate((apart, [one.size])) - 1
    sizes = one[lasts] + _RUN - one[firsts]
    one_end = other_end = 0
    for start, there, size in zip(one[firsts].tolist(), other[firsts].tolist(), sizes.tolist(), strict=True):
        overlap = max(one_end - start, other_end - there, 0)
        if overlap < size:
            yield Block(start + overlap, there + overlap, size - overlap)
            one_end, other_end = start + size, there + size


def _anchors(one: Hashes, other: Hashes) -> tuple[Places, Places]:
    """Match the runs that stand once in each text: the most of them that keep the order."""
    (here, one_places), (there, other_places) = _single(one), _single(other)
    _, one_at, other_at = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    order = np.argsort(one_places[one_at])
    one_places, other_places = one_places[one_at][order], other_places[other_at][order]
    if np.any(np.diff(other_places) < 0):
        kept = _longest_increasing(other_places.tolist())
        one_places, other_places = one_places[kept], other_places[kept]
    return one_places, other_places


def _single(hashes: Hashes) -> tuple[Hashes, Places]:
    """Find the runs that stand once, sorted, and their places."""
    hashed, places, counts = np.unique(runs(hashes, _RUN), return_index=True, return_counts=True)
    once = (counts == 1) & (hashes.size >= _RUN)
    return hashed[once], places[once]


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest increasing subsequence. Source: Fredman, 1975."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[length], ends[length] = value, index
    chain: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


# The constants were chosen by benchmarks/duplicates.py; run it again after a change.
BANDS = 48
"""Values of a signature, each of them a band: a text keeps some of them however much is glued to it or cut off."""

SHARED_BANDS = 2
"""Bands that two articles share before they are compared: one is often a catch phrase, copies share ten and more."""

_SIGNED_RUN = 6  # tokens in a row: longer ones find fewer catch phrases, and fewer copies that were edited much
_CHUNK = 10_000  # runs hashed at once, BANDS × 4 bytes each


def signature(text: str) -> bytes:
    """Sign a text for `bands`: `BANDS` little-endian uint32, the same in every process; empty if it has no letters.

    Source: Broder, "On the resemblance and containment of documents", 1997.
    """
    signed = _mixed(runs(_tokens(text).exact, _SIGNED_RUN))
    if not signed.size:
        return b""
    factors, summands = _permutations()
    chunks = (signed[start : start + _CHUNK] for start in range(0, signed.size, _CHUNK))
    least = np.min([(factors * chunk + summands).min(axis=1) for chunk in chunks], axis=0)
    return np.asarray(least, "<u4").tobytes()


@functools.cache
def _permutations() -> tuple[Hashes, Hashes]:
    """Return odd factors and summands, each of shape (`BANDS`, 1): as many permutations of the numbers below 2³²."""
    drawn = np.random.RandomState(1)  # archives hold what this one draws, in every version of numpy
    factors = drawn.randint(0, 1 << 31, (BANDS, 1), np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, (BANDS, 1), np.uint32)


def _mixed(hashes: Hashes) -> Hashes:
    """Spread hashes over all numbers below 2³². Source: the last step of Appleby's MurmurHash3."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ hashes >> np.uint32(shift)) * np.uint32(factor)
    return hashes ^ hashes >> np.uint32(16)


def bands(signature: bytes) -> tuple[int, ...]:
    """Cut a signature into keys, signed 64-bit integers: two texts are compared if `SHARED_BANDS` of them agree."""
    return tuple(place << 32 | value for place, value in enumerate(np.frombuffer(signature, dtype="<u4").tolist()))


# The constants were chosen by benchmarks/duplicates.py; run it again after a change.
_OF_SHORTER = 0.55
"""Share of the shorter text that stands in the other: a follow-up repeats two fifths, the freest reprint 0.66."""

_OF_LONGER = 0.35
"""Share of the longer text that stands in the other: a digest is no copy of the stories that it carries."""

_CHANGED_FIGURES = 0.2
"""Share of figures that differ where the words around them agree in bulletins of two days; 0.4 and more is usual."""

_CORRECTED = 1 / 200
"""Figures a token that may differ all the same: in a text with few figures, one is a correction."""

_LEAST_BLOCK = 10
"""Tokens of a block whose figures are compared: shorter ones agree by chance, as in `28日讯（记者`."""

_DATING = frozenset(tokens("年月日号期").exact.tolist())
"""What follows a figure that is of a date or an issue."""


def is_copy(one: str, other: str) -> bool:
    """Return whether two texts are the same story, by the words they share in the same order and the figures there."""
    # sorted, so that a tie in the alignment is broken the same way whichever text comes first
    return _agree(*map(_tokens, sorted((one, other))))


def _agree(first: Tokens, second: Tokens) -> bool:
    shorter, longer = sorted((first.exact.size, second.exact.size))
    if _equal(first.exact, second.exact):
        return shorter > 0
    if shorter < _OF_LONGER * longer:
        return False
    # what an outlet prints each day with other figures is compared with all the days before
    is_whole = _equal(first.masked, second.masked)
    blocks = [Block(0, 0, shorter)] if is_whole else list(align(first.masked, second.masked))
    shared = sum(block.size for block in blocks)
    enough = shared >= _OF_SHORTER * shorter and shared >= _OF_LONGER * longer
    return enough and _figures_agree(first, second, blocks)


def _equal(one: Hashes, other: Hashes) -> bool:
    """Return whether arrays are equal: of short ones, as most are, fifteen times as fast as numpy's own."""
    return one.size == other.size and one.tobytes() == other.tobytes()


def _figures_agree(one: Tokens, other: Tokens, blocks: Sequence[Block]) -> bool:
    """Return whether the texts name the same dates, and the same figures but for a few that were corrected."""
    figures = changed = 0
    for block in (block for block in blocks if block.size >= _LEAST_BLOCK):
        exact = one.exact[block.one : block.one + block.size]
        there = other.exact[block.other : block.other + block.size]
        differ = exact != there
        if not _DATING.isdisjoint(exact[1:][differ[:-1]].tolist()):
            return False
        figures += int(np.count_nonzero(one.masked[block.one : block.one + block.size] == FIGURE))
        changed += int(np.count_nonzero(differ))
    shared = sum(block.size for block in blocks)
    return changed <= _CORRECTED * shared or changed < _CHANGED_FIGURES * figures
