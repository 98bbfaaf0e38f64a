from retrieval.search.highlights import best_window
from retrieval.search.terms import Terms

NOTHING = Terms([], {}, {})

TEXT = "新桥昨天通车，老人们都来看。大桥全长三百四十米，是县里最长的。孩子们上学近了一半。"
WINDOWS = ((0, 14), (14, 31), (31, 42))


def test_the_most_similar_window_is_lit() -> None:
    assert best_window(TEXT, WINDOWS, (0.1, 0.2, 0.3), "孩子们呢", NOTHING) == WINDOWS[2]


def test_words_decide_between_similar_windows() -> None:
    assert (
        best_window(TEXT, WINDOWS, (0.2, 0.19, 0.19), "谁来看", Terms([], {"老人": 0.5}, {"老人": {("老人",): 1.0}}))
        == WINDOWS[0]
    )


def test_a_figure_is_preferred_where_one_is_asked_for() -> None:
    assert best_window(TEXT, WINDOWS, (0.2, 0.19, 0.19), "桥有多长？", NOTHING) == WINDOWS[1]
    assert best_window(TEXT, WINDOWS, (0.2, 0.19, 0.19), "桥怎么样？", NOTHING) == WINDOWS[0]


def test_equal_windows_light_the_first() -> None:
    assert best_window(TEXT, WINDOWS, (0.2, 0.2, 0.2), "呢", NOTHING) == WINDOWS[0]
