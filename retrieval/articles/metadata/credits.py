"""Lines that say when, where and by whom an article was published, rather than telling its story."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from retrieval.articles.metadata.people import is_name, read_names
from retrieval.articles.outlets import Outlets
from retrieval.text.characters import even
from retrieval.text.notations import DateMention, find_dates


class Role(StrEnum):
    """What a label announces."""

    PUBLISHED = "published"
    UPDATED = "updated"
    SOURCE = "source"
    AUTHOR = "author"
    EDITOR = "editor"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Credits:
    """What a credit line says. `roles` are its labels; `published` and `updated` are the dates it prints."""

    roles: frozenset[Role]
    published: DateMention | None = None
    updated: DateMention | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    labelled: bool = False


# A longer line tells a story.
_LONGEST = 160

_WORDS: dict[str, str] = {
    name: "(?:" + even(words).strip().replace("\n", "|") + ")"
    for name, words in tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8")).items()
}
_LABEL = re.compile(
    "|".join(rf"(?P<{role}>{_WORDS[role]}(?:\(s\))?\s*(?:[:|丨=]|(?<=[文者员])/)\s*)" for role in Role), re.IGNORECASE
)
# Labels that need no colon, at the head of a line or behind a gap.
_BARE = re.compile(
    r"(?:^|(?<=[\s(\[【〔|/]))(?:(?P<author>文\s*[/|丨::图]+\s*(?:图\s*)?|(?:[Bb]y|BY|Von|Par|Por|Door)\s+(?=[A-Z])|作者\s+|文\s*[=:]\s*"
    r"|(?:本报|本网|本台|本刊|[\u4e00-\u9fff]{2,8}?[报网社台])?(?:首席|特约|见习|实习|全媒体|融媒体?)?(?:记者|通讯员|评论员)\s*[:|/・·]?\s*)"
    r"|(?P<source>来源\s+)|(?P<editor>责任编辑\s+|责编\s+)"
    r"|(?P<published>(?:Published|Posted|PUBLISHED|POSTED)(?:\s+on)?\s+|发布于\s*|发表于\s*)|(?P<updated>(?:Last\s+)?(?:Updated|UPDATED|updated)\s+))"
)
_NOISE = re.compile(_WORDS["noise"], re.IGNORECASE)
_EDGES = ' \t\u3000|丨/·•,、;:()（）[]【】〔〕「」『』<>《》-—–_=~*#.。"“”'
# "渭南发布" beside a date may be an outlet that no table knows; a headline beside a date is longer.
_UNKNOWN_OUTLET = 16
# Every credit has a number, a colon or stroke, or the word for a role.
_LIKELY = re.compile(
    r"[\d:|/丨=〇一二三四五六七八九十]|记者|通讯员|评论员|作者|来源|[编編]|기자|\b(?:[Bb]y|BY|Von|Par|Por|Door) "
)
_BELOW_TITLE = 80
_SENTENCE = re.compile(r"[。!?]\s*(?:\S|$)")
# What separates a date from a name beside it; in a headline it stands between other words.
_APART = re.compile(r"[\s|/)\]】]")
_VIA = re.compile("^(?:[转轉][载載]?自|摘自|[据據]|[来來]自|[来來]源于|via |from )", re.IGNORECASE)
# 临澜日报数字版 · みなと放送 NEWS WEB · 西浜新聞社 · 大沢町公式ホームページ
_EDITION = re.compile(
    r"(?:数字[版报]|數位版|电子[版报]|電子[版報]|网络版|網路版|手机版|客户端|デジタル|オンライン|(?<=[报報聞])社"
    r"|公式(?:ホームページ|サイト)|官方网站|官网|门户网站|全球資訊網|(?<=[\u3041-\u9fff])\s(?:NEWS|WEB|ONLINE|DIGITAL|\s)+)$"
)
_NOBODY = re.compile(_WORDS["nobody"], re.IGNORECASE)


def read_credits(text: str, outlets: Outlets, *, below_title: bool = False) -> Credits | None:
    """Read a line as credits; None when it is anything else.

    `below_title` tells that it stands where datelines stand: then more words beside a date may stay unexplained.
    """
    if len(text) > _LONGEST:
        return None
    written = even(text)
    if not below_title and not _LIKELY.search(written):
        return None
    segments = list(_segments(text, written))
    if len(segments) == 1 and segments[0][0] is None and not any(c.isdigit() or c in "年月" for c in written):
        return None
    reading = _Reading(outlets, _BELOW_TITLE if below_title else _UNKNOWN_OUTLET)
    for role, value in segments:
        reading.take(role, value)
    return reading.result()


def source_name(value: str) -> str | None:
    """Return the outlet that a source label names, None where it names none (管理员, 网络)."""
    name = re.split(r"\s{2,}|[（(】]", _VIA.sub("", value.strip(_EDGES)))[0].strip(_EDGES)
    name = _EDITION.sub("", name).strip(_EDGES)
    return None if not name or len(name) > 40 or _NOBODY.fullmatch(even(name)) else name


def _segments(text: str, written: str) -> Iterator[tuple[Role | None, str]]:
    labels = sorted(
        [*_LABEL.finditer(written), *_BARE.finditer(written)], key=lambda match: (match.start(), -match.end())
    )
    role: Role | None = None
    start = end = 0
    for match in labels:
        if match.start() < end:
            continue
        if match.start() > start or role:
            yield role, text[start : match.start()]
        role, start, end = Role(str(match.lastgroup)), match.end(), match.end()
    if role or start < len(text):
        yield role, text[start:]


class _Reading:
    """Gathers what the segments of one line say, and what they leave unexplained."""

    def __init__(self, outlets: Outlets, leave: int) -> None:
        self.outlets = outlets
        self.leave = leave
        self.roles: set[Role] = set()
        self.published: DateMention | None = None
        self.updated: DateMention | None = None
        self.source: str | None = None
        self.authors: list[str] = []
        self.labelled = False
        self.prose = False
        self.apart = False
        self.unknown: list[str] = []

    def take(self, role: Role | None, value: str) -> None:
        self.prose |= _SENTENCE.search(even(value)) is not None
        if role:
            self.roles.add(role)
        if role is Role.COUNTER:
            return
        rest = self._dates(role, value)
        if role in (Role.PUBLISHED, Role.UPDATED) and "\x00" not in rest:
            return  # 发表于南桥
        if role is Role.SOURCE:
            first, *others = re.split(r"\s{2,}|[|】\])\t\x00]", rest.strip(_EDGES + "\x00"), maxsplit=1)
            self.source = self.source or source_name(first)
            self._words(others[0] if others else "")
        elif role in (Role.AUTHOR, Role.EDITOR):
            self._people(role, rest)
        else:
            self._words(rest)

    def _dates(self, role: Role | None, value: str) -> str:
        """Take the dates out of a value, leaving a gap for each."""
        mentions = [mention for mention in find_dates(value) if mention.month is not None]
        for mention in mentions:
            if role is Role.UPDATED or re.search(r"更新|[Uu]pdated", value[: mention.span[0]][-9:]):
                self.updated = self.updated or mention
            elif self.published is None or (role is Role.PUBLISHED and not self.labelled):
                self.published = mention
            self.labelled |= role is Role.PUBLISHED
            role = None if role is Role.UPDATED else role
        self.apart |= any(_APART.search(value[: m.span[0]][-1:] + value[m.span[1] :][:1]) for m in mentions)
        for mention in reversed(mentions):
            value = value[: mention.span[0]] + "  \x00  " + value[mention.span[1] :]
        return value

    def _people(self, role: Role, value: str) -> None:
        first, *others = re.split(r"\s{3,}|[|】\]\t\x00]", value.strip(_EDGES + "\x00"), maxsplit=1)
        names = read_names(first, declared=True)
        if role is Role.AUTHOR:
            self.authors += names
        if (
            first
            and not names
            and not (role is Role.EDITOR and len(first) <= 20)
            and not _NOBODY.fullmatch(even(first))
        ):
            self.prose |= "," in even(first)
            self._words(first)
        self._words(others[0] if others else "")

    def _words(self, value: str) -> None:
        """Sort unlabelled words into outlet, people, noise and the unknown."""
        western = [part.strip(_EDGES) for part in re.split(r"\s{2,}|[|\t\x00/()]|,\s", value)]
        for part in western:
            if self.outlets.looks_like_one(part) or is_name(part):
                self._word(part)
            elif part.isascii():
                self._unknown(part)
            else:
                for word in part.split():
                    self._word(word.strip(_EDGES))

    def _word(self, word: str) -> None:
        if not "".join(_NOISE.sub(" ", even(word)).split()).strip(_EDGES):
            return
        if self.outlets.looks_like_one(word):
            self.source = self.source or source_name(word)
        elif names := read_names(word):
            self.authors += names
        else:
            self._unknown(word)

    def _unknown(self, word: str) -> None:
        rest = "".join(_NOISE.sub(" ", even(word)).split()).strip(_EDGES)
        if rest:
            self.unknown.append(word)

    def _leave(self) -> int:
        """Say how many characters may stay unexplained."""
        date = self.published or self.updated
        if self.roles or (date and date.year and date.has_time):
            return self.leave
        return self.leave // 2 if date and date.year and self.apart else 0

    def result(self) -> Credits | None:
        date = self.published or self.updated
        if self.prose or not (date or self.roles - {Role.COUNTER} or self.source or self.authors or self.roles):
            return None
        if sum(map(len, self.unknown)) > self._leave():
            return None
        if date is None and not self.roles and not self.authors:
            return None
        source = self.source
        if source is None and date is not None and len(self.unknown) == 1 and Role.SOURCE not in self.roles:
            source = source_name(self.unknown[0])
        return Credits(
            frozenset(self.roles),
            self.published,
            self.updated,
            source,
            tuple(dict.fromkeys(self.authors)),
            self.labelled,
        )
