"""Answers given before, kept for as long as the archive does not change."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from retrieval.values import Answer, Filters

MOST = 256
MOST_CHARACTERS = 8_000_000
"""Of the articles in all answers kept, 16 MB: an answer of thirty long articles counts for more than a short one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that an answer depends on besides the archive; `today` is the day from which relative dates count."""

    question: str
    k: int
    filters: Filters
    today: date
    as_of: date | None = None
    is_literal: bool = False


class Answers:
    """The answers last given, the longest unused first to go. Safe to use from several threads."""

    def __init__(self, most: int = MOST, most_characters: int = MOST_CHARACTERS) -> None:
        self._most, self._most_characters = most, most_characters
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._kept: OrderedDict[Asked, Answer] = OrderedDict()
        self._characters = 0

    def recall(self, state: Hashable, asked: Asked) -> Answer | None:
        """Return the answer given to the same question in the same state of the archive; None is unlike itself."""
        with self._lock:
            self._enter(state)
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)

    def keep(self, state: Hashable, asked: Asked, answer: Answer) -> None:
        """Keep an answer; `state` is what the archive was in before it was searched."""
        with self._lock:
            self._enter(state)
            if state is None:
                return
            self._drop(asked)
            self._kept[asked] = answer
            self._characters += characters(answer)
            while len(self._kept) > self._most or self._characters > self._most_characters:
                self._drop(next(iter(self._kept)))

    def _enter(self, state: Hashable) -> None:
        if state != self._state:
            self._kept.clear()
            self._state, self._characters = state, 0

    def _drop(self, asked: Asked) -> None:
        answer = self._kept.pop(asked, None)
        self._characters -= characters(answer) if answer else 0


def characters(answer: Answer) -> int:
    """Count the characters of the articles that an answer holds."""
    return sum(len(article.text) for hit in answer.hits for article in (hit.article, *hit.also_in))
