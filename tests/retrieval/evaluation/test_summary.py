"""Means, the area under the ROC curve, and their intervals."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import SettingsError
from retrieval.evaluation import MEASURES, is_worse, measure_named, summarise, summarise_slices
from retrieval.evaluation.summary import AUROC, RESAMPLES, SAMPLED, Sample, resamples
from tests.retrieval.evaluation.fakes import outcome

judged = st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]))


def test_a_mean_counts_only_the_outcomes_that_have_the_mark() -> None:
    outcomes = [
        outcome("1", marks={"success@1": 1}),
        outcome("2", marks={"success@1": 0}),
        outcome("3", answerable=False),
    ]
    summary = summarise(outcomes)
    assert summary.n == 3
    assert summary.values["success@1"] == 0.5
    assert "highlight@1" not in summary.values


@given(st.lists(judged, min_size=1, max_size=30))
def test_auroc_is_the_share_of_pairs_in_order(items: list[tuple[bool, float]]) -> None:
    outcomes = [outcome(str(n), answerable=yes, confidence=c) for n, (yes, c) in enumerate(items)]
    pairs = list(itertools.product([c for yes, c in items if yes], [c for yes, c in items if not yes]))
    value = Sample(outcomes).values()[SAMPLED.index(AUROC)]
    if pairs:
        assert value == pytest.approx(np.mean([1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs]))
    else:
        assert np.isnan(value)


@given(st.lists(judged, min_size=1, max_size=12), st.data())
def test_a_count_is_as_good_as_a_repetition(items: list[tuple[bool, float]], data: st.DataObject) -> None:
    outcomes = [
        outcome(str(n), answerable=yes, confidence=c, marks={"answered.wrong": c} if yes else {})
        for n, (yes, c) in enumerate(items)
    ]
    counts = data.draw(st.lists(st.integers(0, 3), min_size=len(items), max_size=len(items)).filter(any))
    repeated = [item for item, count in zip(outcomes, counts, strict=True) for _ in range(count)]
    weighed = Sample(outcomes).values(np.array(counts, np.float64))
    np.testing.assert_allclose(weighed, Sample(repeated).values(), atol=1e-12)


def test_resamples_draw_as_many_as_there_are_and_always_the_same() -> None:
    first, again = list(resamples(7)), list(resamples(7))
    assert len(first) == RESAMPLES
    assert all(counts.sum() == 7 for counts in first)
    np.testing.assert_array_equal(first, again)


def test_an_interval_is_about_two_standard_errors_on_each_side() -> None:
    outcomes = [outcome(str(n), marks={"success@1": float(n % 10 != 0)}) for n in range(400)]
    low, high = summarise(outcomes).intervals["success@1"]
    error = (0.9 * 0.1 / 400) ** 0.5
    assert low == pytest.approx(0.9 - 1.96 * error, abs=0.005)
    assert high == pytest.approx(0.9 + 1.96 * error, abs=0.005)


def test_latency_percentiles() -> None:
    summary = summarise([outcome(str(n), latency_ms=float(n)) for n in range(101)])
    assert (summary.values["latency_ms.p50"], summary.values["latency_ms.p95"]) == (50, 95)


def test_slices_come_with_the_largest_first() -> None:
    outcomes = [
        outcome(str(n), slices={"language": "en" if n < 2 else "zh"}, marks={"success@1": float(n < 2)})
        for n in range(5)
    ]
    (values,) = summarise_slices(outcomes).values()
    assert [(value, summary.n, summary.values["success@1"]) for value, summary in values.items()] == [
        ("zh", 3, 0),
        ("en", 2, 1),
    ]


def test_nothing_is_measured_of_no_outcomes() -> None:
    assert summarise([]).values == {}


def test_a_floor_and_a_ceiling() -> None:
    assert is_worse("success@1", 0.89, 0.9)
    assert not is_worse("success@1", 0.9, 0.9)
    assert is_worse("answered.wrong", 0.06, 0.05)
    assert not is_worse("answered.wrong", 0.05, 0.05)


def test_measures_are_known_by_name_and_by_last_name() -> None:
    assert [measure_named(measure) for measure in MEASURES] == list(MEASURES)
    assert [measure_named(name) for name in ("auroc", "mrr@10", "p95", "wrong")] == [
        "refusal.auroc",
        "MRR@10",
        "latency_ms.p95",
        "answered.wrong",
    ]
    with pytest.raises(SettingsError, match="no measure is called recall@1; there are success@1"):
        measure_named("recall@1")
