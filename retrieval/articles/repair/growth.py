"""Grow hypotheses by bytes, characters and glosses."""

import math
from dataclasses import replace

from retrieval.articles.repair.gbk import FULL_WIDTH_ROW, LEADS, TRAILS, Two, characters
from retrieval.articles.repair.hypothesis import Hypothesis
from retrieval.articles.repair.likelihood import Likelihood

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
