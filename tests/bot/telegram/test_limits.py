from bot.telegram.limits import Buckets, Limits


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
    limits = Limits(per_user=6, per_chat=9, clock=clock)
    assert [limits.wait(1, -chat) > 0 for chat in (1, 2, 3)] == [False, False, True]
    assert [limits.wait(user, -7) > 0 for user in (2, 3, 4, 5)] == [False, False, False, True]
    assert limits.may_tell(1)
    assert not limits.may_tell(1)
    clock.now += 31
    assert limits.may_tell(1)
