"""Words that count from today, in any language: patterns, and what each of them reads."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from retrieval.search.when.mention import Mention
from retrieval.search.when.periods import Period

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match, date], Period]]
"""A pattern over the folded question, and the period that a match means on a given day."""

_MOST = 400  # of days, more than a year: nobody counts further back in them


def relative_mentions(rules: Iterable[Rule], folded: str, today: date) -> Iterator[Mention]:
    """Find words that count from today; `folded` is the question, its characters where they were."""
    for pattern, read in rules:
        for match in pattern.finditer(folded):
            yield Mention(match.span(), _reader(read, match, today), relative_spans=(match.span(),))


def _reader(read: Callable[[Match, date], Period], match: Match, today: date) -> Callable[[Period], Period]:
    return lambda _: read(match, today)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


def counted(units: int | None, written: str) -> int:
    """Return how many units back from today are meant.

    Raises:
        ValueError: none, or so many that no question means them.
    """
    if not units or units > _MOST:
        raise ValueError(f"{written} units back from today are not a span that a question means")
    return units
