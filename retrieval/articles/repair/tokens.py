"""Cut a damaged line into what the decoder left: characters, glosses, glosses whose bracket was eaten, lone `?`."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from retrieval.articles.repair.gate import SYLLABLE

BOUNDARIES = frozenset(",!?，。！？")
_TOKEN = re.compile(rf"\?(?P<open>{SYLLABLE})\)|\((?P<gloss>{SYLLABLE})\)|(?P<query>\?)|.", re.DOTALL)


class Kind(Enum):
    """What a token is to the decoder."""

    CHARACTER = auto()
    GLOSS = auto()
    OPEN_GLOSS = auto()
    QUERY = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line.

    `reading` is set for glosses. A `?` that `stops` stands in front of a boundary or at the end; one that `is_cut_off`
    stands between two boundaries, the first of them broken by the second.
    """

    kind: Kind
    text: str
    reading: str = ""
    stops: bool = False
    is_cut_off: bool = False

    @property
    def is_trigger(self) -> bool:
        """Tell that damage can begin here: a lead byte was stranded."""
        return self.kind is Kind.OPEN_GLOSS or (self.kind is Kind.QUERY and self.stops)


def tokenise(line: str) -> list[Token]:
    """Cut one line."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(line):
        if reading := match["open"]:
            tokens.append(Token(Kind.OPEN_GLOSS, match[0], reading))
        elif reading := match["gloss"]:
            tokens.append(Token(Kind.GLOSS, match[0], reading))
        elif match["query"]:
            tokens.append(_query(line, match.start(), after_query=bool(tokens) and tokens[-1].kind is Kind.QUERY))
        else:
            tokens.append(Token(Kind.CHARACTER, match[0]))
    return tokens


def _query(line: str, at: int, *, after_query: bool) -> Token:
    stops = at + 1 == len(line) or line[at + 1] in BOUNDARIES
    return Token(Kind.QUERY, "?", stops=stops, is_cut_off=stops and after_query)
