"""Variants of a marked question: other signs and words that join, none at all, Traditional characters, other events."""

import random
import re
from collections.abc import Sequence
from functools import cache

import opencc

from retrieval.search import outcome

_JOINS = ("、", "和", "跟", "与", "及", "以及", "还有", "，", "，", " ", " ")
_JOINS_ENGLISH = (", ", " and ", ", and ", " & ", " plus ", "; ", " + ", " as well as ")
_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]")
TIMED = re.compile(rf"=(?:{'|'.join(sorted(outcome.TIMED))})\|")
"""Begins a line whose things are compared by time."""
SIZED = re.compile(r"=(?:larger|smaller)\|")
"""Begins a line whose things are compared by a figure."""
_PART = re.compile(r"\{([1-9]):([^{}]*)\}")
_NAME = re.compile("[\u4e00-\u9fff0-9A-Z]{2,10}")


def names(lines: Sequence[str]) -> list[str]:
    """Return the names in Chinese of what lines compare by a figure."""
    found = {part[2] for line in lines if SIZED.match(line) for part in _PART.finditer(line)}
    return sorted(name for name in found if _NAME.fullmatch(name) and _HAN.search(name))


def varied(line: str, events: Sequence[str], named: Sequence[str], chance: random.Random) -> str:
    """Return a variant of a marked line, or the line as it is.

    What is compared by time may become one of the `events`, what is compared by a figure one of what is `named`.
    """
    is_chinese = bool(_HAN.search(line)) and not _KANA.search(line)
    others = events if TIMED.match(line) else named if SIZED.match(line) else ()
    if is_chinese and others and chance.random() < 0.5:
        numbers = [found[1] for found in _PART.finditer(line)]
        if len(set(numbers)) == len(numbers):
            line = _PART.sub(lambda found: f"{{{found[1]}:{chance.choice(others)}}}", line)
    return _chinese(line, chance) if is_chinese else _other(line, chance)


def _chinese(line: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        line = re.sub(r"\{-:(?:、|和|跟|与|及|以及)\}", lambda _: f"{{-:{chance.choice(_JOINS)}}}", line)
    if chance.random() < 0.35:
        line = re.sub("[，。？；]", lambda found: " " if chance.random() < 0.6 else found.group(), line).rstrip()
    elif chance.random() < 0.3:
        line = line.removesuffix("？")
    if chance.random() < 0.15:
        line = line.replace("{-:分别}", "").replace("{-:各}", "")
    return str(traditional().convert(line)) if chance.random() < 0.12 else line


def _other(line: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        line = re.sub(r"\{-:(?:,? and |, )\}", lambda _: f"{{-:{chance.choice(_JOINS_ENGLISH)}}}", line)
    if chance.random() < 0.35:
        line = line.removesuffix("?")
    return line.lower() if chance.random() < 0.25 else line


@cache
def traditional() -> opencc.OpenCC:
    """Return what writes Simplified characters as Traditional ones."""
    return opencc.OpenCC("s2t")
