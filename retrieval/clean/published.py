"""When an article was published: what its file declares, what its page prints, what its address says."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.clean.body import Page
from retrieval.clean.body.kinds import Line, LineKind
from retrieval.clean.credits import Credits, dates_of
from retrieval.text.dates import DateMention, find_dates
from retrieval.text.folding import even
from retrieval.values import PublishedFrom

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
_WIRE = re.compile(
    r"^.{0,30}?\d\s*[日号]\s*(?:电|讯|消息|报道|获悉|综合|专电)|^[^。.]{0,40}\((?:Reuters|AP|AFP|Xinhua|Bloomberg|UPI)\)"
    r"|^[A-Z][A-Z .,'’-]{3,40},?\s+\w+\.?\s+\d{1,2}\b"
)
_PAGES_OWN = (LineKind.FURNITURE, LineKind.MENU, LineKind.LINKS, LineKind.NOTICE)
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
    """Tell a byline that ends with a date from a dateline."""
    by = re.match(r"by\s", line.even, re.IGNORECASE)
    return PublishedFrom.BYLINE if by and found.authors else PublishedFrom.DATELINE


def _head_credits(page: Page) -> Iterator[tuple[Line, Credits]]:
    """Give the credit lines above the body, but for a clock in the page's own head."""
    title = next((i for i, line in enumerate(page.head) if page.title == line.text), len(page.head))
    apart = max((i for i, line in enumerate(page.head[:title]) if line.kind in _PAGES_OWN), default=-1)
    for i, line in enumerate(page.head):
        if line.credits is None or _TODAY.search(line.even):
            continue
        if i < title < len(page.head) and i <= apart and not line.credits.labelled:
            continue
        yield line, line.credits


def _below_title(page: Page, said: Sequence[tuple[Line, Credits]]) -> Iterator[tuple[Line, Credits]]:
    """Leave out the credits above a printed title: a change told there is the site's."""
    title = next((line.span[1] for line in page.head if page.title == line.text), 0)
    yield from ((line, found) for line, found in said if line.span[0] >= title)


def _foot_credits(page: Page) -> Iterator[tuple[Line, Credits]]:
    """Give the credit lines below the body up to the site's own or a list of other articles; labelled from anywhere."""
    listed = False
    for line in page.foot:
        listed |= line.kind in (LineKind.RELATED, LineKind.LINKS) or line.reason in (
            "headline of another article",
            "copyright",
        )
        if line.credits is not None and (not listed or line.credits.labelled):
            yield line, line.credits


def _wire(body: str) -> Iterator[tuple[DateMention, PublishedFrom]]:
    for paragraph in body.split("\n", 3)[:3]:
        opening = even(paragraph[:90])
        mentions = [mention for mention in find_dates(paragraph[:90]) if mention.day is not None]
        if mentions and _WIRE.search(opening) and mentions[0].span[0] < 40:
            yield mentions[0], PublishedFrom.DATELINE


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
        if line.reason not in ("copyright", "headline of another article")
        and line.kind is not LineKind.LINKS
        and not _TODAY.search(line.even)
        for other in dates_of(line.text)
        if other.year
    }
    of_day: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for other in find_dates(body):
        if other.year:
            of_day[other.month, other.day].add(other.year)
    return outside, of_day
