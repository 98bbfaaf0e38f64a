"""Make the table of readings that misspelt names are matched by: `python benchmarks/syllables.py`.

The readings are pypinyin's (MIT; needed here only), without tones, v for ü. The output is the same for the same
version.
"""

import re
import unicodedata
from importlib.metadata import version

from pypinyin.pinyin_dict import pinyin_dict

from retrieval.text.words import SYLLABLES

FIRST, LAST = 0x4E00, 0x9FFF


def plain(reading: str) -> str:
    """Return a reading without its tone: `lǜ` is lv."""
    spelt = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("ê", "e")
    return re.sub("[^a-z]", "", spelt)


def main() -> None:
    """Write a line a syllable: its letters, and the characters that are read so."""
    read: dict[str, list[str]] = {}
    for number, readings in sorted(pinyin_dict.items()):
        if FIRST <= number <= LAST:
            for syllable in dict.fromkeys(map(plain, readings.split(","))):
                read.setdefault(syllable, []).append(chr(number))
    lines = [f"{syllable} {''.join(read[syllable])}" for syllable in sorted(read) if syllable]
    SYLLABLES.write_text("\n".join(lines) + "\n", "utf-8")
    size = SYLLABLES.stat().st_size
    print(f"{SYLLABLES.name}: {size:,} bytes, {len(lines)} syllables, from pypinyin {version('pypinyin')}")


if __name__ == "__main__":
    main()
