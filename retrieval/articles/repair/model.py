"""What is known beforehand: which characters a converter changes, how they are read, how often words are written."""

import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

MODEL_PATH = Path(__file__).with_name("characters.xz")
LONGEST_WORD = 4


@dataclass(frozen=True, slots=True)
class CharacterModel:
    """The shipped tables.

    `fold` maps a Traditional character to its Simplified one, `readings` to its readings in pinyin, the usual one
    first; `images` maps a Simplified character to what a converter may write for it. `words` holds the log-probability
    of folded words, `letters` that of a word to have the character, `followers` what stands behind a
    character in any word.
    """

    fold: Mapping[str, str]
    readings: Mapping[str, tuple[str, ...]]
    images: Mapping[str, str]
    words: Mapping[str, float]
    letters: Mapping[str, float]
    followers: Mapping[str, str]

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
    images = dict(line.split(" ") for line in simplified.split("\n"))
    counts = {word: int(count) for word, count in (line.split(" ") for line in counted.split("\n"))}
    letters: Counter[str] = Counter()
    followers: dict[str, set[str]] = defaultdict(set)
    for word, count in counts.items():
        for letter in word:
            letters[letter] += count
        for letter, other in pairwise(word):
            followers[letter].add(other)
    log = _logarithms(sum(counts.values()))
    words = {word: log(count) for word, count in counts.items()}
    return CharacterModel(
        fold,
        readings,
        images,
        words,
        {letter: log(count) for letter, count in letters.items()},
        {letter: "".join(sorted(others)) for letter, others in followers.items()},
    )


def _logarithms(total: int) -> Callable[[int], float]:
    """Share one float among equal counts: half of the words have the same."""
    return cache(lambda count: math.log(count / total))
