"""Copies of a story are found and told from what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.articles.duplicates import BANDS, SHARED_BANDS, bands, is_copy, signature
from tests.test_examples import REPRINTS, bodies

TEXTS = st.text(alphabet="沄江大桥通车了今天上午3月14日，。 ab", max_size=60)


def are_compared(one: str, other: str) -> bool:
    return len(set(bands(signature(one))) & set(bands(signature(other)))) >= SHARED_BANDS


@pytest.mark.parametrize(("one", "other"), REPRINTS)
def test_reprints_of_the_sample_archive_are_copies(one: str, other: str) -> None:
    assert are_compared(bodies()[one], bodies()[other])
    assert is_copy(bodies()[one], bodies()[other])


def test_other_articles_of_the_sample_archive_are_not() -> None:
    names = sorted(bodies())
    reprints = {frozenset(pair) for pair in REPRINTS}
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if frozenset((a, b)) not in reprints]

    assert [(a, b) for a, b in pairs if is_copy(bodies()[a], bodies()[b])] == []


def test_a_signature_never_changes() -> None:
    text = "沄江大桥4月29日上午通车，全长628米，总投资2.17亿元。"

    assert bands(signature(text))[:2] == (164727037, 4502682114)
    assert len(signature(text)) == 4 * BANDS


@given(TEXTS)
def test_bands_are_signed_64_bit_and_none_stands_twice(text: str) -> None:
    keys = bands(signature(text))

    assert len(set(keys)) == len(keys) == (BANDS if any(map(str.isalnum, text)) else 0)
    assert all(-(2**63) <= key < 2**63 for key in keys)


@given(TEXTS, TEXTS)
def test_being_a_copy_has_no_direction(one: str, other: str) -> None:
    assert is_copy(one, other) == is_copy(other, one)


@given(TEXTS)
def test_a_text_with_letters_is_its_own_copy(text: str) -> None:
    assert is_copy(text, text) == any(map(str.isalnum, text))
