"""Names of people: in bylines, Chinese, Japanese and Western, freed of roles and offices; and in a sentence."""

import re
import tomllib
from collections.abc import Callable
from importlib.resources import files

from retrieval.text import even
from retrieval.text.words import names_in, word_spans

_NAMES: dict[str, str] = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
_SURNAMES = frozenset(even("".join(_NAMES["chinese"].split())))
_COMPOUND = re.compile("|".join(even(_NAMES["compound"]).split()))
# in the shapes that Japan writes: 石橋 is a family there, 石桥 a village in China
_JAPANESE = re.compile("|".join(_NAMES["japanese"].split()))

_NOBODY = frozenset(even(_NAMES["nobody"]).casefold().split())
# An account's number, an address of mail or of a page, what a template has in place of a name.
_ADDRESS = re.compile(
    r"@|://|discuz!|^(?-i:(?:[a-z\d-]+\.)+[a-z]{2,10})$|^[\w.-]+\.(?:com|cn|net|org|tw|hk)\b|\{\{|<%|\$\{",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
# 岭南晨刊记者 贺某萍 · 澎湃新闻首席记者 张三: the words before are the outlet that sends him.
_SENT_BY = re.compile(
    r"(?:^|(?<=[\s、,;|/(]))(?P<outlet>[\u3400-\u9fffA-Za-z\d·]{2,14}?)(?:首席|特约|见习|实习|全媒体|融媒体?|高级|资深|特派|驻\S{1,4}?)?"
    r"(?:记者|通讯员|评论员|特派员)\s*[:·]?\s*(?=\S)"
)
_LISTED = re.compile(r"\s*[,，、;；|]\s*|\s*/\s*|\s{2,}")
# Where a correspondent is posted is named once: 驻 in a row could be cut in more ways than can be counted.
_RANK = r"(?:本报|本网|本台|本刊|本站|新华社|特约|首席|见习|实习|全媒体|融媒体?|高级|通讯|\s)*"
_ROLE = re.compile(
    even(
        rf"{_RANK}(?:驻\S{{1,6}}?{_RANK})?"
        r"(?:记者|通讯员|实习生|特派员|评论员|撰稿人|编辑|作者|摄影|摄|撰文|供稿|采写|整理|编译|翻译|笔者|기자|특파원)"
    )
)
_NO_NAME = re.compile("原创|楼主|网友")
# 記者林子涵／白沙報導 · (中央社記者…)
_REPORTED = re.compile(r"(?:[/·]\s*|\s)[\u4e00-\u9fff]{0,8}(?:报导|报道|专电|电|摄影)$")
_SPLIT = re.compile(
    r"[\s、,;/&|·]*(?:[\s、,;/&|]|\band\b|\bund\b|\bet\b)[\s、,;/&|]*|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])"
)
_GIVEN = re.compile(r"[\u3400-\u9fff]{1,3}|[\u3400-\u9fff]?[\u3041-\u30ff]{2,4}")
_HAN = re.compile(r"[\u3400-\u9fff々ヶ]+")
_TRANSLITERATED = re.compile(r"[\u3400-\u9fff\u30a1-\u30ff]{1,8}(?:[·・•][\u3400-\u9fff\u30a1-\u30ffA-Z.]{1,8}){1,3}")
_PEN_NAME = re.compile(r"[\u3400-\u9fff々\u3041-\u30ff\uac00-\ud7a3]{2,8}")
_WORD = r"[A-Z\u00c0-\u00de\u0391-\u03a9\u0400-\u042f][\w'’.-]*"
_WESTERN = re.compile(rf"{_WORD}(?:\s(?:de|van|von|der|la|bin|al-)|\s{_WORD}){{0,4}}")
# Fiona Blackwood Scotland correspondent · Jane Pellworth, Business reporter
_WITH_POST = re.compile(
    rf"(?P<name>{_WORD}(?:\s[A-Z]\.)?\s{_WORD}),?\s(?:[\w-]+\s){{0,4}}"
    r"(?:correspondent|reporter|editor|writer|columnist|analyst|producer|contributor|staff)$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"^.*(?:部|局|委|院|会|台|社|报|网|厅|处|中心|办|办公室|校|学|公司|站|政府|队|所|科|司|馆|团|市|县|区|镇|乡|村|街道|省)"
    r"(?=[^部局]{2,4}$)"
)
_DESK = re.compile(r"[\u3400-\u9fff]{1,8}(?:部|支局|総局|局|班|室)[・·]")


def is_name(word: str) -> bool:
    """Return whether a word looks like a name by itself: one with a known surname, or a Western one of two words."""
    written = even(word)
    if _HAN.fullmatch(written):
        return _is_chinese_name(written) or _is_japanese_name(word)
    if _is_japanese_name(word):
        return True
    # four capital words and more are a headline or a menu
    return bool(_TRANSLITERATED.fullmatch(written) or (1 <= word.count(" ") <= 2 and _WESTERN.fullmatch(word)))


def read_names(text: str, *, declared: bool = False) -> tuple[str, ...]:
    """Read a list of people.

    `declared` says that a label such as 作者 stands before it: then any short word can be a pen name. Returns nothing
    when a part cannot be a name, for then the text is not a list of people.
    """
    text = re.sub(
        r"^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Dd]i)\s+", "", text.strip(" \t\u3000()[]【】〔〕<>《》（）.。|・·")
    )
    # 宋以寧（城市規劃師） · Colin Reeve @colinreeve
    text = re.sub(r"[（(][^（）()]*[）)]|\s@\w+", " ", text).strip()
    if desk := _DESK.match(text):
        text, declared = text[desk.end() :], True
    declared |= _ROLE.search(even(text)) is not None or _REPORTED.search(even(text)) is not None
    names = [_name(part, declared=declared) for part in _parts(text)]
    if not names or None in names:
        return ()
    return tuple(dict.fromkeys(name for name in names if name))


def without_nobody(value: str, is_outlet: Callable[[str], bool]) -> str | None:
    """Return a declared author without what names nobody: numbers, addresses, 未知, admin, the outlet itself.

    >>> without_nobody("岭南晨刊记者 贺某萍、整合", lambda name: False), without_nobody("104363", lambda name: False)
    ('贺某萍', None)
    """
    parts = [part for part in _LISTED.split(value) if part]
    kept = [name for part in parts if (name := _person(part, is_outlet))]
    if kept == parts:
        return value
    return (", " if all(name.isascii() for name in kept) else "、").join(kept) or None


def _person(part: str, is_outlet: Callable[[str], bool]) -> str | None:
    part = _without_sender(part.strip(" \t\u3000()[]【】（）:：·|"))
    bare = re.sub(r"^\s*(?:文|[Bb]y)\s*[/:：|丨]\s*", "", part).strip()
    if not _LETTER.search(bare) or _ADDRESS.search(bare) or is_nobody(bare) or is_outlet(bare):
        return None
    return bare


def is_nobody(word: str) -> bool:
    """Recognise a word that stands where a name should and is none: 未知, 整合, admin."""
    return even(word).casefold().strip("・·:= ") in _NOBODY


def _without_sender(text: str) -> str:
    """Cut the outlet that is glued before a post: 岭南晨刊记者 贺某萍."""
    written = even(text)
    sent = _SENT_BY.match(written)
    if sent is None or is_name(text[slice(*sent.span("outlet"))]):
        return text
    return text[sent.end() :] if text[sent.end() :].strip() else text


def _parts(text: str) -> list[str]:
    if post := _WITH_POST.match(text):
        return [post["name"]]
    if _WESTERN.match(text):
        parts = [part.strip() for part in re.split(r"\s*(?:,|;|/|&|\||\b(?:and|AND)\b|、)\s*", text) if part.strip()]
        return [part.title() if part.isupper() and " " in part else part for part in parts]
    written = even(text)
    for sent in _SENT_BY.finditer(written):
        start, end = sent.span("outlet")
        if not is_name(text[start:end]):
            text, written = _blanked(text, start, end), _blanked(written, start, end)
    if reported := _REPORTED.search(written):
        text, written = text[: reported.start()], written[: reported.start()]
    for role in (*_ROLE.finditer(written), *_NO_NAME.finditer(written)):
        text = text[: role.start()] + " " * len(role[0]) + text[role.end() :]
    return [part for part in _SPLIT.split(text) if part.strip("・·:= ")]


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _name(part: str, *, declared: bool) -> str | None:
    """Return the name in a part, empty for an office without one, None for what is neither."""
    part = part.strip("・·:= ")
    if is_nobody(part):
        return ""
    if is_name(part):
        return part
    written = even(part)
    if office := _OFFICE.match(written):
        rest = part[office.end() :]
        if _is_chinese_name(even(rest)):
            return rest
    if _is_office(written):
        return ""
    fits = _PEN_NAME.fullmatch(written) or _TRANSLITERATED.fullmatch(written) or _WESTERN.fullmatch(part)
    return part if declared and fits and len(part) <= 40 else None


def _is_office(written: str) -> bool:
    return len(written) > 3 and _OFFICE.match(written + "某某") is not None


def _is_chinese_name(written: str) -> bool:
    if _COMPOUND.match(written):
        return 3 <= len(written) <= 4
    return 2 <= len(written) <= 3 and written[0] in _SURNAMES and written[-1] not in "省市县"


def _is_japanese_name(word: str) -> bool:
    surname = _JAPANESE.match(word)
    return surname is not None and _GIVEN.fullmatch(word, surname.end()) is not None


def all_names(text: str) -> list[tuple[str, str]]:
    """Return the names in a folded text with their kind: those of the dictionary, and people it does not know."""
    return [*((word, kind[:2]) for word, kind in names_in(text)), *((name, "nr") for name in _people_in(text))]


_BETWEEN_NAMES = frozenset("和与跟同是的了在被有任说把对从为给让会叫于应属哪何几多们·")


def _people_in(text: str) -> list[str]:
    """Return the people whom no dictionary knows: a surname, and one or two characters that are no words."""
    single = {begin for begin, end in word_spans(text, is_guessing=False) if end - begin == 1}
    found = list[str]()
    for begin in sorted(single):
        for length in (3, 2):
            name = text[begin : begin + length]
            if single.issuperset(range(begin, begin + length)) and _BETWEEN_NAMES.isdisjoint(name) and is_name(name):
                found.append(name)
                break
    return found
