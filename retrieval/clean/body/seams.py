"""Cut lines that a scraper glued together: a whole page on one line, a title and its dateline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.clean.body.kinds import OUTLET, Line, LineKind, classify, is_han
from retrieval.clean.credits import Credits, read_credits
from retrieval.clean.labels import Role, label_before
from retrieval.clean.names import Outlets, read_names
from retrieval.text.dates import ENGLISH_MONTHS
from retrieval.text.folding import even

# Gaps between what were lines. A single space is one only in Chinese, and not between the parts of a date.
_WIDE = re.compile(r"[ \xa0\u3000\t]{2,}|[\u3000\t]")
_ANY = re.compile(r"(?<!\d)[ \xa0\u3000\t]+|[ \xa0\u3000\t]+(?!\d)")
# Cutting costs time: a longer line than the second is no article's.
_SHORTEST, _LONGEST = 40, 100_000
# This many pieces that only a page has, or a date beside another credit, tell a page from a sentence with gaps.
_FURNITURE = 3
_STOPS = frozenset('。.!?…”"』」)】]')
_AROUND = {LineKind.FURNITURE, LineKind.MENU, LineKind.LINKS, LineKind.NOTICE, LineKind.CREDIT, LineKind.RELATED}
# Where a dateline can begin behind a title; titles are no shorter than the first number.
_TITLE_SHORTEST = 6
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
        # a month and a day are a date only beside the label
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
    return line.kind is LineKind.SHORT and line.reason != OUTLET and len(line.text) >= _TITLE_SHORTEST


def _seam(line: Line, outlets: Outlets) -> int:
    """Return where the dateline behind a title begins, 0 where none does."""
    match = _DATELINE.search(line.even)
    if match is None:
        return 0
    if label_before(line.even[: match.start()]) in (Role.HANDLED, Role.OTHER):
        return 0
    title = line.even[: match.start()].rstrip(_BETWEEN)
    if len(title) < _TITLE_SHORTEST or not _may_be_title(classify(_part(line, 0, len(title)), outlets)):
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
