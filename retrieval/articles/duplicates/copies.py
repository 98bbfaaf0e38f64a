"""Tell copies of a story from follow-ups, digests and the bulletins of two days."""

import functools
from collections.abc import Sequence

import numpy as np

from retrieval.articles.duplicates.alignment import Block, align
from retrieval.articles.duplicates.tokens import FIGURE, Tokens, tokens

# The constants were chosen by benchmarks/duplicates.py; run it again after a change.
_OF_SHORTER = 0.55
"""Share of the shorter text that stands in the other: a follow-up repeats two fifths, the freest reprint 0.66."""

_OF_LONGER = 0.35
"""Share of the longer text that stands in the other: a digest is no copy of the stories that it carries."""

_CHANGED_FIGURES = 0.2
"""Share of figures that differ where the words around them agree in bulletins of two days; 0.4 and more is usual."""

_CORRECTED = 1 / 200
"""Figures a token that may differ all the same: in a text with few figures, one is a correction."""

_TELLING = 10
"""Tokens of a block whose figures are compared: shorter ones agree by chance, as in `28日讯（记者`."""

_REMEMBERED = 100_000
"""Characters up to which a text's tokens are kept for the next comparison, eight bytes each."""

_DATING = frozenset(tokens("年月日号期").exact.tolist())
"""What follows a figure that tells a date or an issue."""


def is_copy(one: str, other: str) -> bool:
    """Tell whether two texts are the same story, by the words they share in the same order and the figures there."""
    # sorted, so that a tie in the alignment is broken the same way whichever text comes first
    first, second = map(_tokens, sorted((one, other)))
    shorter, longer = sorted((first.exact.size, second.exact.size))
    if np.array_equal(first.exact, second.exact):
        return shorter > 0
    blocks = list(align(first.masked, second.masked))
    shared = sum(block.size for block in blocks)
    enough = shared >= _OF_SHORTER * shorter and shared >= _OF_LONGER * longer
    return enough and _figures_agree(first, second, blocks)


def _tokens(text: str) -> Tokens:
    return _tokens_before(text) if len(text) <= _REMEMBERED else tokens(text)


# one article is compared with twenty, and its neighbours with the same
@functools.lru_cache(maxsize=32)
def _tokens_before(text: str) -> Tokens:
    return tokens(text)


def _figures_agree(one: Tokens, other: Tokens, blocks: Sequence[Block]) -> bool:
    """Tell whether the texts name the same dates, and the same figures but for a few that were corrected."""
    figures = changed = 0
    for block in (block for block in blocks if block.size >= _TELLING):
        exact = one.exact[block.one : block.one + block.size]
        there = other.exact[block.other : block.other + block.size]
        differ = np.flatnonzero(exact != there)
        if not _DATING.isdisjoint(exact[differ[differ < block.size - 1] + 1].tolist()):
            return False
        figures += int(np.count_nonzero(one.masked[block.one : block.one + block.size] == FIGURE))
        changed += differ.size
    shared = sum(block.size for block in blocks)
    return changed <= _CORRECTED * shared or changed < _CHANGED_FIGURES * figures
