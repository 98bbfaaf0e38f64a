"""Copies of a story are found and told from what only looks like one."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.store.stories import BANDS, SHARED_BANDS, bands, is_copy, signature
from tests.retrieval.store.reprints import (
    EDITS,
    Pair,
    bulletin_reprints,
    bulletins,
    related,
    reprints,
    same_topic,
    unrelated,
)
from tests.retrieval.store.stories import BULLETINS, make_bulletins, make_story
from tests.test_examples import REPRINTS, bodies

TEXTS = st.text(alphabet="沄江大桥通车了今天上午3月14日，。 ab", max_size=60)
STORIES = 25
STORY = (
    "新跃鲤大桥4月29日上午九时通车，头一个走上桥面的是72岁的退休船工厍秋禾，1974年老桥通车那天，他也是第一个过桥。"
    "新桥最终造价2.17亿元，比开工时的估算多出3,100万元，通车也比原计划晚了半年，多花的钱几乎都埋在5号墩下面。"
)


def are_found(one: str, other: str) -> bool:
    """Do what an archive does: compare only the texts whose bands meet."""
    shared = set(bands(signature(one))) & set(bands(signature(other)))
    return len(shared) >= SHARED_BANDS and is_copy(one, other)


@cache
def pairs() -> Sequence[Pair]:
    random = Random(20230429)
    stories = [make_story(random) for _ in range(STORIES)]
    return (
        *reprints(stories, random),
        *bulletin_reprints(random, 15),
        *related(stories, random),
        *same_topic(random, 60),
        *bulletins(random, 15),
        *unrelated(stories, random, 200),
    )


def test_precision_and_recall_on_invented_news() -> None:
    found = [pair for pair in pairs() if are_found(pair.one, pair.other)]
    right = sum(pair.is_copy for pair in found)

    assert right / len(found) >= 0.99
    assert right / sum(pair.is_copy for pair in pairs()) >= 0.99


@pytest.mark.parametrize("kind", sorted(EDITS))
def test_each_kind_of_reprint_is_found(kind: str) -> None:
    of_kind = [pair for pair in pairs() if pair.kind == kind]

    assert len(of_kind) == STORIES
    assert sum(are_found(pair.one, pair.other) for pair in of_kind) >= 0.9 * STORIES


@pytest.mark.parametrize(("one", "other"), REPRINTS)
def test_reprints_of_the_sample_archive_are_found(one: str, other: str) -> None:
    assert are_found(bodies()[one], bodies()[other])


def test_nothing_else_of_the_sample_archive_is_a_copy() -> None:
    names = sorted(bodies())
    known = {frozenset(pair) for pair in REPRINTS}
    others = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if frozenset((a, b)) not in known]

    assert [(a, b) for a, b in others if is_copy(bodies()[a], bodies()[b])] == []


@pytest.mark.parametrize("kind", sorted(BULLETINS))
def test_bulletins_of_two_days_are_no_copies_though_their_words_agree(kind: str) -> None:
    random = Random(5)
    days = [make_bulletins(kind, random) for _ in range(20)]

    assert [one.text for one, other in days if is_copy(one.text, other.text)] == []
    assert all(is_copy(one.text, f"本网讯 {one.text}") for one, _ in days)


def test_a_bulletin_of_another_day_without_other_figures_is_no_copy() -> None:
    first = "全县无新增确诊病例，无新增疑似病例，5月3日无人解除隔离，请广大群众继续戴口罩，少聚集，勤洗手，常通风。" * 3

    assert not is_copy(first, first.replace("5月3日", "5月4日"))


def test_a_dateline_does_not_tell_reprints_apart() -> None:
    assert is_copy(f"本报青岚4月29日电 {STORY}", f"本报青岚5月2日电 {STORY}")


def test_one_corrected_figure_leaves_a_copy_and_three_do_not() -> None:
    assert is_copy(STORY, STORY.replace("3,100万", "3,200万"))
    assert not is_copy(STORY, STORY.replace("3,100万", "3,200万").replace("2.17亿", "2.8亿").replace("72岁", "74岁"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("3,100", "３１００"), ("72岁", "七十二岁"), ("，", ","), ("通车", " 通 车 "), ("大桥", "大橋"), ("上午", "")],
)
def test_what_means_the_same_is_the_same(old: str, new: str) -> None:
    assert is_copy(STORY, STORY.replace(old, new))


def test_other_languages_are_compared_by_words() -> None:
    story = "The river gauge at Wujiu stood at 49.11 metres, higher than in 2020, and nobody was hurt this time. " * 3
    other = (
        "The weather gauge on the roof stood still, higher prices were nobody's fault, and in 2020 it was hurt. " * 3
    )

    assert are_found(story, f"From our correspondent. {story.upper()}")
    assert not is_copy(story, other)


def test_a_long_text_is_signed_whole() -> None:
    random = Random(60)
    story = "\n".join(make_story(random).text for _ in range(60))

    assert len(story) > 20_000
    assert signature(story) != signature(story[:20_000])
    assert are_found(story, story[len(story) // 2 :])


def test_a_signature_never_changes() -> None:
    text = "沄江大桥4月29日上午通车，全长628米，总投资2.17亿元。"

    assert bands(signature(text))[:2] == (164727037, 4502682114)
    assert len(signature(text)) == 4 * BANDS


@given(TEXTS)
def test_bands_are_signed_64_bit_and_none_stands_twice(text: str) -> None:
    keys = bands(signature(text))

    assert len(set(keys)) == len(keys) == (BANDS if any(map(str.isalnum, text)) else 0)
    assert all(-(2**63) <= key < 2**63 for key in keys)


@given(TEXTS, TEXTS)
def test_being_a_copy_has_no_direction(one: str, other: str) -> None:
    assert is_copy(one, other) == is_copy(other, one)


@given(TEXTS)
def test_a_text_with_letters_is_its_own_copy(text: str) -> None:
    assert is_copy(text, text) == any(map(str.isalnum, text))
