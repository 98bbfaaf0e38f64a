"""Every other format: its text and what it declares."""

import gzip
import zlib
from email.header import Header
from pathlib import Path
from textwrap import wrap

import pytest

from retrieval.read import Limits, read
from retrieval.values import Draft, PublishedFrom, Skipped
from tests.retrieval.read.builders import docx, message, paragraph, pdf
from tests.retrieval.read.pages import ENGLISH, HANS, HANT, JAPANESE, paragraphs

STORY = "\n".join(HANS)
RECORD = PublishedFrom.RECORD


def read_bytes(folder: Path, name: str, data: bytes) -> list[Draft | Skipped]:
    (folder / name).write_bytes(data)
    return list(read([folder / name]))


def one(folder: Path, name: str, data: bytes) -> Draft:
    [draft] = read_bytes(folder, name, data)
    assert isinstance(draft, Draft), draft
    return draft


def declared(draft: Draft) -> tuple[str | None, ...]:
    return draft.title, draft.source, draft.author, draft.published, draft.url


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            (
                '---\ntitle: "周末开放: 延长"\ndate: 2022-04-14 17:37\nauthor: [何山, 林小雨]\nsource: 清溪日报\n'
                "url: https://news.example/7\ntags:\n  - 图书馆\n  - 社会\ndraft: false\n---\n"
            ),
            ("周末开放: 延长", "清溪日报", "何山, 林小雨", "2022-04-14T17:37", "https://news.example/7"),
        ),
        (
            "---\r\n标题: 周末开放延长 # 初稿\r\n作者:\r\n- 何山\r\n- 林小雨\r\n发布时间: 2022年4月14日\r\n来源: '清溪日报'\r\n---\r\n",
            ("周末开放延长", "清溪日报", "何山, 林小雨", "2022-04-14", None),
        ),
        (
            '+++\ntitle = "周末开放延长"\ndate = 2022-04-14T17:37:00Z\n+++\n',
            ("周末开放延长", None, None, "2022-04-14T17:37:00+00:00", None),
        ),
        ("# 周末开放*延长*\n\n", ("周末开放延长", None, None, None, None)),
        ("---\ntitle: [unclosed\n  deep:\n    er: 1\n: :\n---\n", ("[unclosed", None, None, None, None)),
        ("---\n\n---\n", (None, None, None, None, None)),
    ],
)
def test_markdown_declares_in_front_matter_or_heading(
    tmp_path: Path, head: str, expected: tuple[str | None, ...]
) -> None:
    draft = one(tmp_path, "a.md", (head + "\n" + "\n\n".join(HANS)).encode())

    assert declared(draft) == expected
    assert draft.text.split("\n")[-4:] == list(HANS)
    assert draft.published_from is (RECORD if expected[3] else PublishedFrom.NONE)


def test_markdown_paragraphs_lose_their_markup_and_wrapping(tmp_path: Path) -> None:
    text = """
开放时间
========

第一段在这里
折行，还有**粗体**、*斜体*和[链接](http://a.example "t")。

The second one is
wrapped, too: `code`, snake_case_name, 2 * 3 * 4.

- 第一项
- 第二项

> 引文

![图](a.png)

| 日期 | 时间 |
|------|------|
| 周六 | 九点 |

***

```
a  =  [b](c)
```
"""
    assert one(tmp_path, "a.md", text.encode()).text.split("\n") == [
        "开放时间",
        "第一段在这里折行，还有粗体、斜体和链接。",
        "The second one is wrapped, too: code, snake_case_name, 2 * 3 * 4.",
        "第一项",
        "第二项",
        "引文",
        "日期 | 时间",
        "周六 | 九点",
        "a  =  b",
    ]


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("**“引文”**他说，**重话。**后面", ["“引文”他说，重话。后面"]),
        ("5*6*7 和 a_b_c", ["5*6*7 和 a_b_c"]),
        ("正文[^1]。\n\n[^1]: 注在这里。", ["正文[^1]。", "[^1]: 注在这里。"]),
        ("见[图书馆][1]。\n\n[1]: http://a.example", ["见图书馆。"]),
        ("日期 | 时间\n--|--\n周六 | 九点", ["日期 | 时间", "周六 | 九点"]),
        ("第一行  \n第二行\n折行", ["第一行", "第二行折行"]),
        ("　　第一段。\n　　第二段。", ["第一段。", "第二段。"]),
        ("1986. 那一年\n\n3) 第三", ["1986. 那一年", "3) 第三"]),
        ("<div>\n<p>第一段。</p>\n</div>\n\n3 &lt; 4", ["第一段。", "3 < 4"]),
    ],
)
def test_markdown_is_read_as_it_is_shown(tmp_path: Path, markup: str, lines: list[str]) -> None:
    assert one(tmp_path, "a.md", markup.encode()).text.split("\n") == lines


