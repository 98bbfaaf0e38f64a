"""The page, and the numbers behind its plots."""

from html.parser import HTMLParser

import pytest

from retrieval.evaluation import Outcome, compare, render, summarise, summarise_slices
from retrieval.evaluation.report import Bin, Step, calibration, calibration_error, coverage_steps
from tests.retrieval.evaluation.fakes import outcome

VOID = {"meta", "circle", "line", "rect", "polyline"}


class Checker(HTMLParser):
    """Notes what is left open or loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.circles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.circles += tag == "circle"
        self.loaded += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href"}]
        if tag not in VOID - {"circle", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.circles += tag == "circle"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(outcomes: list[Outcome], *, compared: bool = False) -> str:
    comparison = compare(outcomes, outcomes) if compared else None
    return render("set <1>", outcomes, summarise(outcomes), summarise_slices(outcomes), comparison)


@pytest.fixture
def outcomes() -> list[Outcome]:
    return [
        outcome(
            f"<q{n}>", answerable=n % 3 > 0, rank=1 if n % 3 > 1 else None, confidence=n / 30, marks={"success@1": 1.0}
        )
        for n in range(30)
    ]


def test_the_page_is_well_formed_and_loads_nothing(outcomes: list[Outcome]) -> None:
    checker = Checker()
    checker.feed(page(outcomes, compared=True))
    assert checker.open == []
    assert checker.loaded == []


def test_what_came_in_is_escaped(outcomes: list[Outcome]) -> None:
    text = page(outcomes)
    assert "<q1>" not in text
    assert "&lt;q1&gt;" in text
    assert "set &lt;1&gt;" in text


def test_every_failure_is_on_the_page(outcomes: list[Outcome]) -> None:
    text = page(outcomes)
    assert text.count("<details>") == sum(item.failure is not None for item in outcomes) == 20


def test_a_single_outcome_has_a_page_too() -> None:
    for only in (outcome(), outcome(answered=False, answerable=False, confidence=0.0, latency_ms=0.0)):
        assert "<svg" in page([only])


def test_calibration_bins() -> None:
    outcomes = [
        outcome("1", confidence=0.91),
        outcome("2", confidence=0.99, rank=2),
        outcome("3", confidence=1.0),
        outcome("4", confidence=0.1, rank=None),
    ]
    low, high = calibration(outcomes)
    assert low == Bin(1, 0.1, 0.0)
    assert high.n == 3
    assert (high.confidence, high.right) == pytest.approx((2.9 / 3, 2 / 3))
    assert calibration_error([low, high]) == pytest.approx((0.1 + 3 * 0.3) / 4)


def test_coverage_against_error() -> None:
    outcomes = [
        outcome("1", confidence=0.9),
        outcome("2", confidence=0.5, rank=None),
        outcome("3", confidence=0.5),
        outcome("4", confidence=0.1, rank=3),
    ]
    assert coverage_steps(outcomes) == [Step(0.9, 0.25, 0), Step(0.5, 0.75, 1 / 3), Step(0.1, 1, 0.5)]
