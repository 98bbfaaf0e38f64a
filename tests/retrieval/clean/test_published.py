from datetime import date

import pytest

from retrieval.clean import load_outlets
from retrieval.clean.body import read_page
from retrieval.clean.origin import Bounds, Published, date_in_url, find_published
from retrieval.values import PublishedFrom

OUTLETS = load_outlets()
BODY = "沅陵站水位涨至98.4米，超过警戒水位1.4米，县里连夜转移群众六千三百人，没有人员伤亡。"


def found(text: str, url: str | None = None, since: int | None = None) -> Published:
    page = read_page(text, OUTLETS)
    body = "\n".join(text[slice(*span)] for span in page.paragraphs)
    return find_published(page, body, url, Bounds(date(2025, 1, 1), since))


@pytest.mark.parametrize(
    ("text", "iso", "where"),
    [
        (f"涨水了\n2020-07-13 10:20 来源：沅水在线\n{BODY}", "2020-07-13T10:20", PublishedFrom.DATELINE),
        (f"涨水了\n{BODY}\n【发表时间:2020/7/13】 【打印本页】", "2020-07-13", PublishedFrom.FOOT),
        (f"涨水了\n2020年7月 沅水在线\n{BODY}", "2020-07", PublishedFrom.DATELINE),
        (f"新华社沅陵2020年7月13日电 {BODY}", "2020-07-13", PublishedFrom.DATELINE),
        (f"Water rises\nBy Jane Smith, July 13, 2020\n{BODY}", "2020-07-13", PublishedFrom.BYLINE),
        (f"涨水了\n最后更新：2020-07-14\n{BODY}", "2020-07-14", PublishedFrom.UPDATED),
        # the date printed as publication wins over the story's and over an update
        (
            f"涨水了\n更新时间：2020-07-15 发布时间：2020-07-13\n2019年6月1日，{BODY}",
            "2020-07-13",
            PublishedFrom.DATELINE,
        ),
        # the site's clock on top of the page is no publication
        (f"今天是2024年12月3日\n首页 | 新闻\n涨水了\n时间：2020-07-13\n{BODY}", "2020-07-13", PublishedFrom.DATELINE),
        (f"今天是2024年12月3日 星期二\n首页 | 新闻\n涨水了\n{BODY}", None, PublishedFrom.NONE),
        # other articles' dates are theirs
        (f"涨水了\n{BODY}\n相关新闻\n· 水退了 2020-07-20", None, PublishedFrom.NONE),
        (f"1996年7月13日，{BODY}", None, PublishedFrom.NONE),
        (f"涨水了\n2031-01-01 来源：沅水在线\n{BODY}", None, PublishedFrom.NONE),
        (f"涨水了\n1720-01-01 来源：沅水在线\n{BODY}", None, PublishedFrom.NONE),
    ],
)
def test_the_date_printed_as_publication_is_found(text: str, iso: str | None, where: PublishedFrom) -> None:
    assert found(text) == Published(iso, where)


def test_a_day_takes_its_year_from_the_page_alone() -> None:
    wire = f"涨水了\n沅水在线7月13日电 {BODY}"
    assert found(wire).iso is None
    assert found(wire, "https://yuanshui.example/2020/0714/c1.html") == Published("2020-07-13", PublishedFrom.DATELINE)
    assert found(f"{wire}\n责编：安澜 2020年7月14日").iso == "2020-07-14"
    assert found(f"{wire}\n洪峰于2020年7月13日凌晨过境，比预报的早了三个小时，堤上的灯亮了一夜。").iso == "2020-07-13"
    assert found(f"{wire}\nCopyright © 2020 沅水在线").iso is None


def test_the_day_of_a_copy_gives_no_year() -> None:
    head = f"涨水了\n7月13日 10:20 沅水在线\n{BODY}"
    assert found(head).iso is None
    for copied in ("采集时间：2021-01-02 03:04", "保存于 2021-01-02", "2021年1月2日 抓取", "某某时间：2021-01-02"):
        assert found(f"{head}\n{copied}").iso is None
    assert found(f"{head}\n采集时间：2021-01-02\n责编：安澜 2020年7月14日").iso == "2020-07-13T10:20"


def test_nothing_is_older_than_its_outlet() -> None:
    text = f"涨水了\n1998-07-13 来源：沅水在线\n{BODY}"
    assert found(text).iso == "1998-07-13"
    assert found(text, since=2003).iso is None


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://a.example/n/2020/0225/c123-456.html", "2020-02-25"),
        ("https://a.example/2020-02/25/c_112.htm", "2020-02-25"),
        ("https://a.example/t20200225_5501.html", "2020-02-25"),
        ("https://a.example/2020/2/5/story", "2020-02-05"),
        ("https://a.example/202002/25/a.html", "2020-02-25"),
        ("https://a.example/id/20201399.html", None),
        ("https://a.example/4020200225123", None),
        # the day of a copy of the page, and values that are no days of it
        ("https://web.archive.org/web/20261128/http://a.example/n/2020/0225/c1.html", "2020-02-25"),
        ("https://web.archive.org/web/20261128/http://a.example/n/c1.html", None),
        ("https://a.example/story.html?v=20261128", None),
        ("https://a.example/story.html#2026-11-28", None),
        ("https://a.example/paper.asp?id=3&date=2020-02-25", "2020-02-25"),
        (None, None),
    ],
)
def test_a_day_in_an_address(url: str | None, iso: str | None) -> None:
    mention = date_in_url(url)
    assert (mention.iso if mention else None) == iso
