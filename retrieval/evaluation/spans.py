"""How well an answer's words are those that were wanted, as SQuAD judges them: exact match and F1.

Case, punctuation and English articles do not count. What is written without spaces is compared character by character,
as DRCD and CMRC do.

Source: Rajpurkar et al., "SQuAD" (2016), section 6.1; Cui et al., "A Span-Extraction Dataset" (2019).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from retrieval.text.folding import fold
from retrieval.text.words import is_spaceless

_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"a", "an", "the"})


def span_marks(said: str, wanted: Iterable[str]) -> dict[str, float]:
    """Return `answer.exact` and `answer.f1`, each 0 to 1, of the best of the wanted answers."""
    given = _tokens(said)
    pairs = [(given, _tokens(answer)) for answer in wanted]
    return {
        "answer.exact": max((float(one == other) for one, other in pairs), default=0.0),
        "answer.f1": max((_f1(one, other) for one, other in pairs), default=0.0),
    }


def _f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    shared = (Counter(given) & Counter(wanted)).total()
    return 2 * shared / (len(given) + len(wanted)) if shared else 0.0


def _tokens(text: str) -> list[str]:
    words = [word for word in _WORD.findall(fold(text)) if word not in _ARTICLES]
    return [token for word in words for token in (word if is_spaceless(word) else [word])]
