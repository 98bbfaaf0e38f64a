"""A page's text → the article's paragraphs, and what stood around them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from retrieval.articles.cleaning.kinds import by_shape, classify
from retrieval.articles.cleaning.lines import Kind, Line, split_lines
from retrieval.articles.cleaning.seams import cut_page
from retrieval.articles.cleaning.sorting import Sorted, sort_lines
from retrieval.articles.cleaning.tails import Tail
from retrieval.articles.outlets import Outlets
from retrieval.values import Removed, Span

# One pass settles nearly every page; shuffled lines of many pages settled within four.
_PASSES = 10
# Lines at the head and at the foot of a page that are looked at closely, which takes 0.1 ms each. No page has more than
# twice as many: what lies between is a list or a book, whose lines are told by their shape, once.
_EDGE = 5_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart.

    `paragraphs` are spans in the page's text; `title` is the one printed on the page; `head` and `foot` are the lines
    above and below the body, `tails` the credits cut from its last paragraphs, `signature` the offices that sign it.
    """

    paragraphs: tuple[Span, ...]
    title: str | None = None
    bylines: tuple[str, ...] = ()
    head: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = ()
    tails: tuple[Tail, ...] = ()
    removed: tuple[Removed, ...] = ()
    signature: tuple[str, ...] = ()


def read_page(text: str, outlets: Outlets, *, title: str | None = None, boilerplate: Collection[str] = ()) -> Page:
    """Take a page apart into the article and the rest.

    `title` is the one its file declares; `boilerplate` are the lines that stand in many articles of its source;
    the first line may be one and is still read as what it is: the masthead, or the title of a series.
    """
    lines = list(_classified(list(split_lines(text)), outlets))
    if boilerplate:
        lines = [*lines[:1], *(_as_boilerplate(line) if line.text in boilerplate else line for line in lines[1:])]
    page = sort_lines(lines, outlets, title)
    body, removed = _settled(page, outlets, title)
    return Page(
        paragraphs=tuple(line.span for line in body),
        title=page.title,
        bylines=page.bylines,
        head=page.head,
        foot=page.foot,
        tails=page.tails,
        removed=(*page.removed, *removed),
        signature=_signature(body),
    )


def _classified(lines: list[Line], outlets: Outlets) -> Iterator[Line]:
    middle = range(_EDGE, len(lines) - _EDGE)
    for i, line in enumerate(lines):
        if i in middle:
            yield by_shape(line)
        else:
            yield from cut_page(classify(line, outlets), outlets)


def _settled(page: Sorted, outlets: Outlets, title: str | None) -> tuple[tuple[Line, ...], tuple[Removed, ...]]:
    """Sort the body again until nothing goes, so that cleaning what was cleaned changes nothing."""
    body = page.body
    removed: tuple[Removed, ...] = ()
    for _ in range(_PASSES if len(body) <= 2 * _EDGE else 0):
        again = sort_lines([replace(line, gap=False) if line.gap else line for line in body], outlets, title)
        if not again.removed:
            break
        body, removed = again.body, (*removed, *again.removed)
    return body, removed


def _as_boilerplate(line: Line) -> Line:
    """Make furniture of a line that is no credit and not the first: many articles share an outlet or an author."""
    if line.kind is Kind.CREDIT:
        return line
    return replace(line, kind=Kind.FURNITURE, reason=line.reason or "on many pages of the source")


def _signature(body: tuple[Line, ...]) -> tuple[str, ...]:
    if not body or body[-1].kind is not Kind.CREDIT:
        return ()
    return tuple(line.text for line in body[-4:-1] if line.kind is Kind.SHORT)
