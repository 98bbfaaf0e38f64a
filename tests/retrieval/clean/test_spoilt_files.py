"""A sample of what `python -m benchmarks.hostile` does ten thousand times."""

from pathlib import Path

import pytest

from benchmarks.hostile import measure, spoilt


def test_files_are_spoilt_in_many_ways_and_the_same_ones_each_time() -> None:
    once, twice = list(spoilt(60)), list(spoilt(60))
    assert once == twice
    assert len({suffix for suffix, _ in once}) > 5
    assert len({data for _, data in once}) > 50


@pytest.mark.slow
def test_no_spoilt_file_stops_the_run_or_costs_a_good_one(tmp_path: Path) -> None:
    seen = measure(250, tmp_path)
    assert seen["files"] == 255
    assert (seen["good"], seen["good kept"]) == (5, 5)
    assert seen["articles"] > 100
    assert seen["skipped"] > 20
    assert list(tmp_path.iterdir()) == []
