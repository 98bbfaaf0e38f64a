"""Tell what a line looks like by itself."""

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles.cleaning import signs
from retrieval.articles.cleaning.lines import OUTLET, Kind, Line
from retrieval.articles.metadata.credits import Credits, read_credits
from retrieval.articles.metadata.labels import Role, source_name
from retrieval.articles.outlets import Outlets

# Longer lines are neither buttons nor captions, whatever they say.
_BUTTONS_LONGEST = 80
_CAPTION_LONGEST = 160
_NOTICE_LONGEST = 400
# Longer lines hardly come back.
_REMEMBERED = 64
# What tells a teaser stands at its very end; a line may be a megabyte long.
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
class _Told:
    kind: Kind
    reason: str
    ends: bool = False
    credits: Credits | None = None


def classify(line: Line, outlets: Outlets) -> Line:
    """Tell what a line is: the first kind whose signs it shows."""
    tell = told_again if len(line.text) <= _REMEMBERED else _tell
    told = tell(line.text, line.even, outlets)
    # written out, since `replace` takes as long as all the rest for a line that is remembered
    return Line(line.text, line.span, line.even, line.gap, told.kind, told.reason, told.ends, told.credits)


def by_shape(line: Line) -> Line:
    """Tell a sentence from a shorter line, whatever it says."""
    return Line(line.text, line.span, line.even, line.gap, Kind.PROSE if is_prose(line.even) else Kind.SHORT)


def _tell(text: str, written: str, outlets: Outlets) -> _Told:
    kind, reason, ends = _by_signs(written)
    if kind is not None:
        return _Told(kind, reason, ends)
    found = read_credits(text, outlets)
    if found and not _is_note(written):
        return _Told(Kind.CREDIT, _credit_reason(found), Role.EDITOR in found.roles, found)
    kind, reason = _by_shape(written)
    if kind is Kind.SHORT and outlets.looks_like_one(source_name(text) or ""):
        reason = OUTLET
    return _Told(kind, reason, ends)


told_again = lru_cache(maxsize=8192)(_tell)
"""Tell what a short line is, as `classify` does; menus come back on every page of a site and are remembered."""


def _by_signs(text: str) -> tuple[Kind | None, str, bool]:
    if _is_link_row(text):
        return Kind.LINKS, "row of links", False
    if len(text) <= _BUTTONS_LONGEST:
        dated = _YEAR.search(text) is not None
        if signs.RELATED_INLINE.match(text):
            return Kind.RELATED, "link to another article", False
        if signs.RELATED.fullmatch(text):
            return Kind.RELATED, "heading of other articles", bool(signs.COMMENTS.search(text))
        if signs.BARE.fullmatch(text):
            if _PAGE_COUNT.fullmatch(text):
                return Kind.FURNITURE, "page count", False
            return (None, "", False) if dated else (Kind.MENU, "no words", False)
        if not dated and signs.BUTTONS.fullmatch(text):
            return Kind.FURNITURE, "buttons", False
        if signs.POSITION.search(text) and "。" not in text:
            return Kind.FURNITURE, "position in the site", False
        if signs.PAGER.match(text):
            return Kind.FURNITURE, "previous and next", True
        if not dated and signs.MENU.fullmatch(text):
            return Kind.MENU, "menu", False
    if len(text) <= _NOTICE_LONGEST:
        if signs.COPYRIGHT.search(text) and "。" not in text[:-1]:
            return Kind.FURNITURE, "copyright", False
        if signs.NOTICE.match(text):
            return Kind.NOTICE, "notice of the site", False
    if len(text) <= _CAPTION_LONGEST:
        if len(signs.CONTACT.findall(text)) > 1 or (len(text) < 60 and signs.CONTACT.match(text)):
            return Kind.NOTICE, "contact", False
        if signs.CAPTION_START.match(text) or signs.CAPTION_END.search(text):
            return Kind.CAPTION, "caption", False
    return None, "", False


def _by_shape(text: str) -> tuple[Kind, str]:
    if signs.BULLET.match(text) and not text.endswith("。") and len(text) <= _HEADLINE_LATIN:
        return Kind.MENU, "headline of another article"
    if signs.TEASER.search(text[-_ENDING:]) or (len(text) <= _HEADLINE_HAN and signs.TRUNCATED.search(text)):
        return Kind.MENU, "headline of another article"
    if _is_word_row(text):
        return Kind.MENU, "menu"
    return (Kind.PROSE, "") if is_prose(text) else (Kind.SHORT, "")


def is_prose(text: str) -> bool:
    """Tell whether a line reads as sentences rather than as a heading."""
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
    """Tell a line of ideographs or kana, whatever numbers and foreign names it holds."""
    return sum(map(len, _HAN.findall(text))) * 3 > sum(map(len, _LATIN.findall(text)))


def _credit_reason(found: Credits) -> str:
    if Role.EDITOR in found.roles and not found.published:
        return "editor"
    if Role.HANDLED in found.roles and not (found.published or found.updated):
        return "date of a copy"
    return "dateline" if found.published or found.updated else "byline"


def _is_note(text: str) -> bool:
    return text.startswith(("编者按", "按:"))


def _is_link_row(text: str) -> bool:
    """Tell a row of names between strokes from a row of a table, which begins and ends with one."""
    cells = [cell.strip() for cell in re.split(r"[|丨¦│┃∣]", text)]
    if len(cells) < 6 or text.startswith("|"):
        return False
    return sum(map(len, cells)) <= 16 * len(cells) and "。" not in text


def _is_word_row(text: str) -> bool:
    """Tell several short words with gaps between them, as menus print: no sentence, no number."""
    if re.search(r"[。,;:!?]", text):
        return False
    wide = [cell for cell in re.split(r"\s{2,}|[|丨·/│┃]", text) if cell.strip()]
    if len(wide) >= 4 or (len(wide) >= 3 and "|" in text):
        return max(map(len, wide)) <= 24
    words = text.split()
    if text.isascii() and len(words) >= 4 and "".join(words).isalnum() and text[0].isupper():
        # News Sport Jobs Homes Your Say: mostly names of sections
        return sum(signs.MENU.fullmatch(word) is not None for word in words) * 2 >= len(words)
    # a headline in three parts has longer ones than a menu
    return (
        is_han(text)
        and (len(words) >= 5 or (len(words) >= 3 and max(map(len, words)) <= 4))
        and max(map(len, words)) <= 12
    )
