"""Figures, days and hours of a question as the text that is read writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.notation import as_written


@pytest.mark.parametrize(
    ("question", "text", "written"),
    [
        ("35000人报名的是什么？", "报名人数达3.5万人。", "3.5万人报名的是什么？"),
        ("3.5万人报名的是什么？", "报名的有35,000人。", "35,000人报名的是什么？"),
        ("哪里60岁以上的占20%？", "六十岁以上的老人占五分之一。", "哪里六十岁以上的占五分之一？"),
        ("外地人占30%吗？", "外地跑者占三成。", "外地人占三成吗？"),
        ("7:30在哪里起跑？", "早上七点半从广场起跑。", "早上七点半在哪里起跑？"),
        ("晚上十一点还开吗？", "每天5:30至23:00开放。", "23:00还开吗？"),
        ("下午三点一刻有车吗？", "15:15发车。", "15:15有车吗？"),
        ("西红柿4块8是几号？", "番茄每公斤4.80元。", "西红柿4.80是几号？"),
        ("2号线末班车几点？", "两个站停运，二号线照常。", "二号线末班车几点？"),
        ("2024-06-07是什么风？", "6月7日西南风。", "6月7日是什么风？"),
        ("6/7是什么风？", "6月7日西南风。", "6/7是什么风？"),  # may be a share
        ("6月7日是什么风？", "2024-06-07西南风。", "2024-06-07是什么风？"),
        ("条例19条说什么？", "第十九条规定，犬只须登记。", "条例第十九条说什么？"),
        ("营收0.986亿的是谁？", "公司营收9860万元。", "营收9860万的是谁？"),
        ("打了87分钟的是哪场？", "用时一小时二十七分钟。", "打了一小时二十七分钟的是哪场？"),
        ("一个半小时的是哪场？", "用时90分钟。", "90分钟的是哪场？"),
        ("2号线几站？", "停运的有两个站。", "2号线几站？"),  # two of another thing
        ("2023-06-07是什么风？", "6月7日西南风。", "2023-06-07是什么风？"),  # another year
        ("3.5万人报名的是什么？", "3.5万人报名，去年是35000人。", "3.5万人报名的是什么？"),  # as it stands there
        ("谁报名了？", "报名人数达3.5万人。", "谁报名了？"),
    ],
)
def test_what_says_the_same_is_written_the_same(question: str, text: str, written: str) -> None:
    assert as_written(question, text, 2024) == written


@given(st.text(st.sampled_from("0123456789.,:/%一二三十百千万亿点半成分之年月日号第块 ~-")), st.text(max_size=40))
def test_whatever_is_typed_is_read(question: str, text: str) -> None:
    assert as_written(question, text) == question or text
    assert as_written(question, question) == question
