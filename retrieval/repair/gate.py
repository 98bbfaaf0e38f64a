"""Decide for a whole document whether a converter glossed it, and cut it into tokens."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from retrieval.repair.likelihood import is_han, pair, readings, spoken

SYLLABLE = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
GLOSS = re.compile(rf"(.)\(({SYLLABLE})\)")
OPEN_GLOSS = re.compile(rf"\?({SYLLABLE})\)")
CLAUSE_END = re.compile(r"[\s,.;:!?、。，；：！？…|/·()（）“”《》「」]+")

LEAST_SIGNS = 4
"""Fewer glosses, whole and broken, are never looked at: keeps plain text cheap."""
LEAST_KINDS = 6
"""Kinds of glossed characters that show a converter: one in three characters of a text is changed, so a writer who
glosses six kinds hits changed ones only once in 700 times."""
LEAST_KINDS_BROKEN = 2
"""The same where a bracket was eaten, which no writer does."""
LEAST_SHARE = 1 / 7
"""Glossed kinds among the changed characters of the document; the converters seen gloss 30 to 40 in a hundred."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a damaged document shows of its converter.

    `glossed` and `bare` count, for each changed character, how often it stands with and without a gloss.
    """

    glossed: Mapping[str, int]
    bare: Mapping[str, int]
    keeps_private: bool
    folds_width: bool

    def always_glossed(self, character: str) -> bool:
        """Return whether no occurrence of a glossed character stands bare, stray ones apart."""
        return self.glossed.get(character, 0) > 9 * self.bare.get(character, 0)


def examine(text: str) -> Gloss | None:
    """Describe the converter that damaged a text; None where the text is not damaged in this way.

    What comes first costs little: the tables are loaded only for a text with tone marks in brackets.

    A list that glosses only changed characters (`龍(lóng)、鳳(fèng)…`) is left alone unless bytes are broken in it. The
    shares allow for glosses that other damage, or text added to the page later, put out of place.
    """
    if text.count(")") < LEAST_SIGNS:
        return None
    seen = GLOSS.findall(text)
    broken = sum(1 for reading in OPEN_GLOSS.findall(text) if not reading.isascii())
    if sum(1 for _, reading in seen if not reading.isascii()) + broken < LEAST_SIGNS:
        return None
    glossed = Counter(letter for letter, reading in seen if reading in readings(pair(letter)))
    wrong = sum(1 for letter, reading in seen if is_han(letter) and reading in spoken()) - glossed.total()
    changed = Counter(letter for letter in text if readings(pair(letter)))
    is_damage = (
        len(glossed) >= (LEAST_KINDS_BROKEN if broken else LEAST_KINDS)
        and wrong <= 0.05 * glossed.total() + (broken > 0)
        and glossed.total() >= 0.9 * sum(changed[letter] for letter in glossed)
        and len(glossed) >= LEAST_SHARE * len(changed)
        and (broken > 0 or _is_prose(text))
    )
    return Gloss(glossed, changed - glossed, *_habits(text)) if is_damage else None


def _habits(text: str) -> tuple[bool, bool]:
    """Return whether private-use characters were kept, and full-width ASCII made half-width."""
    return any("\ue000" <= letter <= "\uf8ff" for letter in text), not re.search("[\uff01-\uff5e]", text)


def _is_prose(text: str) -> bool:
    """Distinguish running text from glossed words in a list: most glosses are in clauses of six characters or more."""
    clauses = CLAUSE_END.split(GLOSS.sub("\\1\0", text))
    counts = [(clause.count("\0"), len(clause)) for clause in clauses]
    inside = sum(count for count, length in counts if length - count >= 6)
    return inside * 2 >= sum(count for count, _ in counts)


BOUNDARIES = frozenset(",!?，。！？")
_TOKEN = re.compile(rf"\?(?P<open>{SYLLABLE})\)|(?P<query>\?)|.(?P<glosses>(?:\({SYLLABLE}\))*)", re.DOTALL)
_READING = re.compile(SYLLABLE)


class TokenKind(Enum):
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

    kind: TokenKind
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
        """Return whether damage can begin here: a lead byte was stranded."""
        return self.kind is TokenKind.OPEN_GLOSS or (self.kind is TokenKind.QUERY and self.stops)


def tokenise(line: str) -> list[Token]:
    """Cut one line."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(line):
        reading = match["open"]
        if reading in spoken():
            tokens.append(Token(TokenKind.OPEN_GLOSS, match[0], (reading,)))
        elif reading:
            tokens += [Token(TokenKind.QUERY, "?"), *tokenise(match[0][1:])]
        elif match["query"]:
            stops = match.end() == len(line) or line[match.end()] in BOUNDARIES
            after_query = bool(tokens) and tokens[-1].kind is TokenKind.QUERY
            tokens.append(Token(TokenKind.QUERY, "?", stops=stops, is_cut_off=stops and after_query))
        else:
            tokens.append(Token(TokenKind.CHARACTER, match[0], tuple(_READING.findall(match["glosses"] or ""))))
    return tokens
