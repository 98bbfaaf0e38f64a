"""Cut a damaged line into what the decoder left: characters and glosses, glosses whose bracket was eaten, lone `?`."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from retrieval.articles.repair.gate import SYLLABLE
from retrieval.articles.repair.pronunciation import spoken

BOUNDARIES = frozenset(",!?，。！？")
_TOKEN = re.compile(rf"\?(?P<open>{SYLLABLE})\)|(?P<query>\?)|.(?P<glosses>(?:\({SYLLABLE}\))*)", re.DOTALL)
_READING = re.compile(SYLLABLE)


class Kind(Enum):
    """What a token is to the decoder."""

    CHARACTER = auto()
    OPEN_GLOSS = auto()
    QUERY = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line.

    `readings` are those of the glosses behind a character, or of the one whose bracket was eaten. A `?` that `stops`
    stands in front of a boundary or at the end; one that `is_cut_off` stands between two boundaries, the first of them
    broken by the second.
    """

    kind: Kind
    text: str
    readings: tuple[str, ...] = ()
    stops: bool = False
    is_cut_off: bool = False

    @property
    def letter(self) -> str:
        """Give the character without its glosses."""
        return self.text[0]

    @property
    def is_trigger(self) -> bool:
        """Tell that damage can begin here: a lead byte was stranded."""
        return self.kind is Kind.OPEN_GLOSS or (self.kind is Kind.QUERY and self.stops)


def tokenise(line: str) -> list[Token]:
    """Cut one line."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(line):
        reading = match["open"]
        if reading in spoken():
            tokens.append(Token(Kind.OPEN_GLOSS, match[0], (reading,)))
        elif reading:
            tokens += [Token(Kind.QUERY, "?"), *tokenise(match[0][1:])]
        elif match["query"]:
            stops = match.end() == len(line) or line[match.end()] in BOUNDARIES
            after_query = bool(tokens) and tokens[-1].kind is Kind.QUERY
            tokens.append(Token(Kind.QUERY, "?", stops=stops, is_cut_off=stops and after_query))
        else:
            tokens.append(Token(Kind.CHARACTER, match[0], tuple(_READING.findall(match["glosses"] or ""))))
    return tokens
