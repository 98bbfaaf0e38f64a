"""Grow hypotheses by bytes, characters and glosses, and keep the likely ones."""

import heapq
import math
from collections import defaultdict
from dataclasses import replace

from retrieval.articles.repair.gbk import characters
from retrieval.articles.repair.hypothesis import Hypothesis, Two
from retrieval.articles.repair.likelihood import Likelihood

WIDTH = 100
MARGIN = 16.0
UNGLOSSED = -6.0
"""Log-penalty where a character that this site always glosses stands without a gloss."""


class Beam:
    """The likely hypotheses of one step, and how they grow."""

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


class Growth:
    """Ways to grow a hypothesis in one document."""

    def __init__(self, likelihood: Likelihood, always_glossed: frozenset[Two]) -> None:
        self._likelihood = likelihood
        self._always_glossed = always_glossed
        self.by_lead: dict[int, list[tuple[float, Two]]] = defaultdict(list)
        self.by_trail: dict[int, list[tuple[float, Two]]] = defaultdict(list)
        for two, letter in characters().items():
            bound = likelihood.bound(letter)
            self.by_lead[two[0]].append((bound, two))
            self.by_trail[two[1]].append((bound, two))
        for table in (*self.by_lead.values(), *self.by_trail.values()):
            table.sort(reverse=True)

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
        score, cost = self._likelihood.score(guess.trail, letter), self._paid(guess)
        if score + cost < floor:
            return None
        trail = self._likelihood.extend(guess.trail, letter, score)
        owes = guess.joined and two in self._always_glossed
        return Hypothesis(trail, cost, last=two, owes=owes, written=((index, letter), guess.written))

    def write(self, guess: Hypothesis, letter: str, index: int, last: int = 0) -> Hypothesis:
        """Write a character that has no two bytes; `last` is its only one."""
        trail = self._likelihood.extend(guess.trail, letter, self._likelihood.score(guess.trail, letter))
        written = ((index, letter), guess.written)
        return Hypothesis(trail, self._paid(guess), last=(0, last), written=written)

    def _paid(self, guess: Hypothesis) -> float:
        return guess.cost + UNGLOSSED * guess.owes


def glossed(guess: Hypothesis, cost: float = 0.0) -> Hypothesis:
    """Note that a gloss stood behind the last two bytes."""
    return replace(guess, joined=False, owes=False, cost=guess.cost + cost)