@pytest.mark.parametrize("codec", ["utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")])
def test_tables_hold_an_article_a_row(tmp_path: Path, codec: str, name: str, delimiter: str) -> None:
    rows = [
        ["编号", "标题", "正文", "来源", "发布时间", "点击"],
        [
            "n1",
            "开放延长",
            f'"{HANS[0]}\n{HANS[1].replace("“", "").replace("”", "")}"',
            "清溪日报",
            "2022/4/14 17:37",
            "1",
        ],
        ["", "通知", '"有""引号""的正文"', "", "某日", "2"],
    ]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(codec)

    first, second = read_bytes(tmp_path, name, data)

    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.id, first.text.count("\n"), first.source) == ("n1", 1, "清溪日报")
    assert (first.published, first.published_from) == ("2022-04-14T17:37", RECORD)
    assert (second.id, second.text, second.published) == (f"{name}#2", '有"引号"的正文', None)


def test_a_bad_row_is_named_by_its_line(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "a.csv", b"title,content\none,first\ntwo\n\nthree,third\n")

    assert [item.text if isinstance(item, Draft) else (item.path[-7:], item.reason) for item in found] == [
        "first",
        ("a.csv:3", "no text: none of its fields is called text, content, body, 正文 …"),
        "third",
    ]


def test_fields_past_the_columns_are_the_texts_or_said(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "a.csv", b"title,content\none,first, second,, third\ntwo,alone\nthree,,\nfour,x,,\n")
    assert [item.text for item in found if isinstance(item, Draft)] == ["first, second,, third", "alone", "x"]
    found = read_bytes(tmp_path, "b.csv", b"content;title\nfirst; second;one\nthird;two;;\n")
    assert [(item.text, item.title) for item in found if isinstance(item, Draft)] == [("third", "two")]
    assert [(Path(item.path).name, item.reason) for item in found if isinstance(item, Skipped)] == [
        ("b.csv:2", "3 fields in 2 columns: quote those that hold ';'")
    ]


def test_a_table_without_text_says_what_it_has(tmp_path: Path) -> None:
    [skipped] = read_bytes(tmp_path, "a.csv", b"name,price\nx,1\n")

    assert isinstance(skipped, Skipped)
    assert skipped.reason == "no column for the text among 'name, price'"


RSS = f"""<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>清溪网·要闻</title><link>https://news.example/</link>
<item><title>开放延长</title><link>https://news.example/7</link><pubDate>Thu, 14 Apr 2022 17:37:00 +0800</pubDate>
<dc:creator>何山</dc:creator><description>摘要</description>
<content:encoded><![CDATA[{paragraphs(HANS)}]]></content:encoded></item>
<item><title>只有摘要&nbsp;&ldquo;引文&rdquo;</title><guid isPermaLink="false">n-8</guid>
<description>&lt;p&gt;摘要在此。&lt;/p&gt;</description></item>
<item><title>只有标题</title></item><item><link>https://news.example/9</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Clearbrook Echo</title>
<entry><id>tag:echo,2022:1</id><title>Longer hours</title><link rel="self" href="https://e.example/f"/>
<link href="https://e.example/1"/><author><name>Tom Field</name></author><published>2022-04-14T08:00:00Z</published>
<updated>2022-04-15T08:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
{paragraphs(ENGLISH)}</div></content></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/7</loc><news:news><news:publication><news:name>清溪网</news:name><news:language>zh</news:language>
</news:publication><news:publication_date>2022-04-14</news:publication_date><news:title>周末开放时间延长</news:title></news:news>
</url></urlset>"""
CORPUS = f"""<docs><doc><url>http://news.example/7</url><docno>a1</docno><contenttitle>开放延长</contenttitle>
<content>{STORY}</content></doc></docs>"""


