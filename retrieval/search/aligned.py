"""Fold a question for matching without moving a character, so that what is found keeps its span."""

import functools

from retrieval.text.folding import fold


def fold_aligned(text: str) -> str:
    """Fold each character by itself: width, case, accents, Traditional to Simplified; the length stays."""
    return "".join(map(_fold_character, text))


# 20,992 Han characters and some: every character that comes is looked up once
@functools.lru_cache(maxsize=30_000)
def _fold_character(character: str) -> str:
    # 么 by itself is taken for the Traditional form of 幺; among its neighbours (什么) it is not
    folded = character if character == "么" else fold(character)
    return folded if len(folded) == 1 else character
