"""What was read is kept for the state of the archive in which it was, and never beyond its bound."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from retrieval.store.local import Recents
from retrieval.store.protocols import Recent, characters
from retrieval.values import Article, Removed


def test_only_what_is_not_kept_is_read_and_all_comes_in_the_order_asked() -> None:
    recent, read = Recent[int, str](10), list[list[int]]()

    def reading(keys: list[int]) -> dict[int, str]:
        read.append(keys)
        return {key: str(key) for key in reversed(keys) if key < 9}

    assert list(recent.of(1, [3, 1], reading).items()) == [(3, "3"), (1, "1")]
    assert list(recent.of(1, [2, 1, 9, 3], reading).items()) == [(2, "2"), (1, "1"), (3, "3")]
    assert recent.of(1, [1, 2, 3], reading) == {1: "1", 2: "2", 3: "3"}
    assert read == [[3, 1], [2, 9]]
    assert recent.of(2, [3], reading) == {3: "3"}
    assert read[2:] == [[3]], "the archive has changed"


def test_nothing_is_kept_of_an_archive_whose_state_is_not_known() -> None:
    recent = Recent[int, str](10)
    assert recent.of(None, [1], lambda keys: dict.fromkeys(keys, "old")) == {1: "old"}
    assert recent.of(None, [1], lambda keys: dict.fromkeys(keys, "new")) == {1: "new"}


def test_what_is_found_comes_whole_though_less_is_kept() -> None:
    recent = Recent[int, str](2)
    assert list(recent.of(1, range(9), lambda keys: dict.fromkeys(keys, "x"))) == list(range(9))
    assert list(recent.recall(1, range(9))) == [7, 8]


def test_what_weighs_more_than_all_may_is_not_kept_and_costs_nothing_else() -> None:
    recent = Recent[int, str](10, len)
    recent.keep(1, {1: "x" * 9})
    recent.keep(1, {2: "x" * 11})
    assert list(recent.recall(1, [1, 2])) == [1]


def test_articles_weigh_what_was_removed_too_and_never_nothing() -> None:
    empty, full = Article("a", ""), Article("a", "x" * 10, removed=(Removed("y" * 20, "menu"),))
    assert characters([full]) - 2 * characters([empty]) == 30
    assert characters([empty]) > 0
    assert Recents().copies._kept.getsizeof([]) > 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["keep", "recall"]), st.integers(0, 1), st.sampled_from("甲乙丙丁戊"), st.integers(0, 40)
        )
    )
)
def test_it_is_a_dict_of_this_state_within_its_bound(steps: list[tuple[str, int, str, int]]) -> None:
    recent, model, now, most = Recent[str, str](100, len), dict[str, str](), None, 0
    for step, state, name, length in steps:
        if state != now:
            model, now, most = {}, state, 0
        if step == "keep":
            model[name] = length * name
            recent.keep(state, {name: model[name]})
        else:
            assert recent.recall(state, [name]).get(name) in (None, model.get(name))
        kept = recent.recall(state, "甲乙丙丁戊")
        assert recent._kept.currsize == sum(map(len, kept.values())) <= 100
        most = max(most, sum(map(len, model.values())))  # what went once does not come back
        assert most > 100 or kept == model, "nothing goes before it must"


def test_threads_share_it() -> None:
    recent, wrong = Recent[str, str](8), list[str]()

    def ask(state: int) -> None:
        for turn in range(400):
            name = str(turn % 16)
            found = recent.of(state + turn // 100, [name], lambda keys: {key: f"of {key}" for key in keys})
            if found != {name: f"of {name}"}:
                wrong.append(name)

    threads = [threading.Thread(target=ask, args=(state,)) for state in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert recent._kept.currsize == len(recent._kept) <= 8
