"""Align two texts: the blocks of tokens that stand in both, in the same order."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.articles.duplicates.tokens import Hashes, runs

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
