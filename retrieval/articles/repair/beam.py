"""Keep the likely hypotheses of one step."""

import heapq
import math

from retrieval.articles.repair.hypothesis import Hypothesis

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
