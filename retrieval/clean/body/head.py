"""Title and bylines, apart from the rest of what stands above an article's first sentence.

Lines that a scraper glued together are cut first: a whole page on one line, a title and its dateline.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.clean import Outlets
from retrieval.clean.body import kinds as signs
from retrieval.clean.body.extent import PAGE
from retrieval.clean.body.kinds import OUTLET, Line, LineKind, classify, is_han
from retrieval.clean.credits import Credits, read_credits
from retrieval.clean.labels import Role, is_dated_label, label_before
from retrieval.clean.names import read_names
from retrieval.text import even
from retrieval.text.dates import ENGLISH_MONTHS

# Gaps between what were lines. A single space is one only in Chinese, and not between the parts of a date.
_WIDE = re.compile(r"[ \xa0\u3000\t]{2,}|[\u3000\t]")
_ANY = re.compile(r"(?<!\d)[ \xa0\u3000\t]+|[ \xa0\u3000\t]+(?!\d)")
# Cutting costs time: a longer line than the second is no article's.
_SHORTEST, _LONGEST = 40, 100_000
# This many pieces that only a page has, or a date next to another credit, distinguish a page from a sentence with gaps.
_FURNITURE = 3
_STOPS = frozenset('。.!?…”"』」)】]')
_AROUND = {LineKind.FURNITURE, LineKind.MENU, LineKind.LINKS, LineKind.NOTICE, LineKind.CREDIT, LineKind.RELATED}
# Where a dateline can begin behind a title; titles are no shorter than the first number.
_GLUED_TITLE_SHORTEST = 6
_DATELINE = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}|(?:发布|发表|更新)?(?:时间|日期)\s*:|来源\s*:|作者\s*:|\bBy [A-Z]"
    rf"|(?:{'|'.join(name[:3] for name in ENGLISH_MONTHS)})[a-z]*\.? \d{{1,2}}, (?:19|20)\d\d)"
)
_BETWEEN = " \t\xa0\u3000-–—|/·(【["


def cut_page(line: Line, outlets: Outlets) -> Iterator[Line]:
    """Cut a line that holds a page, menus and all, at its gaps; yield any other as it is."""
    if line.kind is not LineKind.PROSE or not _SHORTEST <= len(line.text) <= _LONGEST:
        yield line
        return
    pieces = list(_pieces(line, _ANY if is_han(line.even) else _WIDE))
    pieces = [classify(piece, outlets) for piece in pieces] if len(pieces) > 2 else []
    yield from pieces if _is_page(pieces) else [line]


def _pieces(line: Line, gap: re.Pattern[str]) -> Iterator[Line]:
    start = 0
    for match in (*gap.finditer(line.text), None):
        end = match.start() if match else len(line.text)
        if start < end:
            yield _part(line, start, end)
        start = match.end() if match else end


def _part(line: Line, start: int, end: int) -> Line:
    offset = line.span[0]
    return Line(line.text[start:end], (offset + start, offset + end), line.even[start:end], gap=line.gap and not start)


def _is_page(pieces: Sequence[Line]) -> bool:
    prose = [piece for piece in pieces if piece.kind is LineKind.PROSE]
    if not prose or not all(piece.even[-1] in _STOPS for piece in prose):
        return False
    around = [piece for piece in pieces if piece.kind in _AROUND and piece.reason != "no words"]
    said = [piece.credits for piece in around if piece.credits]
    return len(around) >= _FURNITURE or (len(said) > 1 and any(found.published for found in said))


# [ 2023-07-28 16:40 ] ,正文: — what dumps write before an article's text.
_BODY_LABEL = re.compile(r"(?P<head>[^。!?]{0,120}?)[\s,;|]{0,4}(?<![\u4e00-\u9fff])(?:新闻|文章)?正文\s*:\s*")


def cut_label(line: Line, outlets: Outlets) -> list[Line]:
    """Cut from the first line what a dump writes before the text: its day, its outlet, and a label."""
    match = _BODY_LABEL.match(line.even)
    if match is None:
        return [line]
    head = line.text[: match.end("head")].rstrip(" \t,，;")
    found = read_credits(head, outlets) if head.strip() else Credits(frozenset())
    if found is None or not (found.published or found.source):
        # a month and a day are a date only next to the label
        found = read_credits(line.text[: match.end()].strip(), outlets) or found
    if found is None:
        return [line]
    label = replace(_part(line, 0, match.end()), kind=LineKind.CREDIT, reason="dateline", credits=found)
    return [label, *([_part(line, match.end(), len(line.text))] if match.end() < len(line.text) else [])]


def cut_title(lines: Sequence[Line], outlets: Outlets) -> list[Line]:
    """Cut a dateline from the title before it, where no line above the first sentence is the title by itself."""
    first = next((i for i, line in enumerate(lines) if line.kind is LineKind.PROSE), len(lines))
    glued = [i for i in range(first) if lines[i].kind in (LineKind.SHORT, LineKind.CREDIT) and _seam(lines[i], outlets)]
    if len(glued) != 1 or any(_may_be_title(line) for line in lines[: glued[0]]):
        return list(lines)
    (i,) = glued
    line = lines[i]
    seam = _seam(line, outlets)
    title = classify(_part(line, 0, len(line.even[:seam].rstrip(_BETWEEN))), outlets)
    return [*lines[:i], title, classify(_part(line, seam, len(line.text)), outlets), *lines[i + 1 :]]


def _may_be_title(line: Line) -> bool:
    return line.kind is LineKind.SHORT and line.reason != OUTLET and len(line.text) >= _GLUED_TITLE_SHORTEST


def _seam(line: Line, outlets: Outlets) -> int:
    """Return where the dateline behind a title begins, 0 where none does."""
    match = _DATELINE.search(line.even)
    if match is None:
        return 0
    if label_before(line.even[: match.start()]) in (Role.HANDLED, Role.OTHER):
        return 0
    title = line.even[: match.start()].rstrip(_BETWEEN)
    if len(title) < _GLUED_TITLE_SHORTEST or not _may_be_title(classify(_part(line, 0, len(title)), outlets)):
        return 0
    found = read_credits(line.text[match.start() :], outlets)
    return match.start() if found and (found.published or Role.SOURCE in found.roles) else 0


_LAST = re.compile(r"\s*(?P<open>[(【\[<〔「])(?P<inside>[^()【】\[\]<>〔〕]{1,80})[)】\]>〕」]?\s*\d{0,8}\s*$")
_END = re.compile(r"\s*[(【\[](?:完|终|全文完|本文完|end|了)[)】\]]\s*$|\s+(?:■|□|◆|●|###|-30-)\s*$", re.IGNORECASE)
# No paragraph ends in more: each is cut from what is left of it, which may be a megabyte.
_MOST = 20
_TAIL_STOPS = frozenset('。.!?…”"』」')
# What scrapers glue behind the last sentence of a page: the way back, editors, promotions, statements of the site.
_GLUED = re.compile(
    r"(?:(?<=[。!?…”』」)】\s])|(?<=查看更多))\s*(?P<glued>"
    r"返回\S{2,8}?[,\s]{0,2}查看更多|\(?(?:责任编辑|责编|编辑|校对|审核)\s*:\s*[^。,!?]{0,14}\)?|【(?:责任)?编辑\s*:[^】]{0,14}】"
    r"|更多(?:精彩|相关)?(?:内容|资讯|新闻|报道)?,?\s*请(?:进入|关注|点击|访问|下载)[^。]{2,24}"
    r"|海量资讯[^。]{0,14}尽在[^。]{2,20}"
    r"|(?:广告|平台|特别|免责|郑重|版权)声明\s*:.{0,300}|\(?(?:本文|文章)来源\s*:\s*[^。,]{2,20}\)?|为[您你]推荐.{0,200}|举报/反馈"
    r"|下载\S{2,16}(?:APP|客户端)[^。]{0,20}"
    r")\s*$",
    re.IGNORECASE | re.DOTALL,
)
_GLUED_LONGEST = 340
_CONTRIBUTED = re.compile(r"(?:供稿|报道|撰稿|投稿|摄影?|供图|整理|采写|编译|通讯员|记者|图/文|文/图)\s*$")
_ORIGINAL = re.compile(r"(?:原载|原标题|原题|来源|转自|摘自|本文(?:刊|系|原)|載)|《\s*\S{2,12}(?:报|刊|网)\s*》")


@dataclass(frozen=True, slots=True)
class LineTail:
    """A piece cut from the end of a paragraph, and what it says."""

    text: str
    credits: Credits


def cut_tails(text: str, outlets: Outlets, *, only_glued: bool = False) -> tuple[str, tuple[LineTail, ...]]:
    """Return a paragraph without the credits behind its last sentence, or without what is glued there, and these."""
    tails: list[LineTail] = []
    tail = _glued if only_glued else _tail
    while len(tails) < _MOST and (found := tail(text, outlets)) is not None:
        start, said = found
        tails.insert(0, LineTail(text[start:].strip(), said))
        text = text[:start].rstrip()
    return text, tuple(tails)


def _glued(text: str, outlets: Outlets) -> tuple[int, Credits] | None:
    far = even(text[-_GLUED_LONGEST:])
    glued = _GLUED.search(far)
    start = len(text) - len(far) + glued.start("glued") if glued else 0
    return (start, read_credits(text[start:], outlets) or Credits(frozenset())) if start else None


def _tail(text: str, outlets: Outlets) -> tuple[int, Credits] | None:
    if glued := _glued(text, outlets):
        return glued
    written = even(text[-100:])
    offset = len(text) - len(written)
    end = _END.search(written)
    if end and offset + end.start():
        return offset + end.start(), Credits(frozenset())
    match = _LAST.search(written)
    if match is None or offset + match.start() == 0:
        return None
    inside = text[offset + match.start("inside") : offset + match.end("inside")]
    said = _read(inside, outlets, ends=written[: match.start()][-1:] in _TAIL_STOPS)
    return None if said is None else (offset + match.start(), said)


def _read(inside: str, outlets: Outlets, *, ends: bool) -> Credits | None:
    """Read what stands in the brackets; a bare name is a byline only where a sentence `ends` before it."""
    found = read_credits(inside, outlets)
    if found and (found.roles or found.authors or _ORIGINAL.search(even(inside))):
        return found
    contributed = _CONTRIBUTED.search(even(inside)) is not None
    names = read_names(_CONTRIBUTED.sub("", inside), declared=contributed)
    if names and (contributed or ends):
        return Credits(frozenset(), authors=names)
    return found or Credits(frozenset()) if _ORIGINAL.match(even(inside).strip()) else None


# Titles run from a few characters to two lines.
_TITLE_SHORTEST, _TITLE_LONGEST = 2, 120
# No menu above a title has more lines; each that may be one is compared with all lines.
_TITLE_FARTHEST = 100
# A deck (a sentence or two between title and dateline) is at most this share of the prose.
_DECK = 0.2
# A first paragraph above a date that is labelled as the publication is at most this share.
_LEAD = 0.5
_SENTENCE = re.compile(r"。|[.!?][\"”’)]*$")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Head:
    """Which lines above the body are what, as indices: the title, the bylines, and the first line of the body.

    `deck` are sentences that stand above the dateline and belong to the body.
    """

    title: int | None
    bylines: tuple[int, ...]
    start: int
    deck: tuple[int, ...] = ()


def read_head(lines: Sequence[Line], kept: Sequence[int], declared: str | None = None) -> Head:
    """Read the lines above the first sentence.

    `kept` are the indices of the body's lines, `declared` is the title that the file gives.
    """
    credit = _last_credit(lines, kept)
    given = _declared_lines(lines, declared)
    printed = frozenset(given)
    opening = LineKind.PROSE if any(lines[i].kind is LineKind.PROSE for i in kept) else LineKind.SHORT
    first = next((i for i in kept if i > credit and i not in printed and lines[i].kind is opening), len(lines))
    candidates = [i for i in given if i < first][-_TITLE_FARTHEST:] or _candidates(lines, first)
    page = max((i for i in range(first) if lines[i].kind in PAGE or lines[i].reason == OUTLET), default=-1)
    bylines = tuple(i for i in range(min(candidates, default=first) + 1, first) if _is_byline(lines[i]))
    named = frozenset(bylines)
    candidates = [i for i in candidates if i not in named]
    marked = max((page, *bylines, *given))
    if marked < 0:
        return Head(None, (), 0) if declared else _plain_head(lines, kept, first)
    keys = _Keys.of(lines if candidates else ())
    title = max(candidates, key=lambda i: _title_score(lines, keys, i, credit, named), default=None)
    start = _after_title(lines, kept, max(marked, -1 if title is None else title) + 1, first)
    return Head(title, bylines, start, _deck(lines, kept, title, start))


def _candidates(lines: Sequence[Line], first: int) -> list[int]:
    """Give the lines that can be the title; an outlet's name only where nothing else can."""
    able = [i for i in range(max(0, first - _TITLE_FARTHEST), first) if _can_be_title(lines[i])]
    return [i for i in able if lines[i].reason != OUTLET] or able


