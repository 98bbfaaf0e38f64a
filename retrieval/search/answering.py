"""From what was asked to an answer, and how long it took."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from retrieval.encoders import Begun, Vectors
from retrieval.index.protocols import Index
from retrieval.search.answers import Asked
from retrieval.search.finder import Means, find
from retrieval.search.question import Query, parse, tidied
from retrieval.text.days import day_range
from retrieval.values import Answer, Filters


def understood(index: Index, asked: Asked) -> Query:
    """Understand what was asked; what was published after `as_of` is not there.

    Raises:
        QuestionError: the question is empty or too long.
    """
    query = parse(asked.question, asked.filters, sources=index.names, today=asked.day, is_literal=asked.is_literal)
    return replace(query, filters=hindsight_free(query.filters, asked.as_of)) if asked.as_of else query


def hindsight_free(filters: Filters, as_of: date) -> Filters:
    """Let nothing pass that was published after `as_of`."""
    if filters.until and day_range(filters.until)[1] <= as_of.toordinal():
        return filters
    return replace(filters, until=as_of.isoformat())


def answered(index: Index, asked: Asked, query: Query, begin: Callable[[], Begun], means: Means) -> Answer:
    """Answer what was asked; `begin` lets the encoder begin with it."""
    timed = _Timed(begin)
    found = find(index, query, timed.begun, asked.k, today=asked.day.toordinal(), means=means)
    return Answer(
        question=tidied(asked.question),
        confidence=found.confidence,
        filters=query.filters,
        hits=found.hits,
        refusal=found.refusal,
        timing_ms={"encode": 1e3 * timed.seconds},
        understood=query.understood,
        age=found.age,
        explanation=found.explanation,
    )


class _Timed:
    """A question that an encoder begins with; `seconds` passed from then until its vector was there."""

    def __init__(self, begin: Callable[[], Begun]) -> None:
        self._from, self.seconds = time.perf_counter(), 0.0
        begun = begin()
        self.begun = begun if begun.is_done else replace(begun, vector=partial(self._vector, begun))

    def _vector(self, begun: Begun) -> Vectors:
        vector = begun.vector()
        self.seconds = time.perf_counter() - self._from
        return vector
