"""A question as typed → what is searched for."""

from dataclasses import dataclass

from retrieval.errors import QuestionError, SettingsError
from retrieval.text.days import day_range
from retrieval.values import Filters

MOST_CHARACTERS = 2_000
"""A question longer than this is a pasted document: the encoder reads 512 tokens, and words would match everything."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the question's text, and what hits must satisfy."""

    text: str
    filters: Filters


def parse(question: str, filters: Filters) -> Query:
    """Turn a question into a query.

    Raises:
        QuestionError: the question is empty or longer than `MOST_CHARACTERS`.
    """
    # a terminal hands on bytes that are no UTF-8 as lone surrogates, which nothing further can write
    text = " ".join(question.encode("utf-8", "replace").decode("utf-8").split())
    if not text:
        raise QuestionError("the question is empty: type what you want to know")
    if len(text) > MOST_CHARACTERS:
        raise QuestionError(f"the question has {len(text):,} characters; ask in at most {MOST_CHARACTERS:,}")
    return Query(text, filters)


def make_filters(since: str | None = None, until: str | None = None, source: str | None = None) -> Filters:
    """Make filters of what a person typed; empty means none.

    Raises:
        SettingsError: `since` or `until` is not an ISO date.
    """
    for name, value in (("since", since), ("until", until)):
        try:
            if value:
                day_range(value)
        except ValueError as error:
            raise SettingsError(f"{name}: {error}") from error
    return Filters(since or None, until or None, source or None)
