"""The lines of a page, each with its place in the text, and what kind it is by itself: the signs it shows."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from retrieval.clean import Outlets
from retrieval.clean.credits import Credits, read_credits
from retrieval.clean.labels import Role, source_name
from retrieval.text import even
from retrieval.values import Span

# What is white space, and what has no width, which str.strip() does not know by itself.
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


OUTLET = "name of the outlet"
"""The reason given to a short line that is an outlet's name."""


class LineKind(StrEnum):
    """What a line looks like by itself."""

    PROSE = "prose"
    SHORT = "short"  # a heading, a headline, a list item: its neighbours decide
    CREDIT = "credit"
    CAPTION = "caption"
    FURNITURE = "furniture"
    LINKS = "links"
    RELATED = "related"
    MENU = "menu"  # may be an article's own list: goes only at the edges
    COMMENT = "comment"  # what a reader wrote: never the article's, and dates nothing
    NOTICE = "notice"  # sentences, but the site's: go only at the edges


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it.

    `span` counts characters in the page's text; `even` is the line in Simplified and half width, place by place;
    `gap` says that an empty line stands before it; `ends` that what follows it is no longer the article.
    """

    text: str
    span: Span
    even: str
    gap: bool = False
    kind: LineKind = LineKind.SHORT
    reason: str = ""
    ends: bool = False
    credits: Credits | None = None


def split_lines(text: str) -> Iterator[Line]:
    """Cut a text into its lines that are not empty."""
    evened = even(text)
    start, gap = 0, False
    for end, following in _breaks(text):
        span = _stripped(text, start, end)
        if span[0] < span[1]:
            yield Line(text[slice(*span)], span, evened[slice(*span)], gap)
        gap = span[0] == span[1]
        start = following


def _breaks(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _BREAK.finditer(text))
    yield len(text), len(text)


def _stripped(text: str, start: int, end: int) -> Span:
    line = text[start:end].rstrip(_BLANK)
    return start + len(line) - len(line.lstrip(_BLANK)), start + len(line)


_WORDS: dict[str, str] = tomllib.loads((files(__package__) / "signs.toml").read_text(encoding="utf-8"))
_WORD = re.compile(r"(?:\([^()]*\)|[^|\n(])+")


def _any(name: str) -> str:
    return "(?:" + _WORDS[name].strip().replace("\n    ", "").replace("\n", "|") + ")"


def _sign(pattern: str) -> re.Pattern[str]:
    return re.compile(even(pattern), re.IGNORECASE)


def _only(*names: str) -> re.Pattern[str]:
    # a Latin or kana word ends where its letters end; Chinese words follow each other without a gap
    end = r"(?![a-z\u3041-\u30ff\uac00-\ud7a3])"
    # longest first and without stepping back: 返回首页 is not tried as 返回 and 首页 again
    words = sorted((word for name in names for word in _WORD.findall(_WORDS[name])), key=len, reverse=True)
    # what stands between comes first, since no word begins with it: else 300 words are tried at each dot
    return _sign(rf"(?>{_BETWEEN}++|(?:{'|'.join(words)}){end})++")


_BETWEEN = r"[\s\d|·•.,:;/>»<«()\[\]{}【】\-–—_=*+&~#:、,。!!?×+^↑↓▲▼→←※■□●○◆◇★☆]"

BUTTONS = _only("buttons")
"""Only buttons and counters."""
MENU = _only("buttons", "sections")
"""Buttons and names of sections."""
BARE = _sign(rf"{_BETWEEN}++")
"""No letter."""
POSITION = _sign(_any("position"))
COPYRIGHT = _sign(_any("copyright"))
CONTACT = _sign(_any("contact"))
PAGER = _sign(_any("pager"))
RELATED = _sign(rf"[\W_]*+{_any('related')}[\W_]*+(?:(?:更多|more|もっと見る|一覧)[\W_]*+)?")
RELATED_INLINE = _sign(
    r"[\W_]*+(?:(?:(?:相关|延伸|推荐|拓展|关联)(?:阅读|链接|新闻|报道|文章)|同场加映|更多(?:新闻|报道))"
    r"|read (?:more|also|next)|also read|see also|related(?: stor(?:y|ies))?"
    r"|関連(?:記事|リンク|ニュース)|관련\s?기사)\s*[:>»|]\s*\S"
    # in these languages no sentence of an article begins so
    r"|[\W_]*+(?:lea|vea|leia|veja|(?:à )?lire|lesen sie|leggi|lees|читайте|смотрите|czytaj|xem|baca) "
    r"(?:también|também|mais|aussi|auch|anche|ook|также|też|thêm|juga)\s*[:>»|]?\s*\S"
)
"""A link to another article on one line with its label."""
COMMENTS = _sign(_any("comments"))
_COUNT = (
    r"(?:[\s:·(\[【]*+(?:(?:共|已有|全部|查看|展开|all|view|show|see|read)\s*+)*+(?:\d[\d,.]*+\+?|\bone\b)\s*+"
    r"(?:条|个|则|篇|人|楼|件|개|건)?\s*+(?:人?参与)?[)\]】]*+)"
)
_ABOUT = r"\s+(?:on|to|for|about|zu|zum|à|sur|a|al|su|om|op|к|по)\s+.{1,160}"
_QUOTED = r"\s*(?:on|to|for|about|zu|à|sur|a|su|к)?\s*[:\"“«「《„].{1,160}[\"”»」》“]"
_CLOSING = r"[\s:>»↓▼]*"
COMMENTS_HEADING = _sign(
    rf"{_any('comments_heading')}(?:{_COUNT}人?|{_QUOTED})?{_CLOSING}"
    rf"|{_COUNT}\s*(?:{_any('comments_heading')}|{_any('comments_perhaps')})(?:{_QUOTED}|{_ABOUT})?{_CLOSING}"
    rf"|{_any('comments_perhaps')}\s*{_COUNT}{_CLOSING}"
)
"""The heading of what readers wrote."""
COMMENTS_PERHAPS = _sign(rf"{_any('comments_perhaps')}{_CLOSING}")
"""The same, or the heading of an article's own part."""
COMMENT_BUTTONS = _sign(rf"(?>(?:{_any('comment_buttons')}(?![a-z])|[\s\d|·•.,:/()\[\]+#-])++)")
COMMENT_AGO = _sign(rf"(?<!\w){_any('comment_ago')}(?!\w)")
COMMENT_SAYS = _sign(_any("comment_says"))
PROMOTION = _sign(_any("promotion"))
"""A call to an app, a live stream or a vote."""
SECTION_TITLE = _sign(rf"(?:{_any('section_titles')}|{_any('sections')})")
"""A title that names a section and no article."""
NOTICE = _sign(rf"[\W\d_]*+{_any('notice')}|[\W\d_]*※")
CAPTION_START = _sign(rf"[\W_]{{0,3}}{_any('caption_start')}")
CAPTION_END = _sign(rf"{_any('caption_end')}\s*[)\]】]?$")
HEADING = _sign(_any("heading"))
"""A numbered heading: part of the body, never the title."""
# A dash opens a list or a dialogue in many articles and is no such bullet.
BULLET = re.compile(r"[·•▪▫■□◆◇●○★☆►▶▸‣※>»◎☉・]|\[[^\]]{1,8}\]|\(\d{1,2}[-/]\d{1,2}\)|[-*]\s")
"""What stands before a headline in a list."""
TRUNCATED = _sign(r"(?:\.{2,}|…+)$")
"""A headline or a summary cut short, or a sentence that trails off."""
TEASER = _sign(
    r"\[(?:详细|全文|更多|详情|阅读全文|more)\]$|(?:\.{2,}|…+)\s*(?:详细|全文|更多|详情|阅读全文|read more|続きを読む)$"
)
"""A summary with a link to the rest."""