def test_rss_items_are_articles(tmp_path: Path) -> None:
    first, second, third, fourth = read_bytes(tmp_path, "feed.xml", RSS.encode("gbk"))

    assert isinstance(first, Draft)
    assert (first.id, first.text) == ("feed.xml#1", STORY)
    assert declared(first) == ("开放延长", "清溪网·要闻", "何山", "2022-04-14T17:37:00+08:00", "https://news.example/7")
    assert isinstance(second, Draft)
    assert (second.id, second.title, second.text) == ("n-8", "只有摘要 “引文”", "摘要在此。")
    assert isinstance(third, Draft)
    assert third.text == "只有标题"
    assert isinstance(fourth, Skipped)
    assert fourth.path.endswith("feed.xml#4")


def test_atom_entries_are_articles(tmp_path: Path) -> None:
    draft = one(tmp_path, "feed.atom", ATOM.encode())

    assert (draft.id, draft.text) == ("tag:echo,2022:1", "\n".join(ENGLISH))
    assert declared(draft) == (
        "Longer hours",
        "Clearbrook Echo",
        "Tom Field",
        "2022-04-14T08:00:00Z",
        "https://e.example/1",
    )


def test_the_change_of_an_entry_stands_in_for_its_publication(tmp_path: Path) -> None:
    changed = ATOM.replace("<published>2022-04-14T08:00:00Z</published>", "")
    draft = one(tmp_path, "feed.atom", changed.encode())
    assert (draft.published, draft.published_from) == ("2022-04-15T08:00:00Z", PublishedFrom.UPDATED)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("gio, 14 apr 2022 17:37:00 +0200", "2022-04-14T17:37:00+02:00"),
        ("jeu., 14 juil. 2022 17:37:00 +0200", "2022-07-14T17:37:00+02:00"),
        ("Do, 14 Mär 2022 17:37:00 +0100", "2022-03-14T17:37:00+01:00"),
        ("jue, 14 ene 2022 17:37:00 GMT", "2022-01-14T17:37:00+00:00"),
        ("qui, 14 dez 2022 17:37:00 -0300", "2022-12-14T17:37:00-03:00"),
        ("Чт, 14 апр 2022 17:37:00 +0300", "2022-04-14T17:37:00+03:00"),
        ("czw., 14 paź 2022 17:37:00 +0200", "2022-10-14T17:37:00+02:00"),
        ("Per, 14 Ağu 2022 17:37:00 +0300", "2022-08-14T17:37:00+03:00"),
        ("周四, 14 4月 2022 17:37:00 +0800", "2022-04-14T17:37:00+08:00"),
        ("星期四, 14 十二月 2022 17:37:00 +0800", "2022-12-14T17:37:00+08:00"),
        ("14 avril 2022 17:37:00 +0200", "2022-04-14T17:37:00+02:00"),
        ("<![CDATA[ Thu, 14 Apr 2022 17:37:00 +0800 ]]>", "2022-04-14T17:37:00+08:00"),
        ("Thu, 32 Apr 2022 17:37:00 +0800", None),
        ("gio, 14 foo 2022 17:37:00 +0200", None),
    ],
)
def test_a_feeds_dates_in_any_language(tmp_path: Path, written: str, iso: str | None) -> None:
    feed = RSS.replace("Thu, 14 Apr 2022 17:37:00 +0800", written).encode()
    first = read_bytes(tmp_path, "feed.xml", feed)[0]
    assert isinstance(first, Draft)
    assert first.published == iso


def test_a_news_sitemap_has_headlines(tmp_path: Path) -> None:
    draft = one(tmp_path, "sitemap.xml", SITEMAP.encode())

    assert draft.text == "周末开放时间延长"
    assert declared(draft) == ("周末开放时间延长", "清溪网", None, "2022-04-14", "https://news.example/7")
    assert draft.language == "zh"


