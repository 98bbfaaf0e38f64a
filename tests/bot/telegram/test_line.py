"""A line: first come, first served; questions together, shared out among whoever is idle."""

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from bot.telegram.line import Call, Line, Waiting
from retrieval import Asked

CALL: Call = ("stats", (), {})


def names(waiting: list[Waiting]) -> list[str]:
    return [request.question if isinstance(request, Asked) else request[0] for request, _ in waiting]


def fill(line: Line, *questions: str) -> None:
    for question in questions:
        line.put(Asked(question))


def test_questions_are_taken_together_up_to_the_most_and_in_order() -> None:
    line = Line(3)
    fill(line, *"abcde")
    assert names(line.take()) == ["a", "b", "c"]
    assert names(line.take()) == ["d", "e"]
    assert len(line) == 0


def test_another_call_is_taken_alone_and_before_questions() -> None:
    line = Line(9)
    fill(line, "a", "b")
    line.put(CALL)
    line.put(("latest", (), {}))
    fill(line, "c")
    assert [names(line.take()) for _ in range(3)] == [["latest"], ["stats"], ["a", "b", "c"]]


def test_each_idle_worker_is_left_its_share() -> None:
    line = Line(9)
    with ThreadPoolExecutor(2) as workers:
        taken = [workers.submit(line.take) for _ in range(2)]
        while line._idle < 2:
            pass
        with line._changed:  # both wake when all has come
            fill(line, *"abcdefg")
        assert sorted(len(each.result()) for each in taken) == [3, 4]
        assert line._idle == 0


def test_what_comes_of_a_call_reaches_who_put_it() -> None:
    line = Line(9)
    outcome = line.put(CALL)
    ((_, there),) = line.take()
    there.set_result(7)
    assert outcome.result() == 7


def test_a_closed_line_gives_nothing_and_cancels_what_waits() -> None:
    line = Line(9)
    before = line.put(Asked("a"))
    line.close()
    for outcome in (before, line.put(Asked("b"))):
        with pytest.raises(CancelledError):
            outcome.result(1)
    assert line.take() == []


def test_closing_wakes_who_waits_for_a_call() -> None:
    line = Line(9)
    found = list[list[Waiting]]()
    worker = threading.Thread(target=lambda: found.append(line.take()))
    worker.start()
    line.close()
    worker.join(10)
    assert found == [[]]
