"""Marks of questions as training and measuring read them."""

from benchmarks.marker.marks import blind, examples_of, lines, with_marks


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
