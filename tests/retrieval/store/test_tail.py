import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.local.vectors import among


@given(st.dictionaries(st.integers(1, 40), st.integers(1, 4)), st.sets(st.integers(1, 45)))
def test_windows_are_flagged_by_their_passages(held: dict[int, int], wanted: set[int]) -> None:
    windows = [number * WINDOWS_A_PASSAGE + place for number in sorted(held) for place in range(held[number])]
    flags = among(np.array(windows, np.int64), np.array(sorted(wanted), np.int64))
    assert flags.tolist() == [window // WINDOWS_A_PASSAGE in wanted for window in windows]
