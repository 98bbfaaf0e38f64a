"""Guesses at what stood in the file before a point, and the beam of the best of them."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.repair.likelihood import FULL_WIDTH_ROW, LEADS, START, TRAILS, Likelihood, Trail, Two, characters

Written = tuple[tuple[int, str], "Written"] | None
"""The characters written so far, newest first, each with the token that completed it."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A guess.

    `pending` is a lead byte that has no trail byte yet; `unknown` holds the values it may have where its pair was
    dropped. `last` are the last two bytes, `joined` says that no gloss stands behind them, `owes` that they are a
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


WIDTH = 30
"""Hypotheses kept; 100 restore no more on `benchmarks.repair`."""
MARGIN = 9.0
"""Log-distance from the best at which a hypothesis is given up; 16 restores no more and takes twice as long."""


class Beam:
    """The likely hypotheses of one step; `floor` is the least that one must score, and rises."""

    def __init__(self, width: int = WIDTH) -> None:
        self._width = width
        self._guesses: list[Hypothesis] = []
        self.floor = -math.inf

    def add(self, guess: Hypothesis) -> None:
        """Keep a guess unless it is far below the best."""
        if guess.score > self.floor:
            self._guesses.append(guess)
            self.floor = max(self.floor, guess.score - MARGIN)

    def best(self) -> list[Hypothesis]:
        """Give what is kept, the likeliest first; ties stay in the order of arrival."""
        kept = [guess for guess in self._guesses if guess.score >= self.floor]
        return heapq.nlargest(self._width, kept, key=lambda guess: guess.score)


UNGLOSSED = -6.0
"""Log-penalty where a character that this site always glosses stands without a gloss."""


class Growth:
    """Ways to grow a hypothesis in one document; `work` counts the characters that were weighed."""

    def __init__(self, likelihood: Likelihood, always_glossed: frozenset[Two], *, folds_width: bool) -> None:
        self._folds_width = folds_width
        self.work = 0
        self._likelihood = likelihood
        self._always_glossed = always_glossed
        self._bounds: dict[tuple[int, bool], list[tuple[float, Two]]] = {}

    def with_lead(self, lead: int) -> list[tuple[float, Two]]:
        """List the characters with a lead byte, each behind the most it can be worth, the likeliest first."""
        return self._bounded(lead, leading=True)

    def with_trail(self, trail: int) -> list[tuple[float, Two]]:
        """List the characters with a trail byte in the same way."""
        return self._bounded(trail, leading=False)

    def _bounded(self, byte: int, *, leading: bool) -> list[tuple[float, Two]]:
        known = self._bounds.get((byte, leading))
        if known is None:
            twos = [(byte, other) for other in TRAILS] if leading else [(other, byte) for other in LEADS]
            letters = ((two, characters().get(two)) for two in twos)
            bounds = ((self._likelihood.bound(letter), two) for two, letter in letters if letter)
            known = self._bounds[byte, leading] = sorted(bounds, reverse=True)
        return known

    def lead(self, guess: Hypothesis, byte: int) -> Hypothesis:
        """Append the first byte of a character."""
        last = (guess.last[1], byte)
        owes = guess.joined and last in self._always_glossed
        return Hypothesis(guess.trail, self._paid(guess), byte, None, last, owes=owes, written=guess.written)

    def unknown_lead(self, guess: Hypothesis, leads: range) -> Hypothesis:
        """Append the first byte of a character, of which only the range is known."""
        return Hypothesis(guess.trail, self._paid(guess), None, leads, written=guess.written)

    def trail(self, guess: Hypothesis, two: Two, index: int, floor: float = -math.inf) -> Hypothesis | None:
        """Append the second byte of the character `two`; None where there is none, or it falls below the floor."""
        letter = characters().get(two)
        if letter is None:
            return None
        self.work += 1
        score, cost = self._likelihood.score(guess.trail, letter), self._paid(guess)
        if score + cost < floor:
            return None
        trail = self._likelihood.extend(guess.trail, letter, score)
        owes = guess.joined and two in self._always_glossed
        if self._folds_width and two[0] == FULL_WIDTH_ROW:
            letter = chr(two[1] & 0x7F)
        return Hypothesis(trail, cost, last=two, owes=owes, written=((index, letter), guess.written))

    def write(self, guess: Hypothesis, letter: str, index: int, byte: int = 0) -> Hypothesis:
        """Write a character that has no two bytes but one, or none."""
        trail = self._likelihood.extend(guess.trail, letter, self._likelihood.score(guess.trail, letter))
        written = ((index, letter), guess.written)
        return Hypothesis(trail, self._paid(guess), last=(guess.last[1], byte), written=written)

    def _paid(self, guess: Hypothesis) -> float:
        return guess.cost + UNGLOSSED * guess.owes


def glossed(guess: Hypothesis, cost: float = 0.0) -> Hypothesis:
    """Note that a gloss stood behind the last two bytes."""
    return replace(guess, joined=False, owes=False, cost=guess.cost + cost)
