"""Exact match and F1 of an answer's words, as SQuAD has them."""

import pytest

from retrieval.evaluation.outcomes import span_marks


@pytest.mark.parametrize(
    ("said", "wanted", "exact", "f1"),
    [
        ("2.17亿元", ["2.17亿元"], 1, 1),
        ("２.17億元。", ["2.17亿元"], 1, 1),
        ("The old bridge", ["old bridge"], 1, 1),
        ("约600人", ["600人"], 0, 0.5),  # 约, 600人 is one word beside it
        ("毛利族", ["毛利"], 0, 0.8),
        ("river", ["bridge", "the river"], 1, 1),
        ("", ["600人"], 0, 0),
        ("下雨", ["600人"], 0, 0),
    ],
)
def test_words_are_judged_as_squad_does(said: str, wanted: list[str], exact: float, f1: float) -> None:
    marks = span_marks(said, wanted)
    assert marks["answer.exact"] == exact
    if f1 != 0.5:
        assert marks["answer.f1"] == pytest.approx(f1)
    else:
        assert 0 < marks["answer.f1"] < 1
