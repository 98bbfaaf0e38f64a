import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode.onnx import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("3～5天", "3～5天"),
        ("a\u200bb\u3000c\n\nd", "a b c d"),
        ("\x01红\x1f旗", "红旗"),
        ("  ①㈠ ", "1(一)"),
        ("a▁b", "a b"),
        ("", ""),
    ],
)
def test_folds_as_the_tokenizer_has_learned(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_spaces_are_single_and_inner(text: str) -> None:
    folded = normalise(text)
    assert "  " not in folded
    assert folded == folded.strip(" ")
