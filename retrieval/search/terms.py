"""The words of a question, and how much each weighs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.index.protocols import Words
from retrieval.index.words import Term
from retrieval.text.words import is_spaceless, query_words

_ALONE = 2.0
"""A figure or a word of letters stands for itself, while a Chinese word is counted with its bigrams and characters too.

success@1 on XQuAD-zh and the sample archive: 1 .965 / .838, 2 .969 / .854, 3 the same.
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """A question's words as the archive has them, and the share of the question's weight that each carries."""

    found: list[Term]
    shares: Mapping[str, float]

    @classmethod
    def of(cls, question: str, index: Words) -> "Terms":
        """Look the words of a question up."""
        found = index.terms(query_words(question))
        weights = {term.word: _weight(term, len(index)) for term in found}
        total = sum(weights.values()) or 1.0
        return cls(found, {word: weight / total for word, weight in weights.items()})

    @property
    def known(self) -> float:
        """Share of the question's weight that stands anywhere in the archive."""
        return sum(self.shares[term.word] for term in self.found if term.passages)


def _weight(term: Term, passages: int) -> float:
    """Weigh a word by its rarity among `passages`, as BM25 does, and more where it stands alone.

    Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009).
    """
    rarity = math.log(1 + (passages - term.passages + 0.5) / (term.passages + 0.5))
    return rarity if is_spaceless(term.word) else _ALONE * rarity
