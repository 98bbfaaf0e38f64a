"""Encodings over real text: the shared articles and questions, where they are."""

import json
from pathlib import Path

import pytest

from retrieval.read.encodings import decode

DATA = Path(__file__).parents[4].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no shared data at {DATA}")


def contexts(language: str) -> list[str]:
    content = json.loads((DATA / "xquad" / f"xquad.{language}.json").read_text(encoding="utf-8"))
    return [part["context"].replace("\ufeff", "") for whole in content["data"] for part in whole["paragraphs"]]


def test_damaged_articles_pass_untouched() -> None:
    """Glosses and private-use characters of the converter are for the repair, not for the decoding."""
    for path in sorted((DATA / "articles").iterdir()):
        assert decode(path.read_bytes()).text == path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_utf8_passes_untouched_whole_and_in_pieces(language: str) -> None:
    for text in contexts(language):
        for length in (2, 4, 8, 20, 100, len(text)):
            assert decode(text[:length].encode()).text == text[:length]


@pytest.mark.parametrize(
    ("codec", "script", "right"),
    [
        ("gb18030", "s2s", (0.98, 1.0, 1.0)),
        ("gb18030", "s2t", (0.98, 1.0, 1.0)),
        ("big5hkscs", "s2t", (0.98, 1.0, 1.0)),
        ("utf-16-le", "s2s", (0.85, 0.99, 1.0)),  # without a mark, four characters can pass for anything
    ],
)
def test_encodings_are_told_from_4_8_and_20_characters(codec: str, script: str, right: tuple[float, ...]) -> None:
    from opencc import OpenCC

    convert = OpenCC("s2t").convert if script == "s2t" else str
    for length, share in zip((4, 8, 20), right, strict=True):
        told = []
        for text in contexts("zh"):
            piece = convert(text).encode(codec, "ignore").decode(codec)[:length]
            told.append(decode(piece.encode(codec)).text == piece)
        assert sum(told) / len(told) >= share, f"{sum(told)} of {len(told)} at {length} characters"
