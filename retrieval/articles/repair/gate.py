"""Decide for a whole document whether a converter glossed it, and learn which characters it glossed."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.articles.repair.gbk import is_han, pair
from retrieval.articles.repair.pronunciation import readings, spoken

SYLLABLE = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
GLOSS = re.compile(rf"(.)\(({SYLLABLE})\)")
OPEN_GLOSS = re.compile(rf"\?({SYLLABLE})\)")
CLAUSE_END = re.compile(r"[\s,.;:!?、。，；：！？…|/·()（）“”《》「」]+")

LEAST_SIGNS = 4
"""Fewer glosses, whole and broken, are never looked at: keeps plain text cheap."""
LEAST_KINDS = 6
"""Kinds of glossed characters that tell a converter: one in three characters of a text is changed, so a writer who
glosses six kinds hits changed ones only once in 700 times."""
LEAST_KINDS_BROKEN = 2
"""The same where a bracket was eaten, which no writer does."""
LEAST_SHARE = 1 / 7
"""Glossed kinds among the changed characters of the document; the converters seen gloss 30 to 40 in a hundred."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a damaged document shows of its converter.

    `glossed` and `bare` count, for each changed character, how often it stands with and without a gloss.
    """

    glossed: Mapping[str, int]
    bare: Mapping[str, int]
    keeps_private: bool
    folds_width: bool

    def always_glossed(self, character: str) -> bool:
        """Tell that no occurrence of a glossed character stands bare, stray ones apart."""
        return self.glossed.get(character, 0) > 9 * self.bare.get(character, 0)


def examine(text: str) -> Site | None:
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
    return Site(glossed, changed - glossed, *_habits(text)) if is_damage else None


def _habits(text: str) -> tuple[bool, bool]:
    """Tell whether private-use characters were kept, and full-width ASCII made half-width."""
    return any("\ue000" <= letter <= "\uf8ff" for letter in text), not re.search("[\uff01-\uff5e]", text)


def _is_prose(text: str) -> bool:
    """Tell running text from a list of glossed words: most glosses stand in clauses of six characters or more."""
    clauses = CLAUSE_END.split(GLOSS.sub("\\1\0", text))
    counts = [(clause.count("\0"), len(clause)) for clause in clauses]
    inside = sum(count for count, length in counts if length - count >= 6)
    return inside * 2 >= sum(count for count, _ in counts)
