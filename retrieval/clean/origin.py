"""Which outlet an article comes from, who wrote it, and when it was published.

By what its file declares, what its page prints, what its address says.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from retrieval.clean import Outlets, host_of
from retrieval.clean.body import Page
from retrieval.clean.body.kinds import OUTLET, Line, LineKind
from retrieval.clean.credits import Credits, dates_of
from retrieval.clean.labels import Role, owners, source_name
from retrieval.clean.names import read_names
from retrieval.text import even
from retrieval.text.dates import DateMention, find_dates
from retrieval.values import PublishedFrom

_WELCOME = re.compile(
    r"欢迎(?:光临|访问|来到|您?浏览|您?访问)\s*(?P<name>[《“\"]?[^,。!\s]{2,20}?[》”\"]?网?站?)(?=[,。!\s]|$)"
)
_ACCOUNT = re.compile(r"(?:官方)?(?:微信(?:公众号)?|微博|客户端|抖音)|follow us", re.IGNORECASE)
# 中国发展网讯 · 新华社北京4月14日电 · (中央社記者張三台北14日電) · 云技之家 7 月 31 日消息 · 云通财经APP获悉
_ENDS = r"网|社|报|台|客户端|APP|新闻|之家|财经|在线|[晨晚周月日]刊|融媒体?|传媒|娱乐|科技|汽车|体育|股吧"
# 荆楚网(湖北日报网)讯(通讯员 … · 深圳新闻网2023年8月18日讯 · 湖北日报成都讯 (记者 …
_SAID = (
    r"(?:\([^()]{2,20}\))?(?:[\u4e00-\u9fff]{0,8}?\s?(?:[12]\d{3}\s?年\s?)?(?:\d{1,2}\s?月\s?)?\d{1,2}\s?日\s?(?:电|讯|专电|综合|消息|报道|获悉)"
    r"|讯(?=[\s(,:\d]|$)|消息\s*[,:]|获悉|[\s|]{0,3}(?:[全融]媒体?|见习|首席|特约|实习|特派|高级|资深)?(?:记者|通讯员)(?!\s?[\u4e00-\u9fff]{2,4}\s?(?:摄|图))"
    r"|[\u4e00-\u9fff]{2,3}讯(?=\s?\()|\((?:\S{0,6}?记者|通讯员))"
)
_WIRE = re.compile(
    r"^[\s(【〔\[□■]*(?:文/)?(?!据|记者|从|在|由|对|与|和|昨|今|近|日前|当地|根据|按|有|多家|外媒|我|该|此|本[报网台社刊站])"
    rf"(?P<name>[\u4e00-\u9fffA-Za-z\d]{{1,7}}?(?:{_ENDS}))(?<!官网)(?<!官方)(?!网|客户端|APP|财经|科技|娱乐|体育|汽车)"
    rf"(?:{_SAID})"
)
# What only an outlet that a table knows by name stands before: 格隆汇7月28日丨 · 【环球时报综合报道】 · 每经记者
_KNOWN = re.compile(
    rf"(?:{_SAID})|\s?(?:\d{{1,2}}\s?月\s?)?\d{{1,2}}\s?日\s?[丨|]|[\u4e00-\u9fff]{{0,2}}?\s?(?:综合)?报道(?=[\s】\])记])"
)
# An outlet behind these is one that is cited: 据新华社北京8月2日电
_QUOTED = ("据", "从", "对", "援引", "引述", "告诉", "接受", "综合", "@")
_AGENCY = re.compile(r"^[^。.]{0,60}\((?P<name>Reuters|AP|AFP|Xinhua|Bloomberg|UPI)\)")
# 新华社北京4月14日电(记者 张三、李四) · 本网讯(记者 张三) · (中央社記者邱明珠白沙3日電)
_WIRE_AUTHORS = re.compile(r"(?:日|日电|[日网报社台)]讯)\s*\((?:\S{0,6}?记者|通讯员)\s*(?P<names>[^()]{2,40})\)")
# 本报讯 记者周砚秋 …
_REPORTERS = re.compile(
    r"^\s*本[报网台社刊]讯\s+(?:\S{0,4}?)(?:记者|通讯员)\s*(?P<names>[\u4e00-\u9fff]{2,4}(?:[、\s][\u4e00-\u9fff]{2,4}){0,2})\s"
)
# 〔記者賴曉萍／蘆洲報導〕
_REPORTS = re.compile(
    r"^[\s(〔\[【]*(?:[\u4e00-\u9fff]{2,8}?[报网社台])?(?:特约|综合|驻\S{1,4})?记者\s*(?P<names>[^()/〔〕\[\]【】]{2,40})/[^()〔〕\[\]【】]{2,12}(?:报道|报导|电)[)〕\]】]"
)
_WIRE_AUTHOR_AND_PLACE = re.compile(r"记者(?P<both>[\u4e00-\u9fff]{4,7})\d{1,2}日(?:电|讯)")
_SITE_NAME_LONGEST = 12
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,6}", re.IGNORECASE)
# What parts a title from the site's name behind it; how short and long the two are, whatever a longer line ends with.
_PARTS = "-_|–—丨－｜"
_TITLE_SHORTEST, _TITLE_LONGEST, _SITE_SHORTEST, _SITE_LONGEST = 4, 500, 2, 30


def find_source(
    page: Page,
    body: str,
    outlets: Outlets,
    *,
    site: str | None = None,
    url: str | None = None,
    authors: Collection[str] = (),
) -> str | None:
    """Find the outlet: labelled, next to the date, the site's name or its own furniture, the wire, the address.

    `site` is what the file declares the site to be called; `authors` are people, whatever stands next to the date.
    """
    for name in _sources(page, body, outlets, site):
        if name not in authors:
            return canonical(name, outlets)
    if not url:
        return None
    known = outlets.at(url)
    return known.name if known else host_of(url) or None


def canonical(name: str, outlets: Outlets) -> str:
    """Give an outlet its one name; of 人民网-人民日报 the first, which published it."""
    whole = outlets.named(name)
    first = outlets.named(re.split(r"\s*[-—–·|/]\s*", name, maxsplit=1)[0])
    known = whole or first or (outlets.at(name) if _HOST.fullmatch(name) else None)
    return known.name if known else name


def split_title(title: str, outlets: Outlets, source: str | None = None) -> tuple[str, str | None]:
    """Split a page's declared title into the article's title and the site's name behind it."""
    site = None
    while (
        len(title) <= _TITLE_LONGEST
        and (end := _title_end(title))
        and (end[1] == source or outlets.looks_like_one(end[1]))
    ):
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
    """Recognise a declared title that is only the site's name."""
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
    written = even(opening)
    if match := _WIRE_AUTHORS.search(written) or _REPORTS.match(written) or _REPORTERS.match(written):
        return read_names(opening[slice(*match.span("names"))], declared=True)
    if match := _WIRE_AUTHOR_AND_PLACE.search(written):
        start, end = match.span("both")
        # a place is mostly two characters long, a name two or three
        return (opening[start : start + min(3, max(2, end - start - 2))],)
    return ()


