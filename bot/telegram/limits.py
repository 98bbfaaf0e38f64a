"""How much one person, one chat and all together may do: token buckets with a clock that is passed in."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

Monotonic = Callable[[], float]
"""Seconds, from anywhere."""

_MOST_KEYS = 10_000  # buckets kept; the one not used for longest is full again anyway


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` tokens and gains `rate` of them a second; starts full."""

    size: float
    rate: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take one token; return 0.0, or without taking one the seconds until there is one."""
        self._fill(now)
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate

    def reserve(self, now: float) -> float:
        """Take one token even if there is none yet; return the seconds to wait for it."""
        self._fill(now)
        self.tokens -= 1
        return max(0.0, -self.tokens / self.rate)

    def _fill(self, now: float) -> None:
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now


class Buckets:
    """A bucket for each key."""

    def __init__(self, size: float, rate: float, clock: Monotonic) -> None:
        """Make buckets of `size` tokens that gain `rate` a second."""
        self._size, self._rate, self._clock = max(1.0, size), rate, clock
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, key: Hashable) -> float:
        """Take one token of a key; return 0.0, or the seconds until there is one."""
        return self._bucket(key).take(self._clock())

    def reserve(self, key: Hashable) -> float:
        """Take one token of a key; return the seconds to wait before it may be used."""
        return self._bucket(key).reserve(self._clock())

    def _bucket(self, key: Hashable) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(self._size, self._rate, self._size, self._clock())
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return self._buckets[key]


class Limits:
    """What people may ask: `per_user` and `per_chat` questions a minute, a third of that at once."""

    def __init__(self, per_user: float, per_chat: float, clock: Monotonic) -> None:
        self._users = Buckets(per_user / 3, per_user / 60, clock)
        self._chats = Buckets(per_chat / 3, per_chat / 60, clock)
        self._presses = Buckets(per_user, per_user / 20, clock)  # a button costs less than a question
        self._notices = Buckets(1, 1 / 30, clock)

    def wait(self, user: int, chat: int | None) -> float:
        """Count one question; return 0.0, or the seconds until the next may be asked."""
        return self._users.take(user) or (0.0 if chat is None or chat == user else self._chats.take(chat))

    def wait_press(self, user: int) -> float:
        """Count one press of a button; return 0.0, or the seconds until the next may follow."""
        return self._presses.take(user)

    def may_tell(self, user: int) -> bool:
        """Tell whether a person may be told again about a limit: once in half a minute, lest notices be the flood."""
        return self._notices.take(user) == 0
