"""Find what stood at a broken place: follow the bytes every way the decoder may have cut them, keep the likely ones."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.articles.repair.beam import Beam
from retrieval.articles.repair.gate import Site
from retrieval.articles.repair.growth import glossed
from retrieval.articles.repair.hypothesis import Hypothesis
from retrieval.articles.repair.likelihood import Likelihood
from retrieval.articles.repair.moves import Moves
from retrieval.articles.repair.tokens import Kind, Token

CONTEXT = 8
"""Tokens before a broken place that are read for the likelihood of what follows."""
STEADY = 4
"""Characters in step after which a place is whole again: no word of the model reaches further."""
MOST_WORK = 400_000
"""Characters weighed in one document before the rest is only marked: 2 s at worst, enough for 150,000 characters."""
ESCAPES = 3
"""Hypotheses that are also tried with a byte gone: enough to never run dry."""
DROPS = 10
"""Hypotheses with a dropped pair that are followed in one step; 20 restore no more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A restored place: tokens up to `end` become `letters`, each with its probability."""

    end: int
    letters: tuple[tuple[str, float], ...]


class Search:
    """Restores the broken places of one document."""

    def __init__(self, site: Site, likelihood: Likelihood) -> None:
        self._moves = Moves(site, likelihood)
        self._drops = DROPS if not site.keeps_private else 0

    @property
    def is_exhausted(self) -> bool:
        """Tell that this document has had its share of work."""
        return self._moves.work > MOST_WORK

    def restore(self, tokens: Sequence[Token], start: int, *, quoted: bool) -> Found:
        """Restore the place that begins with the trigger `tokens[start]`; `quoted` tells that a quotation is open."""
        beam = [self._before(tokens[max(0, start - CONTEXT) : start], quoted=quoted)]
        at = steady = start
        # a place may be as long as its line
        while at < len(tokens) and (at == start or at < steady + STEADY) and not self.is_exhausted:
            was_whole = _whole(beam)
            beam = self._step(beam, tokens[at], at)
            at += 1
            if not was_whole or not _whole(beam) or tokens[at - 1].kind is not Kind.CHARACTER:
                steady = at
        whole = [guess for guess in beam if guess.in_step] or [self._moves.give_up(guess, at - 1) for guess in beam]
        best = max(whole, key=lambda guess: guess.score)
        end = _last_change(best, tokens, start, steady)
        return Found(end, _shares(best, whole, end))

    def _before(self, tokens: Iterable[Token], *, quoted: bool) -> Hypothesis:
        guess = Hypothesis()
        for token in tokens:
            guess = self._moves.literal(guess, token.letter, 0)
            guess = glossed(guess) if token.readings else guess
        return replace(guess, trail=replace(guess.trail, quoted=quoted), written=None)

    def _step(self, guesses: list[Hypothesis], token: Token, at: int) -> list[Hypothesis]:
        beam = Beam()
        self._follow(guesses, token, at, beam)
        escapes = (self._moves.give_up(guess, at) for guess in guesses[:ESCAPES] if not guess.in_step)
        self._follow(escapes, token, at, beam)
        dropped = Beam(self._drops)
        for guess in guesses if self._drops else ():
            for new in self._moves.drop(guess, at, beam):
                dropped.add(new)
        self._follow(dropped.best(), token, at, beam)
        return beam.best()

    def _follow(self, guesses: Iterable[Hypothesis], token: Token, at: int, beam: Beam) -> None:
        for guess in guesses:
            for new in self._moves.advance(guess, token, at, beam):
                beam.add(new)


def _whole(guesses: Iterable[Hypothesis]) -> bool:
    return all(guess.in_step for guess in guesses)


def _last_change(guess: Hypothesis, tokens: Sequence[Token], start: int, end: int) -> int:
    """Find where the tokens begin that the guess leaves as they are, up to the end."""
    written: dict[int, str] = defaultdict(str)
    for at, letter in guess.letters():
        written[at] = letter + written[at]
    while end > start and tokens[end - 1].kind is Kind.CHARACTER and written[end - 1] == tokens[end - 1].letter:
        end -= 1
    return end


def _shares(best: Hypothesis, guesses: Iterable[Hypothesis], end: int) -> tuple[tuple[str, float], ...]:
    """Give the letters of the best guess before the end, each with the share of the guesses that have it there."""
    shares: dict[tuple[int, str], float] = defaultdict(float)
    total = 0.0
    for guess in guesses:
        weight = math.exp(guess.score - best.score)
        total += weight
        for place in set(guess.letters()):
            shares[place] += weight
    letters = [(letter, shares[at, letter] / total) for at, letter in best.letters() if at < end]
    return tuple(reversed(letters))
