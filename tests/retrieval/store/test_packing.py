import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.store.catalogue.rows import packed, unpacked

ROWS = arrays(np.float16, st.tuples(st.integers(1, 4), st.just(8)), elements=st.floats(-2, 2, width=16))


@given(ROWS)
def test_what_was_unpacked_is_packed_into_the_same_bytes(vectors: np.ndarray) -> None:
    kept = packed(vectors)
    again = unpacked(kept)
    assert np.array_equal(again.astype(np.float16).astype(np.float32), again)
    assert packed(again.astype(np.float16)) == kept


@given(ROWS)
def test_each_value_is_off_by_about_half_a_step_of_its_row_at_most(vectors: np.ndarray) -> None:
    wide = vectors.astype(np.float32)
    steps = 9 / 8 * np.abs(wide).max(axis=1, keepdims=True) / 127
    # half a step, and a little more where the largest value was brought down to a smaller step
    assert (np.abs(unpacked(packed(vectors)) - wide) <= np.maximum(0.57 * steps, 2.0**-22)).all()


def test_a_byte_a_dimension_and_one_more() -> None:
    assert [len(blob) for blob in packed(np.ones((3, 512), np.float16))] == [513] * 3


def test_vectors_keep_their_directions() -> None:
    vectors = np.random.default_rng(0).standard_normal((200, 512)).astype(np.float16)
    kept = unpacked(packed(vectors))
    cosines = (
        (kept * vectors).sum(axis=1) / np.linalg.norm(kept, axis=1) / np.linalg.norm(vectors.astype(float), axis=1)
    )
    assert cosines.min() > 0.9999


def test_nothing_is_packed_into_nothing() -> None:
    assert packed(np.empty((0, 8), np.float16)) == []
    assert unpacked([]).shape == (0, 0)
