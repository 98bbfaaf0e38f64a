"""The day of a copy is never the day of publication, whatever words, notation and place it has."""

from datetime import date
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.read import read
from retrieval.values import Article, Draft, PublishedFrom
from tests.retrieval.clean.copies import APART, HANDLED, PLACES, PUBLISHED, STORY, TITLE, labelled, page, unheard_of

TODAY = date(2026, 12, 31)
COPIES = labelled(HANDLED)
DATELINE = '<div class="info">2023-05-06 08:00 来源：岭南晨刊</div>'


def made(folder: Path, name: str, content: str | bytes) -> Article:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (draft,) = read([path])
    assert isinstance(draft, Draft), draft
    article = make_article(draft, today=TODAY)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("place", PLACES)
def test_a_label_of_a_copy_dates_nothing(tmp_path: Path, place: str) -> None:
    # each label in every place, with one of its separators and days there and another one elsewhere
    turn = list(PLACES).index(place) % 5
    wrong = []
    for label, day in COPIES[turn::5] + unheard_of(9):
        article = made(tmp_path, *PLACES[place](label, day))
        if article.published is not None or any(paragraph not in article.text for paragraph in STORY):
            wrong.append((label, day, article.published, article.published_from))
    assert wrong == []


@pytest.mark.parametrize("place", APART)
def test_a_label_on_a_line_or_in_front_of_an_element_is_one(tmp_path: Path, place: str) -> None:
    found = {label: made(tmp_path, *APART[place](label, day)).published for label, day in COPIES[::5]}
    assert {label: day for label, day in found.items() if day} == {}


@pytest.mark.parametrize("place", ["head", "spans", "row", "text, head", "text, head alone", "list"])
def test_a_label_of_publication_dates_the_article(tmp_path: Path, place: str) -> None:
    put = PLACES.get(place) or APART[place]
    found = {label: made(tmp_path, *put(label, day)).published or "" for label, day in labelled(PUBLISHED)}
    assert {label: day for label, day in found.items() if not day.startswith("2023-05-06")} == {}


@pytest.mark.parametrize("label", ["采集时间：", "保存于 ", "导出自 云笔记 ", "Archived on "])
def test_beside_the_day_of_a_copy_the_day_of_publication_stays(tmp_path: Path, label: str) -> None:
    copied = f"{label}2026-11-28 07:31"
    for content in (
        page(head=f"{DATELINE}<p>{copied}</p>"),
        page(head=f"<p>{copied}</p>{DATELINE}"),
        page(head=f"<p>{copied} 发布时间：2023-05-06 08:00</p>"),
        page(head=f"<p>2023-05-06 08:00 {copied}</p>"),
        page(head=DATELINE, foot=f"<p>{copied}</p>"),
    ):
        assert made(tmp_path, "a.html", content).published == "2023-05-06T08:00"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "created",
            "creation_date",
            "dcterms.created",
            "lastmod",
            "last-modified",
            "Maketime",
            "savepage-date",
            "archive_date",
        ),
        *(
            "generated",
            "build-date",
            "crawl_time",
            "fetched",
            "snapshot-date",
            "revised",
            "og:updated_time",
            "dcterms.modified",
        ),
        *(
            "article:modified_time",
            "expires",
            "cache-date",
            "print-date",
            "date-accessed",
            "timestamp",
            "robots-date",
            "x",
        ),
    ],
)
def test_a_meta_tag_that_speaks_of_a_copy_dates_nothing(tmp_path: Path, name: str) -> None:
    days = ("2026-11-28", "2026-11-28T07:31:00Z", "20261128", "Sat Nov 28 2026 07:31:00 GMT+0800")
    for key, day in zip(("name", "property", "itemprop", "http-equiv"), days, strict=True):
        meta = f'<meta {key}="{name}" content="{day}">'
        assert made(tmp_path, "a.html", page(meta=meta)).published is None
        assert made(tmp_path, "a.html", page(meta=meta, head=DATELINE)).published == "2023-05-06T08:00"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "article:published_time",
            "pubdate",
            "publishdate",
            "PubDate",
            "publish_time",
            "citation_publication_date",
            "dcterms.issued",
        ),
        *(
            "article_date_original",
            "rnews:datePublished",
            "contentPublishDate",
            "originalPublicationDate",
            "date",
            "DC.date",
        ),
    ],
)
def test_a_meta_tag_that_speaks_of_publication_dates_the_article(tmp_path: Path, name: str) -> None:
    copied = '<meta name="created" content="2026-11-28"><meta name="lastmod" content="2026-11-28">'
    article = made(tmp_path, "a.html", page(meta=f'{copied}<meta name="{name}" content="2023-05-06">'))
    assert (article.published, article.published_from) == ("2023-05-06", PublishedFrom.META)


