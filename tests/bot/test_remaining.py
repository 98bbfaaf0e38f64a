from itertools import pairwise

from bot.terminal import Remaining

BATCH = 4.0
"""Seconds that a batch takes, and the share of the whole that is read at once when it is done: a hundredth."""


def told(batches: int = 100, slow_after: int = 100) -> list[tuple[float, float | None]]:
    """What is told through a run: two batches are read ahead, then one whenever one is embedded."""
    remaining, seconds = Remaining(), 0.0
    said = [(seconds, remaining.left(seconds, share / 1000, is_embedding=False)) for share in range(31)]
    for batch in range(3, batches):
        seconds += BATCH if batch < slow_after else 2 * BATCH
        said += [
            (seconds, remaining.left(seconds, (10 * batch + part) / 1000, is_embedding=True)) for part in range(11)
        ]
    return said


def test_nothing_is_said_until_embedding_has_been_watched() -> None:
    assert {left for seconds, left in told() if seconds <= BATCH + 4} == {None}


def test_the_estimate_is_near_from_the_first_on_and_does_not_jump() -> None:
    said = [(seconds, left) for seconds, left in told() if left is not None]
    whole = 97 * BATCH
    assert all(abs(seconds + left - whole) < 0.15 * whole for seconds, left in said)
    assert all(abs((after[0] + after[1]) - (before[0] + before[1])) < 0.1 * whole for before, after in pairwise(said))


def test_a_run_that_becomes_slower_is_noticed() -> None:
    seconds, left = told(slow_after=50)[-300]
    assert left is not None
    rest = told(slow_after=50)[-1][0] - seconds
    assert abs(left - rest) < 0.25 * rest


def test_what_does_not_move_has_no_end() -> None:
    remaining = Remaining()
    assert [remaining.left(seconds, 0.5, is_embedding=True) for seconds in (0.0, 10.0, 20.0)] == [None] * 3


def test_unchanged_articles_have_an_estimate_of_their_own() -> None:
    remaining = Remaining()
    said = [remaining.left(float(seconds), seconds / 100, is_embedding=False) for seconds in range(11)]
    assert said[:5] == [None] * 5
    assert said[5:] == [95.0, 94.0, 93.0, 92.0, 91.0, 90.0]
    assert remaining.left(11.0, 0.11, is_embedding=True) is None
