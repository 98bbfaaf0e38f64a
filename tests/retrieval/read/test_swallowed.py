"""Pages that an element has swallowed, that scripts show or draw, and words that marks break."""

import json
from pathlib import Path

import pytest

from retrieval.read import read
from retrieval.values import Draft

PARAGRAPHS = [
    f"第{n}处桥墩在去年汛期之后检测出冲刷较深，继续使用存在隐患，镇里决定下月初封闭施工，工期约四十天。"
    for n in range(1, 6)
]
TITLE = "青石廊桥下月封闭维修"
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def read_markup(folder: Path, markup: str) -> Draft:
    path = folder / "page.html"
    path.write_text(markup, encoding="utf-8")
    (draft,) = read([path])
    assert isinstance(draft, Draft), draft
    return draft


STRAYS = (
    *("<button>", "<select><option>x", "<svg>", "<textarea>", "<noscript>", "<style>a{}", "<!-- x", "<title>"),
    *("<a href=x>", "<iframe src=x>", "<dialog>", "<video>", "<object>", "<template>", "<audio>", "<canvas>", "<map>"),
    *("<div style='display:none'>", "<div hidden>", "<label>", "<nav>", "<footer>", "<button><div>菜单<div></button>"),
    *("<div style='visibility: hidden; opacity: 0'>",),
)


NOTICE = "<p>本网站使用必要的文件来记住您的选择，继续浏览即表示您同意我们的使用条款和隐私政策，您可以随时更改设置。</p>"


@pytest.mark.parametrize("above", ["", NOTICE], ids=["", "below a notice"])
@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_element_costs_nothing(stray: str, above: str, tmp_path: Path) -> None:
    page = (
        f"<html><head><title>{TITLE}</title></head><body>{above}{stray}<h1>{TITLE}</h1><div>{BODY}</div></body></html>"
    )
    lines = read_markup(tmp_path, page).text.split("\n")
    assert [line for line in lines if line in PARAGRAPHS] == PARAGRAPHS


RUBY = ("<ruby>{0}<rt>{1}</rt></ruby>", "<ruby><rb>{0}</rb><rp>(</rp><rt>{1}</rt><rp>)</rp></ruby>",
        "<ruby><rb>{0}</rb><rtc><rt>{1}</rt></rtc></ruby>")  # fmt: skip
MARKS = ("\u00ad", "\u200b", "\u2060", "\ufeff", "&shy;", "&#8203;", "&#x2060;", "&NoBreak;")


@pytest.mark.parametrize("form", RUBY)
def test_readings_stand_above_words_and_not_in_them(form: str, tmp_path: Path) -> None:
    ruby = form.format("廊桥", "láng qiáo")
    draft = read_markup(tmp_path, f"<body><h1>{TITLE}</h1>{BODY}<p>镇上的{ruby}建成已有三十二年，木板已经松动。</p>")
    assert draft.text.split("\n")[-1] == "镇上的廊桥建成已有三十二年，木板已经松动。"


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_are_not_printed_break_no_word(mark: str, tmp_path: Path) -> None:
    page = f"<body><h1>Die Brücke</h1><p>Die Gemeinde{mark}verwaltung sperrt die Holz{mark}brücke für vierzig Tage.</p>"
    assert "Die Gemeindeverwaltung sperrt die Holzbrücke für vierzig Tage." in read_markup(tmp_path, page).text


LINKED = {
    "@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(PARAGRAPHS),
    "datePublished": "2023-05-06T14:07", "publisher": {"name": "岭南晨刊"},
}  # fmt: skip
ARTICLE = {"title": TITLE, "content": BODY, "publishTime": "2023-05-06 14:07", "source": "岭南晨刊"}


@pytest.mark.parametrize(
    "script",
    [
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {'pageProps': {'d': ARTICLE}}})}</script>",
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'detail': {'item': ARTICLE}}, ensure_ascii=False)};f();</script>",
        f"<script>var allData = {json.dumps({'docData': ARTICLE})};</script>",
        f"<script>window.__DATA__ = JSON.parse({json.dumps(json.dumps(ARTICLE))})</script>",
        "<script type='application/ld+json'>" + json.dumps(LINKED) + "</script>",
    ],
)
def test_a_page_that_a_script_draws_is_read_from_it(script: str, tmp_path: Path) -> None:
    page = f"<html><head><title>{TITLE} - 岭南晨刊</title></head><body><div id='app'></div>{script}</body></html>"
    draft = read_markup(tmp_path, page)
    assert (draft.text.split("\n"), draft.title) == (PARAGRAPHS, TITLE)
    assert str(draft.published).startswith("2023-05-06")
    assert draft.source == "岭南晨刊"