@pytest.mark.parametrize(
    "beside",
    [
        "<!-- Page saved with SingleFile \n url: http://paper.example/1 \n saved date: Sat Nov 28 2026 07:31:00 GMT+0800 \n-->",
        "<!-- Generated on 2026-11-28 07:31 -->",
        "<script>var crawlTime = '2026-11-28 07:31', savedAt = 1795851060, now = '2026-11-28';</script>",
        f'<script>{{"title": "{TITLE}", "crawlTime": "2026-11-28", "createdAt": 1795851060, "updateTime": "2026-11-28"}}</script>',
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2026-11-28", "dateCreated": "2026-11-28"}'
            "</script>"
        ),
        '<script type="application/ld+json">{"@type": "Comment", "datePublished": "2026-11-28"}</script>',
        '<div data-saved="2026-11-28" data-date="2026-11-28"></div>',
        '<footer><time datetime="2026-11-28T07:31:00Z">today</time></footer>',
        '<p class="t"><time class="updated" datetime="2026-11-28T07:31:00Z">28 Nov</time></p>',
        '<link rel="canonical" href="https://web.archive.org/web/20261128/http://paper.example/1.html">',
        '<div itemprop="citation" itemscope><meta itemprop="datePublished" content="1988"></div>',
        '<div itemscope itemtype="http://schema.org/Comment"><time itemprop="datePublished" datetime="2026-11-28">x</time></div>',
        "<p>28 Nov 2026 - 29 Nov 2026</p>",
    ],
)
def test_what_else_holds_the_day_of_a_copy_dates_nothing(tmp_path: Path, beside: str) -> None:
    assert made(tmp_path, "a.html", page(meta=beside)).published is None
    assert made(tmp_path, "a.html", page(foot=beside)).published is None


def test_a_script_dates_the_article_that_it_names(tmp_path: Path) -> None:
    state = f'{{"detail": {{"title": "{TITLE}", "pubTime": "2023-05-06 14:07", "crawlTime": "2026-11-28"}}}}'
    article = made(tmp_path, "a.html", page(foot=f"<script>window.state = {state}</script>"))
    assert (article.published, article.published_from) == ("2023-05-06T14:07", PublishedFrom.SCRIPT)
    listed = state.replace("}}", '}, "next": {"pubTime": "2023-05-09"}}')
    assert made(tmp_path, "a.html", page(foot=f"<script>window.state = {listed}</script>")).published is None
    assert made(tmp_path, "a.html", page(foot=f"<script>{state}</script>".replace(TITLE, "另一篇"))).published is None
    printed = page(head=DATELINE, foot=f"<script>{state}</script>")
    assert made(tmp_path, "a.html", printed).published_from is PublishedFrom.DATELINE


@pytest.mark.parametrize("digits", ["1683369900", "1683369900000"])
def test_an_accounts_page_tells_its_day_in_a_script(tmp_path: Path, digits: str) -> None:
    story = '<div id="js_content" style="visibility: hidden">' + "".join(f"<p>{line}</p>" for line in STORY) + "</div>"
    head = '<div><a id="js_name">青石发布</a><em id="publish_time">昨天</em></div>'
    script = f'<script>var svr_time = "1795851060"; var ct = "{digits}"; var createTime = "2023-05-06 18:45";</script>'
    article = made(tmp_path, "a.html", page(head=head, story=story, foot=script))
    assert (article.published, article.source) == ("2023-05-06T18:45:00+08:00", "青石发布")
    assert article.text == "\n".join(STORY)


