"""Floors rise by themselves and fall for a reason only."""

import json
from pathlib import Path

import pytest

from benchmarks.gate import Floors, GatedSet, read_floors, shortfalls, updated, write_floors
from retrieval.errors import SettingsError
from retrieval.evaluation.summary import Summary


def floors(success: float = 0.8, wrong: float = 0.1) -> Floors:
    return Floors({"set": GatedSet("q.jsonl", "articles", "old", {"success@1": success, "answered.wrong": wrong}, {})})


def measured(success: float, wrong: float = 0.09, n: int = 1000) -> Summary:
    return Summary(n, {"success@1": success, "answered.wrong": wrong}, {})


def test_a_better_measure_raises_its_floor_to_a_margin_below() -> None:
    gated = updated(floors(), "set", measured(0.9, 0.05), "new").sets["set"]
    assert gated.floors == {"success@1": 0.895, "answered.wrong": 0.055}
    assert gated.measured == {"success@1": 0.9, "answered.wrong": 0.05}
    assert gated.sha256 == "new"


def test_a_small_set_has_room_for_two_questions() -> None:
    assert updated(floors(), "set", measured(0.9, n=50), "new").sets["set"].floors["success@1"] == 0.86


@pytest.mark.parametrize("success", [0.8, 0.804])
def test_within_the_margin_a_floor_stays(success: float) -> None:
    kept = updated(floors(), "set", measured(success, 0.098), "new", "no need")
    assert kept.sets["set"].floors == {"success@1": 0.8, "answered.wrong": 0.1}
    assert kept.lowered == ()


@pytest.mark.parametrize(("success", "wrong", "said"), [(0.79, 0.1, "success@1"), (0.8, 0.11, "answered.wrong")])
def test_a_floor_is_not_lowered_without_a_reason(success: float, wrong: float, said: str) -> None:
    assert [line.partition(":")[0] for line in shortfalls(floors().sets["set"], measured(success, wrong))] == [said]
    for reason in (None, "", "  "):
        with pytest.raises(SettingsError, match=rf"set fell: {said}: .* --lower"):
            updated(floors(), "set", measured(success, wrong), "new", reason)


def test_a_lowered_floor_keeps_its_reason() -> None:
    (lowered,) = updated(floors(), "set", measured(0.7), "new", " the set got harder ").lowered
    assert (lowered.set, lowered.measure, lowered.was, lowered.now) == ("set", "success@1", 0.8, 0.695)
    assert lowered.reason == "the set got harder"


def test_a_measure_that_is_gone_falls_short() -> None:
    assert shortfalls(floors().sets["set"], Summary(3, {"success@1": 0.9}, {})) == ["answered.wrong: nan, floor 0.1"]


def test_what_is_written_is_read_again_and_an_edit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    written = updated(floors(), "set", measured(0.7), "new", "harder")
    write_floors(path, written)
    assert read_floors(path) == written
    path.write_text(path.read_text("utf-8").replace("0.695", "0.1"), "utf-8")
    with pytest.raises(SettingsError, match="was edited by hand"):
        read_floors(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"sets": {"a": {}}, "seal": ""})])
def test_another_file_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="does not hold quality floors"):
        read_floors(path)