def test_other_xml_is_read_by_its_field_names(tmp_path: Path) -> None:
    draft = one(tmp_path, "corpus.xml", CORPUS.encode("utf-16"))

    assert (draft.text, draft.url, draft.id) == (STORY, "http://news.example/7", "a1")


def test_pdf_lines_are_joined_to_paragraphs(tmp_path: Path) -> None:
    chinese = [line[at : at + 20] for line in HANS for at in range(0, len(line), 20)]
    english = [line for paragraph in ENGLISH for line in wrap(paragraph, 50)]

    draft = one(tmp_path, "a.pdf", pdf(chinese, english, title="开放延长", author="何山"))

    assert draft.text.split("\n") == [*HANS, *ENGLISH]
    assert declared(draft) == ("开放延长", None, "何山", None, None)


def test_pdf_titles_that_programs_wrote_are_not_titles(tmp_path: Path) -> None:
    assert one(tmp_path, "a.pdf", pdf([HANS[0]], title="通知.docx")).title is None


def test_word_documents(tmp_path: Path) -> None:
    table = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("周六", "九点至二十一点"))
    deleted = "<w:p><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>"
    body = "".join(map(paragraph, HANS)) + f"<w:tbl><w:tr>{table}</w:tr></w:tbl>" + deleted

    draft = one(tmp_path, "a.docx", docx(body, "开放延长", "何山"))

    assert draft.text.split("\n") == [*HANS, "周六\t九点至二十一点"]
    assert declared(draft) == ("开放延长", None, "何山", None, None)
    assert one(tmp_path, "b.docx", docx(body, creator="Administrator")).author is None


@pytest.mark.parametrize(
    ("lines", "charset"),
    [(HANS, "utf-8"), (HANS, "gb2312"), (HANT, "big5"), (JAPANESE, "iso-2022-jp"), (JAPANESE, "shift_jis")],
)
def test_messages(tmp_path: Path, lines: tuple[str, ...], charset: str) -> None:
    data = message(lines[0][:12], f"{lines[1][:2]} <desk@news.example>", "\n".join(lines), "<p>page</p>", charset)

    draft = one(tmp_path, "a.eml", data)

    assert draft.text == "\n".join(lines)
    assert declared(draft) == (lines[0][:12], None, lines[1][:2], "2022-04-14T17:37:00+08:00", None)


def test_a_message_that_is_a_page(tmp_path: Path) -> None:
    data = message("x", "a@b.example", "", f"<html><body>{paragraphs(HANS)}</body></html>")

    assert one(tmp_path, "a.eml", data).text == STORY


@pytest.mark.parametrize(
    "subject", ["周末开放".encode("gbk"), Header("周末开放", "gb2312").encode().encode(), "周末开放".encode()]
)
def test_subjects_in_any_encoding(tmp_path: Path, subject: bytes) -> None:
    data = b"From: desk@news.example\nSubject: " + subject + b"\n\n" + STORY.encode("gbk")

    draft = one(tmp_path, "a.eml", data)

    assert (draft.title, draft.text) == ("周末开放", STORY)


def test_pages_saved_as_messages(tmp_path: Path) -> None:
    page = f"<html><head><title>开放延长</title></head><body>{paragraphs(HANS)}</body></html>"
    data = (
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?Q?x?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
        b"------b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
        b"Content-Location: https://news.example/7.html\r\n\r\n"
        + page.encode("gbk")
        + b"\r\n------b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n------b--\r\n"
    )

    draft = one(tmp_path, "a.mhtml", data)

    assert (draft.title, draft.text, draft.url) == ("开放延长", STORY, "https://news.example/7.html")


def test_a_page_saved_as_a_message_has_not_the_day_on_which_that_was_done(tmp_path: Path) -> None:
    page = f"<html><head><title>开放延长</title></head><body>{paragraphs(HANS)}</body></html>"
    for header in ("From: <Saved by Blink>", "Snapshot-Content-Location: https://news.example/7.html"):
        head = (
            f"{header}\r\nDate: Sat, 28 Nov 2026 07:31:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
        )
        draft = one(tmp_path, "a.eml", (head + page).encode())
        assert (draft.title, draft.text, draft.published) == ("开放延长", STORY, None)


