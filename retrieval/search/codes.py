"""Codes as people type them: LX1708B and LX-1708B, 国发〔2020〕5号 and 国发[2020]5号, plates, phone numbers."""

import re
import unicodedata
from collections.abc import Iterator

from retrieval.text.dates import find_dates

_HAN = "\u3400-\u9fff"
_DOCUMENT = re.compile(
    rf"(?P<issuer>[{_HAN}]{{1,12}})\s?[〔\[(【]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])】]\s?第?(?P<number>\d+)\s?号"
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-·.•/_–—‐][A-Za-z0-9]+)*")
_PHONE = 7
_LEAST, _LEAST_DIGITS = 4, 6
"""Characters of a code, and of one that has digits alone: a year or an amount is none."""


def codes_in(text: str) -> frozenset[str]:
    """Return the codes that a text has, without the signs that people put in or leave out."""
    plain = _plain(text)
    dated = {place for mention in find_dates(plain) for place in range(*mention.span)}
    return frozenset(code for code, at in _codes(plain) if at not in dated)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _codes(plain: str) -> Iterator[tuple[str, int]]:
    for match in _DOCUMENT.finditer(plain):
        yield f"{match['issuer']}|{match['year']}|{int(match['number'])}号", match.start()
    for match in _TOKEN.finditer(plain):
        code = re.sub("[^A-Z0-9]", "", match.group().upper())
        has_digit, has_letter = bool(re.search(r"\d", code)), bool(re.search("[A-Z]", code))
        if has_digit and len(code) >= (_LEAST if has_letter else _LEAST_DIGITS):
            yield code, match.start()


def holds(text: str, codes: frozenset[str]) -> bool:
    """Return whether a text has all of these codes."""
    own = codes_in(text)
    return all(any(_same(code, other) for other in own) for code in codes)


def _same(asked: str, written: str) -> bool:
    if "|" in asked:
        issuer, _, rest = asked.partition("|")
        other, _, own = written.partition("|")
        return rest == own and (issuer.endswith(other) or other.endswith(issuer))
    # a phone number may be typed without the code of its area
    return asked == written or (
        asked.isdigit() and len(asked) >= _PHONE and written.isdigit() and written.endswith(asked)
    )
