"""When a page's markup says that its article was published: only what is known to mean that is read."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree, html

from retrieval.clean.labels import Role, label_alone, label_before
from retrieval.read.html.elements import INLINE, is_around
from retrieval.read.records import in_peking, iso_date
from retrieval.text import even
from retrieval.values import PublishedFrom

_log = logging.getLogger(__name__)

_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "bytedance:published_time"),
    *("weibo:article:create_at", "article.published", "parsely-pub-date", "sailthru.date", "datepublished", "pubdate"),
    *("publishdate", "publish-date", "publish_date", "publish_time", "publishtime", "publication_date"),
    *("firstpublishedtime", "citation_publication_date", "citation_online_date", "dcterms.issued", "dc.date.issued"),
    *("og:release_date", "apub:time", "_pubtime", "pdate", "ptime", "pubtime", "cxenseparse:recs:publishtime"),
)
# These may be the dates of anything, but mostly they are the article's.
_MOSTLY = ("dc.date", "date")
# What else meta tags and classes call a date of publication, in part or whole.
_SAYS_PUBLISHED = re.compile(
    r"publi(?:sh|cation|cado|cated|é)|pub[-_.]?(?:date|time|at|day)|(?:^|[^a-z])(?:issued|posted|released?|regdate|dateline|p?date|datum|fecha)$"
    r"|(?:issue|release|post|entry|article|news|story|content|display|original)[-_.]?(?:date|time)|first[-_.]?pub|发布|發布|發佈|发表|發表",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    r"modif|updat|expir|revis|creat|crawl|sav|archiv|access|print|captur|snapshot|fetch|cache|generat|build|robot|valid|event|start|end[-_.]?(?:date|time)",
    re.IGNORECASE,
)
# Microdata inside these properties is the article's; inside any other it is a picture's, a source's, a reader's.
_OWN_ITEMS = frozenset({"mainentity", "mainentityofpage", "maincontentofpage", "blogpost", "blogposts"})
_READERS_ITEMS = re.compile("/(?:Comment|UserComments|Answer|Review)$", re.IGNORECASE)
_NOT_TEXT = frozenset({"script", "style", "noscript", "template", "head"})
_NO_PUBLICATION = (Role.UPDATED, Role.HANDLED, Role.OTHER, Role.COUNTER)
# So many characters before a `time` element are looked at for its label.
_BEFORE = 80
# {"pubTime": "2023-05-06 14:07"} · var publish_time = '1683353220'
_VALUE = (
    r"\\?[\"']?\s*[:=]\s*\\?[\"']?"
    r"(?P<value>[12]\d{3}[-/.年]\d{1,2}[-/.月]\d{1,2}[^\"'\\<,}]{0,24}|\d{10}(?:\d{3})?(?!\d))"
)
_PUB = r"(?:first_?)?pub(?:lish(?:ed)?)?_?(?:date_?time|date|time_?stamp|time|at|on|ts)"
_SCRIPTED = re.compile(
    rf"(?<![A-Za-z\d_])(?:date_?published|{_PUB}|release_?(?:date|time)|ptime){_VALUE}", re.IGNORECASE
)
# What accounts' pages call it, next to the time of the server that made the page.
_ACCOUNT_SCRIPTED = re.compile(r"(?<![A-Za-z\d_])(?:ct|oriCreateTime|createTime|create_time|publish_time)" + _VALUE)
_ACCOUNT = "//*[@id='js_content' or @id='activity-name' or @id='js_name']"
_SCRIPTS = 4_000_000


def published_of(
    root: html.HtmlElement, metas: Mapping[str, str], linked: Mapping[str, Any], title: str | None
) -> tuple[str | None, PublishedFrom]:
    """Find the publication date: named meta tags, linked data, other meta tags, `time` elements, scripts.

    `metas` are the page's meta tags by name, `linked` its JSON-LD, `title` what it calls its article.
    """
    dates = [(iso_date(metas[name]), PublishedFrom.META) for name in _PUBLISHED if name in metas]
    dates.append((iso_date(linked.get("datePublished") or linked.get("pubDate")), PublishedFrom.JSON_LD))
    dates += [(iso_date(metas[name]), PublishedFrom.META) for name in _MOSTLY if name in metas]
    if found := next(((date, origin) for date, origin in dates if date), None):
        return found
    others = (iso_date(meta.get("content")) for meta in root.iter("meta") if _is_publication(meta))
    times = _own_times(root)
    if date := next(filter(None, others), None) or _time(root, times) or _checked(root, times):
        return date, PublishedFrom.META
    date = _scripted(root, title)
    return date, PublishedFrom.SCRIPT if date else PublishedFrom.NONE


def days_of(metas: Mapping[str, str]) -> tuple[str, ...]:
    """List the days that a page's meta tags hold, whatever they are of."""
    return tuple(dict.fromkeys(date for content in metas.values() if (date := iso_date(content))))


