"""Marks of pieces → marks of words, and words put together again."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.text.words import word_spans

SHARED, NONE, QUALITY = 0, -1, -2
"""Labels of characters that are of no single part; those of parts count from 1."""
SIGNS = " \t,，、;；。.？?！!：:؟।"
"""What stands around words."""
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def _is_letter(sign: str) -> bool:
    """Return whether a sign is of a word, marks above and below letters included."""
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def joined(runs: Sequence[tuple[int, str]], places: Iterable[tuple[int, int]]) -> str:
    """Join runs, each put where one stands, spaced where a word before it is left out and words are spaced."""
    text = ""
    for place, stands in places:
        run = runs[place][1]
        is_apart = stands > 0 and runs[stands - 1][0] in (NONE, QUALITY)
        is_spaced = text and _is_letter(text[-1]) and _is_letter(run[0]) and not _UNSPACED.search(text[-1] + run[0])
        text += f" {run}" if is_apart and is_spaced else run
    return " ".join(text.split()).strip(SIGNS)


def words_of(question: str, places: Sequence[int]) -> NDArray[np.intp]:
    """Return the number of the word that each piece is of."""
    ends = _word_ends(question)
    return np.array([True, *(place in ends for place in places[1:])]).cumsum() - 1


def means(units: NDArray[np.intp], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of the scores of each word's pieces."""
    sums = np.zeros((units[-1] + 1, scores.shape[1]), np.float32)
    np.add.at(sums, units, scores)
    return (sums / np.bincount(units)[:, None]).astype(np.float32)


_RUN = re.compile(
    r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:(?:['’-]|(?<=\d)[.,](?=\d))[^\W_\u3400-\u9fff]+)*|.", re.DOTALL
)
_NUMERALS = frozenset("一二三四五六七八九十百千两")
_NO_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]")


def _word_ends(text: str) -> set[int]:
    """Return where words end; in scripts that neither jieba nor spaces cut, every character."""
    ends = set[int]()
    letters = "".join("x" if unicodedata.category(sign)[0] == "M" else sign for sign in text)
    for found in _RUN.finditer(letters):
        run, at = found.group(), found.start()
        if "\u3400" <= run[0] <= "\u9fff":
            ends.update(at + end for _, end in word_spans(run, is_guessing=False))
            ends.update(at + place for place, sign in enumerate(run, 1) if sign in _NUMERALS)  # 三、四号线
        else:
            ends.update(range(at + 1, found.end()) if _NO_SPACES.search(run) else ())
            ends.add(found.end())
    return ends
