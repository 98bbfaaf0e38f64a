"""Marks of questions as training and measuring read them."""

import random

import pytest

from benchmarks.marker import turns
from benchmarks.marker.evaluate import of_marks
from benchmarks.marker.marks import MarkError, blind, examples_of, lines, with_marks
from retrieval.search.conversation import completed


def test_marks_are_put_where_they_stand() -> None:
    line = "=earlier|2023年{1:茶会}{-:和}{2:灯会}{-:哪个先}开幕"
    assert with_marks("2023年茶会和灯会哪个先开幕", "=earlier| 5{1: 7} 7{-: 8} 8{2: 10} 10{-: 13}") == line
    assert with_marks("茶会", "") == "茶会"


def test_what_is_measured_was_not_trained_on() -> None:
    trained, held = ({examples_of(line)[0].text for line in of} for of in lines())
    unseen = {examples_of(line)[0].text for line in blind()}
    assert len(unseen) == 400
    assert trained.isdisjoint(held)
    assert unseen.isdisjoint(trained | held)


@pytest.mark.parametrize(
    "line",
    [
        "{r:三号线}{-:何时}通车 || {p:它}多长",
        "{r:三}号{r:线}通车 || 四号线",
        "三号线 || {-:那四号线",
        "三号线 || {x:四}号线",
        " || 四号线",
    ],
)
def test_marks_of_a_follow_up_are_checked(line: str) -> None:
    with pytest.raises(MarkError):
        turns.turn_of(line)


def test_every_marked_follow_up_can_be_put_together() -> None:
    trained, held = turns.lines()
    assert len(trained) + len(held) == len({*trained, *held}) > 2000
    for turn in map(turns.turn_of, [*trained, *held]):
        if turn.uses:
            assert completed(turn.before, turn.question, of_marks(turn)), turn


def test_a_variant_keeps_the_use_of_each_character() -> None:
    chance = random.Random(1)
    turn = turns.turn_of("{r:三号线}何时通车？ || {-:那}四号线{-:呢？}")
    for _ in range(50):
        varied = turns.varied(turn, chance)
        assert varied.uses
        assert (len(varied.before), len(varied.question)) == tuple(map(len, varied.uses))
        assert completed(varied.before, varied.question, of_marks(varied))