def record(kind: str, body: bytes, url: str = "https://news.example/7.html", mime: str = "application/http") -> bytes:
    """Write a record of a web archive."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-28T07:31:00Z\r\n"
    return f"{head}Content-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def response(body: bytes, *fields: str, status: int = 200, mime: str = "text/html") -> bytes:
    """Write what a server answers."""
    head = [f"HTTP/1.1 {status} X", "Date: Sat, 28 Nov 2026 07:31:00 GMT", f"Content-Type: {mime}", *fields]
    return "\r\n".join([*head, "", ""]).encode() + body


PAGE = f"<html><head><title>开放延长</title></head><body><h1>开放延长</h1>{paragraphs(HANS)}</body></html>".encode()


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        response(PAGE),
        response(chunked(PAGE, 100), "Transfer-Encoding: chunked"),
        response(gzip.compress(PAGE), "Content-Encoding: gzip"),
        response(chunked(zlib.compress(PAGE), 64), "Transfer-Encoding: chunked", "Content-Encoding: deflate"),
        response(PAGE.decode().encode("gbk"), mime="text/html; charset=gbk"),
        response(PAGE).replace(b"\r\n", b"\n"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_web_archive_is_read_page_by_page(tmp_path: Path, answer: bytes, *, packed: bool) -> None:
    records = [
        record("warcinfo", b"software: x\r\n", mime="application/warc-fields"),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        record("response", answer),
        record("response", response(b"\x89PNG", mime="image/png")),
        record("response", response(PAGE, status=404)),
        record("conversion", STORY.encode(), "https://news.example/8.html", "text/plain"),
    ]
    data = b"".join(map(gzip.compress, records)) if packed else b"".join(records)

    page, text = read_bytes(tmp_path, "crawl.warc.gz" if packed else "crawl.warc", data)

    assert isinstance(page, Draft)
    assert isinstance(text, Draft)
    assert (page.text.split("\n")[-len(HANS) :], page.title, page.published) == (list(HANS), "开放延长", None)
    assert (page.id, page.url) == ("crawl.warc#3", "https://news.example/7.html")
    assert (text.id, text.text, text.url) == ("crawl.warc#6", STORY, "https://news.example/8.html")


def test_damage_in_a_web_archive_costs_what_lies_behind_it(tmp_path: Path) -> None:
    good = record("response", response(PAGE))
    broken = record("response", response(b"not gzip", "Content-Encoding: gzip"))
    found = read_bytes(tmp_path, "a.warc", good + broken + good + b"x" * 100)
    assert [item.reason if isinstance(item, Skipped) else item.title for item in found] == [
        "开放延长",
        "a page whose compression is damaged",
        "开放延长",
        "damaged web archive",
    ]
    bomb = record("response", response(gzip.compress(b"\0" * 5_000_000), "Content-Encoding: gzip"))
    (tmp_path / "b.warc").write_bytes(bomb)
    [item] = read([tmp_path / "b.warc"], limits=Limits(file_bytes=2 * 1024 * 1024))
    assert isinstance(item, Skipped)
    assert item.reason == "inflates to more than 2 MB"
    assert [
        item.reason for item in read_bytes(tmp_path, "c.warc", b"WARC/1.0\r\n\r\n") if isinstance(item, Skipped)
    ] == ["damaged web archive: a record without a length"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (pdf([HANS[0]]), HANS[0]),
        (docx(paragraph(HANS[0])), HANS[0]),
        (RSS.partition("<item><title>只有摘要")[0].encode() + b"</channel></rss>", STORY),
        (f"<!DOCTYPE html><html><body>{paragraphs(HANS)}</body></html>".encode(), STORY),
        (message("x", "a@b.example", STORY), STORY),
        (b"<html><head><title>x</title></head><body><p>" + HANS[0].encode("gbk") + b"</p></body></html>", HANS[0]),
    ],
)
@pytest.mark.parametrize("name", ["noname", "view.php?id=3"])
def test_formats_are_known_by_their_content(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    assert one(tmp_path, name, data).text == text


def test_a_page_under_txt_is_read_as_a_page(tmp_path: Path) -> None:
    assert one(tmp_path, "a.txt", f"<html><body>{paragraphs(HANS)}</body></html>".encode()).text == STORY