def is_foreign(element: html.HtmlElement) -> bool:
    """Return whether an item property belongs to a thing inside the article: a cited source, a picture, a comment."""
    for scope in element.iterancestors():
        if scope.get("itemscope") is None:
            continue
        names = (scope.get("itemprop") or "").lower().split()
        return bool(_READERS_ITEMS.search(scope.get("itemtype") or "")) or not _OWN_ITEMS.issuperset(names)
    return False


def _own_times(root: html.HtmlElement) -> list[html.HtmlElement]:
    """List the `time` elements that may be the article's publication: no label says that they are anything else."""
    times: list[html.HtmlElement] = []
    around: dict[html.HtmlElement, bool] = {}
    for element, said in _with_text_before(root):
        *above, line = [""] + [part.strip() for part in even(said).split("\n")]
        label = label_before(line) if line else label_alone(next(filter(None, reversed(above)), ""))
        changed = _NOT_PUBLISHED.search(_names(element))
        if label not in _NO_PUBLICATION and not (changed or is_foreign(element) or is_around(element, around)):
            times.append(element)
    return times


def _with_text_before(root: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """Give each `time` and `abbr` element with the text that stands right before it, a line a block."""
    if next(root.iter("time", "abbr"), None) is None:
        return
    said = ""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        gap = "" if element.tag in INLINE else "\n"
        if event == "start" and element.tag in _NOT_TEXT:
            walk.skip_subtree()
            continue
        if event == "start" and element.tag in ("time", "abbr"):
            yield element, said
        text = element.text if event == "start" else element.tail
        said = (said + gap + " ".join((text or "").split("\n")))[-_BEFORE:]


def _time(root: html.HtmlElement, times: list[html.HtmlElement]) -> str | None:
    """Read the `time` element that speaks of the article: marked as such, or the only one."""
    dated = [time for time in times if time.tag == "time" and time.get("datetime")]
    marked = [time for time in dated if time.get("pubdate") is not None or time.get("itemprop") == "datePublished"]
    every = {time.get("datetime") for time in root.iter("time")}
    chosen = marked or (dated if len(every) == 1 else [])
    others = root.xpath("//*[@itemprop='datePublished'][not(self::meta) and not(self::time)]")
    values = [time.get("datetime") for time in chosen]
    values += [
        other.get("datetime") or other.get("content") or " ".join(other.text_content().split())
        for other in others
        if not is_foreign(other)
    ]
    return next(filter(None, map(iso_date, values)), None)


def _checked(root: html.HtmlElement, times: list[html.HtmlElement]) -> str | None:
    """Ask htmldate, and believe it only where an attribute that speaks of publication holds that day."""
    from htmldate import find_date

    allowed = {*times, *(meta for meta in root.iter("meta") if _is_publication(meta))}
    copy = deepcopy(root)
    pairs = zip(root.iter("meta", "time", "abbr"), copy.iter("meta", "time", "abbr"), strict=True)
    twins = [(twin, element in allowed) for element, twin in pairs]
    values = [" ".join(map(str, twin.attrib.values())) for twin, is_allowed in twins if is_allowed]
    for twin, is_allowed in twins:
        if not is_allowed:
            twin.drop_tree()
    try:
        found = find_date(copy, extensive_search=False, original_date=True) if values else None
    except Exception:  # noqa: BLE001  # no date is better than no article
        _log.debug("htmldate failed", exc_info=True)
        return None
    if not found:
        return None
    year, month, day = (part.lstrip("0") for part in found.split("-"))
    spelled = re.compile(rf"{year}\D?0?{month}\D?0?{day}(?!\d)")
    return found if any(spelled.search(value) for value in values) else None


def _is_publication(meta: html.HtmlElement) -> bool:
    name = _names(meta)
    return bool(_SAYS_PUBLISHED.search(name)) and not _NOT_PUBLISHED.search(name) and not is_foreign(meta)


def _names(element: html.HtmlElement) -> str:
    return " ".join(filter(None, (element.get(key) for key in ("name", "property", "itemprop", "class", "id"))))


def _scripted(root: html.HtmlElement, title: str | None) -> str | None:
    """Read the date that a script holds next to the article's title, or that an account's page sets.

    Where scripts hold several days they are of several articles, and none is believed.
    """
    account = bool(root.xpath(_ACCOUNT))
    wanted = _ACCOUNT_SCRIPTED if account else _SCRIPTED
    titles = (title, json.dumps(title)[1:-1]) if title else ()
    found: set[str] = set()
    for script in root.iter("script"):
        text = (script.text or "")[:_SCRIPTS]
        if "ld+json" in (script.get("type") or "") or not (account or any(one in text for one in titles)):
            continue
        # accounts' pages are made in China
        read = in_peking if account else iso_date
        found.update(filter(None, (read(match["value"].strip()) for match in wanted.finditer(text))))
    days = {date[:10] for date in found}
    return max(found, key=lambda date: (len(date), date)) if len(days) == 1 else None
