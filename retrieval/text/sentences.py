"""Cut text into sentences that cover it, at exact offsets."""

import re
from collections.abc import Iterator

from retrieval.values import Span

_CLOSING = "”’」』）》〉】〕)\"'\\]"
# A full stop ends a sentence only before white space and a letter that can begin one: 3.5, U.S.A., e.g. x stay whole.
_END = re.compile(
    rf"(?:[。！？!?；…]+[{_CLOSING}]*|(?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|No|vs))(?<!\b(?:Mrs|Jan|Feb|Aug|Sep|Oct|Nov|Dec))"
    rf"\.[{_CLOSING}]*(?=\s+[\"“‘(\[]?[^\W\d_a-z])|\n)\s*"
)
_SOFT = re.compile(r"[，,、：:;]\s*|\s+")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield spans that tile text[start:end], each a sentence with the white space after it."""
    end = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def pieces(text: str, span: Span, limit: int) -> Iterator[Span]:
    """Yield spans that tile `span`, none longer than `limit` characters, cut at commas or spaces if there are any."""
    begin, end = span
    while end - begin > limit:
        cuts = [match.end() for match in _SOFT.finditer(text, begin + limit // 2, begin + limit)]
        cut = cuts[-1] if cuts else begin + limit
        yield begin, cut
        begin = cut
    if begin < end:
        yield begin, end
