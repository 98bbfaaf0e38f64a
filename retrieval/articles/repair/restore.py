"""Undo the converter's damage in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles.repair.gate import GLOSS, examine
from retrieval.articles.repair.gbk import Two, pair
from retrieval.articles.repair.likelihood import QUOTES, Likelihood
from retrieval.articles.repair.model import character_model
from retrieval.articles.repair.moves import LOST
from retrieval.articles.repair.pronunciation import readings
from retrieval.articles.repair.search import Search
from retrieval.articles.repair.tokens import Kind, Token, tokenise
from retrieval.values import Repair

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

    Characters that cannot be told with enough confidence become `□`.
    """
    site = examine(text)
    if site is None:
        return RepairedText(text)
    search = Search(site, Likelihood(character_model(), _intact(text)))
    pieces: list[Piece] = []
    for number, line in enumerate(text.split("\n")):
        pieces += [Piece("\n")] * bool(number)
        pieces += _repair_line(tokenise(line), search)
    return _join(pieces)


def _intact(text: str) -> Iterator[str]:
    """Yield the runs of Han characters that no damage touches."""
    sound = BROKEN.sub(" ", GLOSS.sub(r"\1", text[:MOST_EVIDENCE]))
    return (match[0] for match in re.finditer("[\u4e00-\u9fff]+", sound))


def _repair_line(tokens: Sequence[Token], search: Search) -> Iterator[Piece]:
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
    if token.kind is Kind.OPEN_GLOSS:
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
