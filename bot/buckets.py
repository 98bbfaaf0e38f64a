"""How often something may be done."""

from collections.abc import Callable, Hashable

from cachetools import LRUCache

Monotonic = Callable[[], float]
"""Seconds, from anywhere."""
_MOST_KEYS = 10_000  # buckets kept; the one not used for longest is full again anyway


class Buckets:
    """A bucket for each key: it holds up to `size` tokens and gains `rate` of them a second; it starts full."""

    def __init__(self, size: float, rate: float, clock: Monotonic) -> None:
        self._size, self._rate, self._clock = max(1.0, size), rate, clock
        self._buckets: LRUCache[Hashable, tuple[float, float]] = LRUCache(_MOST_KEYS)

    def take(self, key: Hashable) -> float:
        """Take one token of a key; return 0.0, or without taking one the seconds until there is one."""
        tokens = self._tokens(key)
        if tokens >= 1:
            self._buckets[key] = tokens - 1, self._clock()
            return 0.0
        return (1 - tokens) / self._rate

    def reserve(self, key: Hashable) -> float:
        """Take one token of a key even if there is none yet; return the seconds to wait for it."""
        tokens = self._tokens(key) - 1
        self._buckets[key] = tokens, self._clock()
        return max(0.0, -tokens / self._rate)

    def _tokens(self, key: Hashable) -> float:
        now = self._clock()
        tokens, at = self._buckets.get(key, (self._size, now))
        return min(self._size, tokens + (now - at) * self._rate)
