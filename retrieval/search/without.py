"""Take words out of a question so that what is left still reads as one."""

import re
from collections.abc import Iterable

from retrieval.values import Span

_FOLLOWING = re.compile("(?:的|の|之|'s|’s)?[,，、 \t]*")
# 是去年的吗, 与去年, 哪一年比今年: the sentence would break without the word
_NEEDED_BY = re.compile(
    r"(?:[是与與和跟同比較较到至像为為]"
    r"|\b(?:is|was|were|be|than|and|or|to|with|for|do|does|did|has|have|had|will))[ ]?$"
)
_NEEDED_FOR = re.compile(r"[和与與跟同或]|(?:and|or)\b")
# 这件事发生在去年: the end of a Chinese sentence is seldom an adverb
_ENDS = re.compile("的?[吗嗎呢?？。!！]*$")
_HAN_BEFORE = re.compile("[\u3400-\u9fff]$")
_WORD = re.compile(r"[^\W_]")


def without(question: str, spans: Iterable[Span]) -> str:
    """Return the question without `spans` and the particles that hung on them; a span that its sentence needs stays.

    The question itself comes back where too little would be left to search for.
    """
    left = question
    for begin, end in sorted(spans, reverse=True):
        before, after = left[:begin], left[end:]
        if _NEEDED_BY.search(before) or _NEEDED_FOR.match(after) or (_ENDS.match(after) and _HAN_BEFORE.search(before)):
            continue
        after = after[_FOLLOWING.match(after).end() :]  # type: ignore[union-attr]  # it matches the empty text
        left = _closed(before, after)
    return left if len(_WORD.findall(left)) >= 2 else question


def _closed(before: str, after: str) -> str:
    if not after or after[0] in "?？。!！,，":
        return before.rstrip(" ,，") + after
    return before + after