# Longer lines are neither buttons nor captions, whatever they say.
_BUTTONS_LONGEST = 80
_CAPTION_LONGEST = 160
_NOTICE_LONGEST = 400
_PROMOTION_LONGEST = 160
# So many characters more may stand next to an outlet's name on a line of its own.
_NEXT_TO_OUTLET = 4
# Longer lines hardly come back.
_REMEMBERED = 64
# What shows a teaser stands at its very end; a line may be a megabyte long.
_ENDING = 40
# A headline is rarely longer than this many characters of Chinese, or of an alphabet.
_HEADLINE_HAN, _HEADLINE_LATIN = 40, 120
# Runs of letters are found much faster than letters.
_HAN = re.compile("[\u3041-\u30ff\u3400-\u9fff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff\uac00-\ud7af]+")
_PAGE_COUNT = re.compile(r"\d{1,2}\s?/\s?\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FULL_STOP = re.compile(r"。|[.!?।؟][\"”’')\]]*$|[.!?][\"”’)]?\s")
_COMMA = re.compile("[,:]")
_KOREAN_END = re.compile(r"[다요]\.[\"”]?$")


@dataclass(frozen=True, slots=True)
class _Classification:
    kind: LineKind
    reason: str
    ends: bool = False
    credits: Credits | None = None


def classify(line: Line, outlets: Outlets) -> Line:
    """Return a line with its kind: the first whose signs it shows."""
    classification = classification_cached if len(line.text) <= _REMEMBERED else _classification
    found = classification(line.text, line.even, outlets)
    # written out, since `replace` takes as long as all the rest for a line that is remembered
    return Line(line.text, line.span, line.even, line.gap, found.kind, found.reason, found.ends, found.credits)


def by_shape(line: Line) -> Line:
    """Distinguish a sentence from a shorter line, whatever it says."""
    return Line(line.text, line.span, line.even, line.gap, LineKind.PROSE if is_prose(line.even) else LineKind.SHORT)


def _classification(text: str, written: str, outlets: Outlets) -> _Classification:
    kind, reason, ends = _by_signs(written)
    # 2020年12月20日 来源：… 【我要纠错】 is a dateline with buttons behind it
    found = read_credits(text, outlets) if kind is None or reason == "promotion" else None
    if kind is not None and not (found and found.published):
        return _Classification(kind, reason, ends)
    if found and not written.startswith(("编者按", "按:")):
        return _Classification(LineKind.CREDIT, _credit_reason(found), Role.EDITOR in found.roles, found)
    kind, reason = _by_shape(written)
    name = (source_name(text) or "") if kind is LineKind.SHORT else ""
    # 【滨湖日报】早稻亩产创新高 is a headline
    if name and outlets.looks_like_one(name) and sum(map(len, _HAN.findall(text))) <= len(name) + _NEXT_TO_OUTLET:
        reason = OUTLET
    return _Classification(kind, reason, ends)


classification_cached = lru_cache(maxsize=8192)(_classification)
"""What a short line is, as `classify` says; menus come back on every page of a site and are remembered."""


def _by_signs(text: str) -> tuple[LineKind | None, str, bool]:
    if _is_link_row(text):
        return LineKind.LINKS, "row of links", False
    if len(text) <= _BUTTONS_LONGEST:
        dated = _YEAR.search(text) is not None
        if RELATED_INLINE.match(text):
            return LineKind.RELATED, "link to another article", False
        if RELATED.fullmatch(text):
            return LineKind.RELATED, "heading of other articles", bool(COMMENTS.search(text))
        if BARE.fullmatch(text):
            if _PAGE_COUNT.fullmatch(text):
                return LineKind.FURNITURE, "page count", False
            return (None, "", False) if dated else (LineKind.MENU, "no words", False)
        if not dated and BUTTONS.fullmatch(text):
            return LineKind.FURNITURE, "buttons", False
        if POSITION.search(text) and "。" not in text:
            return LineKind.FURNITURE, "position in the site", False
        if PAGER.match(text):
            return LineKind.FURNITURE, "previous and next", True
        if not dated and MENU.fullmatch(text):
            return LineKind.MENU, "menu", False
    if len(text) <= _NOTICE_LONGEST:
        if COPYRIGHT.search(text) and "。" not in text[:-1]:
            return LineKind.FURNITURE, "copyright", False
        if NOTICE.match(text):
            return LineKind.NOTICE, "notice of the site", False
    if len(text) <= _PROMOTION_LONGEST and not text.endswith("。") and PROMOTION.search(text):
        return LineKind.FURNITURE, "promotion", False
    if len(text) <= _CAPTION_LONGEST:
        if len(CONTACT.findall(text)) > 1 or (len(text) < 60 and CONTACT.match(text)):
            return LineKind.NOTICE, "contact", False
        if CAPTION_START.match(text) or CAPTION_END.search(text):
            return LineKind.CAPTION, "caption", False
    return None, "", False


def _by_shape(text: str) -> tuple[LineKind, str]:
    if BULLET.match(text) and not text.endswith("。") and len(text) <= _HEADLINE_LATIN:
        return LineKind.MENU, "headline of another article"
    if TEASER.search(text[-_ENDING:]) or (len(text) <= _HEADLINE_HAN and TRUNCATED.search(text)):
        return LineKind.MENU, "headline of another article"
    if _is_word_row(text):
        return LineKind.MENU, "menu"
    return (LineKind.PROSE, "") if is_prose(text) else (LineKind.SHORT, "")


def is_prose(text: str) -> bool:
    """Return whether a line reads as sentences rather than as a heading."""
    if is_han(text):
        # a question with a clause in it, or a speaker before it, is rather said than a headline
        unfinished = text[-1] in ",;:!?…”" and (len(text) > 24 or (_COMMA.search(text[:-1]) and text[-1] in "!?"))
        return "。" in text or len(text) > _HEADLINE_HAN or bool(unfinished)
    if _KOREAN_END.search(text):
        return True
    words = text.count(" ") + 1
    if _FULL_STOP.search(text) and (words >= 5 or len(text) > 40):
        return True
    return len(text) > _HEADLINE_LATIN


def is_han(text: str) -> bool:
    """Recognise a line of ideographs or kana, whatever numbers and foreign names it holds."""
    return sum(map(len, _HAN.findall(text))) * 3 > sum(map(len, _LATIN.findall(text)))


def _credit_reason(found: Credits) -> str:
    if Role.EDITOR in found.roles and not found.published:
        return "editor"
    if Role.HANDLED in found.roles and not (found.published or found.updated):
        return "date of a copy"
    return "dateline" if found.published or found.updated else "byline"


def _is_link_row(text: str) -> bool:
    """Distinguish a row of names between strokes from a row of a table, which begins and ends with one."""
    cells = [cell.strip() for cell in re.split(r"[|丨¦│┃∣]", text)]
    if len(cells) < 6 or text.startswith("|"):
        return False
    return sum(map(len, cells)) <= 16 * len(cells) and "。" not in text


def _is_word_row(text: str) -> bool:
    """Recognise several short words with gaps between them, as menus print: no sentence, no number."""
    if re.search(r"[。,;:!?]", text):
        return False
    wide = [cell for cell in re.split(r"\s{2,}|[|丨·/│┃]", text) if cell.strip()]
    if len(wide) >= 4 or (len(wide) >= 3 and "|" in text):
        return max(map(len, wide)) <= 24
    words = text.split()
    if text.isascii() and len(words) >= 4 and "".join(words).isalnum() and text[0].isupper():
        # News Sport Jobs Homes Your Say: mostly names of sections
        return sum(MENU.fullmatch(word) is not None for word in words) * 2 >= len(words)
    # a headline in three parts has longer ones than a menu
    return (
        is_han(text)
        and (len(words) >= 5 or (len(words) >= 3 and max(map(len, words)) <= 4))
        and max(map(len, words)) <= 12
    )
