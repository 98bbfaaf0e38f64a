"""Builds articles with what readers wrote below: headings in many languages, entries of many shapes, many systems' markup."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.retrieval.clean.copies import FOOT, MENU, STORY, TITLE


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote, and when."""

    name: str
    day: str
    text: str


_CHINESE = (
    "我家就在渡口边，浮桥去年涨水的时候断过一次，这次能不能提前加两根缆绳？希望镇里的人看到这条留言，不要等出了事再补。",
    "去年说要修，今年又说要修，钱到底从哪里来？公告里一个字都没提，应该把预算贴出来给大家看看。",
    "楼上的说得对，我打过三次电话，每次都说在研究。不过桥墩确实该加固了，站在桥上能感觉到晃动。",
    "货车绕行十一公里，运费谁来出？我们做石材的本来就没多少利润，希望能给个补贴。",
    "老铺子保留是好事，可是租金会不会涨？听说对岸的新街修好之后租金翻了一倍。",
    "支持维修！",
    "我是学桥梁的，看了公告里的描述，冲刷深的桥墩光加固不够，还要在上游做丁坝。",
)
_ENGLISH = (
    "I grew up on the east bank and I do not remember a single summer in which that bridge did not creak, so this is right.",
    "Why did nobody publish the estimate? We paid a levy for eleven years, and the notice does not say how much is left.",
    "The floating bridge broke last spring during the flood. Two more cables would cost next to nothing.",
    "My trucks will need forty minutes more each way. Somebody should at least open the floating bridge at night.",
    "Well said!",
)


@dataclass(frozen=True, slots=True)
class Page:
    """An article in one language, with the comments below it: `published` is what its dateline says."""

    title: str
    story: tuple[str, ...]
    dateline: str
    published: str
    comments: tuple[Comment, ...]
    headings: tuple[str, ...]


CHINESE = Page(
    TITLE,
    STORY[:2],
    "2023-05-06 08:00 来源：岭南晨刊",
    "2023-05-06T08:00",
    tuple(Comment(f"过河卒{i}", f"2023-05-{7 + i:02d} 1{i}:2{i}", text) for i, text in enumerate(_CHINESE)),
    (
        *(
            "网友评论",
            "网友评论（7条）",
            "全部评论(7)",
            "热门评论",
            "最新评论",
            "评论区",
            "评论（7）",
            "7条评论",
            "跟帖",
            "网友跟帖",
        ),
        *(
            "精彩评论",
            "网友留言",
            "我来说两句",
            "评论列表",
            "讀者留言 (7)",
            "網友回應",
            "查看全部7条评论",
            "已有7人评论",
        ),
    ),
)
ENGLISH = Page(
    "Covered bridge to close for repairs",
    (
        (
            "The covered bridge between Greystone and East Ridge will close for forty days from the first of next month, the town"
            " council said on Tuesday."
        ),
        (
            "Pedestrians can use a floating bridge downstream, while trucks have to take the northern county road, a detour of"
            " seven miles."
        ),
    ),
    "By Ada Fennimore, November 7, 2023",
    "2023-11-07",
    tuple(Comment(f"River{i}", f"November {8 + i}, 2023 at 10:0{i} am", text) for i, text in enumerate(_ENGLISH)),
    (
        *(
            "Comments",
            "Comments (5)",
            "5 Comments",
            "5 Responses to “Covered bridge to close for repairs”",
            "Reader comments",
        ),
        *(
            "5 thoughts on “Covered bridge to close for repairs”",
            "Join the conversation",
            "One Response to “Covered bridge”",
        ),
        *(
            "Kommentare",
            "Kommentare (5)",
            "5 Kommentare zu „Covered bridge“",
            "5 commentaires",
            "Comentarios",
            "Comentários (5)",
        ),
        *(
            "Commenti",
            "Reacties (5)",
            "Комментарии",
            "5 комментариев",
            "コメント（5）",
            "コメント5件",
            "댓글",
            "댓글 5개",
            "Yorumlar (5)",
        ),
    ),
)

Entry = Callable[[Comment], Sequence[str]]
ENTRIES: Mapping[str, Entry] = {
    "name and day": lambda one: [f"{one.name} {one.day}", one.text],
    "name, day": lambda one: [one.name, one.day, one.text],
    "with buttons": lambda one: [one.name, one.day, one.text, "回复 赞 3"],
    "day below": lambda one: [one.name, one.text, one.day],
    "undated": lambda one: [one.name, one.text],
    "name before the text": lambda one: [f"{one.name}：{one.text}"],
    "says": lambda one: [f"{one.name} says:", one.day, one.text],
    "floor": lambda one: [f"1楼 {one.name} 发表于 {one.day}", one.text],
    "how long ago": lambda one: [one.name, "3小时前", one.text],
    "place": lambda one: [one.name, one.text, "2小时前 · IP属地：云岭", "回复"],
    "from where": lambda one: [f"{one.name} [云岭网友] {one.day}", one.text],
}
LATIN_ENTRIES = ("name and day", "name, day", "day below", "undated", "name before the text", "says")


def text_of(page: Page, heading: str, entry: Entry, count: int, *, dated: bool, markdown: bool = False) -> str:
    """Write the article as text, with comments below it."""
    said = [line for comment in page.comments[:count] for line in entry(comment)]
    head = [f"# {page.title}" if markdown else page.title, *([page.dateline] if dated else [])]
    lines = [*head, *page.story, f"## {heading}" if markdown else heading, *said, "Copyright © 2023 云岭传媒 版权所有"]
    return ("\n\n" if markdown else "\n").join(lines)


