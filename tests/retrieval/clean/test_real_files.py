"""The five real files, read as a careful reader reads them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.text import even
from retrieval.values import Article, Draft

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "articles"


@dataclass(frozen=True)
class Expected:
    """Values in Simplified and half width, so that they hold whether or not the converter's damage is undone."""

    title: str | None
    source: str | None
    author: str | None
    published: str | None
    published_from: str
    opening: str
    closing: str
    foreign: tuple[str, ...]


EXPECTED = {
    "000_79a278529012cd14.txt": Expected(
        "广西资源:吹响党员干部“集结号”压实防疫“第一责任”",
        "乡村干部报网",
        "杨臻莹",
        "2022-04-14T17:37:00",
        "dateline",
        "“疫情形势严峻,今年清明别回家了,",
        "感谢党和国家。",
        ("滦南县", "微信公众号", "责编", "倪敏", "作者:"),
    ),
    "001_cf9c1c919220be17.txt": Expected(
        None,
        None,
        "刘艺、王纯芳",
        None,
        "none",
        "新冠肺炎疫情发生以来,在中央、省委的统一领导",
        "推动疫情由“防控战”转向“歼灭战”。",
        ("供稿", "admin", "管理员", "图:"),
    ),
    "002_7952e1c488c00cd2.txt": Expected(
        "甘肃宕昌:红色堡垒 战“疫”线上的临时党支部",
        "中国发展网",
        "刘治学、刘国庆、王晓勇",
        "2021-11-26T15:17",
        "dateline",
        "中国发展网讯 一个党支部就是一座堡垒",
        "分类清运生活、医疗垃圾26批次。",
        ("刘丹阳", "相关新闻", "返回", "首页", "刘治学", "摘要"),
    ),
    "003_eb3604276caf534f.txt": Expected(
        "陕西渭南: 让党员干部成为疫情防控中的生力军",
        "丝路情韵网",
        "张伟",
        "2020-02-25",
        "foot",
        "编者按:一个党员就是一面旗帜",
        "推进高质量发展、实现追赶超越的新征程中来。",
        ("当前的位置", "打印本页", "陕ICP备", "版权声明", "当地供图", "消博会", "咸阳", "油价", "光影华山"),
    ),
    "004_cb1c5ed1378b799c.txt": Expected(
        None,
        None,
        None,
        None,
        "none",
        "新型冠状病毒肺炎疫情发生以来,晋源区从组织动",
        "汇聚起众志成城战疫情的强大正能量。",
        (),
    ),
}


@pytest.fixture(params=EXPECTED)
def real(request: pytest.FixtureRequest) -> tuple[Article, Expected]:
    path = FOLDER / request.param
    if not path.exists():
        pytest.skip(f"the real articles are not here: {FOLDER}")
    article = make_article(Draft(id=path.name, text=path.read_text(encoding="utf-8"), path=path.name))
    assert isinstance(article, Article)
    return article, EXPECTED[request.param]


def simplified(text: str | None) -> str | None:
    return None if text is None else even(text)


def test_a_real_file_is_read_as_a_careful_reader_reads_it(real: tuple[Article, Expected]) -> None:
    article, expected = real
    assert (simplified(article.title), simplified(article.source), simplified(article.author)) == (
        expected.title,
        expected.source,
        expected.author,
    )
    assert (article.published, article.published_from) == (expected.published, expected.published_from)
    body = even(article.text)
    assert body.startswith(expected.opening)
    assert body.endswith(expected.closing)
    assert [text for text in expected.foreign if text in body] == []
    for repair in article.repairs:
        start, end = repair.span
        assert 0 <= start < end <= len(article.text)
        assert article.text[start:end] != repair.seen
    again = make_article(Draft(id=article.id, text=article.text))
    assert isinstance(again, Article)
    assert again.text == article.text


@pytest.mark.parametrize(("name", "damaged"), [(name, name[:3] in ("000", "001", "004")) for name in EXPECTED])
def test_repairs_are_counted_in_the_body(name: str, *, damaged: bool) -> None:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the real articles are not here: {FOLDER}")
    text = path.read_text(encoding="utf-8")
    article = make_article(Draft(id=name, text=text))
    assert isinstance(article, Article)
    assert bool(article.repairs) is damaged
    assert all(repair.seen in text for repair in article.repairs)
