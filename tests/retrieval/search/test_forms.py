"""How much of a question's weight stands in a text, of which is known what words stand in it."""

import numpy as np
import pytest

from retrieval.search.terms import Forms
from retrieval.search.translations import Form

FORMS: dict[str, dict[Form, float]] = {
    "library": {("图书", "书馆"): 0.7, ("library",): 1.0},
    "tea": {("tea",): 1.0},
}


@pytest.mark.parametrize(
    ("there", "shares"),
    [
        ({"图书", "书馆"}, [0.35, 0.0]),
        ({"图书", "书馆", "library", "tea"}, [0.5, 0.25]),
        ({"图书", "tea"}, [0.0, 0.25]),
        (set(), [0.0, 0.0]),
    ],
)
def test_a_word_gets_the_share_of_its_best_form_that_stands_whole(there: set[str], shares: list[float]) -> None:
    forms = Forms.of(FORMS, {"library": 0.5, "tea": 0.25, "old": 0.25})
    assert (forms.words, forms.parts) == (["library", "tea"], ["图书", "书馆", "library", "tea"])
    flags = np.array([[part in there for part in forms.parts], [False] * 4])
    assert forms.shares(flags)[0].tolist() == pytest.approx(shares)
    assert not forms.shares(flags)[1].any()


def test_a_question_that_has_no_word_of_the_archive_has_no_share_of_any() -> None:
    forms = Forms.of({}, {"tea": 1.0})
    assert forms.shares(np.zeros((2, 0), np.bool_)).shape == (2, 0)