def _entry(tag: str, name: str) -> Callable[[Comment], str]:
    return lambda one: (
        f'<{tag} class="{name}"><div class="user">{one.name}</div><span class="time">{one.day}</span><p>{one.text}</p>'
        f'<a href="#">回复</a> <a>赞 3</a></{tag}>'
    )


def _all(comments: Sequence[Comment], entry: Callable[[Comment], str]) -> str:
    return "".join(map(entry, comments))


def _plain(one: Comment) -> str:
    return f"<div>{one.name} {one.day}<p>{one.text}</p></div>"


def _wordpress(one: Comment) -> str:
    return (
        f'<li class="comment even depth-1"><article class="comment-body"><footer class="comment-meta"><b class="fn">{one.name}'
        f'</b> <time datetime="2023-05-08T10:20">{one.day}</time></footer><div class="comment-content"><p>{one.text}</p></div>'
        '<div class="reply"><a>回复</a></div></article></li>'
    )


def _microdata(one: Comment) -> str:
    return (
        '<div itemprop="comment" itemscope itemtype="http://schema.org/Comment"><span itemprop="author">'
        f'{one.name}</span><time itemprop="datePublished" datetime="2023-05-08">{one.day}</time><p>{one.text}</p></div>'
    )


# How sites and comment systems write a thread: named, or told by its heading or its entries alone.
SYSTEMS: Mapping[str, Callable[[str, Sequence[Comment]], str]] = {
    "WordPress": lambda head, said: (
        f'<div id="comments" class="comments-area"><h2 class="comments-title">{head}</h2><ol class="comment-list">'
        f'{_all(said, _wordpress)}</ol><div id="respond"><h3>发表评论</h3><form><textarea></textarea></form></div></div>'
    ),
    "Disqus": lambda head, said: f'<div id="disqus_thread"><h3>{head}</h3>{_all(said, _plain)}</div>',
    "camel case": lambda head, said: f'<div class="commentArea"><b>{head}</b>{_all(said, _entry("div", "item"))}</div>',
    "pinyin": lambda head, said: f'<div class="pinglun_list"><p>{head}</p>{_all(said, _entry("dl", "x"))}</div>',
    "gentie": lambda head, said: f'<div class="gentie-area"><p>{head}</p>{_all(said, _entry("div", "tie"))}</div>',
    "Changyan": lambda head, said: f'<div id="SOHUCS"><div>{head}</div>{_all(said, _entry("div", "cy"))}</div>',
    "German": lambda head, said: f'<section class="leserkommentare"><h3>{head}</h3>{_all(said, _plain)}</section>',
    "reply list": lambda head, said: f'<div class="reply-list"><h3>{head}</h3>{_all(said, _entry("div", "q"))}</div>',
    "section": lambda head, said: f'<section class="comment"><h3>{head}</h3>{_all(said, _entry("div", "q"))}</section>',
    "label": lambda _, said: f'<section aria-label="Comments">{_all(said, _plain)}</section>',
    "Chinese label": lambda _, said: f'<section aria-label="评论区">{_all(said, _plain)}</section>',
    "test id": lambda _, said: f'<section data-testid="comments-section">{_all(said, _plain)}</section>',
    "own element": lambda _, said: f"<bili-comments>{_all(said, _plain)}</bili-comments>",
    "microdata": lambda _, said: _all(said, _microdata),
    "entries alone": lambda _, said: _all(said, _entry("div", "comment")),
    "articles": lambda _, said: _all(
        said, lambda one: f'<article class="comment"><p>{one.name} {one.day}</p><p>{one.text}</p></article>'
    ),
    "block with a heading": lambda head, said: f'<div class="a"><h3>{head}</h3>{_all(said, _entry("div", "b"))}</div>',
    "heading alone": lambda head, said: f"<h3>{head}</h3>{_all(said, _entry('div', 'b'))}",
    "heading in a block": lambda head, said: (
        f"<div><p><span>{head}</span></p></div><div>{_all(said, _entry('div', 'b'))}</div>"
    ),
    "heading and times": lambda head, said: (
        f"<h3>{head}</h3><ol>"
        + _all(said, lambda one: f'<li>{one.name} <time datetime="2023-05-08">{one.day}</time><p>{one.text}</p></li>')
        + "</ol>"
    ),
    "details": lambda head, said: f"<details open><summary>{head}</summary>{_all(said, _entry('div', 'q'))}</details>",
    "table": lambda head, said: (
        f"<table><tr><th colspan=2>{head}</th></tr>"
        + _all(said, lambda one: f"<tr><td>{one.name}<br>{one.day}</td><td><p>{one.text}</p></td></tr>")
        + "</table>"
    ),
}
LAYOUTS: Mapping[str, Callable[[str, str, str], str]] = {
    "behind": lambda head, story, said: f'<div class="main">{head}<div class="content">{story}</div></div>{said}{FOOT}',
    "beside": lambda head, story, said: f'<div class="main">{head}<div class="content">{story}</div>{said}</div>{FOOT}',
    "inside": lambda head, story, said: f'<div class="main">{head}<div class="content">{story}{said}</div></div>{FOOT}',
    "flat": lambda head, story, said: f"{head}{story}{said}",
    "in the article": lambda head, story, said: f"<article>{head}{story}{said}</article>{FOOT}",
}


def markup_of(page: Page, said: str, layout: str, *, dated: bool) -> str:
    """Write the article as a page, with the markup of comments somewhere on it."""
    head = f"<h1>{page.title}</h1>" + (f"<p>{page.dateline}</p>" if dated else "")
    story = "".join(f"<p>{paragraph}</p>" for paragraph in page.story)
    body = MENU + LAYOUTS[layout](head, story, said)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{page.title}</title></head><body>{body}</body></html>'
    )
