"""What asks one thing for what several are compared by."""

import pytest

from retrieval.search.measures import counted, how_much, is_age, plain, when, who


@pytest.mark.parametrize(
    ("name", "thing", "quality", "question", "unit"),
    [
        ("京沪高速", "京沪高速", "长", "京沪高速有多长？", "长"),
        ("东江投资大厦", "东江投资大厦", "高", "东江投资大厦有多高？", "高"),
        ("印度", "印度", "人口多", "印度人口有多少？", "多"),
        ("东站", "东站票价", "低", "东站票价是多少？", "贵"),
        ("东站票价", "东站票价", "低", "东站票价是多少？", "贵"),
        ("今年", "学费今年", "高一点", "学费今年是多少？", "贵"),
        ("甲厂", "甲厂失业率", "几个百分点", "甲厂失业率几个百分点？", "几个百分点"),
        ("甲店", "甲店", "便宜", "甲店多少钱？", "便宜"),
        ("甲店", "甲店", "价格便宜", "甲店价格多少钱？", "便宜"),
        ("甲店", "甲店", "花钱多", "甲店花钱有多少？", "贵"),
        ("甲桥", "甲桥", "", "甲桥是多少？", ""),
    ],
)
def test_a_quality_is_asked_for_by_its_word(name: str, thing: str, quality: str, question: str, unit: str) -> None:
    assert how_much(name, thing, quality).question == question
    assert counted(name, thing, quality) == unit


@pytest.mark.parametrize(
    ("thing", "quality", "question"),
    [
        ("the Elm Bridge", "longer", "How long is the Elm Bridge?"),
        ("the Elm Bridge", "expensive", "How expensive is the Elm Bridge?"),
        ("the fair", "more visitors", "How many visitors: the fair?"),
        ("the first run", "less time", "How much time: the first run?"),
        ("Yes in the referendum", "", "Yes in the referendum?"),
        ("東の橋", "長い", "東の橋の長さは？"),
        ("die Brücke", "größer", "die Brücke größer?"),
        ("cầu Vàm Sông", "dài hơn", "cầu Vàm Sông dài hơn?"),
    ],
)
def test_abroad_it_is_asked_for_as_it_is_written(thing: str, quality: str, question: str) -> None:
    assert how_much(thing, thing, quality).question == question


@pytest.mark.parametrize(
    ("text", "read_for"),
    [
        ("茶会的评价", "茶会的评价是什么？"),
        ("新校长的态度", "新校长的态度是什么？"),
        ("印度", "印度是怎么回事？"),
        ("展会的客流量", "展会的客流量是多少？"),
        ("水库的水深", "水库的水深是多少？"),
        ("冠军的姓名", "冠军的姓名是什么？"),
    ],
)
def test_a_noun_asks_what_it_is_of(text: str, read_for: str) -> None:
    assert plain(text, text).read_for == read_for


@pytest.mark.parametrize(
    ("thing", "read_for"),
    [
        ("大桥通车", "大桥通车是什么时候？"),
        ("橋の開通", "橋の開通はいつ？"),
        ("다리 개통", "다리 개통 언제?"),
        ("the vote", "When was the vote?"),
        ("открытие моста", ""),
    ],
)
def test_what_happened_is_read_for_its_day_in_its_language(thing: str, read_for: str) -> None:
    assert when(thing, thing).read_for == read_for


def test_who_somebody_is_is_asked_in_their_language() -> None:
    assert who("", "主帅").read_for == "主帅是谁？"
    assert who("", "彼女に将棋を教えた人").read_for == "彼女に将棋を教えた人は誰？"
    assert who("", "the coach").read_for == "Who is the coach?"


def test_what_is_older_is_compared_by_its_day() -> None:
    assert is_age("更老")
    assert is_age("古老")
    assert not is_age("大")
