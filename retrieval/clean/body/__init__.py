"""The lines of a page → those of the article itself."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.clean import Outlets
from retrieval.clean.body.extent import find_body, find_comments, heading_strength, with_gallery
from retrieval.clean.body.head import LineTail, cut_label, cut_page, cut_tails, cut_title, read_head
from retrieval.clean.body.kinds import OUTLET, Line, LineKind, by_shape, classify, is_prose, split_lines
from retrieval.clean.credits import Credits, read_credits
from retrieval.clean.labels import Role, label_alone
from retrieval.values import Removed, Span

_MASTHEAD_LONGEST = 40
# https://paper.example/1 1/2 · 第1页 共2页 2026/11/28 07:31 · 1 of 2 28.11.2026
_NUMERIC_DAY = r"(?:[12]\d{3}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})日?"
_SHEET = re.compile(
    r"^(?:https?|file)://\S+\s+\d{1,3}\s?/\s?\d{1,3}$"
    rf"|^第?\s?\d{{1,3}}\s?页?[,\s]*(?:/|of|von|sur|de|共)\s?\d{{1,3}}\s?页?\s+{_NUMERIC_DAY}"
)
_SHEET_DAY = re.compile(rf"{_NUMERIC_DAY}[,\s]+\S{{0,4}}\s?\d{{1,2}}:\d\d\s")
_SHEET_LONGEST = 300
# Between a dateline and the first sentence stand no more short lines than this; reading each as credits takes time.
_DATELINE_FARTHEST = 300
_OFFICE = re.compile(r"^[\u3041-\u9fff]{2,16}(?:政府|局|厅|委员会|大学|学院|公司|集团|协会|中心|[町市村区県县])$")


def in_context(lines: Sequence[Line], outlets: Outlets) -> list[Line]:
    """Look again at the lines that only their neighbours explain."""
    lines = _without_prints(_without_comments(lines))
    return _with_labels_above(_with_dateline(_with_masthead(cut_title(lines, outlets)), outlets))


def _without_prints(lines: list[Line]) -> list[Line]:
    """Make furniture of what a browser prints on top and at the foot of each sheet: day, title, address, number."""
    feet = [i for i, line in enumerate(lines) if len(line.text) <= _SHEET_LONGEST and _SHEET.search(line.even)]
    heads = {0, *(i + 1 for i in feet), *(i - 1 for i in feet)} if feet else set()
    prints = {*feet, *(i for i in heads if 0 <= i < len(lines) and _SHEET_DAY.match(lines[i].even))}
    return [_as_print(line) if i in prints else line for i, line in enumerate(lines)] if prints else lines


def _as_print(line: Line) -> Line:
    return replace(line, kind=LineKind.FURNITURE, reason="head or foot of a print", credits=None)


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    """Make comments of what readers wrote; the site's own furniture below it stays what it is."""
    prose = [len(line.text) if line.kind is LineKind.PROSE else 0 for line in lines]
    start, end = find_comments([line.even for line in lines], prose)
    return [*lines[:start], *map(_as_comment, lines[start:end]), *lines[end:]]


def _as_comment(line: Line) -> Line:
    if line.kind in (LineKind.FURNITURE, LineKind.LINKS, LineKind.NOTICE):
        return line
    return replace(line, kind=LineKind.COMMENT, reason="readers' comments", ends=False, credits=None)


def _with_labels_above(lines: list[Line]) -> list[Line]:
    """Join a label that stands on a line of its own to the date on the next."""
    joined = list(lines)
    for i, line in enumerate(lines[1:], start=1):
        found = line.credits
        role = label_alone(lines[i - 1].even) if found and found.published and not found.roles else None
        if found and role is Role.PUBLISHED:
            joined[i] = replace(line, credits=replace(found, labelled=True))
        elif found and role is Role.UPDATED:
            joined[i] = replace(line, credits=replace(found, published=None, updated=found.published))
        elif role in (Role.HANDLED, Role.OTHER):
            joined[i] = replace(line, reason="date of a copy", credits=Credits(frozenset({Role.HANDLED})))
        if role in (Role.PUBLISHED, Role.UPDATED, Role.HANDLED):
            joined[i - 1] = replace(
                lines[i - 1], kind=LineKind.CREDIT, reason=joined[i].reason, credits=Credits(frozenset({role}))
            )
    return joined


