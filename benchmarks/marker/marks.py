"""Marked questions, as the files beside this one hold them → a label for each character, as cutting reads them.

`{1:…}` `{2:…}` are of one thing each, `{-:…}` of none, `{q:…}` says by what things are compared; all else is of every
thing. Letters, `{a:…}` `{b:…}`, are a second row: each of the things that numbers mark is asked each of what letters
mark; numbers within a letter are of that alone. A line may begin with how things are compared: `=earlier|`.
"""

import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.encode.marker import KINDS
from retrieval.search.cutting import Marked
from retrieval.search.marks import NONE, QUALITY, SHARED

_MARKED, _BLIND = (Path(__file__).with_name(f"{name}.txt.xz") for name in ("marked", "blind"))
_HELD_OUT = 16
"""One line in so many is held out."""
_OPEN = re.compile(r"\{([1-9a-f]|-|q):")
_PLACED = re.compile(r"(\d+)(\{.:|\})")
_KIND = re.compile(r"=([a-z ]+)\|")


class MarkError(ValueError):
    """A line's marks are not what they should be."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character and the marks that it stands in."""

    text: str
    number: int
    letter: int
    is_none: bool
    is_quality: bool


def examples_of(line: str) -> list[Marked]:
    """Read a line: the question, and of one with letters what each of them asks as well.

    Raises:
        MarkError: a mark is not closed, numbers are not in order, or nothing is compared.
    """
    kind, signs = _read(line)
    text = "".join(sign.text for sign in signs)
    numbers, letters = max(sign.number for sign in signs), max(sign.letter for sign in signs)
    if not (numbers or letters):
        if kind != "several":
            raise MarkError(f"nothing is compared: {line}")
        return [of_one_thing(text)]
    for found, most in (([sign.number for sign in signs], numbers), ([sign.letter for sign in signs], letters)):
        if most == 1 or [value for value in dict.fromkeys(found) if value] != list(range(1, most + 1)):
            raise MarkError(f"parts are not in order: {line}")
    if not letters:
        return [Marked(text, tuple(map(_of_number, signs)), kind)]
    return [Marked(text, tuple(_of_letters(signs)), "several"), *_within(kind, signs, letters)]


def of_one_thing(text: str) -> Marked:
    """Return a question that asks one thing."""
    return Marked(text, (SHARED,) * len(text), "one")


def lines() -> tuple[list[str], list[str]]:
    """Return the marked lines to train on, and those held out."""
    return parted(_MARKED)


def parted(path: Path) -> tuple[list[str], list[str]]:
    """Return the lines of a file to train on, and those held out."""
    every = _lines_of(path)
    held = {line for line in every if zlib.crc32(line.encode()) % _HELD_OUT == 0}
    return [line for line in every if line not in held], sorted(held)


def with_marks(text: str, marks: str) -> str:
    """Return a text with marks put where they stand, by characters: `=earlier| 0{1: 14} 15{2: 20}`."""
    kind = "".join(marks.partition("|")[:2]) if "|" in marks else ""
    line, last = "", 0
    for found in _PLACED.finditer(marks.removeprefix(kind)):
        line += text[last : int(found[1])] + found[2]
        last = int(found[1])
    return f"{kind}{line}{text[last:]}"


def blind() -> list[str]:
    """Return the lines that nothing was trained on."""
    return _lines_of(_BLIND)


def _lines_of(path: Path) -> list[str]:
    return [line for line in lzma.decompress(path.read_bytes()).decode().splitlines() if line]


def _read(line: str) -> tuple[str, list[_Sign]]:
    compared = _KIND.match(line)
    kind = compared[1] if compared else "several"
    if kind not in KINDS[1:]:
        raise MarkError(f"{kind} is no way to compare: {line}")
    at, within, signs = compared.end() if compared else 0, list[str](), list[_Sign]()
    while at < len(line):
        if opened := _OPEN.match(line, at):
            within.append(opened[1])
            at = opened.end()
            continue
        if line[at] == "}" and within:
            within.pop()
        elif line[at] in "{}":
            raise MarkError(f"{line[at:]} is no mark: {line}")
        else:
            number = next((int(mark) for mark in reversed(within) if mark.isdigit()), 0)
            letter = next((ord(mark) - 96 for mark in reversed(within) if mark in "abcdef"), 0)
            signs.append(_Sign(line[at], number, letter, "-" in within, "q" in within))
        at += 1
    if within or not signs:
        raise MarkError(f"a mark is not closed: {line}")
    return kind, signs


def _of_number(sign: _Sign) -> int:
    return NONE if sign.is_none else QUALITY if sign.is_quality else sign.number


def _of_letters(signs: list[_Sign]) -> Iterator[int]:
    """Yield labels by letters: what joins two numbers stays, for it is asked of both."""
    of = ["" if sign.is_none else "letter" if sign.letter else "number" if sign.number else "" for sign in signs]
    for place, sign in enumerate(signs):
        if not sign.is_none or sign.letter:
            is_needed = not sign.is_none or any(other.number for other in signs if other.letter == sign.letter)
            yield sign.letter if is_needed else NONE
            continue
        before = next((each for each in reversed(of[:place]) if each), "")
        after = next((each for each in of[place + 1 :] if each), "")
        yield NONE if before == "letter" and after in ("letter", "") else SHARED


def _within(kind: str, signs: list[_Sign], letters: int) -> Iterator[Marked]:
    """Yield what each letter asks, of one thing or of several."""
    of_all = any(sign.number and not sign.letter for sign in signs)
    labels = list(_of_letters(signs))
    for letter in range(1, letters + 1):
        kept = [sign for sign, label in zip(signs, labels, strict=True) if label in (SHARED, letter)]
        text = "".join(sign.text for sign in kept)
        if of_all or any(sign.number for sign in kept):
            numbers = tuple(map(_of_number, kept))
            if max(numbers) > 1:
                yield Marked(text, numbers, kind)
        else:
            yield of_one_thing(text)
