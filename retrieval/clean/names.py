"""Names in bylines and credit lines: outlets, one name for each, whatever the page or the domain calls it; and people.

People's names are Chinese, Japanese and Western ones, freed of roles and offices.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from retrieval.errors import SettingsError
from retrieval.text import even

# What a name ends with when it is an outlet's although no table has it.
_OUTLET_END = re.compile(
    r"(?:网|网站|官网|报|新报|社|电视台|电台|广播|卫视|[晨晚周月季学]刊|杂志|在线|频道|客户端|新闻|融媒体?|融媒体中心|公众号|通讯|新闻云"
    r"|신문|일보|방송|뉴스|통신|[Zz]eitung|Anzeiger|Rundschau|Nachrichten"
    r"|新聞|通信|テレビ|放送|ニュース|デジタル|オンライン|タイムズ"
    r"|\b(?:News|Times|Post|Daily|Herald|Tribune|Journal|Press|Gazette|Observer|Telegraph|Chronicle|TV|Radio|Agency"
    r"|Courier|Star|Sun|Globe|Mail|Standard|Independent|Express|Review|Magazine|Weekly|Today|Online))$"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet's name, the other ways of writing it, its domains, and the first year it published."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    since: int | None = None


class Outlets:
    """Look outlets up by name or by address.

    `digest` is another one when the table is.
    """

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        outlets = tuple(outlets)
        self.digest = blake2b(repr(outlets).encode(), digest_size=8).hexdigest()
        self._by_name: dict[str, Outlet] = {}
        self._by_domain: dict[str, Outlet] = {}
        for outlet in outlets:
            self._by_name |= {_key(name): outlet for name in (outlet.name, *outlet.aliases)}
            self._by_domain |= dict.fromkeys(outlet.domains, outlet)

    def __iter__(self) -> Iterator[Outlet]:
        return iter({outlet.name: outlet for outlet in self._by_name.values()}.values())

    def named(self, name: str) -> Outlet | None:
        """Find an outlet by any of its names, in either script."""
        return self._by_name.get(_key(name))

    def at(self, url: str) -> Outlet | None:
        """Find an outlet by an address on its domain or below it."""
        labels = host_of(url).split(".")
        return next(
            (self._by_domain[tail] for i in range(len(labels)) if (tail := ".".join(labels[i:])) in self._by_domain),
            None,
        )

    def looks_like_one(self, name: str) -> bool:
        """Return whether a name is an outlet's: known, or ending as outlets' names do."""
        is_long = 2 < len(name) < 40 and not "a" <= name[0] <= "z"  # in News is none
        return self.named(name) is not None or (is_long and _OUTLET_END.search(even(name)) is not None)


def host_of(url: str) -> str:
    """Return the host of an address, without `www.`; empty where it has none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def load_outlets(extra: Path | None = None) -> Outlets:
    """Load the bundled table and, over it, a file of the same form.

    Raises:
        SettingsError: the file cannot be read or has another form.
    """
    bundled = _bundled()
    if extra is None:
        return Outlets(bundled)
    try:
        own = _parse(tomllib.loads(extra.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(
            "{path} cannot be read: {reason}. Fix CHUCHU_OUTLETS, or unset it.", path=extra, reason=error.strerror
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            "{path} is not a table of outlets ([[outlet]] with a name): {error}", path=extra, error=error
        ) from error
    names = {outlet.name for outlet in own}
    return Outlets([*(outlet for outlet in bundled if outlet.name not in names), *own])


@functools.cache
def bundled_outlets() -> Outlets:
    """Return the outlets of the bundled table alone."""
    return load_outlets()


@functools.cache
def _bundled() -> tuple[Outlet, ...]:
    return _parse(tomllib.loads((files("retrieval.clean") / "outlets.toml").read_text(encoding="utf-8")))


def _parse(table: Mapping[str, list[dict[str, object]]]) -> tuple[Outlet, ...]:
    return tuple(_outlet(entry) for entry in table["outlet"])


def _outlet(entry: Mapping[str, object]) -> Outlet:
    name, since = entry["name"], entry.get("since")
    if not isinstance(name, str) or not isinstance(since, int | None):
        raise TypeError(f"name {name!r} must be text and since {since!r} a year")
    return Outlet(name, _texts(entry.get("aliases")), _texts(entry.get("domains")), since)


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _key(name: str) -> str:
    return "".join(even(name).casefold().split())


_NAMES: dict[str, str] = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
_SURNAMES = frozenset(even("".join(_NAMES["chinese"].split())))
_COMPOUND = re.compile("|".join(even(_NAMES["compound"]).split()))
# in the shapes that Japan writes: 石橋 is a family there, 石桥 a village in China
_JAPANESE = re.compile("|".join(_NAMES["japanese"].split()))

_NOBODY = frozenset(even(_NAMES["nobody"]).casefold().split())
# An account's number, an address of mail or of a page, what a template has in place of a name.
_ADDRESS = re.compile(r"@|://|discuz!|^[\w.-]+\.(?:com|cn|net|org|tw|hk)\b|\{\{|<%|\$\{", re.IGNORECASE)
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