def _with_masthead(lines: list[Line]) -> list[Line]:
    """Take the first line for the site's name where it stands above a menu, is an office's or owns the copyright."""
    if len(lines) < 2 or lines[0].kind is not LineKind.SHORT or len(lines[0].text) > _MASTHEAD_LONGEST:
        return lines
    name = lines[0].even.split("  ")[0].casefold()
    owned = any(line.reason == "copyright" and name in line.even.casefold() for line in lines[1:])
    above_menu = lines[1].kind in (LineKind.MENU, LineKind.LINKS, LineKind.FURNITURE) and not lines[1].gap
    if owned or above_menu or _OFFICE.search(name):
        return [replace(lines[0], reason=OUTLET), *lines[1:]]
    return lines


def _with_dateline(lines: list[Line], outlets: Outlets) -> list[Line]:
    """Look for a dateline above the first sentence, where its words were too many to be known by themselves."""
    first = next((i for i, line in enumerate(lines) if line.kind is LineKind.PROSE), 0)
    if any(line.credits and line.credits.published for line in lines[:first]):
        return lines
    for i in range(max(1, first - _DATELINE_FARTHEST), first):
        if lines[i].kind is not LineKind.SHORT or lines[i - 1].kind is not LineKind.SHORT:
            continue
        found = read_credits(lines[i].text, outlets, below_title=True)
        if found and found.published:
            return [
                *lines[:i],
                replace(lines[i], kind=LineKind.CREDIT, reason="dateline", credits=found),
                *lines[i + 1 :],
            ]
    return lines


# A repeated paragraph this long is a mistake of the page; a shorter one may be a refrain.
_REPEAT_SHORTEST = 30
# So many last lines of a body may be a comment.
_LAST = 6
_SUMMARY_SHORTEST, _SUMMARIES = 8, 5
_SUMMARY = re.compile(r"^(?:内容)?(?:摘要|核心提示|导读|导语|提要|内容提要|阅读提示|概要)\s*:\s*|^【[^】]{4,60}】\s*")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a page, sorted.

    `body` are the article's; `head` and `foot` the others above and below; `tails` the credits cut from the last of the
    body.
    """

    body: tuple[Line, ...]
    title: str | None
    bylines: tuple[str, ...]
    head: tuple[Line, ...]
    foot: tuple[Line, ...]
    tails: tuple[LineTail, ...]
    removed: tuple[Removed, ...]


def sort_lines(lines: Sequence[Line], outlets: Outlets, title: str | None) -> Sorted:
    """Sort lines that know their kinds; `title` is the one that the page's file declares."""
    lines = with_gallery(in_context(lines, outlets))
    kept = find_body(lines).kept
    head = read_head(lines, kept, title)
    deck, bylines = frozenset(head.deck), frozenset(head.bylines)
    kept = tuple(i for i in kept if i >= head.start or i in deck)
    repeats = _repeats(lines, kept)
    kept = tuple(i for i in kept if i not in repeats)
    last = kept[-1] if kept else len(lines)
    inside = set(kept)
    body, tails = _without_tails([lines[i] for i in kept], outlets)
    removed = [
        Removed(line.text, _reason(i, line, head.title, bylines, repeats, kept))
        for i, line in enumerate(lines)
        if i not in inside
    ]
    return Sorted(
        body=tuple(body),
        title=None if head.title is None else lines[head.title].text,
        bylines=tuple(lines[i].text for i in head.bylines),
        head=tuple(lines[: head.start]),
        # a signature's date stays in the body and says when it was signed
        foot=_foot(
            [line for i, line in enumerate(lines) if i > last or (i == last and line.kind is LineKind.CREDIT)],
            [line.even for line in lines[max(0, last - _LAST) : last]],
        ),
        tails=tails,
        removed=(*removed, *(Removed(tail.text, "byline") for tail in tails)),
    )


