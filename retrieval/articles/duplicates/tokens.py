"""Text → hashes of its folded tokens: what reprints write differently and mean the same becomes equal."""

import functools
import re
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.text.folding import fold
from retrieval.text.numerals import NUMERAL, number

Hashes = NDArray[np.uint32]
"""uint32 of shape (n,)."""

FIGURE = 0
"""What stands for every figure in `Tokens.masked`."""

_LONE = r"\u2e80-\U0003ffff"  # Chinese, Japanese, Korean: a token a letter
_TOKEN = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{NUMERAL}{{2,}}|[^\W\d_{_LONE}]+|[^\W_]",
)
_NUMERAL = re.compile(NUMERAL)
# 4月29日电: when a report was filed, which every outlet fills in for itself. It is looked for where a number begins,
# not at each of its digits.
_DATELINE = re.compile(rf"(?:(?:(?<!\d)\d++|(?<!{NUMERAL}){NUMERAL}++)\s*+[年月日]\s*+){{1,3}}(?=[讯电])")


class Tokens(NamedTuple):
    """Hashes of a text's letters (Chinese, Japanese, Korean), words (all others) and figures; no punctuation.

    In `masked` every figure is `FIGURE`, so that texts which differ in figures alone are equal there.
    """

    exact: Hashes
    masked: Hashes


def tokens(text: str) -> Tokens:
    """Fold a text and hash its tokens, without the days of its datelines."""
    hashes = np.array([_hash(token) for token in _TOKEN.findall(_DATELINE.sub("", fold(text)))], dtype=np.uint64)
    return Tokens((hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32), (hashes >> np.uint64(32)).astype(np.uint32))


def runs(hashes: Hashes, length: int) -> Hashes:
    """Hash each `length` tokens in a row; a shorter text is one run."""
    count = max(hashes.size - length + 1, min(hashes.size, 1))
    hashed = np.zeros(count, dtype=np.uint32)
    for start in range(min(length, hashes.size)):
        # FNV's prime; rotated, so that the high bits reach the low ones too
        hashed = (hashed ^ hashes[start : start + count]) * np.uint32(0x01000193)
        hashed = hashed << np.uint32(13) | hashed >> np.uint32(19)
    return hashed


# one entry a token in use: 10,000 characters, and words; 8 MB when full
@functools.lru_cache(maxsize=1 << 16)
def _hash(token: str) -> int:
    """Hash a token to its masked hash (high 32 bits) and its exact one."""
    if token[0].isdecimal() or (len(token) > 1 and _NUMERAL.match(token)):
        return FIGURE << 32 | crc32(_value(token).encode())
    exact = crc32(token.encode())
    return exact << 32 | exact


def _value(figure: str) -> str:
    """Write 3,100 as 3100 and 二十六 as 26."""
    if figure[0].isdecimal():
        return figure.replace(",", "")
    value = number(figure)
    return figure if value is None else str(value)
