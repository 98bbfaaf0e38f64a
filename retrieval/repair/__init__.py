"""Undo what a widespread converter did to Chinese pages: glossed characters, and bytes read out of step."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.repair.hypotheses import LOST, Beam, Hypothesis, Moves, Token, TokenKind, glossed, tokenise
from retrieval.repair.likelihood import GLOSS, QUOTES, Gloss, Likelihood, Two, character_model, examine, pair, readings
from retrieval.values import Repair

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
class Restored:
    """A restored place: tokens up to `end` become `letters`, each with its probability."""

    end: int
    letters: tuple[tuple[str, float], ...]


class LineSearch:
    """Restores the broken places of one document."""

    def __init__(self, site: Gloss, likelihood: Likelihood) -> None:
        self._moves = Moves(site, likelihood)
        self._drops = DROPS if not site.keeps_private else 0

    @property
    def is_exhausted(self) -> bool:
        """Return whether this document has had its share of work."""
        return self._moves.work > MOST_WORK

    def restore(self, tokens: Sequence[Token], start: int, *, quoted: bool) -> Restored:
        """Restore the place that begins with the trigger `tokens[start]`; `quoted` says that a quotation is open."""
        beam = [self._before(tokens[max(0, start - CONTEXT) : start], quoted=quoted)]
        at = steady = start
        # a place may be as long as its line
        while at < len(tokens) and (at == start or at < steady + STEADY) and not self.is_exhausted:
            was_whole = _whole(beam)
            beam = self._step(beam, tokens[at], at)
            at += 1
            if not was_whole or not _whole(beam) or tokens[at - 1].kind is not TokenKind.CHARACTER:
                steady = at
        whole = [guess for guess in beam if guess.in_step] or [self._moves.give_up(guess, at - 1) for guess in beam]
        best = max(whole, key=lambda guess: guess.score)
        end = _last_change(best, tokens, start, steady)
        return Restored(end, _shares(best, whole, end))

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
    while end > start and tokens[end - 1].kind is TokenKind.CHARACTER and written[end - 1] == tokens[end - 1].letter:
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


LEAST_CONFIDENCE = 0.6
"""Share of the guesses that a character needs to be shown; below it stands `□`.

On `benchmarks.repair`, 0.5 leaves a third more wrong characters unmarked; 0.7 marks a tenth more, nearly all of them
right.
"""
MOST_EVIDENCE = 20_000
"""Characters of the document that are read for what it repeats."""
BROKEN = re.compile(r".{0,3}\?[^?,，。!！\n]*")
"""A place where characters may be broken, up to the next boundary; what leads up to it is no evidence either."""


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A text, what was repaired in it, and whether it was damaged at all."""

    text: str
    repairs: tuple[Repair, ...] = ()
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the repaired text; `seen` is what stood there, None where nothing was wrong."""

    text: str
    seen: str | None = None
    confidence: float = 1.0


def repair(text: str) -> RepairedText:
    """Undo a converter's damage; a text that is not damaged in this way comes back as it is.

    Characters that cannot be restored with enough confidence become `□`.
    """
    site = examine(text)
    if site is None:
        return RepairedText(text)
    search = LineSearch(site, Likelihood(character_model(), _intact(text)))
    pieces: list[Piece] = []
    for number, line in enumerate(text.split("\n")):
        pieces += [Piece("\n")] * bool(number)
        pieces += _repair_line(tokenise(line), search)
    return _join(pieces)


def _intact(text: str) -> Iterator[str]:
    """Yield the runs of Han characters that no damage touches."""
    sound = BROKEN.sub(" ", GLOSS.sub(r"\1", text[:MOST_EVIDENCE]))
    return (match[0] for match in re.finditer("[\u4e00-\u9fff]+", sound))


def _repair_line(tokens: Sequence[Token], search: LineSearch) -> Iterator[Piece]:
    at, last, quoted = 0, 0, False
    while at < len(tokens):
        token = tokens[at]
        if token.is_trigger and not search.is_exhausted:
            found = search.restore(tokens, at, quoted=quoted)
            piece = _shown(found.letters, "".join(token.text for token in tokens[at : found.end]))
            at = found.end
        else:
            before, last = _last_bytes(last, token.letter)
            piece = _sound(token, (before, last))
            at += 1
        quotes = [letter for letter in piece.text if letter in QUOTES]
        quoted = quotes[-1] == "“" if quotes else quoted
        yield piece


def _sound(token: Token, last: Two) -> Piece:
    """Take a token as it stands, without its glosses; a byte that is not searched for is marked."""
    if token.kind is TokenKind.OPEN_GLOSS:
        return Piece(LOST, token.text, 0.0)
    is_glossed = token.readings and all(reading in readings(last) for reading in token.readings)
    return Piece(token.letter, token.text) if is_glossed else Piece(token.text)


def _last_bytes(before: int, letter: str) -> Two:
    """Give the last two bytes of the stream: a character's own, or the byte before it and its only one."""
    return pair(letter) or (before, ord(letter) if letter.isascii() else 0)


def _shown(letters: Sequence[tuple[str, float]], seen: str) -> Piece:
    """Show what was found, marking what is lost or too uncertain."""
    text = "".join(letter if share >= LEAST_CONFIDENCE else LOST for letter, share in letters)
    confidence = min((share * (letter != LOST) for letter, share in letters), default=0.0)
    return Piece(text, None if text == seen else seen, confidence)


def _join(pieces: Sequence[Piece]) -> RepairedText:
    repairs = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.seen is not None:
            repairs.append(Repair((at, end), piece.seen, round(piece.confidence, 3)))
        at = end
    return RepairedText("".join(piece.text for piece in pieces), tuple(repairs), damaged=True)
