"""Tell copies of a story from follow-ups, digests and the bulletins of two days."""

from collections.abc import Sequence

import numpy as np

from retrieval.articles.duplicates.alignment import Block, align
from retrieval.articles.duplicates.tokens import FIGURE, Tokens, tokens

# The constants were chosen by benchmarks/duplicates.py; run it again after a change.
_OF_SHORTER = 0.5
"""Share of the shorter text that stands in the other: a follow-up repeats two fifths, the freest reprint 0.66."""

_OF_LONGER = 0.3
"""Share of the longer text that stands in the other: a digest is no copy of the stories that it carries."""

_CHANGED_FIGURES = 0.1
"""Share of figures that may differ where the words around them agree: more, and it is the bulletin of another day."""


def is_copy(one: str, other: str) -> bool:
    """Tell whether two texts are the same story, by the words they share in the same order and the figures there."""
    # sorted, so that a tie in the alignment is broken the same way whichever text comes first
    first, second = (tokens(text) for text in sorted((one, other)))
    shorter, longer = sorted((first.exact.size, second.exact.size))
    if np.array_equal(first.exact, second.exact):
        return shorter > 0
    blocks = list(align(first.masked, second.masked))
    shared = sum(block.size for block in blocks)
    enough = shared >= _OF_SHORTER * shorter and shared >= _OF_LONGER * longer
    return enough and _figures_agree(first, second, blocks)


def _figures_agree(one: Tokens, other: Tokens, blocks: Sequence[Block]) -> bool:
    figures = changed = 0
    for block in blocks:
        here, there = slice(block.one, block.one + block.size), slice(block.other, block.other + block.size)
        figures += int(np.count_nonzero(one.masked[here] == FIGURE))
        changed += int(np.count_nonzero(one.exact[here] != other.exact[there]))
    return changed <= _CHANGED_FIGURES * figures
