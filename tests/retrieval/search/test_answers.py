"""Answers are recalled for the same question in the same state of the archive, and never beyond their bounds."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.answers import Answers, Asked, characters
from retrieval.values import Answer, Article, Filters, Hit

ASKED = Asked("桥有多长？", 3, Filters(), date(2024, 5, 1))


def answer(question: str = "桥有多长？", length: int = 10) -> Answer:
    article = Article("a", "字" * length)
    hit = Hit(1, 1.0, article.text, (0, 1), (0, length), article, also_in=(article,))
    return Answer(question, 0.9, Filters(), (hit,))


def test_an_answer_is_recalled_while_the_archive_stays() -> None:
    answers, given_ = Answers(), answer()
    answers.keep(1, ASKED, given_)
    assert answers.recall(1, ASKED) is given_
    assert answers.recall(2, ASKED) is None
    assert answers.recall(1, ASKED) is None, "what was forgotten once does not come back"


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, question="桥有多宽？"),
        replace(ASKED, k=4),
        replace(ASKED, filters=Filters(since="2022")),
        replace(ASKED, today=date(2024, 5, 2)),
        replace(ASKED, as_of=date(2024, 5, 1)),
        replace(ASKED, is_literal=True),
    ],
    ids=["question", "k", "filters", "today", "as_of", "is_literal"],
)
def test_another_question_is_not_answered_alike(other: Asked) -> None:
    answers = Answers()
    answers.keep(1, ASKED, answer())
    assert answers.recall(1, other) is None


def test_nothing_is_kept_of_an_archive_whose_state_is_not_known() -> None:
    answers = Answers()
    answers.keep(None, ASKED, answer())
    assert answers.recall(None, ASKED) is None


def test_the_longest_unused_goes_first() -> None:
    answers = Answers(most=2)
    first, second, third = (replace(ASKED, question=name) for name in "甲乙丙")
    answers.keep(1, first, answer())
    answers.keep(1, second, answer())
    assert answers.recall(1, first)
    answers.keep(1, third, answer())
    assert [bool(answers.recall(1, asked)) for asked in (first, second, third)] == [True, False, True]


def test_long_articles_leave_room_for_fewer_answers() -> None:
    answers = Answers(most_characters=100)
    first, second, third = (replace(ASKED, question=name) for name in "甲乙丙")
    answers.keep(1, first, answer(length=25))
    answers.keep(1, second, answer(length=25))
    answers.keep(1, third, answer(length=1))
    assert [bool(answers.recall(1, asked)) for asked in (first, second, third)] == [False, True, True]
    answers.keep(1, first, answer(length=51))
    assert answers.recall(1, first) is None


def test_nothing_is_kept_where_nothing_may_be() -> None:
    answers = Answers(most=0)
    answers.keep(1, ASKED, answer())
    assert answers.recall(1, ASKED) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["keep", "recall"]), st.integers(0, 1), st.sampled_from("甲乙丙丁戊"), st.integers(0, 40)
        )
    )
)
def test_it_is_a_dict_of_this_state_within_its_bounds(steps: list[tuple[str, int, str, int]]) -> None:
    answers, model, now = Answers(3, 100), dict[str, Answer](), None
    for step, state, name, length in steps:
        asked = replace(ASKED, question=name)
        if state != now:
            model, now = {}, state
        if step == "keep":
            model[name] = answer(name, length)
            answers.keep(state, asked, model[name])
        else:
            found = answers.recall(state, asked)
            assert found is None or found is model[name]
        kept = answers._kept.values()
        assert len(kept) <= 3
        assert answers._characters == sum(map(characters, kept)) <= 100


def test_threads_share_it() -> None:
    answers, wrong = Answers(most=8), list[str]()

    def ask(state: int) -> None:
        for turn in range(400):
            name = str(turn % 16)
            asked = replace(ASKED, question=name)
            answers.keep(state + turn // 100, asked, answer(name))
            found = answers.recall(state + turn // 100, asked)
            if found and found.question != name:
                wrong.append(found.question)

    threads = [threading.Thread(target=ask, args=(state,)) for state in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert answers._characters == sum(map(characters, answers._kept.values()))
