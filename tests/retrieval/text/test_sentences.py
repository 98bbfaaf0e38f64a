import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import pieces, sentences


@given(st.text())
def test_sentences_tile_the_text(text: str) -> None:
    assert "".join(text[start:stop] for start, stop in sentences(text)) == text


@given(st.text(min_size=1), st.integers(1, 30))
def test_pieces_tile_the_span_within_the_limit(text: str, limit: int) -> None:
    cut = list(pieces(text, (0, len(text)), limit))
    assert "".join(text[start:stop] for start, stop in cut) == text
    assert all(0 < stop - start <= limit for start, stop in cut)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修了桥。通了车！谁说的？", ["修了桥。", "通了车！", "谁说的？"]),
        ("他说：“修了桥。”我不信。", ["他说：“修了桥。”", "我不信。"]),
        ("长3.5公里。耗资1.2亿元。", ["长3.5公里。", "耗资1.2亿元。"]),
        ("It is 3.5 km long. It cost a lot.", ["It is 3.5 km long. ", "It cost a lot."]),
        ("Dr. Lin came. He left.", ["Dr. Lin came. ", "He left."]),
        ("The U.S. Senate met. It rose.", ["The U.S. Senate met. ", "It rose."]),
        ("橋を造った。誰が？", ["橋を造った。", "誰が？"]),
        ("第一行\n第二行", ["第一行\n", "第二行"]),
    ],
)
def test_ends(text: str, expected: list[str]) -> None:
    assert [text[start:stop] for start, stop in sentences(text)] == expected