def _sources(page: Page, body: str, outlets: Outlets, site: str | None) -> Iterator[str]:
    said = [line.credits for line in (*page.head, *page.foot) if line.credits]
    said += [tail.credits for tail in page.tails]
    yield from (found.source for found in said if found.source and Role.SOURCE in found.roles)
    yield from (found.source for found in said if found.source and outlets.looks_like_one(found.source))
    yield from filter(None, map(_next_to_time, page.head))
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
    start = len(opening) - len(opening.lstrip(" \t(【[〔□■"))
    # 原标题：… stands glued before the wire's opening
    ends = len(opening) if opening.startswith("原标题") else start + 1
    places = ((at, end) for at in range(start, ends) for end in range(at + _SITE_NAME_LONGEST, at + 1, -1))
    named = (place for place in places if outlets.named(body[slice(*place)]) and _KNOWN.match(opening, place[1]))
    yield from islice((body[at:end].strip() for at, end in named if not opening[:at].endswith(_QUOTED)), 1)


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


def _next_to_time(line: Line) -> str | None:
    """Return the one name in a dateline with a day and a time: portals print so whom they reprint."""
    found = line.credits
    is_dated = found is not None and found.published is not None and found.published.year and found.published.time
    return found.source if found and is_dated else None


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


# No scraped article is older; older years belong to the story or are misread numbers.
_EARLIEST = 1900
_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sep>[-/_]?)(?P<month>0[1-9]|1[0-2])[-/_]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/(?P<y>(?:19|20)\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)"
)
# https://web.archive.org/web/20261128/http://paper.example/2020/0225/c1.html
_INNER = re.compile(r"^https?://.*(?=https?://)", re.IGNORECASE)
_QUERY_DATE = re.compile(r"(?:^|&)((?:\w*date|day|node_?id|pub\w*)=[^&]*)", re.IGNORECASE)
# 新华社北京4月14日电 · 中新网4月14日電 · (中央社台北14日電) · LONDON, March 14 (Reuters) -
_WIRE_DAY = re.compile(
    r"^.{0,30}?\d\s*[日号]\s*(?:电|讯|消息|报道|获悉|综合|专电)|^[^。.]{0,40}\((?:Reuters|AP|AFP|Xinhua|Bloomberg|UPI)\)"
    r"|^[A-Z][A-Z .,'’-]{3,40},?\s+\w+\.?\s+\d{1,2}\b"
)
_PAGES_OWN = (LineKind.FURNITURE, LineKind.MENU, LineKind.LINKS, LineKind.NOTICE)
# An issue of a paper: the day on top is its own.
_SHEETS = re.compile(r"第\s?[A-Z]{0,2}\d{1,3}\s?版\s?:|版面(?:导航|概览|目录)|本版(?:新闻|标题)|数字报")
_TODAY = re.compile(r"今天|今日|现在是|today", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date in ISO, and where it was found."""

    iso: str | None
    where: PublishedFrom


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days an article can be from: not before its outlet began, not after today."""

    today: date
    since: int | None = None

    def hold(self, mention: DateMention) -> bool:
        """Return whether a date lies within."""
        if mention.year is None or mention.year < max(_EARLIEST, self.since or 0):
            return False
        # a day's grace, for the page may come from east of here
        return date(mention.year, mention.month or 1, mention.day or 1) <= self.today + timedelta(days=1)


def find_published(
    page: Page, body: str, url: str | None, bounds: Bounds, days: Sequence[DateMention] = ()
) -> Published:
    """Find the date a page prints as its publication, else the one in its address.

    A day without a year takes the year that the page itself gives: its address, the same day among the `days` that its
    markup holds, another date outside the story, or the same day in full within it.
    """
    years = functools.cache(lambda: _years(page, body))
    for mention, where in _printed(page, body):
        full = mention if mention.year is not None else _completed(mention, url, days, years)
        if full is not None and bounds.hold(full):
            return Published(full.iso, where)
    in_url = date_in_url(url)
    if in_url is not None and bounds.hold(in_url):
        return Published(in_url.iso, PublishedFrom.URL)
    return Published(None, PublishedFrom.NONE)


def date_in_url(url: str | None) -> DateMention | None:
    """Read a day from an address: /2020/0225/, /2020-02/25/, t20200225_, /2020/2/25/.

    An address inside another's path is that of the page, the outer one's day that of a copy; values of a query are days
    only where their names say so.
    """
    page = _INNER.sub("", url or "").partition("#")[0]
    path, _, query = page.partition("?")
    for match in _URL_DATE.finditer("&".join([path, *_QUERY_DATE.findall(query)])):
        year, month, day = (
            int(match[one] or match[other]) for one, other in (("year", "y"), ("month", "m"), ("day", "d"))
        )
        for mention in find_dates(f"{year}-{month}-{day}"):
            return mention
    return None


def _printed(page: Page, body: str) -> Iterator[tuple[DateMention, PublishedFrom]]:
    head, foot = list(_head_credits(page)), list(_foot_credits(page))
    yield from _labelled(head, PublishedFrom.DATELINE)
    yield from _labelled(foot, PublishedFrom.FOOT)
    # a day without a year, as a wire's opening has it, is less than the page's own
    full = [said for said in head if said[1].published and said[1].published.year]
    for line, found in (*reversed(full), *reversed(head)):
        if found.published is not None:
            yield found.published, _place(line, found)
    for tail in page.tails:
        if tail.credits.published is not None:
            yield tail.credits.published, PublishedFrom.FOOT
    for _, found in foot:
        if found.published is not None:
            yield found.published, PublishedFrom.FOOT
    yield from _wire(body)
    copied = [day for line in (*page.head, *page.foot) if line.credits and (day := _day(line.credits.handled))]
    for _, found in (*_below_title(page, head), *foot):
        # what was changed on or after the day of a copy is the copy
        if found.updated is not None and not any(day <= (_day(found.updated) or day) for day in copied):
            yield found.updated, PublishedFrom.UPDATED


def _day(mention: DateMention | None) -> date | None:
    if mention is None or mention.year is None or mention.month is None or mention.day is None:
        return None
    return date(mention.year, mention.month, mention.day)


def _labelled(
    lines: Iterable[tuple[Line, Credits]], where: PublishedFrom
) -> Iterator[tuple[DateMention, PublishedFrom]]:
    for _, found in lines:
        if found.labelled and found.published is not None:
            yield found.published, where


def _place(line: Line, found: Credits) -> PublishedFrom:
    """Distinguish a byline that ends with a date from a dateline."""
    by = re.match(r"by\s", line.even, re.IGNORECASE)
    return PublishedFrom.BYLINE if by and found.authors else PublishedFrom.DATELINE


def _head_credits(page: Page) -> Iterator[tuple[Line, Credits]]:
    """Give the credit lines above the body, but for a clock in the page's own head."""
    if any(_SHEETS.search(line.even) for line in page.head):
        yield from ((line, line.credits) for line in page.head if line.credits and not _TODAY.search(line.even))
        return
    title = next((i for i, line in enumerate(page.head) if page.title == line.text), len(page.head))
    apart = max((i for i, line in enumerate(page.head[:title]) if line.kind in _PAGES_OWN), default=-1)
    for i, line in enumerate(page.head):
        if line.credits is None or _TODAY.search(line.even):
            continue
        if i < title < len(page.head) and i <= apart and not line.credits.labelled:
            continue
        yield line, line.credits


def _below_title(page: Page, said: Sequence[tuple[Line, Credits]]) -> Iterator[tuple[Line, Credits]]:
    """Leave out the credits above a printed title: a change reported there is the site's."""
    title = next((line.span[1] for line in page.head if page.title == line.text), 0)
    yield from ((line, found) for line, found in said if line.span[0] >= title)


def _foot_credits(page: Page) -> Iterator[tuple[Line, Credits]]:
    """Give the credit lines below the body up to the site's own or a list of other articles; labelled from anywhere."""
    listed = False
    for line in page.foot:
        listed |= line.kind in (LineKind.RELATED, LineKind.LINKS) or line.reason in _OF_OTHERS
        if line.credits is not None and (not listed or line.credits.labelled):
            yield line, line.credits


def _wire(body: str) -> Iterator[tuple[DateMention, PublishedFrom]]:
    for paragraph in body.split("\n", 3)[:3]:
        opening = even(paragraph[:90])
        mentions = [mention for mention in find_dates(paragraph[:90]) if mention.day is not None]
        if mentions and _WIRE_DAY.search(opening) and mentions[0].span[0] < 40:
            yield mentions[0], PublishedFrom.DATELINE


_OF_OTHERS = ("headline of another article", "copyright")
_Years = tuple[set[int], Mapping[tuple[int | None, int | None], set[int]]]
"""The years of the dates outside a story, and those of each day within it."""


def _completed(
    mention: DateMention, url: str | None, days: Sequence[DateMention], years: Callable[[], _Years]
) -> DateMention | None:
    in_url = date_in_url(url)
    declared = {day.year for day in days if day.year and (day.month, day.day) == (mention.month, mention.day)}
    if in_url is not None and in_url.year is not None:
        declared = {in_url.year}
    if declared:
        return mention.in_year(declared.pop()) if len(declared) == 1 else None
    outside, of_day = years()
    found = outside or of_day.get((mention.month, mention.day), set())
    return mention.in_year(next(iter(found))) if len(found) == 1 else None


def _years(page: Page, body: str) -> _Years:
    """Read the dates of a page, once for all those that it prints without a year."""
    outside = {
        other.year
        for line in (*page.head, *page.foot)
        if line.reason not in _OF_OTHERS and line.kind is not LineKind.LINKS and not _TODAY.search(line.even)
        for other in dates_of(line.text)
        if other.year
    }
    of_day: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for other in find_dates(body):
        if other.year:
            of_day[other.month, other.day].add(other.year)
    return outside, of_day
