"""Numbers below a thousand and years, in digits or in Chinese characters."""

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