def _declared_lines(lines: Sequence[Line], declared: str | None) -> tuple[int, ...]:
    """Find the lines near the top that print the declared title."""
    key = _key(even(declared)) if declared else ""
    return tuple(
        i for i, line in enumerate(lines) if key and _key(line.even) == key and line.kind is not LineKind.CREDIT
    )


def _last_credit(lines: Sequence[Line], kept: Sequence[int]) -> int:
    """Return the last credit line with little of the prose above it, -1 without one."""
    inside = set(kept)
    sentences = {i: len(line.text) for i, line in enumerate(lines) if line.kind is LineKind.PROSE and i in inside}
    total, above, last = sum(sentences.values()), 0, -1
    for i, line in enumerate(lines):
        above += sentences.get(i, 0) if _SENTENCE.search(line.even) else 0
        if above > _LEAD * total or (not total and kept and i > kept[0]):
            break
        if line.kind is not LineKind.CREDIT:
            continue
        # 发表时间：… behind a first paragraph, and what stands right below it
        is_behind = last == i - 1 if last >= 0 else line.credits is not None and line.credits.labelled
        if above <= _DECK * total or is_behind:
            last = i
    return last


def _after_title(lines: Sequence[Line], kept: Sequence[int], start: int, first: int) -> int:
    """Keep the short lines between the title and the first sentence, but for a subtitle."""
    between = [i for i in range(start, first) if lines[i].kind is LineKind.SHORT]
    if len(between) == 1 and _can_be_title(lines[between[0]]) and not _has_headings(lines, kept, first):
        return first
    return between[0] if between else first


