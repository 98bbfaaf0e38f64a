"""How much each word of a question weighs."""

import math
from collections.abc import Iterable

from retrieval.index.words import Term


def weight(term: Term, passages: int) -> float:
    """Weigh a word by how rare it is among `passages`: BM25's inverse document frequency."""
    return math.log(1 + (passages - term.passages + 0.5) / (term.passages + 0.5))


def total_weight(terms: Iterable[Term], passages: int) -> float:
    """Weigh a whole question, the words that the archive does not have included."""
    return sum(weight(term, passages) for term in terms)
