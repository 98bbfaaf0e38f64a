import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text import fold, simplified


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("勇擔當", "勇担当"),
        ("軟體", "软件"),
        ("１７．１萬", "17.1万"),
        ("Ａbc", "abc"),
        ("Café", "cafe"),
        ("ﾊｼ", "ハシ"),
    ],
)
def test_what_means_the_same_becomes_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("ハ", "バ"), ("17", "71"), ("东", "西")])
def test_what_differs_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_folding_latin_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新橋的軟體，Ａ級 ½", "新桥的软件，Ａ級 ½".replace("級", "级")),
        ("図書館はどこですか", "図書館はどこですか"),
        ("社區經理瑪莉・陳ーー開張", "社区经理玛莉・陈ーー开张"),
        (
            "日本玩家「ゼルダねこ」先前發現遊戲裡的潛水艇其實不會沉到水下去",
            "日本玩家「ゼルダねこ」先前发现游戏里的潜水艇其实不会沉到水下去",
        ),
        ("新橋の軟體", "新橋の軟體"),
        ("蚌埠開埠，連接埠的埠號", "蚌埠开埠，连接端口的端口号"),
        ("The bridge", "The bridge"),
        ("", ""),
    ],
)
def test_simplifying_changes_chinese_characters_only(text: str, expected: str) -> None:
    assert simplified(text) == expected
