"""The table, the ratios and the rule of regression; the systems themselves are not run."""

from pathlib import Path

import pytest

from benchmarks.peers import baseline, encoder
from benchmarks.peers.rounds import EMBEDDED, success
from benchmarks.peers.systems import NAMES, OURS, TORCH
from benchmarks.peers.table import ratios, table
from benchmarks.peers.targets import targets
from benchmarks.peers.texts import PeerQuestion, drawn

VALUES = {
    "cold question, s": {OURS: 0.5, TORCH: 10.0, "txtai hybrid": 8.0},
    "indexing, characters/s": {OURS: 4000.0, TORCH: 1000.0},
    "resident memory, MB": {OURS: 345.678, "txtai hybrid": 1200.0},
}
PRINTED = """paragraphs: 32 texts, 4697 tokens; limit 140 GFLOP/s on 2 threads
  torch, batches of 8          1675 tokens/s   0.51 of the limit     2800.1 ms
  torch, batches of 32          892 tokens/s   0.27 of the limit     5262.0 ms
  onnxruntime, float32         2391 tokens/s   0.73 of the limit     1963.9 ms
  onnxruntime, int8            6714 tokens/s   2.04 of the limit      699.5 ms
windows: 90 texts, 5400 tokens; limit 140 GFLOP/s on 2 threads
  torch, batches of 8          1758 tokens/s   0.53 of the limit     3071.7 ms
  torch, batches of 32         1910 tokens/s   0.58 of the limit     2827.2 ms
  onnxruntime, int8            7250 tokens/s   2.21 of the limit      744.8 ms
one question: 1 texts, 11 tokens; limit 140 GFLOP/s on 2 threads
  torch, batches of 8           392 tokens/s   0.12 of the limit       28.0 ms
  onnxruntime, int8            2115 tokens/s   0.64 of the limit        5.2 ms
"""


def test_ratios_are_ours_to_theirs() -> None:
    assert ratios(VALUES) == {
        "cold question, s": {TORCH: 0.05, "txtai hybrid": 0.0625},
        "indexing, characters/s": {TORCH: 4.0},
        "resident memory, MB": {"txtai hybrid": 0.2881},
    }
    assert ratios({"cold question, s": {TORCH: 1.0}}) == {}


def test_the_table_shows_every_value_beside_its_ratio() -> None:
    head, rule, cold, indexing, memory = table(VALUES).split("\n")
    assert [cell.strip() for cell in head.split("|")[2:-1]] == list(NAMES)
    assert [cell.strip() for cell in cold.split("|")[1:-1]] == [
        "cold question, s", "0.500", "10 (0.050 ×)", "8 (0.062 ×)", "–",
    ]  # fmt: skip
    assert [cell.strip() for cell in indexing.split("|")[2:-1]] == ["4,000", "1,000 (4 ×)", "–", "–"]
    assert [cell.strip() for cell in memory.split("|")[2:-1]] == ["346", "–", "1,200 (0.288 ×)", "–"]
    assert {len(line) for line in (head, rule, cold, indexing, memory)} == {len(head)}


@pytest.mark.parametrize(
    ("measure", "before", "now", "is_worse"),
    [
        ("cold question, s", 0.1, 0.114, False),
        ("cold question, s", 0.1, 0.116, True),
        ("cold question, s", 0.1, 0.01, False),
        ("indexing, characters/s", 4.0, 3.5, False),
        ("indexing, characters/s", 4.0, 3.4, True),
        ("indexing, characters/s", 4.0, 40.0, False),
        ("success@1, XQuAD-zh", 1.1, 0.9, True),
        ("success@1, XQuAD-zh", 1.1, 0.0, True),
    ],
)
def test_worse_by_more_than_a_little_is_a_regression(measure: str, before: float, now: float, is_worse: bool) -> None:
    found = list(baseline.regressions({measure: {TORCH: before}}, {measure: {TORCH: now}}))
    assert bool(found) == is_worse
    assert all(measure in line and TORCH in line and f"{now:.3f}" in line for line in found)


def test_what_only_one_run_measured_is_no_regression() -> None:
    assert not list(baseline.regressions({}, ratios(VALUES)))
    assert not list(baseline.regressions(ratios(VALUES), {"cold question, s": {"another": 9.0}}))


def test_a_baseline_keeps_what_a_run_could_not_measure(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert baseline.read(path) == {}
    baseline.write({"a": {TORCH: 1.0}, "b": {TORCH: 2.0}}, path)
    baseline.write({"b": {TORCH: 3.0}}, path)
    assert baseline.read(path) == {"a": {TORCH: 1.0}, "b": {TORCH: 3.0}}


def test_the_encoder_is_set_beside_torch_at_its_best_batch_size() -> None:
    speeds = encoder.read(PRINTED)
    rows = encoder.rows(speeds)
    assert rows["encoder, tokens/s, windows"] == {OURS: 7250.0, TORCH: 1910.0}
    assert rows["encoder, tokens/s, paragraphs"] == {OURS: 6714.0, TORCH: 1675.0}
    assert rows["encoder, of the fp32 limit, windows"] == {OURS: 2.21, TORCH: 0.58}
    assert encoder.rows(encoder.read("")) == {}


def test_targets_are_judged_where_they_were_measured() -> None:
    measured = {"warm question p50, ms": {OURS: 9.0}, EMBEDDED: {OURS: 5.0, TORCH: 28.0}}
    values = {**VALUES, **measured, **encoder.rows(encoder.read(PRINTED))}
    judged = {name: is_reached for name, _, _, is_reached in targets(values)}
    assert judged == {
        "cold question, s": True,
        "cold question to sentence-transformers": True,
        "warm question p50 to torch's encoder alone": False,
        "tokens/s to torch at its best batch size": True,
        "share of the fp32 matrix limit": True,
        "resident memory, MB": True,
    }
    assert not list(targets({}))


def test_success_counts_first_hits_of_articles_that_answer() -> None:
    asked = [
        PeerQuestion("?", ("a", "b")),
        PeerQuestion("?", ("c",)),
        PeerQuestion("?", ("d",)),
        PeerQuestion("?", ("e",)),
    ]
    assert success(asked, ["b", "x", "", "e"]) == 0.5


@pytest.mark.parametrize(
    ("most", "expected"), [(1, "0"), (3, "048"), (4, "0369"), (10, "0123456789"), (99, "0123456789")]
)
def test_questions_are_drawn_from_all_of_a_set(most: int, expected: str) -> None:
    asked = [PeerQuestion(str(number), ()) for number in range(10)]
    assert "".join(item.question for item in drawn(asked, most)) == expected
