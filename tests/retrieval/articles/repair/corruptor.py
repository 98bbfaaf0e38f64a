"""Do to clean text what the converter did: an independent statement of the damage that repair undoes."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

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
