"""What was read last of an archive, kept for as long as it does not change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from retrieval.values import Article

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_FRAME = 100  # characters that an object takes beside its text


class Recent(Generic[Key, Value]):
    """Values by key in one state of an archive, the longest unused first to go. Safe to use from several threads."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        """Keep values that weigh `most` together; each weighs one unless `weigh` says otherwise, and never nothing."""
        self._most, self._weigh = most, weigh
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._weight = 0

    def of(
        self, state: Hashable, keys: Sequence[Key], read: Callable[[list[Key]], Mapping[Key, Value]]
    ) -> dict[Key, Value]:
        """Return the values of `keys`, in their order; `read` gives those that are not kept, if they are there."""
        found = self.recall(state, keys)
        if missing := [key for key in keys if key not in found]:
            fresh = read(missing)
            self.keep(state, fresh)
            found.update(fresh)
        return {key: found[key] for key in keys if key in found}

    def recall(self, state: Hashable, keys: Sequence[Key]) -> dict[Key, Value]:
        """Return what is kept of `keys` in this state of the archive; None is unlike itself."""
        with self._lock:
            self._enter(state)
            found = {key: self._kept[key][0] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
            return found

    def keep(self, state: Hashable, values: Mapping[Key, Value]) -> None:
        """Keep values; `state` is what the archive was in before they were read."""
        with self._lock:
            self._enter(state)
            for key, value in values.items() if state is not None else ():
                self._drop(key)
                if (weight := self._weigh(value)) <= self._most:
                    self._kept[key] = value, weight
                    self._weight += weight
            while self._weight > self._most:
                self._drop(next(iter(self._kept)))

    def _enter(self, state: Hashable) -> None:
        if state != self._state:
            self._kept.clear()
            self._state, self._weight = state, 0

    def _drop(self, key: Key) -> None:
        if key in self._kept:
            self._weight -= self._kept.pop(key)[1]


def characters(articles: Iterable[Article]) -> int:
    """Count what articles weigh: the characters of their texts and of what was removed from them, and their frames."""
    return sum(
        _FRAME + len(article.text) + sum(_FRAME + len(item.text) for item in article.removed) for article in articles
    )
