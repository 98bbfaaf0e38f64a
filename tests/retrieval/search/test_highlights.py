import pytest

from retrieval.search.reading import fewest, light

TEXT = "新桥昨天通车，老人们都来看。大桥全长三百四十米，是县里最长的。孩子们上学近了一半。"
WINDOWS = ((0, 14), (14, 31), (31, 42))


def lit(similarities: tuple[float, ...], question: str, shares: tuple[float, ...] = (0.0, 0.0, 0.0)) -> str:
    start, stop = light(TEXT, WINDOWS, similarities, shares, question)
    return TEXT[start:stop]


def test_the_most_similar_window_is_lit() -> None:
    assert lit((0.1, 0.2, 0.3), "孩子们呢") == "孩子们上学近了一半。"


def test_words_decide_between_similar_windows() -> None:
    assert lit((0.19, 0.2, 0.19), "老人呢", (0.8, 0.0, 0.0)) == "新桥昨天通车，老人们都来看。"


def test_a_figure_is_preferred_where_one_is_asked_for() -> None:
    assert "三百四十米" in lit((0.2, 0.19, 0.19), "桥有多长？")
    assert lit((0.25, 0.19, 0.19), "桥怎么样？") == "新桥昨天通车，老人们都来看。"


@pytest.mark.parametrize("question", ["When did it open?", "什么时候通车？", "什麼時候通車？", "哪一年通车？"])
def test_a_date_is_preferred_where_one_is_asked_for(question: str) -> None:
    text = "新桥已经通车了。通车是在二〇二三年的4月29日。"
    start, stop = light(text, ((0, 8), (8, len(text))), (0.21, 0.2), (0.0, 0.0), question)
    assert text[start:stop].endswith("4月29日。")


def test_what_asks_for_nothing_special_prefers_nothing() -> None:
    assert lit((0.3, 0.2, 0.2), "桥上几乎没有车吗") == "新桥昨天通车，老人们都来看。"


def test_equal_windows_are_lit_as_two_in_a_row() -> None:
    assert lit((0.3, 0.3, 0.1), "呢") == TEXT[:31]
    assert lit((0.1, 0.3, 0.3), "呢") == TEXT[14:]


def test_no_more_than_two_windows_are_lit() -> None:
    assert fewest([1.0, 1.0, 1.0, 1.0]) == (0, 1)
    assert fewest([1.0]) == (0, 0)


def test_one_window_that_is_probable_enough_stays_alone() -> None:
    assert fewest([0.0, 3.0, 0.0]) == (1, 1)
    assert fewest([0.0, 1.0, 0.5]) == (1, 2)
