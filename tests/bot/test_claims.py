"""A claim is called reported only where an article has it letter for letter; every change of it is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.hearing import ClaimVerdict, check
from retrieval import Answer, Article, Filters, Hit

_SENTENCES = (
    "云河镇的水厂扩建工程周三完工，日供水量由三万吨增加到五万吨。",
    "工程总投资1.26亿元，由镇政府和省水务集团各承担一半。",
    "镇长林若岚说，今年夏天不会再限时供水。",
)
_ARTICLE = Article("a", "".join(_SENTENCES), title="水厂扩建完工", source="云河日报")


def _checked(claim: str, *articles: Article) -> tuple[ClaimVerdict, tuple[str | None, ...], tuple[str, ...]]:
    hits = tuple(Hit(n, 1.0, each.text, (0, 1), (0, len(each.text)), each) for n, each in enumerate(articles, 1))
    found = check(claim, Answer(claim, 0.9, Filters(), hits))
    return found.verdict, found.outlets, found.differs


@given(st.sets(st.sampled_from(range(3)), min_size=1), st.sampled_from(["。", "！", "\n", " \n\n"]))
def test_sentences_of_an_article_are_reported_whatever_stands_between_them(chosen: set[int], between: str) -> None:
    claim = between.join(_SENTENCES[n].rstrip("。") for n in sorted(chosen))
    assert _checked(claim, _ARTICLE) == (ClaimVerdict.REPORTED, ("云河日报",), ())


@settings(deadline=None)  # the first change loads the dictionary of names
@given(st.integers(0, sum(map(len, _SENTENCES)) - 1), st.sampled_from("不没甲乙七九"), st.booleans())
def test_no_change_of_a_letter_is_reported(place: int, letter: str, replaces: bool) -> None:
    text = "".join(_SENTENCES)
    claim = text[:place] + letter + text[place + replaces :]
    if claim == text or not text[place].isalnum():
        return
    assert _checked(claim, _ARTICLE)[0] is not ClaimVerdict.REPORTED


@pytest.mark.parametrize(
    ("claim", "differs"),
    [
        (_SENTENCES[1].replace("1.26", "2.26"), ("2.26亿元",)),
        (_SENTENCES[1].replace("镇政府", "北京市政府"), ("北京市政府",)),
        (_SENTENCES[2].replace("不会", "会"), (_SENTENCES[2].replace("不会", "会").rstrip("。"),)),
        (_SENTENCES[0] + "水厂已经停产。", ("水厂已经停产",)),
        (_SENTENCES[1].replace("1.26", "9.26").replace("。", "，厂长被查。"), ("9.26亿元", "厂长被查")),
        (
            _SENTENCES[2].replace("林若岚", "张大山").replace("。", "，省长昨日引咎辞职！"),
            ("张大山", "省长昨日引咎辞职"),
        ),
    ],
)
def test_what_differs_is_named(claim: str, differs: tuple[str, ...]) -> None:
    assert _checked(claim, _ARTICLE) == (ClaimVerdict.DIFFERS, (), differs)


def test_something_else_is_not_found() -> None:
    assert _checked("月球上发现一座古代图书馆，藏书三百万册。", _ARTICLE)[0] is ClaimVerdict.NOT_FOUND
    assert _checked("月球上发现一座古代图书馆。")[0] is ClaimVerdict.NOT_FOUND


def test_rumour_that_an_article_refutes_is_not_reported_by_it() -> None:
    text = "近日有传言说，云河镇水厂下月停止供水。镇政府表示，这是谣言。"
    assert _checked("云河镇水厂下月停止供水。", Article("b", text, source="云河日报"))[0] is ClaimVerdict.DIFFERS
    denial = "云河镇水厂下月停止供水的说法并不属实。"
    assert _checked("云河镇水厂下月停止供水。", Article("c", denial, source="云河日报"))[0] is ClaimVerdict.DIFFERS


def test_outlets_are_counted_once() -> None:
    copy = Article("d", _ARTICLE.text, source="省报")
    assert _checked(_SENTENCES[0], _ARTICLE, copy, copy)[1] == ("云河日报", "省报")
