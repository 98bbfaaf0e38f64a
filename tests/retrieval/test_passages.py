import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.passages import DEFAULT, size, split, uncovered
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE

SENTENCE = "全县今年修了十二座桥，最长的一座有三百四十米，连起了河两岸的六个村。"
TEXTS = st.text(st.sampled_from("桥县河村。！？，；\n 　ab.C3 “”"), max_size=1_500)


@given(TEXTS)
def test_passages_cover_the_text(text: str) -> None:
    passages = split(text)
    assert uncovered(text, passages).strip() == ""
    for passage in passages:
        assert text[slice(*passage.span)].strip() == text[slice(*passage.span)] != ""


@given(TEXTS)
def test_windows_cover_their_passage_in_order(text: str) -> None:
    for passage in split(text):
        position = passage.span[0]
        for start, stop in passage.windows:
            assert text[position:start].strip() == ""
            assert position <= start < stop
            position = stop
        assert position == passage.span[1]


@given(TEXTS)
def test_no_leftovers(text: str) -> None:
    passages = split(text)
    spans = [passage.span for passage in passages]
    short = [place for place, span in enumerate(spans) if size(text, span) < DEFAULT.leftover]
    for place in short if len(spans) > 1 else ():  # its neighbours lie too far away
        assert all(
            size(text, (left[0], right[1])) > DEFAULT.passage_limit
            for left, right in pairwise(spans[max(0, place - 1) : place + 2])
        )
    for passage in passages:
        if len(passage.windows) > 1:
            assert min(size(text, window) for window in passage.windows) >= DEFAULT.leftover - 2  # white space trimmed


MANY = st.integers(200, 3_000)
"""How often a piece comes again in a text that is far longer than a passage."""
REPEATED = st.sampled_from(
    [
        "桥\n",
        "第一座桥\n",
        "  甲　乙\n\n",
        "x\n",
        "ab cd ",
        "桥",
        "桥，",
        "桥。",
        ".",
        "。\n",
        "\n \n",
        " ",
        "　",
        "\x85",
        "\u2028",
        "𠮷\n",
        "\ud800\n",
    ]
)
LONG = st.lists(st.tuples(REPEATED, MANY) | st.tuples(TEXTS, st.just(1)), min_size=1, max_size=5).map(
    lambda parts: "".join(piece * times for piece, times in parts)
)


@given(TEXTS | LONG)
@example("第一座桥\n" * 6_000)
@example("桥的长度三百四十米的那一座\n" * 30 + SENTENCE * 6 + "\n第二座\n" * 40)
def test_no_passage_is_much_longer_than_it_may_be(text: str) -> None:
    passages = split(text)
    assert uncovered(text, passages).strip() == ""
    for passage in passages:
        assert size(text, passage.span) <= DEFAULT.passage_limit
        # a window is no leftover, and of 800 wide characters there are 40 times as many as one has
        assert len(passage.windows) <= DEFAULT.passage_limit / DEFAULT.leftover < WINDOWS_A_PASSAGE


def test_a_list_is_cut_into_passages_of_the_usual_size() -> None:
    lines = [f"第{number}座桥的名字" for number in range(600)]
    passages = split("\n".join(lines))
    sizes = [size("\n".join(lines), passage.span) for passage in passages]
    assert all(DEFAULT.passage_least <= length <= DEFAULT.passage_most for length in sizes[:-1])


KINDS: dict[str, Callable[[int], str]] = {
    "short lines": lambda n: "第一座桥的名字\n" * n,
    "one long line": lambda n: "桥" * 8 * n,
    "sentences": lambda n: "桥修了。" * 2 * n,
    "dots": lambda n: ". " * 4 * n,
    "white space": lambda n: "x" + " " * 8 * n + "x",
    "empty lines": lambda n: ("x" + "\n" * 80) * (n // 10),
}


@pytest.mark.parametrize("kind", KINDS)
def test_cutting_takes_four_times_as_long_for_a_text_of_four_times_the_length(kind: str) -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        split(text)
        return time.process_time() - started

    few, many = (min(seconds(KINDS[kind](n)) for _ in range(3)) for n in (1_000, 4_000))
    assert many < 10 * few  # sixteen times as long where every span reads the text again


def test_short_paragraphs_share_a_passage() -> None:
    (passage,) = split("\n".join([SENTENCE] * 3))
    assert passage.span == (0, 3 * len(SENTENCE) + 2)
    assert len(passage.windows) == 1


def test_a_long_paragraph_is_cut_between_sentences_into_even_parts() -> None:
    text = SENTENCE * 30
    passages = split(text)
    assert len(passages) > 2
    assert all(text[slice(*passage.span)].endswith("。") for passage in passages)
    sizes = [size(text, passage.span) for passage in passages]
    assert min(sizes) > 0.6 * max(sizes)


def test_a_heading_goes_with_what_follows_it() -> None:
    text = "\n".join([SENTENCE * 8, "二、加固大后方", SENTENCE * 8])
    assert [text[slice(*passage.span)].splitlines()[0] for passage in split(text)] == [SENTENCE * 8, "二、加固大后方"]


def test_a_sentence_without_an_end_is_cut_at_a_comma() -> None:
    text = "三百米长的桥，" * 200
    for passage in split(text):
        assert text[slice(*passage.span)].endswith("，")


def test_english_passages_have_more_letters_than_chinese_ones() -> None:
    text = "The county built twelve bridges this year, and the longest has a span of 340 metres. " * 20
    assert all(600 < len(text[slice(*passage.span)]) <= 1_000 for passage in split(text))


@pytest.mark.parametrize("text", ["", " \n　\n"])
def test_nothing_has_no_passages(text: str) -> None:
    assert split(text) == ()


def test_short_sentences_share_windows_that_stay_short() -> None:
    text = "修了桥。通了车。大家都很高兴。" * 20
    (passage,) = split(text)
    assert all(DEFAULT.leftover <= size(text, window) <= DEFAULT.window_most for window in passage.windows)
