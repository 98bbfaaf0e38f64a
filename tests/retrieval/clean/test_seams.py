"""Lines that a scraper glued together are read as the lines they were."""

from datetime import date

import pytest

from retrieval.clean.article import make_article
from retrieval.values import Article, Draft

BODY = (
    "这座桥修了八年，桥头的人家等了八年，通车那天谁也没有说话。",
    "五月的早晨，雾还没有散，头一班公交车从桥上开过去，车里坐着九个人。",
    "县交通局说，老桥不拆，改成步行桥，今年年底前装好护栏和座椅。",
)
ENGLISH = (
    "The bridge took eight years to build, and nobody said a word on the day it opened.",
    "The first bus crossed at dawn with nine people in it.",
)
TITLE = "八年修成一座桥"
MENU = ("云岭新闻网", "首页", "新闻", "体育", "财经", "您当前的位置：首页 > 新闻 > 正文")
FOOT = ("责任编辑：晏子清", "打印", "关闭", "版权所有 云岭新闻网")


def made(text: str) -> Article:
    article = make_article(Draft(id="a", text=text), today=date(2025, 1, 1))
    assert isinstance(article, Article)
    again = make_article(Draft(id="a", text=article.text), today=date(2025, 1, 1))
    assert isinstance(again, Article)
    assert again.text == article.text
    return article


@pytest.mark.parametrize("gap", [" ", "  ", "\u3000\u3000", "\t"])
def test_a_page_on_one_line_is_taken_apart(gap: str) -> None:
    head = (*MENU, TITLE, "2021-05-06 10:20", "来源：云岭新闻网", "作者：卓一凡")
    article = made(gap.join([*head, *BODY, *FOOT]))
    assert article.text.split("\n") == list(BODY)
    assert (article.title, article.source, article.author) == (TITLE, "云岭新闻网", "卓一凡")
    assert article.published == "2021-05-06T10:20"


def test_an_english_page_on_one_line_is_cut_at_wide_gaps_only() -> None:
    menu = ("Home", "News", "Sport", "Valley Gazette")
    article = made(
        "   ".join([*menu, "Bridge opens after eight years", "By Jane Pellworth", "March 3, 2021", *ENGLISH, "Print"])
    )
    assert article.text.split("\n") == list(ENGLISH)
    assert (article.author, article.published) == ("Jane Pellworth", "2021-03-03")


def test_a_dateline_glued_to_the_first_sentence_leaves_it() -> None:
    article = made("\n".join([TITLE, f"2021-05-06 10:20 来源：云岭新闻网 {BODY[0]}", *BODY[1:]]))
    assert article.text.split("\n") == list(BODY)
    assert (article.title, article.source, article.published) == (TITLE, "云岭新闻网", "2021-05-06T10:20")


@pytest.mark.parametrize(
    ("dateline", "source", "published"),
    [
        (" 2021-05-06 10:20 来源：云岭新闻网 作者：卓一凡", "云岭新闻网", "2021-05-06T10:20"),
        ("2021年5月6日 来源：云岭新闻网", "云岭新闻网", "2021-05-06"),
        (" - 发布时间：2021-05-06", None, "2021-05-06"),
        ("（2021-05-06）", None, "2021-05-06"),
        (" 来源：云岭新闻网", "云岭新闻网", None),
    ],
)
@pytest.mark.parametrize("above", ["", "首页 | 新闻 | 体育 | 财经 | 旅游 | 汽车\n"])
def test_a_title_glued_to_its_dateline_is_the_title(
    above: str, dateline: str, source: str | None, published: str | None
) -> None:
    article = made("\n".join([f"{above}{TITLE}{dateline}", *BODY]))
    assert (article.title, article.source, article.published) == (TITLE, source, published)
    assert article.text.split("\n") == list(BODY)


def test_an_outlet_beside_the_date_is_no_title() -> None:
    article = made("\n".join([TITLE, "渭水两岸发布 2021-05-06", *BODY]))
    assert (article.title, article.source, article.published) == (TITLE, "渭水两岸发布", "2021-05-06")


@pytest.mark.parametrize(
    "sentence",
    [
        "他的 一生 都在 船上 ，首页 新闻 视频 图片 这些词他没有听过，也不想听。",
        "菜单上写着：首页　一杯茶　两块钱，他看了很久，最后什么也没有点。",
        "In 2021   the county   opened   a bridge, home to nine families, and closed the ferry.",
    ],
)
def test_a_sentence_with_gaps_stays_whole(sentence: str) -> None:
    assert made("\n".join([*BODY, sentence])).text.split("\n") == [*BODY, sentence]
