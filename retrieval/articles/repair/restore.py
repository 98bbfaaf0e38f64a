"""Undo the converter's damage in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles.repair.gate import GLOSS, examine
from retrieval.articles.repair.likelihood import Likelihood
from retrieval.articles.repair.model import CharacterModel, character_model
from retrieval.articles.repair.search import LOST, Search
from retrieval.articles.repair.tokens import Kind, Token, tokenise
from retrieval.values import Repair

LEAST_CONFIDENCE = 0.6


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
    model = character_model()
    search = Search(model, site, Likelihood(model, _intact(text)))
    pieces: list[Piece] = []
    for number, line in enumerate(text.split("\n")):
        pieces += [Piece("\n")] * bool(number)
        pieces += _repair_line(tokenise(line), search, model)
    return _join(pieces)


def _intact(text: str) -> Iterator[str]:
    """Yield the runs of Han characters that no damage touches."""
    stripped = GLOSS.sub(r"\1", text)
    return (run for run in re.findall("[\u4e00-\u9fff]+", stripped))


def _repair_line(tokens: Sequence[Token], search: Search, model: CharacterModel) -> Iterator[Piece]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.is_trigger:
            found = search.restore(tokens, at)
            yield _shown(found.letters, "".join(token.text for token in tokens[at : found.end]))
            at = found.end
            continue
        at += 1
        glossed = at
        while glossed < len(tokens) and _is_gloss_of(token.text, tokens[glossed], model):
            glossed += 1
        seen = "".join(token.text for token in tokens[at - 1 : glossed])
        yield Piece(token.text, seen if glossed > at else None)
        at = glossed


def _is_gloss_of(letter: str, token: Token, model: CharacterModel) -> bool:
    return token.kind is Kind.GLOSS and token.reading in model.readings.get(letter, ())


def _shown(letters: Sequence[tuple[str, float]], seen: str) -> Piece:
    text = "".join(letter if share >= LEAST_CONFIDENCE else LOST for letter, share in letters)
    return Piece(text, None if text == seen else seen, min((share for _, share in letters), default=1.0))


def _join(pieces: Sequence[Piece]) -> RepairedText:
    repairs = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.seen is not None:
            repairs.append(Repair((at, end), piece.seen, round(piece.confidence, 3)))
        at = end
    return RepairedText("".join(piece.text for piece in pieces), tuple(repairs), damaged=True)
