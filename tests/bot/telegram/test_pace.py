import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.live_archive import Buckets
from bot.telegram.pace import Pace, PersonalLimits


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def _send(
    time: Time, endpoint: str, chat: int, outcomes: Sequence[TelegramError | bool], pace: Pace | None = None
) -> list[float]:
    """Make a call that ends in `outcomes` one after another; return when each try was made."""
    tries: list[float] = []
    left = list(outcomes)

    async def call() -> bool:
        tries.append(round(time.now, 2))
        outcome = left.pop(0)
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome

    chosen = pace or Pace(30, 20, time, time.sleep)
    given: dict[str, Any] = {"chat_id": chat}
    asyncio.run(chosen.process_request(call, (), {}, endpoint, given, None))
    return tries


def test_retry_after_is_obeyed() -> None:
    assert _send(Time(), "sendMessage", 1, [RetryAfter(timedelta(seconds=5)), True]) == [0, 5.1]


def test_retry_after_holds_back_no_other_chat() -> None:
    time = Time()
    pace = Pace(30, 20, time, time.sleep)
    with pytest.raises(BadRequest):
        _send(time, "sendMessage", 1, [RetryAfter(timedelta(seconds=50)), BadRequest("later")], pace)
    held = time.now
    pace._until[1] = held + 50
    assert _send(time, "sendMessage", 2, [True], pace) == [round(held, 2)]
    assert _send(time, "sendMessage", 1, [True], pace) == [round(held + 50, 2)]


def test_network_errors_are_tried_again_with_longer_waits() -> None:
    outcomes: list[TelegramError | bool] = [*[NetworkError("away")] * 6, True]
    tries = _send(Time(), "sendMessage", 1, outcomes)
    waits = [round(after - before, 1) for before, after in pairwise(tries)]
    assert waits == [0.5, 1, 2, 4, 8, 10]


def test_giving_up_comes_in_the_end() -> None:
    time = Time()
    with pytest.raises(NetworkError):
        _send(time, "sendMessage", 1, [NetworkError("away")] * 1000)
    assert 900 < time.now < 930


@pytest.mark.parametrize("endpoint", ["sendChatAction", "answerCallbackQuery", "setMyCommands"])
def test_what_no_answer_depends_on_is_tried_once(endpoint: str) -> None:
    time = Time()
    with pytest.raises(NetworkError):
        _send(time, endpoint, 1, [NetworkError("away"), True])
    assert time.now == 0


def test_signs_of_typing_are_left_out_when_there_are_many() -> None:
    time = Time()
    pace = Pace(30, 20, time, time.sleep)
    made = [len(_send(time, "sendChatAction", chat, [True], pace)) for chat in range(8)]
    assert made == [1, 1, 1, 1, 1, 0, 0, 0]
    time.now += 1
    assert _send(time, "sendChatAction", 9, [True], pace) == [1]


def test_refusal_is_not_tried_again() -> None:
    with pytest.raises(BadRequest):
        _send(Time(), "sendMessage", 1, [BadRequest("chat not found"), True])


@pytest.mark.parametrize(("chat", "seconds"), [(5, 2.8), (-5, 291)])
def test_pace_stays_below_telegrams(chat: int, seconds: float) -> None:
    time = Time()
    pace = Pace(30, 20, time, time.sleep)
    for _ in range(100):
        _send(time, "sendMessage", chat, [True], pace)
    assert time.now == pytest.approx(seconds, rel=0.02)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_bucket_gives_what_it_holds_then_what_it_gains() -> None:
    clock = Clock()
    buckets = Buckets(2, 0.5, clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 2.0]
    clock.now += 1
    assert buckets.take("a") == 1.0
    clock.now += 1
    assert buckets.take("a") == 0
    assert buckets.take("b") == 0, "keys do not share"


def test_bucket_never_holds_more_than_its_size() -> None:
    clock = Clock()
    buckets = Buckets(2, 1, clock)
    clock.now += 1000
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1.0]


def test_reserving_spaces_evenly() -> None:
    buckets = Buckets(1, 2, Clock())
    assert [buckets.reserve("a") for _ in range(4)] == [0, 0.5, 1.0, 1.5]


def test_person_is_limited_across_chats_and_a_chat_across_people() -> None:
    clock = Clock()
    limits = PersonalLimits(per_user=6, per_chat=9, clock=clock)
    assert [limits.wait(1, -chat) > 0 for chat in (1, 2, 3)] == [False, False, True]
    assert [limits.wait(user, -7) > 0 for user in (2, 3, 4, 5)] == [False, False, False, True]
    assert limits.may_notify(1)
    assert not limits.may_notify(1)
    clock.now += 31
    assert limits.may_notify(1)
