"""Which part of a passage is lit: the fewest windows that hold the answer with enough probability."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from retrieval.text.dates import ENGLISH_MONTHS
from retrieval.text.folding import fold
from retrieval.values import Span

WEIGHTS = {"window": 36.8, "words": 4.6, "number": 1.27, "date": 2.22, "name": 0.83}
"""A choice model of which window of a right passage holds the answer: its similarity, its share of the question's
words, and whether it has what is asked for.

Fitted on 2026-11-22 by benchmarks/highlights.py on XQuAD (Chinese and English over Chinese, English over English).
"""

_ENOUGH = 0.7
"""Probability from which no further window is lit; cross-validated by title, of passages of 2.5 windows.

The lit part holds the answer / is so much of the passage, XQuAD-zh: one window always .884 / .48, 0.5 .898 / .49,
0.6 .924 / .52, 0.7 .949 / .55, 0.8 .958 / .58; English over Chinese at 0.7 .939 / .59.
"""
_MOST = 2
"""Windows lit at most: a third one adds half a point."""

_ASKED = {
    "number": re.compile(
        "多少|几(?!乎)|多[大长高久远深重宽快]|いくら|いくつ|何(?:人|個|回|歳|メートル)"
        r"|\b(?:how (?:many|much|long|old|far|high|big|large|tall)|what (?:percent(?:age)?|number|fraction|amount))\b"
    ),
    "date": re.compile(
        "哪(?:一)?[年天日]|何时|什么时[候间]|何年|何月|何日|哪个世纪|几月|几号|日期|年份|年代|いつ"
        r"|\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|century|decade|day|month)\b"
    ),
    "name": re.compile(r"谁|何人|哪(?:一)?位|哪个人|名字|だれ|誰|\bwho(?:m|se)?\b"),
}
_FIGURE = re.compile(
    "[0-9０-９]|[一二三四五六七八九十百千万萬亿億两兩]{2,}|[一二三四五六七八九十两兩](?=[年月日个個名人次种種位])"
)
_DATE = re.compile(
    "[0-9０-９]{3,4} ?年|[0-9０-９]{1,2} ?月|[0-9０-９一二三四五六七八九十]+ ?日|世[纪紀]|年代|[12][0-9]{3}"
    # May is a word of other sentences first
    rf"|centur(?:y|ies)|{'|'.join(name for name in ENGLISH_MONTHS if name != 'May')}"
)
_NAME = re.compile("[·•・《“「]|[A-Z][a-z]+")
_HAS = {"number": _FIGURE, "date": _DATE, "name": _NAME}


def light(
    text: str, windows: Sequence[Span], similarities: Sequence[float], shares: Sequence[float], question: str
) -> Span:
    """Return the part of `text` to light: whole windows that follow each other.

    `similarities` to the question and `shares` of its words are the windows'.
    """
    first, last = fewest(worths(text, windows, similarities, shares, question))
    return windows[first][0], windows[last][1]


def worths(
    text: str, windows: Sequence[Span], similarities: Sequence[float], shares: Sequence[float], question: str
) -> list[float]:
    """Return how much speaks for each window's holding the answer, as log-odds but for a constant."""
    return [
        sum(WEIGHTS[name] * value for name, value in told.items())
        for told in features([text[slice(*window)] for window in windows], similarities, shares, question)
    ]


def with_answer(lit: Span, windows: Sequence[Span], answer: Span | None) -> Span:
    """Return what is lit so that it holds the answer too: with its windows if they are next to it, else these alone."""
    if answer is None or (lit[0] <= answer[0] and answer[1] <= lit[1]):
        return lit
    around = [window for window in windows if window[0] < answer[1] and answer[0] < window[1]] or [answer]
    first, last = min(around[0][0], answer[0]), max(around[-1][1], answer[1])
    return first, last


def features(
    windows: Sequence[str], similarities: Sequence[float], shares: Sequence[float], question: str
) -> list[Mapping[str, float]]:
    """Return what the model looks at, of each window's text."""
    asked = _asked_for(question)
    return [
        {"window": similarity, "words": share, **{name: float(bool(_HAS[name].search(text))) for name in asked}}
        for text, similarity, share in zip(windows, similarities, shares, strict=True)
    ]


@lru_cache
def _asked_for(question: str) -> Sequence[str]:
    folded = fold(question)
    return [name for name, pattern in _ASKED.items() if pattern.search(folded)]


def fewest(worth: Sequence[float]) -> tuple[int, int]:
    """Return the first and last of the fewest windows in a row that are probable enough together."""
    greatest = max(worth)
    chances = [math.exp(value - greatest) for value in worth]
    enough = _ENOUGH * sum(chances)
    for length in range(1, min(_MOST, len(worth)) + 1):
        rows = [sum(chances[start : start + length]) for start in range(len(worth) - length + 1)]
        best = max(range(len(rows)), key=lambda start: (rows[start], -start))
        if rows[best] >= enough:
            break
    return best, best + length - 1
