"""A question's words: which of them are searched for, and how much each counts in a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_MOST_READ = 100_000
"""Passages that the words of a search stand in together: more frequent ones are left out.

Of 370,000 passages all words find the first 100 in 17 ms, those of 300,000 in 7, of 100,000 in 4, of 30,000 in 3; each
of these 100 holds the first 10 of all words. The words left out count nevertheless, once what was found is weighed.
"""
CONTEXT_WEIGHT = 0.25  # 0.25, 0.5 and 0.75 tried: more makes all passages of an article alike
NO_WRITING = "¶"
"""Stands among the words of a passage that is no writing, and in no question: such passages make no word rarer."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question: how often it is asked, and in how many passages it stands."""

    word: str
    passages: int


def affordable(terms: Sequence[Term]) -> list[Term]:
    """Return the rarer ones of some terms, or the rarest."""
    ordered = sorted(terms, key=lambda term: (term.passages, term.word))
    read = accumulate(term.passages for term in ordered)
    return [term for term, passages in zip(ordered, read, strict=True) if passages <= _MOST_READ] or ordered[:1]