@pytest.mark.parametrize(
    ("printed", "declared", "published"),
    [
        ("发布时间：10-08 12:00", "2019-10-08 12:00:57", "2019-10-08T12:00"),
        ("10-08 12:00 廊桥旧事", "2019-10-08", "2019-10-08T12:00"),
        ("发布时间：10-08 12:00", "2019-10-09 12:00:57", None),
        ("10-08 12:00 廊桥旧事", "2026-11-28", None),
    ],
)
def test_the_same_day_in_the_markup_gives_a_printed_day_its_year(
    tmp_path: Path, printed: str, declared: str, published: str | None
) -> None:
    content = page(meta=f'<meta itemprop="dateUpdate" content="{declared}">', head=f"<p>{printed}</p>")
    assert made(tmp_path, "a.html", content).published == published


def test_dates_in_elements_of_their_own_are_not_run_together(tmp_path: Path) -> None:
    head = '<div><span class="date">2023-05-06</span><span class="time">12:00</span></div>'
    assert made(tmp_path, "a.html", page(head=head)).published == "2023-05-06T12:00"


@pytest.mark.parametrize(
    ("text", "published", "where"),
    [
        (f"{TITLE}\n更新于 2023-05-06 12:00\n\n{STORY[0]}", "2023-05-06T12:00", PublishedFrom.UPDATED),
        (f"{TITLE}\n更新于 2023-05-06\n采集于 2023-05-07\n\n{STORY[0]}", "2023-05-06", PublishedFrom.UPDATED),
        # what was changed on the day of the copy is the copy
        (f"{TITLE}\n更新时间：2026-11-28 07:35\n创建时间：2026-11-28\n\n{STORY[0]}", None, PublishedFrom.NONE),
        # a change above the title is the site's, and so is that of its figures
        (f"更新于 2026-11-28 07:30\n首页 | 国内\n{TITLE}\n来源：岭南晨刊\n{STORY[0]}", None, PublishedFrom.NONE),
        (f"{TITLE}\n来源：岭南晨刊\n{STORY[0]}\n数据更新时间：2026-11-28 07:30", None, PublishedFrom.NONE),
        (f"{TITLE}\n更新于 2023-05-07\n发布于 2023-05-06\n\n{STORY[0]}", "2023-05-06", PublishedFrom.DATELINE),
    ],
)
def test_an_update_stands_in_for_the_publication_and_says_so(
    tmp_path: Path, text: str, published: str | None, where: PublishedFrom
) -> None:
    article = made(tmp_path, "a.txt", text)
    assert (article.published, article.published_from) == (published, where)


@pytest.mark.parametrize(
    "text",
    [
        f"2026/11/28 07:31 {TITLE} - 岭南晨刊\n{TITLE}\n" + "\n".join(STORY) + "\nhttps://paper.example/1 1/1",
        (
            f"2026/11/28 上午7:31 {TITLE}\n{TITLE}\n{STORY[0]}\nhttps://paper.example/1 1/2\n2026/11/28 上午7:31 {TITLE}\n{STORY[1]}\n"
            "https://paper.example/1 2/2"
        ),
        f"{TITLE}\n{STORY[0]}\n第 1 页 共 2 页 2026/11/28 上午7:31\n{STORY[1]}\n第 2 页 共 2 页 2026/11/28 上午7:31",
    ],
)
def test_what_a_browser_prints_around_a_page_is_no_part_of_it(tmp_path: Path, text: str) -> None:
    article = made(tmp_path, "a.txt", text)
    assert (article.title, article.published) == (TITLE, None)
    assert set(article.text.split("\n")) <= set(STORY)


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_the_head_of_a_servers_answer_is_no_part_of_a_file(tmp_path: Path, name: str) -> None:
    head = (
        "HTTP/1.1 200 OK\r\nDate: Sat, 28 Nov 2026 07:31:00 GMT\r\nLast-Modified: Sat, 28 Nov 2026 07:30:00 GMT\r\n\r\n"
    )
    body = page() if name == "a.html" else f"{TITLE}\n\n" + "\n".join(STORY)
    article = made(tmp_path, name, head + body)
    assert (article.title, article.published, article.text) == (TITLE, None, "\n".join(STORY))
