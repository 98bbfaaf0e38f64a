import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.encode.graph import FLOAT, INT7, INT8, MatrixSite, codes, range_of, recipe_here

_MAGNITUDES = arrays(np.float32, 16, elements=st.floats(0, 100, width=32))


@given(st.sampled_from(MatrixSite), _MAGNITUDES, st.booleans())
def test_what_was_seen_stays_within_the_range(site: MatrixSite, greatest: np.ndarray, smooth: bool) -> None:
    seen = range_of(site, greatest, smooth=smooth)
    assert (greatest * seen.factors <= seen.greatest * (1 + 1e-6)).all()
    assert (seen.factors > 0).all()
    assert (seen.factors <= 1).all()
    # the code of 0 is exact, so nothing is added to a channel that is silent
    assert 0 <= seen.zero <= 255


def test_one_large_channel_no_longer_widens_the_steps() -> None:
    greatest = np.ones(16, np.float32)
    greatest[3] = 40
    for site in MatrixSite:
        rough, fine = (range_of(site, greatest, smooth=smooth).step for smooth in (False, True))
        assert fine < rough / 2, site


@pytest.mark.parametrize(("bits", "most"), [(8, 127), (7, 63)])
def test_codes_use_their_bits_and_come_back(bits: int, most: int) -> None:
    weights = np.random.default_rng(3).standard_normal((32, 8)).astype(np.float32)
    rows, scales = codes(weights, bits)
    assert np.abs(rows).max(axis=0).tolist() == [most] * 8
    assert (np.abs(rows * scales - weights) <= scales / 2 + 1e-6).all()


def test_seven_bits_never_overflow_the_sum_of_two_products() -> None:
    assert 2 * 255 * (2 ** (INT7.bits - 1) - 1) <= np.iinfo(np.int16).max < 2 * 255 * (2 ** (INT8.bits - 1) - 1)


def test_the_recipe_here_is_one_of_the_served() -> None:
    assert recipe_here() in (INT8, INT7)
    assert FLOAT.exact == set(MatrixSite)
