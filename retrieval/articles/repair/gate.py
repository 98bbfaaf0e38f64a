"""Decide for a whole document whether a converter glossed it, and learn which characters it glossed."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.articles.repair.model import CharacterModel, character_model

SYLLABLE = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
GLOSS = re.compile(rf"(.)\(({SYLLABLE})\)")
OPEN_GLOSS = re.compile(rf"\?({SYLLABLE})\)")
CLAUSE_END = re.compile(r"[\s,.;:!?、。，；：！？…|/·()（）“”《》「」]+")

LEAST_GLOSSES = 4
"""Fewer glosses are never looked at: keeps plain text cheap."""


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

    Tuned on the corruptor's paragraphs of 56 to 974 characters and on hand-made lists, lessons and glossed prose; see
    `docs/repair.md`. The share of glosses that may be wrong or left out allows for what was damaged inside a gloss.
    """
    if text.count(")") < LEAST_GLOSSES:
        return None
    seen = GLOSS.findall(text)
    if len(seen) < LEAST_GLOSSES:
        return None
    model = character_model()
    right = Counter(letter for letter, reading in seen if reading in model.readings.get(letter, ()))
    wrong = sum(1 for letter, _ in seen if "\u4e00" <= letter <= "\u9fff") - right.total()
    changed = Counter(letter for letter in text if letter in model.readings)
    site = Site(right, changed - right, *_habits(text))
    broken = sum(1 for _ in OPEN_GLOSS.finditer(text))
    kinds_needed = 3 if broken else 6
    believable = (
        len(right) >= kinds_needed
        and wrong * 20 <= right.total()
        and right.total() * 10 >= 9 * sum(changed[letter] for letter in right)
        and len(right) * 7 >= len(changed)
        and (broken or _is_prose(text, model))
    )
    return site if believable else None


def _habits(text: str) -> tuple[bool, bool]:
    """Tell whether private-use characters were kept, and full-width ASCII made half-width."""
    return any("\ue000" <= letter <= "\uf8ff" for letter in text), not re.search("[\uff01-\uff5e]", text)


def _is_prose(text: str, model: CharacterModel) -> bool:
    """Tell running text from a list of glossed words: most glosses stand in clauses of six characters or more."""
    bare = GLOSS.sub(lambda match: f"{match[1]}\0" if match[1] in model.readings else match[0], text)
    glosses = [(clause.count("\0"), len(clause)) for clause in CLAUSE_END.split(bare)]
    inside = sum(count for count, length in glosses if length - count >= 6)
    return inside * 2 >= sum(count for count, _ in glosses)
