"""The hits of each part of a question → one order, whose first few cover every part."""

import math
from collections.abc import Iterator, Mapping, Sequence

from retrieval.values import Hit

Key = tuple[str, int]
"""A passage: its article, and where it begins there."""

_EQUAL = 0.95
"""A hit with this share of a part's best score answers that part as well: it covers it."""
_STEEPNESS = 8.0
"""Power of a hit's score, over the best one's, by which it takes its share of a part: .9 of it weighs .43."""
_READ, _UNREAD = 0.3, -3.0
"""What a log-odds of reading adds to a share, as an exponent, and the log-odds taken of a hit that was not read."""
_LEAST = -5.0
"""Log-odds of reading below which a hit is denied no further."""
_TIMELY = math.e
"""How much more a hit weighs that is of the time in which another part happened, where that is asked."""


def key_of(hit: Hit) -> Key:
    """Return what says which passage a hit shows."""
    return hit.article.id, hit.span[0]


def covering(lists: Sequence[Sequence[Hit]], parts: int, timely: frozenset[Key] = frozenset()) -> list[Hit]:
    """Put hits in one order, so that the first few cover each of the `parts`, whose lists stand before all others.

    First comes what covers most parts that nothing before it covers, the part asked first before the others; then what
    has the largest share of the evidence for its part, so that a part whose hits are all alike shows more of them than
    one whose first stands alone; then each other list's next hit in turn. `timely` are hits that weigh more.
    """
    covers = [_covering(own) for own in lists[:parts]]
    pool = dict[Key, Hit]()
    for hit in _in_turn(lists):
        pool.setdefault(key_of(hit), hit)
    ordered, uncovered = list[Key](), set(range(parts))
    while uncovered:
        first = max(pool, key=lambda key: sum(key in covers[part] for part in uncovered))
        newly = {part for part in uncovered if first in covers[part]}
        if not newly:
            break
        ordered.append(first)
        uncovered -= newly
    shares = dict[Key, float]()
    for own in lists[:-1]:
        for key, share in _shares(own, timely).items():
            shares[key] = shares.get(key, 0.0) + share
    rest = sorted((key for key in pool if key not in ordered), key=lambda key: -shares.get(key, 0.0))
    return [pool[key] for key in (*ordered, *rest)]


def _covering(own: Sequence[Hit]) -> frozenset[Key]:
    """Return the hits of a part's list that answer that part: the first, and what has about as much evidence as any."""
    enough = _EQUAL * max((hit.score for hit in own), default=0.0)
    return frozenset(key_of(hit) for place, hit in enumerate(own) if place == 0 or hit.score >= enough)


def _shares(own: Sequence[Hit], timely: frozenset[Key]) -> Mapping[Key, float]:
    """Return which share of the evidence for a part each of its hits has: 1 in all."""
    best = max((hit.score for hit in own), default=0.0)
    if best <= 0:
        return {}
    weights = {
        key_of(hit): (max(hit.score, 0.0) / best) ** _STEEPNESS
        * math.exp(_READ * max(_LEAST, hit.explanation.get("answered", _UNREAD)))
        * (_TIMELY if key_of(hit) in timely else 1.0)
        for hit in own
    }
    whole = sum(weights.values())
    return {key: weight / whole for key, weight in weights.items()}


def _in_turn(lists: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    for place in range(max(map(len, lists), default=0)):
        for own in lists:
            yield from own[place : place + 1]
