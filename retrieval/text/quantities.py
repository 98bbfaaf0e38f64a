"""The value of numbers in digits and in words: 十七万一千, 17.1萬, 壹佰, 五点三, 二〇二二, twenty-five."""

import re
from decimal import Decimal

DIGITS = {
    character: value for value, characters in enumerate(("〇○零", *"一二三四五六七八九")) for character in characters
}
"""What each digit of everyday writing counts."""
_UNITS = {"十": 10, "百": 100}
_TENS = {"廿": 20, "卅": 30}

_MOST = 100
"""Characters of the longest number that is read: no date or figure has more, and Python reads 4,300 digits at most."""

NUMERAL = "[〇○零一二三四五六七八九十百廿卅]"
"""A regular expression of one character that `number` reads."""


def number(written: str) -> int | None:
    """Read `14`, `十四`, `一百一十一` or, digit by digit, `二〇二二`; None for anything else."""
    if len(written) > _MOST:
        return None
    if written.isascii():
        return int(written) if written.isdigit() else None
    if all(character in DIGITS for character in written):
        return int("".join(str(DIGITS[character]) for character in written))
    return _spoken(written)


def _spoken(written: str) -> int | None:
    total, digit = 0, None
    for character in written:
        if character in _UNITS:
            total += _UNITS[character] * (1 if digit is None else digit)
            digit = None
        elif character in _TENS:
            total += _TENS[character]
        elif character in DIGITS and digit in (None, 0):
            digit = DIGITS[character]
        else:
            return None
    return total + (digit or 0)


# besides the everyday ones 两 and the forms of cheques and contracts
_DIGITS = DIGITS | dict(zip("两兩壹贰貳叁參肆伍陆陸柒捌玖", (2, 2, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9), strict=True))
_ENGLISH_UNITS = dict(zip("十百千拾佰仟", (10, 100, 1000) * 2, strict=True))
_MYRIADS = dict(zip("万萬亿億兆", (10**4, 10**4, 10**8, 10**8, 10**12), strict=True))

HAN_NUMERAL = f"[{''.join(_DIGITS)}{''.join(_ENGLISH_UNITS)}{''.join(_MYRIADS)}]"
"""One character of a number written in Chinese characters, as a regular expression."""

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|.", re.DOTALL)
_ZEROS = "〇零○"


def decimal_value(text: str) -> Decimal | None:
    """Return the value of a number in digits, in Chinese characters or mixed; None if it is ill-formed.

    Characters without units are read by place (二〇二二; 七八 is 78: that it means "seven or eight" is for the caller
    to know); a last digit after a unit is worth a tenth of it (三万五 = 35,000).
    """
    if text.isascii():
        return Decimal(text.replace(",", ""))
    whole, point, rest = text.replace("點", "点").partition("点")
    places = rest.rstrip("".join(_MYRIADS))
    value = _whole(whole)
    if value is None or (point and not places):
        return None
    if places:
        value += Decimal(_by_place(places)).scaleb(-len(places))
    for character in rest[len(places) :]:
        value *= _MYRIADS[character]
    return value


def _by_place(text: str) -> str:
    return "".join(str(_DIGITS[character]) for character in text)


def _whole(text: str) -> Decimal | None:
    if text.isascii() or all(character in _DIGITS for character in text):
        return Decimal(text.replace(",", "") if text.isascii() else _by_place(text))
    reading = _Reading()
    return reading.value() if all(reading.take(token) for token in _TOKEN.findall(text)) else None


class _Reading:
    """A number read from left to right: what is summed up, the section below the last 万 or 亿, the digit in hand."""

    def __init__(self) -> None:
        self._total = Decimal(0)
        self._section = Decimal(0)
        self._digit: Decimal | None = None
        self._unit = 10**5  # the last unit of the section, which the next one must stay below
        self._step = 1  # what a digit without a unit counts
        self._myriad = 0

    def take(self, token: str) -> bool:
        """Read one token; return False where no well-formed number has it."""
        if token in _ZEROS:
            self._step = 1
            return self._digit is None
        if token in _ENGLISH_UNITS:
            return self._take_unit(_ENGLISH_UNITS[token])
        if token in _MYRIADS:
            return self._take_myriad(_MYRIADS[token])
        if self._digit is not None:
            return False
        if token in _DIGITS:
            self._digit = Decimal(_DIGITS[token])
        else:
            self._digit, self._step = Decimal(token.replace(",", "")), 1
        return True

    def _take_unit(self, unit: int) -> bool:
        if self._digit is None and unit == 10 and not self._section:
            self._digit = Decimal(1)
        if self._digit is None or unit >= self._unit:
            return False
        self._section += self._digit * unit
        self._digit, self._unit, self._step = None, unit, unit // 10
        return True

    def _take_myriad(self, myriad: int) -> bool:
        section = self._section + self._rest()
        if not section and (not self._total or myriad <= self._myriad):
            return False
        if myriad > self._myriad:
            self._total = (self._total + section) * myriad
        else:
            self._total += section * myriad
        self._section, self._digit, self._unit, self._step, self._myriad = Decimal(0), None, 10**5, myriad // 10, myriad
        return True

    def _rest(self) -> Decimal:
        return Decimal(0) if self._digit is None else self._digit * self._step

    def value(self) -> Decimal:
        """Return what has been read."""
        return self._total + self._section + self._rest()


_TEENS = (
    "two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TIES = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_TEENS.split(), start=2)}
_ENGLISH_TENS = {word: 10 * value for value, word in enumerate(_TIES.split(), start=2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

# "one" begins a number only before a scale: elsewhere it is a pronoun
ENGLISH_NUMBER = (
    rf"(?:{'|'.join([*_SMALL, *_ENGLISH_TENS])}|(?:one|an?)(?= (?:hundred|{'|'.join(_SCALES)})\b))\b"
    rf"(?:(?:[ -]| and )(?:one|{'|'.join([*_SMALL, *_ENGLISH_TENS, 'hundred', *_SCALES])})\b)*"
)
"""A number in English words, as a regular expression over lower-case text."""


def english_scale(word: str) -> int:
    """Return what thousand, million, billion (bn), trillion multiply by."""
    return {"bn": 10**9, "mn": 10**6}.get(word) or _SCALES[word]


def english_value(text: str) -> Decimal:
    """Return the value of what ENGLISH_NUMBER matched."""
    total = section = 0
    for word in re.split(r"[ -]+", text):
        if word in _SCALES:
            total, section = total + section * _SCALES[word], 0
        elif word == "hundred":
            section *= 100
        elif word != "and":
            section += _SMALL.get(word) or _ENGLISH_TENS.get(word) or 1
    return Decimal(total + section)
