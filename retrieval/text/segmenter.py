"""jieba with its dictionary read where a text needs it: all of it takes 0.6 s and 90 MB, a question's part a few ms.

jieba looks up parts of the text only, and each begins with one of the text's characters. The lines of the dictionary
are sorted by their first character, so those of one character lie together and a bisection of the mapped file finds
them. jieba's own code runs over an ordinary `dict`, which grows, and cuts as it does with the whole.
"""

import functools
import logging
import mmap
import re
from bisect import bisect_left, bisect_right
from pathlib import Path

import jieba

_FILE = Path(jieba.__file__).with_name("dict.txt")
_SIZE = 5_071_852
"""Bytes of the file that is known to be sorted, jieba 0.42.1's."""
_TOTAL = 60_101_967
"""The sum of its frequencies."""
_LINE = re.compile(r"(\S+) (\d+) (\S+)\n")
NAME_KINDS = frozenset({"nr", "nrt", "nrfg", "ns", "nt"})
"""The dictionary's kinds of names: of people, of places, of institutions."""
_FIRST = "一"
"""The first character in order; six dozen words of Latin and Greek letters stand before it in none."""


class Dictionary(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """jieba's tokenizer over a dictionary that is read by first character. Safe to use from several threads."""

    def __init__(self, lines: mmap.mmap, total: int) -> None:
        """Take lines of word, frequency and kind, sorted by first character from 一 on, and the sum of frequencies."""
        super().__init__()
        self._lines = lines
        self._known: set[str] = set()
        self.names: dict[str, str] = {}
        self.total, self.initialized = total, True
        self._add(0, self._bounds(_FIRST)[0])

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 jieba's name for the graph of words
        """Return where words begin and end; jieba asks for it before it looks anything else up."""
        for character in set(sentence) - self._known:
            if character >= _FIRST:
                self._add(*self._bounds(character))
            self._known.add(character)
        graph: dict[int, list[int]] = super().get_DAG(sentence)
        return graph

    def _bounds(self, character: str) -> tuple[int, int]:
        """Find the bytes of the lines that begin with a character."""
        key = character.encode("utf-8", "surrogatepass")

        def beginning(place: int) -> bytes:
            line = self._lines.rfind(b"\n", 0, place) + 1
            return self._lines[line : line + len(key)]

        places = range(len(self._lines))
        return bisect_left(places, key, key=beginning), bisect_right(places, key, key=beginning)

    def _add(self, start: int, stop: int) -> None:
        """Put words in with their frequency, and what words begin with in with none, as jieba does."""
        for word, frequency, kind in _LINE.findall(self._lines[start:stop].decode("utf-8")):
            begun = word[:-1]
            while begun and begun not in self.FREQ:
                self.FREQ.setdefault(begun, 0)  # another thread may have put it in meanwhile
                begun = begun[:-1]
            self.FREQ[word] = int(frequency)
            if kind in NAME_KINDS and len(word) > 1:
                self.names[word] = kind[:2]


def names_in(folded: str) -> list[tuple[str, str]]:
    """Return the Chinese names in a folded text that jieba's dictionary knows, each with its kind: nr, ns or nt."""
    jieba_here = tokenizer()
    known = jieba_here.names if isinstance(jieba_here, Dictionary) else {}
    return [(word, known[word]) for word in jieba_here.cut(folded, HMM=False) if word in known]


@functools.cache
def tokenizer() -> jieba.Tokenizer:
    """Return jieba with its default dictionary; one that is not the known file is loaded whole."""
    jieba.setLogLevel(logging.WARNING)
    with _FILE.open("rb") as file:
        lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if len(lines) == _SIZE:
        return Dictionary(lines, _TOTAL)
    whole = jieba.Tokenizer()
    # initialize() would load what anybody put at /tmp/jieba.cache
    whole.FREQ, whole.total = whole.gen_pfdict(whole.get_dict_file())
    whole.initialized = True
    return whole
