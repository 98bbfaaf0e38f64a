"""One guess at what stood in the file before a point: characters, and the byte that waits for its partner."""

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.articles.repair.gbk import Two
from retrieval.articles.repair.likelihood import START, Trail

Written = tuple[tuple[int, str], "Written"] | None
"""The characters written so far, newest first, each with the token that completed it."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A guess.

    `pending` is a lead byte that has no trail byte yet; `unknown` holds the values it may have where its pair was
    dropped. `last` are the last two bytes, `joined` tells that no gloss stands behind them, `owes` that they are a
    character which the site always glosses.
    """

    trail: Trail = START
    cost: float = 0.0
    pending: int | None = None
    unknown: range | None = None
    last: Two = (0, 0)
    joined: bool = True
    owes: bool = False
    written: Written = None

    @property
    def score(self) -> float:
        """Log-probability."""
        return self.trail.scores[-1] + self.cost

    @property
    def in_step(self) -> bool:
        """Tell that decoder and text agree where characters begin."""
        return self.pending is None and self.unknown is None

    def letters(self) -> Iterator[tuple[int, str]]:
        """Yield what was written, newest first."""
        written = self.written
        while written:
            place, written = written
            yield place
