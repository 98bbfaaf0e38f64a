from itertools import pairwise

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.numbers import canonical_numbers, fold_numbers
from retrieval.text.quantities import decimal_value

_TO_TRADITIONAL, _TO_SIMPLIFIED = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")

SAME = [
    ("#171000", ["17.1万", "171000", "十七万一千", "１７．１萬", "171,000", "17万1千", "十七點一萬", "17.10万"]),
    ("#5%", ["百分之五", "5%", "5％", "５％", "5 percent", "5 per cent", "百分之5", "5.0%", "five percent"]),
    ("#5.3%", ["百分之五点三", "5.3%", "百分之5.3"]),
    ("#0.3%", ["千分之三", "0.3%"]),
    ("#1/3", ["三分之一", "1/3"]),
    ("#40%", ["四成", "40%", "4成"]),
    ("#20%", ["两成", "兩成", "2成", "20 %", "20％"]),
    ("#35%", ["三成半", "35%"]),
    ("#50%", ["一半村民", "半数", "半數", "过半", "50%"]),
    ("#3", ["三环外", "3环外", "三環路"]),
    ("#9", ["九路公交", "9路公交", "九号楼", "9号楼"]),
    ("#2", ["二号线", "二號線", "2号线", "二期工程", "2期工程"]),
    ("#1", ["一号线", "1号线"]),
    ("#第22", ["第二十二条", "第22条", "第 22 条", "第２２條"]),
    ("#5pp", ["5个百分点", "5個百分點", "5 percentage points"]),
    ("#200000000", ["2亿", "两亿", "二億", "200 million", "200,000,000", "2億"]),
    ("#1400000", ["1.4 million", "140万", "一百四十万", "1,400,000"]),
    ("#13910000", ["一千三百九十一万元", "1391万元", "1,391万元", "13910000元"]),
    ("#320000000", ["3亿2000万", "三亿二千万", "3.2亿"]),
    ("#35000", ["3万5千", "三万五", "三万五千", "3.5万", "35 thousand"]),
    ("#25000", ["2万5000人", "2.5万人", "两万五千人"]),
    ("#17100000000000", ["17.1万亿", "17.1兆", "17.1 trillion"]),
    ("#5000000", ["5百万", "五百万", "5 million", "five million"]),
    ("#30000000", ["3000多万", "三千多万", "3000余万"]),
    ("#2022", ["2022年", "二〇二二年", "二零二二年", "in 2022"]),
    ("#1001", ["一千零一夜", "1001夜", "1,001"]),
    ("#120", ["一百二十", "120", "壹佰贰拾", "one hundred and twenty"]),
    ("#205", ["two hundred and five people", "205人", "二百零五"]),
    ("#25", ["twenty-five", "25", "二十五"]),
    ("#3", ["三个县", "3个县", "three counties"]),
    ("#10", ["十个", "10个", "10余个"]),
    ("#第3", ["第三", "第3", "3rd"]),
    ("#第21", ["第二十一", "第21", "21st"]),
    ("@2022-04", ["2022年4月", "2022-04", "April 2022", "二〇二二年四月", "令和4年4月", "民國111年4月"]),
    (
        "@2022-04-14",
        ["2022年4月14日", "4/14/2022", "April 14, 2022", "2022-04-14", "２０２２年４月１４日", "二〇二二年四月十四日"],
    ),
    ("@--04-14", ["4月14日", "四月十四日", "April 14"]),
]

NOTHING = [
    "三环境",
    "过半年",
    "半年",
    "八路军",
    "一号召",
    "三路程",
    "一路走来",
    "两成员",
    "两成年人",
    "一些人",
    "一起走",
    "一定",
    "万一下雨",
    "千万别去",
    "千方百计",
    "十分满意",
    "三三两两",
    "一五一十",
    "几十万人",
    "数百名",
    "七八个",
    "四川",
    "三明市",
    "五一",
    "九一八",
    "十四五规划",
    "百度",
    "三成立",
    "三点一刻",
    "G318",
    "COVID-",
    "no one knows",
    "",
]


@pytest.mark.parametrize(("canonical", "text"), [(canonical, text) for canonical, texts in SAME for text in texts])
def test_every_notation_of_a_value_is_one_token(canonical: str, text: str) -> None:
    assert canonical in canonical_numbers(f"共{text}。" if not text.isascii() else f"about {text} .")
    assert [mention.canonical for mention in fold_numbers(text)] == [canonical]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_number_gives_nothing(text: str) -> None:
    assert canonical_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("稻城县1391万元，增长17.1%", ["#13910000", "#17.1%"]),
        ("分别为1,391和2,022", ["#1391", "#2022"]),
        ("3千米长，重5千克", ["#3", "#5"]),
        ("3兆瓦", ["#3"]),
        ("版本1.2.3", ["#1"]),
        ("从17:37到18:00", ["#17", "#37", "#18", "#00"]),
        ("2022年4月14日", ["@2022-04-14", "@2022-04", "#2022", "@--04-14"]),
        ("2022年4月", ["@2022-04", "#2022"]),
        ("4月14日", ["@--04-14"]),
        ("2022年4月14日新增391例", ["@2022-04-14", "@2022-04", "#2022", "@--04-14", "#391"]),
    ],
)
def test_tokens_in_order(text: str, tokens: list[str]) -> None:
    assert canonical_numbers(text) == tokens


def test_spans_are_the_words_of_the_number() -> None:
    text = "全县有十七万一千人，占百分之五，2022年4月14日统计"
    spans = [text[slice(*mention.span)] for mention in fold_numbers(text)]
    assert spans == ["十七万一千", "百分之五", "2022年4月14日"]


def test_a_date_far_into_a_text_keeps_its_place() -> None:
    text = "前言。" * 200 + "2022年4月14日" + "后语。" * 200 + "2021年3月"
    assert [text[slice(*mention.span)] for mention in fold_numbers(text)] == ["2022年4月14日", "2021年3月"]


_DIGITS = "零一二三四五六七八九"


def written(value: int) -> str:
    """Write a number below 10,000 in Chinese, by the textbook."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = digit == 0
    return text


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(0, 9999))
def test_numbers_written_in_chinese_come_back(myriads: int, rest: int) -> None:
    filler = "零" if 0 < rest < 1000 else ""
    assert decimal_value(f"{written(myriads)}万{filler}{written(rest)}") == myriads * 10_000 + rest


@settings(deadline=None)
@given(st.integers(10_000, 10**12))
def test_grouping_and_width_do_not_matter(value: int) -> None:
    wide = str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert canonical_numbers(f"{value:,}") == canonical_numbers(str(value)) == canonical_numbers(wide) == [f"#{value}"]


_PIECES = st.sampled_from([*"一二三十百千万億零点第成分之几多余年月日号0123456789.,%/ -", "百分之", " million", "two "])


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=20).map("".join)))
def test_never_raises_and_mentions_lie_in_order(text: str) -> None:
    mentions = fold_numbers(text)
    assert all(0 <= mention.span[0] < mention.span[1] <= len(text) for mention in mentions)
    assert all(left.span[1] <= right.span[0] for left, right in pairwise(mentions))
    assert all(mention.canonical[0] in "#@" for mention in mentions)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_traditional_reads_as_simplified(text: str) -> None:
    traditional = _TO_TRADITIONAL.convert(text)
    assert canonical_numbers(traditional) == canonical_numbers(_TO_SIMPLIFIED.convert(traditional))
