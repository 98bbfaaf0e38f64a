"""When to say that the archive does not know."""

import math
from collections.abc import Sequence

from retrieval.values import Hit

_CENTRE, _SLOPE = 0.50, 40.0
_THRESHOLD = 0.5


def confidence(hits: Sequence[Hit]) -> float:
    """Return the probability, 0…1, that the first hit answers the question."""
    if not hits:
        return 0.0
    return 1 / (1 + math.exp(-_SLOPE * (hits[0].score - _CENTRE)))


def reason(hits: Sequence[Hit], probability: float) -> str | None:
    """Return why the archive does not answer, or None if it does."""
    if not hits:
        return "the archive has nothing that satisfies the filters"
    if probability < _THRESHOLD:
        return "the archive does not say; what comes nearest follows"
    return None
