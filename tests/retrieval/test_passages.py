import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import DEFAULT, size, split, uncovered

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
    if len(spans) > 1:
        assert min(size(text, span) for span in spans) >= DEFAULT.leftover
    for passage in passages:
        if len(passage.windows) > 1:
            assert min(size(text, window) for window in passage.windows) >= DEFAULT.leftover - 2  # white space trimmed


@given(TEXTS)
def test_no_passage_is_much_longer_than_it_may_be(text: str) -> None:
    assert all(size(text, passage.span) <= 2 * DEFAULT.passage_most for passage in split(text))


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
