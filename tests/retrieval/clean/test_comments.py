"""What readers wrote below an article is not its text, and gives it no date, title, author or outlet."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.clean.body.extent import heading_strength
from retrieval.read import read
from retrieval.text import even
from retrieval.values import Article, Draft, Skipped
from tests.retrieval.clean.copies import MENU, PARAGRAPHS, STORY, TITLE
from tests.retrieval.clean.threads import (
    CHINESE,
    ENGLISH,
    ENTRIES,
    LATIN_ENTRIES,
    LAYOUTS,
    SYSTEMS,
    Page,
    markup_of,
    text_of,
)

COUNTS = (1, 2, 7)


def made(folder: Path, name: str, content: str) -> Article | Skipped:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    (draft,) = read([path])
    return make_article(draft, today=date(2026, 12, 31)) if isinstance(draft, Draft) else draft


def wrong_with(article: Article | Skipped, page: Page, *, dated: bool) -> list[str]:
    """List what is not as a careful reader would have it."""
    if isinstance(article, Skipped):
        return [article.reason]
    said = [comment for comment in page.comments if comment.text in article.text]
    found = {
        "text": not said and all(paragraph in article.text for paragraph in page.story),
        "date": article.published == (page.published if dated else None),
        "title": article.title == page.title,
        "author": not any(comment.name in (article.author or "") for comment in page.comments),
        "outlet": not any(comment.name in (article.source or "") for comment in page.comments),
    }
    return [name for name, is_right in found.items() if not is_right]


@pytest.mark.parametrize(
    ("page", "entry"), [*((CHINESE, entry) for entry in ENTRIES), *((ENGLISH, entry) for entry in LATIN_ENTRIES)]
)
def test_comments_below_a_text_are_cut(tmp_path: Path, page: Page, entry: str) -> None:
    wrong = []
    for i, (heading, count) in enumerate(product(page.headings, COUNTS)):
        dated, markdown = bool(i % 2), bool(i // 2 % 2)
        text = text_of(page, heading, ENTRIES[entry], count, dated=dated, markdown=markdown)
        if faults := wrong_with(made(tmp_path, "a.md" if markdown else "a.txt", text), page, dated=dated):
            wrong.append((heading, count, dated, markdown, faults))
    assert wrong == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_comments_on_a_page_are_cut(tmp_path: Path, system: str) -> None:
    wrong = []
    for i, (page, layout, count) in enumerate(product((CHINESE, ENGLISH), LAYOUTS, COUNTS)):
        heading, dated = page.headings[i % len(page.headings)], bool(i % 2)
        markup = markup_of(page, SYSTEMS[system](heading, page.comments[:count]), layout, dated=dated)
        if faults := wrong_with(made(tmp_path, "a.html", markup), page, dated=dated):
            wrong.append((heading, layout, count, dated, faults))
    assert wrong == []


def test_a_record_keeps_its_text_and_takes_no_date_from_comments() -> None:
    text = text_of(CHINESE, "网友评论", ENTRIES["name, day"], 2, dated=False)
    article = make_article(Draft("a", text, is_record=True), today=date(2026, 12, 31))
    assert isinstance(article, Article)
    assert article.published is None
    assert all(paragraph in article.text for paragraph in CHINESE.story)


def test_a_page_of_comments_alone_is_no_article(tmp_path: Path) -> None:
    said = SYSTEMS["WordPress"]("网友评论", CHINESE.comments)
    markup = f"<html><head><title>{TITLE}</title></head><body>{MENU}{said}</body></html>"
    assert isinstance(made(tmp_path, "a.html", markup), Skipped)


HEAD = f"<h1>{TITLE}</h1><div>2023-05-06 08:00 来源：岭南晨刊</div>"
SIDE = (
    "<ul>"
    + "".join(f"<li>{one.name}：{one.text[:20]} <span>2023-05-07</span></li>" for one in CHINESE.comments)
    + "</ul>"
)
COOKIES = "<p>我们使用小型文本文件来改进本站的服务，继续浏览即表示同意。</p>"
HALVES = ["".join(f"<p>{line}</p>" for line in half) for half in (STORY[:2], STORY[2:])]


@pytest.mark.parametrize(
    "body",
    [
        # an opinion, in a block that is called so
        f'{HEAD}<div class="comment">{PARAGRAPHS}</div>',
        f'{HEAD}<div class="comments">{PARAGRAPHS}</div><p>清溪网版权所有，未经许可不得转载。</p>',
        f'{HEAD}<div id="comment-content">{PARAGRAPHS}</div>',
        f'<div class="comment-list">{HEAD}{PARAGRAPHS}</div>',
        f'<div class="comments"><article itemprop="articleBody">{PARAGRAPHS}</article></div>{HEAD}',
        # a name that only says whether there are any
        f'<div class="post has-comments comments-open">{HEAD}{PARAGRAPHS}</div>',
        # a section of the paper, a button, a count
        f"<div><a>首页</a> &gt; <a>评论</a></div><div>评论</div>{HEAD}{PARAGRAPHS}",
        f'<article><div class="kicker">评论</div>{HEAD}{PARAGRAPHS}</article>',
        f'{HEAD}<div class="bar"><a>评论(12)</a> <a>分享</a></div>{PARAGRAPHS}<div>评论(12)</div>',
        f"<h1>{TITLE}</h1><p>{STORY[0]}</p><div>评论(12)</div><div>2023-05-06 08:00</div>{PARAGRAPHS}",
        # the site's newest comments, above the article
        f"<div><h3>最新评论</h3>{SIDE}</div><div>{HEAD}{PARAGRAPHS}</div>",
        f"{COOKIES}<div><h3>最新评论</h3>{SIDE}</div><div>{HEAD}{PARAGRAPHS}</div>",
        f"{COOKIES}<h3>最新评论</h3>{SIDE}{HEAD}{PARAGRAPHS}",
        # a part of the article
        f"{HEAD}<div>{HALVES[0]}<h3>网友评论</h3>{HALVES[1]}</div>",
        f"{HEAD}<div>{HALVES[0]}<h3>讨论</h3><p>2022年5月</p>{HALVES[1]}</div>",
    ],
)
def test_an_article_is_not_taken_for_comments(tmp_path: Path, body: str) -> None:
    markup = f"<html><head><title>{TITLE}</title></head><body>{MENU}{body}</body></html>"
    article = made(tmp_path, "a.html", markup)
    assert isinstance(article, Article), article
    assert (article.title, article.published) == (TITLE, "2023-05-06T08:00")
    assert [line for line in STORY if line not in article.text] == []


@pytest.mark.parametrize(
    "text",
    [
        f"评论\n{TITLE}\n2023-05-06 08:00 来源：岭南晨刊\n" + "\n".join(STORY),
        f"{TITLE}\n2023-05-06 08:00 来源：岭南晨刊\n{STORY[0]}\n{STORY[1]}\n网友评论\n" + "\n".join(STORY[2:]),
        f"{TITLE}\n{STORY[0]}\n评论(12)\n2023-05-06 08:00\n" + "\n".join(STORY),
        "首页\n最新评论\n过河卒 2023-05-07\n早该修了，去年就说要修。\n江边钓客 2023-05-08\n支持维修！\n"
        f"{TITLE}\n2023-05-06 08:00 来源：岭南晨刊\n" + "\n".join(STORY),
    ],
)
def test_an_article_in_text_is_not_taken_for_comments(tmp_path: Path, text: str) -> None:
    article = made(tmp_path, "a.txt", text)
    assert isinstance(article, Article), article
    assert article.published == "2023-05-06T08:00"
    assert [line for line in STORY if line not in article.text] == []


@pytest.mark.parametrize(
    "line",
    [
        *(
            "评论员文章",
            "新华社评论员",
            "网友建议：早修桥",
            "回复人民网网友留言",
            "发表评论需谨慎",
            "回应民生关切",
            "中国网评论",
            "读者来信",
        ),
        *(
            "评论：廊桥该修了",
            "网友评论：廊桥该修了吗",
            "Commentary",
            "Comments by the minister drew fire",
            "Response to flooding",
        ),
        *(
            "Comment: why the bridge matters",
            "Reactions to the closing of the bridge",
            "Kommentar: Die Brücke",
            "Top stories",
        ),
    ],
)
def test_a_headline_is_no_heading_of_comments(line: str) -> None:
    assert heading_strength(even(line)) == 0


def test_teasers_below_a_heading_are_no_part_of_a_page(tmp_path: Path) -> None:
    teasers = "".join(
        f'<li><a href="#">{title}</a><p>{text}</p><span>2023-05-0{day}</span><span>07:42</span></li>'
        for day, (title, text) in enumerate([("早稻亩产创新高", STORY[3]), ("粮站牌价持平", STORY[4])], start=3)
    )
    for where in (f'<div class="tj"><h3>为你推荐</h3><ul>{teasers}</ul></div>', f"<h3>相关阅读</h3><ul>{teasers}</ul>"):
        markup = f"<html><head><title>{TITLE}</title></head><body>{MENU}{HEAD}<p>{STORY[0]}{STORY[1]}</p>{where}</body></html>"
        article = made(tmp_path, "a.html", markup)
        assert isinstance(article, Article)
        assert (article.text, article.published) == (STORY[0] + STORY[1], "2023-05-06T08:00")
