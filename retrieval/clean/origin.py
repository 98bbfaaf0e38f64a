"""Which outlet an article comes from, and who wrote it."""

import re
from collections.abc import Iterator

from retrieval.clean.body.lines import OUTLET, Line
from retrieval.clean.body.page import Page
from retrieval.clean.credits import Credits
from retrieval.clean.labels import Role, owners, source_name
from retrieval.clean.outlets import Outlets, host_of
from retrieval.clean.people import read_names
from retrieval.text.folding import even

_WELCOME = re.compile(
    r"欢迎(?:光临|访问|来到|您?浏览|您?访问)\s*(?P<name>[《“\"]?[^,。!\s]{2,20}?[》”\"]?网?站?)(?=[,。!\s]|$)"
)
_ACCOUNT = re.compile(r"(?:官方)?(?:微信(?:公众号)?|微博|客户端|抖音)|follow us", re.IGNORECASE)
# 中国发展网讯 · 新华社北京4月14日电 · (中央社記者張三台北14日電) · LONDON, March 14 (Reuters)
_WIRE = re.compile(r"^[\s(【]*(?P<name>[\u4e00-\u9fff]{2,10}?[网社报台])(?:记者|讯|\S{0,16}?\d\s*日\s*[电讯])")
_AGENCY = re.compile(r"^[^。.]{0,60}\((?P<name>Reuters|AP|AFP|Xinhua|Bloomberg|UPI)\)")
# 新华社北京4月14日电(记者 张三、李四) · 本网讯(记者 张三) · (中央社記者邱明珠白沙3日電)
_WIRE_AUTHORS = re.compile(r"(?:日|日电|[日网报社台]讯)\s*\((?:\S{0,6}?记者|通讯员)\s*(?P<names>[^()]{2,40})\)")
_WIRE_AUTHOR_AND_PLACE = re.compile(r"记者(?P<both>[\u4e00-\u9fff]{4,7})\d{1,2}日(?:电|讯)")
_SITE_NAME_LONGEST = 12
# What parts a title from the site's name behind it; a title is no shorter, and a name is as long as this.
_PARTS = "-_|–—丨"
_TITLE_SHORTEST, _SITE_SHORTEST, _SITE_LONGEST = 4, 2, 30
# A longer line is no title with a site's name behind it, whatever it ends with.
_TITLE_LONGEST = 500


def find_source(
    page: Page, body: str, outlets: Outlets, *, site: str | None = None, url: str | None = None
) -> str | None:
    """Find the outlet: labelled, beside the date, the site's name or its own furniture, the wire, the address.

    `site` is what the file declares the site to be called.
    """
    for name in _sources(page, body, outlets, site):
        return canonical(name, outlets)
    if not url:
        return None
    known = outlets.at(url)
    return known.name if known else host_of(url) or None


def canonical(name: str, outlets: Outlets) -> str:
    """Give an outlet its one name; of 人民网-人民日报 the first, which published it."""
    whole = outlets.named(name)
    first = outlets.named(re.split(r"\s*[-—–·|/]\s*", name, maxsplit=1)[0])
    known = whole or first
    return known.name if known else name


def split_title(title: str, outlets: Outlets, source: str | None = None) -> tuple[str, str | None]:
    """Split a page's declared title into the article's title and the site's name behind it."""
    site = None
    if len(title) > _TITLE_LONGEST:
        return title, site
    while (end := _title_end(title)) and (end[1] == source or outlets.looks_like_one(end[1])):
        title, site = end
    return title, site


def _title_end(title: str) -> tuple[str, str] | None:
    """Cut a title at its last dash or stroke, None where nothing can be a title before it, or a name behind it."""
    dash = max(map(title.rfind, _PARTS))
    site = title[dash + 1 :]
    site = site.lstrip() if len(site.lstrip()) >= _SITE_SHORTEST else site[-_SITE_SHORTEST:]
    end = max(len(title[: dash + 1].rstrip(_PARTS).rstrip()), _TITLE_SHORTEST)
    if end > dash or not _SITE_SHORTEST <= len(site) <= _SITE_LONGEST:
        return None
    return title[:end], site


def is_site_name(title: str, outlets: Outlets) -> bool:
    """Tell a declared title that is only the site's name."""
    return len(title) <= _SITE_NAME_LONGEST and outlets.looks_like_one(title)


def find_authors(page: Page, body: str) -> tuple[str, ...]:
    """Find the authors: in the bylines above the body, else behind it, else below it, else in the wire's opening."""
    above = [name for line in page.head if line.credits for name in line.credits.authors]
    above += [name for text in page.bylines for name in read_names(text)]
    behind = [name for tail in page.tails for name in tail.credits.authors]
    below = [name for line in page.foot if line.credits for name in line.credits.authors]
    return tuple(dict.fromkeys(above or behind or below or _wire_authors(body)))


def _wire_authors(body: str) -> tuple[str, ...]:
    opening = body[:100]
    if match := _WIRE_AUTHORS.search(even(opening)):
        return read_names(opening[slice(*match.span("names"))], declared=True)
    if match := _WIRE_AUTHOR_AND_PLACE.search(even(opening)):
        start, end = match.span("both")
        # a place is mostly two characters long, a name two or three
        return (opening[start : start + min(3, max(2, end - start - 2))],)
    return ()


def _sources(page: Page, body: str, outlets: Outlets, site: str | None) -> Iterator[str]:
    said = [line.credits for line in (*page.head, *page.foot) if line.credits]
    said += [tail.credits for tail in page.tails]
    yield from (found.source for found in said if found.source and Role.SOURCE in found.roles)
    yield from (found.source for found in said if found.source and _is_one(found, outlets))
    if site:
        yield site
    yield from _masthead(page)
    yield from _site_names((*page.head, *page.foot), outlets)
    yield from (found.source for found in said if found.source)
    yield from page.signature
    opening = even(body[:100])
    for pattern in (_WIRE, _AGENCY):
        if match := pattern.match(opening):
            yield body[match.start("name") : match.end("name")]


def _masthead(page: Page) -> Iterator[str]:
    """Give the site's name that a page prints on top, as its owner writes it."""
    if not page.head or page.head[0].reason != OUTLET or page.head[0].text == page.title:
        return
    top = source_name(re.sub(r"\s+\S+\.\S+$", "", page.head[0].text))
    if top is None:
        return
    named = [name for line in page.foot if line.reason == "copyright" for name in owners(line.text)]
    same = [name for name in named if even(name).casefold() == even(top).casefold()]
    yield next(iter(same), top)


def _is_one(found: Credits, outlets: Outlets) -> bool:
    return found.source is not None and outlets.looks_like_one(found.source)


def _site_names(lines: tuple[Line, ...], outlets: Outlets) -> Iterator[str]:
    for i, line in enumerate(lines):
        place = re.split("[>»›]", line.text, maxsplit=1)[0].strip()
        if line.reason == "position in the site" and outlets.looks_like_one(place):
            yield place
        elif match := _WELCOME.search(line.even):
            yield re.sub('[《》“”"]', "", line.text[match.start("name") : match.end("name")])
        elif (
            i
            and line.kind != lines[i - 1].kind
            and _ACCOUNT.fullmatch(line.even)
            and outlets.looks_like_one(lines[i - 1].text)
        ):
            yield lines[i - 1].text
    for line in lines:
        if line.reason == "copyright":
            yield from (name for name in owners(line.text) if outlets.looks_like_one(name))
