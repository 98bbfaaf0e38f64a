"""Questions typed in Cantonese."""

import pytest

from retrieval.text import in_written_chinese


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("死咗幾多人", "死了多少人"),
        ("邊個負責?", "誰負責?"),
        ("佢而家喺邊度", "他現在在哪裏"),
        ("邊間學校停課", "哪間學校停課"),
        ("市長同埋主席係邊個", "市長和主席是誰"),
        ("使咗幾多錢", "花了多少錢"),
        ("點解要推遲", "為什麼要推遲"),
        ("係咪真係取消咗", "是不是真是取消了"),
        ("有冇人受傷", "有沒有人受傷"),
        ("呢條橋有幾長", "這條橋有多長"),
    ],
)
def test_cantonese_words_become_those_of_written_chinese(typed: str, written: str) -> None:
    assert in_written_chinese(typed) == written


@pytest.mark.parametrize(
    "typed", ["兩國關係如何", "係數是多少", "幾時開", "乜大叔是誰", "桥什么时候通车", "机场呢，谁管的？"]
)
def test_what_is_no_cantonese_stays(typed: str) -> None:
    assert in_written_chinese(typed) == typed
