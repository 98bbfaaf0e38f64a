"""Blocks agree, keep the order of both texts and are as many as they should be."""

from difflib import SequenceMatcher
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.store.stories import align
from tests.retrieval.store.stories import make_story

TOKENS = st.lists(st.integers(1, 9), max_size=40).map(lambda values: np.array(values, dtype=np.uint32))


@given(TOKENS, TOKENS)
def test_blocks_agree_and_do_not_overlap(one: np.ndarray, other: np.ndarray) -> None:
    one_end = other_end = 0
    for block in align(one, other):
        assert block.size > 0
        assert block.one >= one_end
        assert block.other >= other_end
        one_end, other_end = block.one + block.size, block.other + block.size
        assert one[block.one : one_end].tolist() == other[block.other : other_end].tolist()


@given(TOKENS)
def test_a_text_agrees_with_itself_wholly(tokens: np.ndarray) -> None:
    blocks = list(align(tokens, tokens))
    assert all(block.one == block.other for block in blocks)
    assert sum(block.size for block in blocks) == tokens.size


def test_nearly_as_much_agrees_as_difflib_finds() -> None:
    random = Random(7)
    for _ in range(20):
        text = make_story(random).text
        cuts = sorted(random.sample(range(len(text)), 12))
        other = "".join(text[a:b] + "改" for a, b in zip([0, *cuts], [*cuts[1:], len(text)], strict=False))
        arrays = [np.array([*map(ord, written)], dtype=np.uint32) for written in (text, other)]
        blocks = SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks()
        expected = sum(block.size for block in blocks if block.size >= 4)

        # between two edits a phrase that stands elsewhere too holds nothing
        assert sum(block.size for block in align(*arrays)) >= 0.9 * expected
