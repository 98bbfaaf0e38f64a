"""Do to clean text what the converter did: an independent statement of the damage that repair undoes."""

import itertools
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from retrieval.repair.likelihood import character_model

_CONVERT = OpenCC("s2tw").convert
BOUNDARIES = "，。！？"
TONES = dict(
    zip("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", (bytes((0xA8, trail)) for trail in range(0xA1, 0xBA)), strict=True),
)


@dataclass(frozen=True, slots=True)
class Converter:
    """One site's converter: `glosses` maps characters to readings, in the order of the passes."""

    glosses: Mapping[str, str]
    boundaries: str = BOUNDARIES
    keeps_private: bool = True
    folds_width: bool = True

    def damage(self, text: str) -> str:
        """Gloss, cut and decode each line of a text; every character must have GBK bytes."""
        return "\n".join(self._damage_line(line) for line in text.split("\n"))

    def _damage_line(self, line: str) -> str:
        stream = line.encode("gbk")
        for character, reading in self.glosses.items():
            found = character.encode("gbk")
            stream = stream.replace(found, found + b"(" + spoken(reading) + b")")
        cuts = sorted({start for mark in self.boundaries for start in _starts(stream, mark.encode("gbk"))})
        edges = [0, *cuts, len(stream)]
        read = "".join(self._decode(stream[start:end]) for start, end in itertools.pairwise(edges))
        return half_width(read) if self.folds_width else read

    def _decode(self, piece: bytes) -> str:
        read, at = [], 0
        while at < len(piece):
            if piece[at] <= 0x80:
                read.append("€" if piece[at] == 0x80 else chr(piece[at]))
                at += 1
                continue
            two = piece[at : at + 2]
            at += 2
            read.append(self._decode_pair(two))
        return "".join(read)

    def _decode_pair(self, two: bytes) -> str:
        if len(two) < 2 or not 0x40 <= two[1] <= 0xFE or two[1] == 0x7F:
            return "?"
        try:
            return two.decode("gbk")
        except UnicodeDecodeError:
            return two.decode("gb18030", "ignore") if self.keeps_private else ""


def spoken(reading: str) -> bytes:
    """Write a reading in GBK, its tone-marked vowel as two bytes."""
    return b"".join(TONES.get(letter) or letter.encode("ascii") for letter in reading)


def half_width(text: str) -> str:
    """Make full-width ASCII half-width."""
    return re.sub("[\uff01-\uff5e]", lambda match: chr(ord(match[0]) - 0xFEE0), text)


def _starts(stream: bytes, mark: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(mark), stream)]


KEPT = frozenset("干斗愿里后面系只征范余松云谷几才卷出于并制志布吃向舍游周杰托占折修家")
"""Characters that are legal in both scripts, which converters leave."""


@cache
def converted(character: str) -> str:
    """Give the Traditional character a converter writes, one for one."""
    other = _CONVERT(character)
    return character if character in KEPT or len(other) != 1 or not _has_bytes(other) else other


def traditional(text: str) -> str:
    """Turn Simplified text Traditional the way converters do, and drop what GBK does not have."""
    return "".join(converted(character) for character in text if character == "\n" or _has_bytes(character))


@cache
def changed_characters() -> tuple[str, ...]:
    """List every character that a converter writes for another."""
    simplified = (
        bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF)
    )
    return tuple(sorted({converted(letter) for letter in simplified if letter and converted(letter) != letter}))


def site(seed: int, share: float = 0.4, *, keeps_private: bool = True, folds_width: bool = True) -> Converter:
    """Invent a site: it glosses a share of all changed characters, in an order of its own."""
    chance = random.Random(seed)
    characters = [letter for letter in changed_characters() if chance.random() < share]
    chance.shuffle(characters)
    readings = character_model().readings
    glosses = {letter: readings[letter][0] for letter in characters if letter in readings}
    return Converter(glosses, keeps_private=keeps_private, folds_width=folds_width)


def _has_bytes(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
