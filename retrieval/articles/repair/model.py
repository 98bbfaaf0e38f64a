"""What is known beforehand: which characters a converter changes, how they are read, how often words are written."""

import lzma
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODEL_PATH = Path(__file__).with_name("characters.xz")
LONGEST_WORD = 4


@dataclass(frozen=True, slots=True)
class CharacterModel:
    """The shipped tables.

    `fold` maps a Traditional character to its Simplified one, `readings` to its readings in pinyin, the usual one
    first; `images` maps a Simplified character to what a converter may write for it; `words` counts folded words,
    `letters` the characters in them.
    """

    fold: Mapping[str, str]
    readings: Mapping[str, tuple[str, ...]]
    images: Mapping[str, str]
    words: Mapping[str, int]
    letters: Mapping[str, int]
    total: int

    def folded(self, text: str) -> str:
        """Write a text in Simplified, character by character."""
        return "".join(self.fold.get(letter, letter) for letter in text)


@cache
def character_model() -> CharacterModel:
    """Load the shipped model: about 0.3 s, once, when the first damaged article is met."""
    changed, simplified, counted = lzma.decompress(MODEL_PATH.read_bytes()).decode().split("\n\n")
    fold, readings = {}, {}
    for line in changed.split("\n"):
        letter, fold[letter], spoken = line.split(" ")
        readings[letter] = tuple(spoken.split(","))
    pairs = (line.split(" ") for line in counted.split("\n"))
    words = {word: int(count) for word, count in pairs}
    images = dict(line.split(" ") for line in simplified.split("\n"))
    letters: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            letters[letter] += count
    return CharacterModel(fold, readings, images, words, letters, sum(words.values()))
