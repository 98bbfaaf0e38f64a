"""What a page declares of its article: title, author, date, address, and the name of its site."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import html

from retrieval.clean import bundled_outlets
from retrieval.clean.body import kinds as signs
from retrieval.clean.labels import owners, source_name
from retrieval.read.files import File
from retrieval.read.html.elements import is_around
from retrieval.read.html.page_dates import days_of, is_foreign, published_of
from retrieval.read.records import unescaped
from retrieval.text import even
from retrieval.values import Draft

# Lines in which a page's masthead and its copyright stand; a name is no longer than this.
_TOP, _FOOT, _LONGEST_SITE = 3, 8, 30
# Where in the site the page lies: 首页 > 论坛 › 茶座; no such line is longer.
_STEP, _PLACE = re.compile(r"[>›»→]+"), 80


def site_name(other_parts: Sequence[str], lines: Sequence[str]) -> str | None:
    """Name the site of a page, None where nothing proves a name.

    `other_parts` are the other parts of the page's title: sections, or the site if they end as outlets' names do or
    are printed on the page by themselves. A copyright's owner is the site if it is called as an outlet or the top is.
    """
    outlets = bundled_outlets()
    owned = [name for line in lines[-_FOOT:] for name in _owners(line)]
    places = [place.strip() for line in lines if len(line) <= _PLACE for place in _STEP.split(line)]
    anywhere, top = frozenset((*lines, *owned, *places)), frozenset(lines[:_TOP])
    said = [(name, anywhere) for name in _names(other_parts)]
    said += [(name, top) for name in _names(owned)]
    return next((name for name, printed in said if outlets.looks_like_one(name) or name in printed), None)


def _owners(line: str) -> Iterator[str]:
    return owners(line) if signs.COPYRIGHT.search(even(line)) else iter(())


def _names(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if len(part) <= _LONGEST_SITE and not signs.MENU.fullmatch(even(part)) and (name := source_name(part)):
            yield name


# What may hold the headline of a page without an `h1`, and how short it is at the least.
_HEADLINES = "//h1 | //h2 | //h3 | //*[contains(@class, 'title') or contains(@id, 'title') or contains(@id, 'subject')]"
_SHORTEST = 5
# Elements of one meaning that are read: they may stand inside each other, and each costs its size.
_ELEMENTS = 100
_TITLE = ("og:title", "articletitle", "twitter:title", "dc.title", "headline")
_SOURCE = (
    "source",
    "contentsource",
    "dc.source",
    "mediaid",
    "medianame",
    "media_name",
    "article:source",
    "og:article:source",
)
_SITES = ("og:site_name", "dc.publisher", "application-name", "sitename")
_AUTHOR = (
    *("author", "article:author", "og:article:author", "dc.creator", "byl", "parsely-author", "sailthru.author"),
    "citation_author",
)
# 公众号 · 百家号
_ACCOUNT = (
    "//*[@id='js_name'] | //*[@data-testid='author-name']"
    " | //*[contains(@class, 'authorinfo')]//*[contains(@class, 'W_autocut')]"
    " | //*[contains(@class, 'author-name') or contains(@class, 'authorName')]"
    "[//*[contains(@class, '-bjh') or contains(@class, 'bjh-')]]"
)
# What a page calls the element that names the outlet next to the date.
_OUTLET_NAMES = re.compile(
    r"(?:(?:^|\s)(?:[a-z]{1,10}[-_]){0,2}?(?:(?:art|article|news)?source|laiyuan|come-?from|copyfrom|media[-_]?name|weibo[-_]user)"
    r"|(?:^|\s)article-from)(?:[-_]?(?:name|baidu|text|txt|link))?(?=\s|$)",
    re.IGNORECASE,
)
_OUTLET_TAGS = ("a", "span", "em", "i", "strong", "cite", "p", "div", "h2", "h3", "h4", "td")
_OUTLET_PREFIX = re.compile(r"^(?:(?:文章|稿件|信息|新闻|内容)?[来來](?:[源自][于於]?)|出[处處])\s*[:：]?\s*")
_OUTLET_ELEMENT = re.compile(r"[^\d:：|]{2,20}")
# "media": "岭南晨刊"
_SCRIPTED_OUTLET = re.compile(
    r"(?<![A-Za-z\d_])(?:media(?:_?name)?|source(?:_?name)?)\\?[\"']?\s*[:=]\s*[\"'](?P<name>[^\"'<>{}/]{2,80})[\"']",
    re.IGNORECASE,
)
_SCRIPTS = 1_000_000
_ACCOUNT_LONGEST = 40
# Characters of a title or name that are read: each part of one is looked for in the others.
_LONGEST = 5_000
_ARTICLE_TYPES = ("article", "posting", "report")
_SEPARATOR = re.compile(r"\s*[_|｜－]+\s*|\s+[-–—·»]+\s+|\s*(?:--|—{1,2})\s*")
_STROKE = re.compile(r"\s*(?:[_|｜·»–—－-]+|【)\s*")
_SITE = re.compile("网|網|报|報|新闻|新聞|频道|頻道|在线|在線|日|社|台|局|委|政府|门户|資訊|资讯|[a-z]", re.IGNORECASE)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_LABEL = re.compile(r"^(?:来源|來源|作者|编辑|編輯|source|by)\s*[:：]?\s+|^(?:来源|來源|作者)[:：]\s*", re.IGNORECASE)


def declared(root: html.HtmlElement, file: File, url: str | None = None) -> tuple[Draft, tuple[str, ...]]:
    """Read what a page declares, as a draft without a text, and the parts of its title that are not the article's.

    `url` is where its carrier says that it was found. The parts, the last first, are names of sections and sites.
    """
    metas = _metas(root)
    things = [*_linked_data(root)]
    linked = next(filter(_is_article, things), None) or next(filter(_is_dated_page, things), {})
    title = _title(root, metas, linked)
    published, origin = published_of(root, metas, linked, title)
    publisher = _name(linked.get("publisher"))
    source = (
        _first(metas, _SOURCE) or _account(root) or _outlet_element(root) or _scripted_outlet(root, title) or publisher
    )
    site = _first(metas, _SITES) or publisher
    others = _other_parts(title or "", _page_title(root) or "")
    author = _name(linked.get("author")) or _first(metas, _AUTHOR)
    draft = Draft(
        id=file.id,
        text="",
        path=file.path,
        title=title,
        source=source,
        author=None if author is None or _is_site(author, (source, site, *others)) else author,
        published=published,
        published_from=origin,
        url=_url(root, metas, linked) or url,
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or None,
        site=site,
        days=days_of(metas),
    )
    return draft, others


def _metas(root: html.HtmlElement) -> dict[str, str]:
    """Return the first content under each name, property or item property of the article, in lower case."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = _line(meta.get("content"))
        item = None if meta.get("itemprop") is None or is_foreign(meta) else meta.get("itemprop")
        for key in filter(None, (meta.get("name"), meta.get("property"), item)):
            if content:
                found.setdefault(key.strip().lower(), content)
    return found