def _deck(lines: Sequence[Line], kept: Sequence[int], title: int | None, start: int) -> tuple[int, ...]:
    above = (i for i in kept if i < start and i != title and lines[i].kind is LineKind.PROSE)
    return tuple(i for i in above if _SENTENCE.search(lines[i].even))


def _plain_head(lines: Sequence[Line], kept: Sequence[int], first: int) -> Head:
    """Read the head of a text without a page around it: its title stands alone above the first sentence.

    A short line above several others may open a list, and one among headings of its kind may be the first: these
    stay, as they must for text that has been cleaned before.
    """
    if not first or first == len(lines) or not _can_be_title(lines[0]) or _continues(lines[0], lines[1]):
        return Head(None, (), 0)
    alone = first == 1 and len(lines[0].text) > 3 and not _has_headings(lines, kept, first)
    if not (alone or lines[1].gap):
        return Head(0 if first == 1 else None, (), 0)
    return Head(0, (), _after_title(lines, kept, 1, first))


def _continues(line: Line, following: Line) -> bool:
    """Recognise a sentence broken over two lines: the second goes on in small letters, or both fill the same width."""
    if following.gap:
        return False
    opening = following.text[0]
    return opening.islower() or opening.isdigit() or abs(len(line.text) - len(following.text)) <= 1