def _foot(lines: Sequence[Line], above: Sequence[str]) -> tuple[Line, ...]:
    """Believe no credits below a heading of readers' comments, proven or not, nor bare dates below what may be one.

    `above` are the lines right above, which may hold a comment's heading that could not be distinguished from the body.
    """
    strength = max(map(heading_strength, above), default=0)
    foot: list[Line] = []
    for line in lines:
        strength = max(strength, heading_strength(line.even))
        doubted = strength == 2 or (strength == 1 and line.credits is not None and not line.credits.roles)
        foot.append(replace(line, credits=None) if doubted else line)
    return tuple(foot)


def _repeats(lines: Sequence[Line], kept: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that stand on the page twice: a summary of what follows, or the second of two."""
    seen: set[str] = set()
    repeats: set[int] = set()
    texts = {lines[i].text for i in kept}
    for at, i in enumerate(kept):
        text = lines[i].text
        summary = _SUMMARY.match(lines[i].even) if at < _SUMMARIES else None
        if (summary and _is_said(text[summary.end() :], texts)) or (text in seen and len(text) >= _REPEAT_SHORTEST):
            repeats.add(i)
        seen.add(text)
    return frozenset(repeats)


def _is_said(summary: str, texts: Collection[str]) -> bool:
    """Return whether a summary only repeats how a paragraph begins."""
    said = summary.rstrip(".…。")
    return len(said) >= _SUMMARY_SHORTEST and any(text.startswith(said) for text in texts)


def _without_tails(
    body: list[Line], outlets: Outlets, *, is_record: bool = False
) -> tuple[list[Line], tuple[LineTail, ...]]:
    """Cut what is glued behind the last sentence; of a record's text only what can be nothing else."""
    if not body or (body[-1].kind is not LineKind.PROSE and not is_record):
        return body, ()
    last = body[-1]
    text, tails = cut_tails(last.text, outlets, only_glued=is_record)
    if not tails:
        return body, ()
    start = last.span[0]
    shorter = replace(last, text=text, span=(start, start + len(text)), even=last.even[: len(text)])
    return ([*body[:-1], classify(shorter, outlets)] if text else body[:-1]), tails


def _reason(
    i: int, line: Line, title: int | None, bylines: frozenset[int], repeats: frozenset[int], kept: Sequence[int]
) -> str:
    if i == title:
        return "title"
    if i in bylines:
        return "byline"
    if i in repeats:
        return "repeat"
    if line.reason:
        return line.reason
    if not kept or i < kept[0]:
        return "head of the page"
    return "foot of the page" if i > kept[-1] else "list of other articles"


# One pass is enough for nearly every page; shuffled lines of many pages needed four at most.
_PASSES = 10
# Lines at the head and at the foot of a page that are looked at closely, which takes 0.1 ms each. No page has more than
# twice as many: what lies between is a list or a book, whose lines are known by their shape, once.
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
    tails: tuple[LineTail, ...] = ()
    removed: tuple[Removed, ...] = ()
    signature: tuple[str, ...] = ()


def read_page(
    text: str, outlets: Outlets, *, title: str | None = None, boilerplate: Mapping[str, str] | None = None
) -> Page:
    """Take a page apart into the article and the rest.

    `title` is the one its file declares; `boilerplate` gives the lines that are known not to be the article's and why,
    as those that stand in many articles of its source; the first line may be one and is still read as what it is: the
    masthead, or the title of a series.
    """
    label, texts = _labelled(text, outlets, fields=True)
    lines = [*label, *_classified(texts, outlets)]
    if boilerplate:
        marked = (
            _as_boilerplate(line, boilerplate[line.text]) if line.text in boilerplate else line for line in lines[1:]
        )
        lines = [*lines[:1], *marked]
    page = sort_lines(lines, outlets, title)
    body, removed = _stable(page, outlets, title)
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


# Lines above a text that are fields of its record.
_FIELDS, _FIELD = 6, re.compile(r"\S{0,4}(?:标题|题目|时间|日期|来源|作者|记者|编辑|网址|链接|编号)\s*:")


def _labelled(text: str, outlets: Outlets, *, fields: bool = False) -> tuple[list[Line], list[Line]]:
    """Split a text into the label that a dump has put before it, if any, and its lines.

    With `fields` the label may stand below fields on lines of their own: 标题：… 时间：… 正文：…
    """
    lines = list(split_lines(text))
    above = next((i for i, line in enumerate(lines[:_FIELDS]) if not _FIELD.match(line.even)), 0) if fields else 0
    cut = cut_label(lines[above], outlets) if lines else []
    labels = [line for line in cut if line.kind is LineKind.CREDIT]
    if above and not labels:
        return [], lines
    return [*(classify(line, outlets) for line in lines[:above]), *labels], [*cut[len(labels) :], *lines[above + 1 :]]


def _classified(lines: list[Line], outlets: Outlets) -> Iterator[Line]:
    middle = range(_EDGE, len(lines) - _EDGE)
    for i, line in enumerate(lines):
        if i in middle:
            yield by_shape(line)
        else:
            yield from cut_page(classify(line, outlets), outlets)


def _stable(page: Sorted, outlets: Outlets, title: str | None) -> tuple[tuple[Line, ...], tuple[Removed, ...]]:
    """Sort the body again until nothing goes, so that cleaning what was cleaned changes nothing."""
    body = page.body
    removed: tuple[Removed, ...] = ()
    for _ in range(_PASSES if len(body) <= 2 * _EDGE else 0):
        again = sort_lines([replace(line, gap=False) if line.gap else line for line in body], outlets, title)
        if not again.removed:
            break
        body, removed = again.body, (*removed, *again.removed)
    return body, removed


def _as_boilerplate(line: Line, reason: str) -> Line:
    """Make furniture of a line that is no credit and not the first: many articles share an outlet or an author."""
    if line.kind is LineKind.CREDIT:
        return line
    return replace(line, kind=LineKind.FURNITURE, reason=line.reason or reason)


def _signature(body: tuple[Line, ...]) -> tuple[str, ...]:
    if not body or body[-1].kind is not LineKind.CREDIT:
        return ()
    return tuple(line.text for line in body[-4:-1] if line.kind is LineKind.SHORT)


# Credits stand in the first and the last lines of a text; a date further in belongs to the story.
_CREDIT_LINES = 4


def read_record(text: str, outlets: Outlets) -> Page:
    """Keep a record's text whole, but for foot lines that can be nothing else: editor, copyright, buttons."""
    label, lines = _labelled(text, outlets)
    edges = {*range(_CREDIT_LINES), *range(max(0, len(lines) - 2 * _CREDIT_LINES), len(lines))}
    lines = [classify(line, outlets) if i in edges else line for i, line in enumerate(lines)]
    end = _end(lines)
    head = (*label, *(line for line in lines[: min(_CREDIT_LINES, end)] if line.kind is LineKind.CREDIT))
    prose = [len(line.text) * is_prose(line.even) for line in lines]
    readers = range(*find_comments([line.even for line in lines], prose))
    foot = tuple(
        line
        for i, line in enumerate(lines)
        if i >= max(end - _CREDIT_LINES, len(head)) and i not in readers and line.kind is LineKind.CREDIT
    )
    body, tails = _without_tails(lines[:end], outlets, is_record=True)
    removed = (*label, *lines[end:])
    return Page(
        paragraphs=tuple(line.span for line in body),
        head=head,
        foot=foot,
        tails=tails,
        removed=(
            *(Removed(line.text, line.reason) for line in removed),
            *(Removed(tail.text, "byline") for tail in tails),
        ),
    )


def _end(lines: Sequence[Line]) -> int:
    end = len(lines)
    while end > 1 and _is_foot(lines[end - 1]):
        end -= 1
    return end


def _is_foot(line: Line) -> bool:
    if line.kind is LineKind.CREDIT:
        return line.credits is not None and Role.EDITOR in line.credits.roles
    return line.kind is LineKind.FURNITURE and line.reason in ("copyright", "buttons", "previous and next")