def _linked_data(root: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                content = json.loads((script.text or "").strip().rstrip(";"), strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _things(content)


def _things(content: object) -> Iterator[Mapping[str, Any]]:
    """List the things of a JSON-LD block, its lists and graph taken apart."""
    waiting = deque([content])
    for _ in range(1000):
        if not waiting:
            return
        thing = waiting.popleft()
        if isinstance(thing, list):
            waiting.extend(thing[:100])
        elif isinstance(thing, Mapping):
            yield thing
            waiting.append(thing.get("@graph"))
            waiting.append(thing.get("mainEntity"))


def _is_article(thing: Mapping[str, Any]) -> bool:
    kinds = str(thing.get("@type", "")).lower()
    return any(kind in kinds for kind in _ARTICLE_TYPES) or (not kinds and "pubDate" in thing)


def _is_dated_page(thing: Mapping[str, Any]) -> bool:
    """Return whether a thing is a page that says when it was published, as blogs have it without an article."""
    return "webpage" in str(thing.get("@type", "")).lower() and "datePublished" in thing


def _title(root: html.HtmlElement, metas: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    """Choose the headline on the page where the page's title begins with it; else the title less the site's name."""
    whole = _line(linked.get("headline") or linked.get("title")) or _first(metas, _TITLE)
    page = _page_title(root)
    heads = [head for element in root.iter("h1") if (head := _line(element.text_content()))]
    for head in heads:
        if any(long and head in long for long in (whole, page)) and len(head) > 4:
            return head
    if whole or page:
        given = whole or page or ""
        return _printed(root, given) or _without_site(given, metas.get("og:site_name"))
    return heads[0] if len(heads) == 1 else None


def _printed(root: html.HtmlElement, title: str) -> str | None:
    """Return the part of a title that a headline prints, where names of sections and sites stand next to it."""
    parts = [part for end in _STROKE.finditer(title) for part in (title[: end.start()], title[end.end() :].strip())]
    parts = [part for part in parts if len(part) >= _SHORTEST and not signs.SECTION_TITLE.fullmatch(even(part))]
    headlines = root.xpath(_HEADLINES)[:_ELEMENTS] if parts else ()
    printed = {_line(element.text_content()) for element in headlines}
    return max((part for part in parts if part in printed), key=len, default=None)


def _page_title(root: html.HtmlElement) -> str | None:
    return next((_line(title.text_content()) for title in root.iter("title")), None)


def _other_parts(title: str, page: str) -> tuple[str, ...]:
    """List the parts of a page's title that are not the article's, the last first."""
    parts = (part.strip(":： ") for part in reversed(_SEPARATOR.split(page.replace(title, "_", 1) if title else page)))
    return tuple(part for part in parts if part and part not in title)


def _without_site(title: str, site: str | None) -> str | None:
    """Drop the names of site and section that follow a title: `标题_新闻中心_清溪网`."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    ends = [found.start() for found in _SEPARATOR.finditer(title)]
    while len(parts) > 1 and ends and (parts[-1] == site or (len(parts[-1]) <= 15 and _SITE.search(parts[-1]))):
        if len(parts[0]) < 6 and len(parts) == 2:
            break
        parts.pop()
        title = title[: ends.pop()]
    return title.strip() or None


def _url(root: html.HtmlElement, metas: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    canonical = next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None)
    base = next((element.get("href") for element in root.iter("base")), None)
    entity = linked.get("mainEntityOfPage") or linked.get("url")
    if isinstance(entity, Mapping):
        entity = entity.get("@id")
    comments = (found[1] for comment in root.getroottree().xpath("//comment()")
                if (found := _SAVED_FROM.search(comment.text or "")))  # fmt: skip
    candidates = [canonical, metas.get("og:url"), entity, next(comments, None)]
    absolute = next((one for one in (*candidates, base) if isinstance(one, str) and one.startswith("http")), "")
    try:
        resolved = (urljoin(absolute, one.strip()) for one in candidates if isinstance(one, str) and one.strip())
        return next((one for one in resolved if one.startswith(("http://", "https://"))), None)
    except ValueError:
        return None


def _account(root: html.HtmlElement) -> str | None:
    """Return the account whose page a platform shows: it is the outlet, not the platform."""
    names = (_line(element.text_content()) for element in root.xpath(_ACCOUNT))
    return next((name for name in names if name and len(name) <= _ACCOUNT_LONGEST), None)


def _outlet_element(root: html.HtmlElement) -> str | None:
    """Return the outlet that an element names by its class or id, where no other of its kind names another one."""
    found: dict[str, None] = {}
    around: dict[html.HtmlElement, bool] = {}
    named = (
        element
        for element in root.iter(*_OUTLET_TAGS)
        if _OUTLET_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    )
    for element in islice(named, _ELEMENTS):
        name = source_name(_OUTLET_PREFIX.sub("", _line(element.text_content()) or ""))
        if name and _OUTLET_ELEMENT.fullmatch(name) and not is_around(element, around):
            found[name] = None
    return next(iter(found)) if len(found) == 1 else None


def _scripted_outlet(root: html.HtmlElement, title: str | None) -> str | None:
    """Return the one outlet that scripts name next to the article's title, called as one or printed by itself."""
    titles = (title, json.dumps(title)[1:-1]) if title else ()
    texts = [text for script in root.iter("script") if any(one in (text := (script.text or "")) for one in titles)]
    found = {
        name
        for text in texts
        for match in _SCRIPTED_OUTLET.finditer(text[:_SCRIPTS])
        if (name := _decoded(match["name"]))
    }
    printed = {(element.text or "").strip() for element in root.iter(*_OUTLET_TAGS)} if found else set()
    named = [name for name in found if name in printed or bundled_outlets().looks_like_one(name)]
    return named[0] if len(named) == 1 else None


def _decoded(written: str) -> str | None:
    try:
        return source_name(json.loads(f'"{written}"'))
    except ValueError:
        return None


def _is_site(author: str, names: Iterable[str | None]) -> bool:
    """Return whether an author is the outlet or the site, by its whole name or the beginning of it."""
    return any(name and (name.startswith(author) or author.startswith(name)) for name in names) or "://" in author


def _first(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    said = (_LABEL.sub("", metas[name]) for name in names if name in metas)
    return next((value for value in said if value and not value.isdecimal()), None)


def _name(value: object) -> str | None:
    """Return the name of a person or organisation, or the names of several."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:20]))) or None
    return _line(value) if isinstance(value, str) else None


def _line(value: object) -> str | None:
    return " ".join(unescaped(value[:_LONGEST]).split()) or None if isinstance(value, str) else None
