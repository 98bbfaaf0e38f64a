"""Make the character model that repair ships: `python benchmarks/character_model.py`.

Words and their frequencies are those of jieba's dictionary (MIT), the pairs of Traditional and Simplified characters
OpenCC's (Apache-2.0), the readings pypinyin's (MIT; needed here only). The output is the same for the same versions.
"""

import lzma
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import jieba
from opencc import OpenCC
from pypinyin import Style, pinyin

from retrieval.repair.likelihood import LONGEST_WORD, MODEL_PATH, characters

LEAST_COUNT = 4
"""Half of jieba's words count 3, its floor; leaving them out changes nothing in `benchmarks.repair`."""
SCRIPTS = ("s2t", "s2tw", "s2hk")


def fold_table(letters: list[str]) -> dict[str, str]:
    """Map each Traditional character to its Simplified one; 著 too, since converters write 着 so."""
    simplify = OpenCC("t2s").convert
    folded = {letter: simplify(letter) for letter in letters}
    return {letter: other for letter, other in folded.items() if other != letter and len(other) == 1} | {"著": "着"}


def image_table(letters: list[str]) -> dict[str, str]:
    """Map each Simplified character to the Traditional ones that a converter may write for it."""
    scripts = [OpenCC(name).convert for name in SCRIPTS]
    images = {letter: "".join(dict.fromkeys(convert(letter) for convert in scripts)) for letter in letters}
    return {letter: image for letter, image in images.items() if image != letter}


def readings(letter: str) -> list[str]:
    """Give every reading of a character, the usual one first."""
    return list(pinyin(letter, style=Style.TONE, heteronym=True)[0])


def word_counts(fold: dict[str, str]) -> Counter[str]:
    """Count jieba's words, folded, up to the longest that is kept."""
    counts: Counter[str] = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) <= LONGEST_WORD and not word.isascii():
            counts["".join(fold.get(letter, letter) for letter in word)] += int(count)
    return counts


def main() -> None:
    """Write the model beside the package that reads it."""
    letters = sorted({letter for letter in characters().values() if "\u4e00" <= letter <= "\u9fff"})
    fold = fold_table(letters)
    images = image_table(letters)
    changed = [f"{letter} {fold[letter]} {','.join(readings(letter))}" for letter in sorted(fold)]
    simplified = [f"{letter} {images[letter]}" for letter in sorted(images)]
    counts = word_counts(fold)
    words = [f"{word} {counts[word]}" for word in sorted(counts) if counts[word] >= LEAST_COUNT or len(word) == 1]
    sections = ["\n".join(section) for section in (changed, simplified, words)]
    MODEL_PATH.write_bytes(lzma.compress("\n\n".join(sections).encode(), preset=9 | lzma.PRESET_EXTREME))
    versions = ", ".join(f"{name} {version(name)}" for name in ("jieba", "opencc", "pypinyin"))
    print(
        f"{MODEL_PATH.name}: {MODEL_PATH.stat().st_size:,} bytes, {len(changed):,} changed characters, "
        f"{len(words):,} words, from {versions}"
    )


if __name__ == "__main__":
    main()
