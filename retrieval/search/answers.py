"""Answers given before, kept for as long as the archive does not change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from retrieval.recent import Recent, characters
from retrieval.values import Answer, Article, Filters

MOST = 256
MOST_CHARACTERS = 8_000_000
"""Of the articles in all answers kept, 16 MB: an answer of thirty long articles counts for more than a short one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that an answer depends on besides the archive; what it is asked is told at `Archive.ask`."""

    question: str
    k: int = 3
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    is_literal: bool = False
    today: date = field(default_factory=date.today)

    @property
    def day(self) -> date:
        """The day from which relative dates count."""
        return self.as_of or self.today


def recent_answers() -> Recent[Asked, Answer]:
    """Return a place for answers; as many as `MOST`, or fewer where they hold long articles."""
    return Recent(MOST_CHARACTERS, lambda answer: max(characters(_articles(answer)), MOST_CHARACTERS // MOST))


def _articles(answer: Answer) -> Iterator[Article]:
    for hit in answer.hits:
        yield from (hit.article, *hit.also_in)
    if answer.refusal and answer.refusal.nearest:
        yield answer.refusal.nearest