def _has_headings(lines: Sequence[Line], kept: Sequence[int], first: int) -> bool:
    return any(lines[i].kind is LineKind.SHORT for i in kept if i > first)


def _can_be_title(line: Line) -> bool:
    if line.kind is LineKind.PROSE:
        return len(line.text) <= _TITLE_LONGEST and "。" not in line.even and line.even[-1] != "."
    return (
        line.kind is LineKind.SHORT
        and _TITLE_SHORTEST <= len(line.text) <= _TITLE_LONGEST
        and not signs.HEADING.match(line.even)
        and line.even[-1] not in ":,;"
        and not is_dated_label(line.even)
    )


class _Keys(NamedTuple):
    """The keys of a page's lines: in their order, in order of writing, and of each the next place with another key."""

    own: list[str]
    ordered: list[str]
    below: list[int]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Keys":
        own = [_key(line.even) for line in lines]
        below = [-1] * len(own)
        for i in range(len(own) - 2, -1, -1):
            below[i] = i + 1 if own[i + 1] != own[i] else below[i + 1]
        return cls(own, sorted(own), below)

    def repeats(self, key: str) -> int:
        """Count the other lines that begin with a line's key, two at most."""
        first = bisect_left(self.ordered, key) + 1
        return sum(other.startswith(key) for other in self.ordered[first : first + 2])


def _title_score(
    lines: Sequence[Line], keys: _Keys, i: int, credit: int, bylines: Collection[int]
) -> tuple[float, int]:
    """Score a title: repeated on the page, right above the credits, of a title's length; the later one wins a tie."""
    key, below = keys.own[i], keys.below[i]
    above_credit = below in bylines or (below >= 0 and lines[below].kind is LineKind.CREDIT)
    masthead = lines[i + 1].kind in (LineKind.MENU, LineKind.LINKS, LineKind.FURNITURE) if i + 1 < len(lines) else False
    behind_position = i > 0 and lines[i - 1].reason == "position in the site"
    length = min(len(key), 16) / 8 - (2 if len(key) < 7 else 0)
    distance = 0.02 * abs((credit if credit >= 0 else i) - i)
    return (
        2.0 * keys.repeats(key) + 3.0 * above_credit + 1.5 * behind_position - 3.0 * masthead + length - distance,
        i,
    )


def _key(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _is_byline(line: Line) -> bool:
    """Recognise names alone on a line, which count as a byline only below a title."""
    named = line.kind is LineKind.SHORT and line.reason != OUTLET and len(line.text) <= 60
    return named and line.even[-1] != "。" and bool(read_names(line.text))
