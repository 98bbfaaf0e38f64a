"""Lines that say when, where and by whom an article was published, rather than telling its story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.clean import Outlets
from retrieval.clean.labels import COUNTED, EDGES, NOBODY, NOISE, PLACE, Role, segments, source_name, without_trailing
from retrieval.clean.names import is_name, read_names
from retrieval.text import even
from retrieval.text.dates import DateMention, find_dates


@dataclass(frozen=True, slots=True)
class Credits:
    """What a credit line says.

    `roles` are its labels; `published` and `updated` are the dates it prints, `handled` is the day of a copy; `editors`
    did not write the article.
    """

    roles: frozenset[Role]
    published: DateMention | None = None
    updated: DateMention | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    handled: DateMention | None = None
    labelled: bool = False
    editors: tuple[str, ...] = ()


# A longer line is a story.
_LONGEST = 160

# A foreign word next to a date is an outlet's name from this many letters on.
_SHORTEST = 3
_EAST_ASIAN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# "渭南发布" next to a date may be an outlet that no table knows; a headline next to a date is longer.
_UNKNOWN_OUTLET = 16
# Every credit has a number, a colon or stroke, or the word for a role.
_LIKELY = re.compile(
    r"[\d:|/丨=]|[〇○零一二三四五六七八九十]\s?[年月日]"
    r"|记者|通讯员|评论员|作者|来源|[编編校审]|기자|\b(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor) "
)
# 김하늘 기자: the name stands before the post
_KOREAN = re.compile(r"(?P<name>[\uac00-\ud7a3]{2,4})\s?(?:선임|수습|인턴)?\s?(?:기자|특파원)(?![\uac00-\ud7a3])")
_BELOW_TITLE = 80
_SENTENCE = re.compile(r"[。!?]\s*(?:\S|$)")
# What separates a date from a name next to it; in a headline it stands between other words.
_APART = re.compile(r"[\s|/()（）\]】·•]")


def read_credits(text: str, outlets: Outlets, *, below_title: bool = False) -> Credits | None:
    """Read a line as credits; None when it is anything else.

    `below_title` says that it stands where datelines stand: then more words next to a date may stay unexplained.
    """
    if len(text) > _LONGEST:
        return None
    written = even(text)
    if _SENTENCE.search(written) or not (below_title or _LIKELY.search(written)):
        return None
    pieces = list(segments(text, written, outlets.looks_like_one))
    if len(pieces) == 1 and pieces[0][0] is None and not any(c.isdigit() or c in "年月" for c in written):
        return None
    reading = _Reading(outlets, _BELOW_TITLE if below_title else _UNKNOWN_OUTLET)
    for role, value in pieces:
        reading.take(role, value)
    found = reading.result()
    # …气象台6月19日5时35分发布预警信号: announces what follows
    return None if found and not found.roles and written.endswith(":") and not written.endswith("正文:") else found


def dates_of(text: str) -> Iterator[DateMention]:
    """Give the dates in a line that may be the article's: those behind labels of other things are not."""
    if len(text) > _LONGEST:
        yield from find_dates(text)
        return
    for role, value in segments(text, even(text)):
        if role not in (Role.HANDLED, Role.OTHER, Role.COUNTER):
            yield from find_dates(value)


class _Reading:
    """Gathers what the segments of one line say, and what they leave unexplained."""

    def __init__(self, outlets: Outlets, leave: int) -> None:
        self.outlets = outlets
        self.leave = leave
        self.roles: set[Role] = set()
        self.published: DateMention | None = None
        self.updated: DateMention | None = None
        self.handled: DateMention | None = None
        self.source: str | None = None
        self.authors: list[str] = []
        self.editors: list[str] = []
        self.labelled = False
        self.prose = False
        self.apart = False
        self.unknown: list[str] = []

    def take(self, role: Role | None, value: str) -> None:
        if role and role is not Role.OTHER:
            self.roles.add(role)
        if role is Role.COUNTER:
            return
        rest = self._dates(role, value)
        if role in (Role.PUBLISHED, Role.UPDATED) and "\x00" not in rest:
            return  # 发表于南桥
        if role is Role.SOURCE:
            first, *others = re.split(r"\s{2,}|[|】\])\t\x00]", rest.strip(EDGES + "\x00"), maxsplit=1)
            # 来源：南方网 高向北
            outlet, _, name = without_trailing(first).rpartition(" ")
            is_glued = bool(outlet) and is_name(name) and self.outlets.looks_like_one(outlet)
            self.authors += [name] if is_glued else []
            self.source = self.source or source_name(outlet if is_glued else without_trailing(first))
            self._words(others[0] if others else "")
        elif role in (Role.AUTHOR, Role.EDITOR):
            self._people(role, rest)
        else:
            self._words(rest)

    def _dates(self, role: Role | None, value: str) -> str:
        """Take the dates out of a value, leaving a gap for each."""
        mentions = [mention for mention in find_dates(value) if mention.month is not None]
        for mention in mentions:
            if role in (Role.HANDLED, Role.OTHER):
                self.handled = self.handled or (mention if role is Role.HANDLED else None)
            elif role is Role.UPDATED:
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
        first, *others = re.split(r"\s{3,}|[|】\]\t\x00]", value.strip(EDGES + "\x00"), maxsplit=1)
        names = read_names(first, declared=True)
        (self.authors if role is Role.AUTHOR else self.editors).extend(names)
        if first and not names and not (role is Role.EDITOR and len(first) <= 20) and not NOBODY.fullmatch(even(first)):
            self.prose |= "," in even(first)
            self._words(first)
        self._words(others[0] if others else "")

    def _words(self, value: str) -> None:
        """Sort unlabelled words into outlet, people, noise and the unknown."""
        for found in reversed([*_KOREAN.finditer(value)]):
            self.authors.insert(0, found["name"])
            value = value[: found.start()] + "  " + value[found.end() :]
        counted = even(value)
        for found in reversed([*COUNTED.finditer(counted)]):
            value = value[: found.start()] + "  " + value[found.end() :]
        western = [part.strip(EDGES) for part in re.split(r"\s{2,}|[|｜\t\x00/／()（）]|,\s", value)]
        for part in western:
            if self.outlets.looks_like_one(part) or is_name(part):
                self._word(part)
            elif part.isascii():
                self._unknown(part)
            else:
                for word in part.split():
                    self._word(word.strip(EDGES))

    def _word(self, word: str) -> None:
        if not "".join(NOISE.sub(" ", even(word)).split()).strip(EDGES) or PLACE.fullmatch(even(word)):
            return
        if self.outlets.looks_like_one(word):
            self.source = self.source or source_name(word)
        elif names := read_names(word):
            self.authors += names
        else:
            self._unknown(word)

    def _unknown(self, word: str) -> None:
        rest = "".join(NOISE.sub(" ", even(word)).split()).strip(EDGES)
        if rest:
            self.unknown.append(word)

    def _leave(self) -> int:
        """Say how many characters may stay unexplained."""
        date = self.published or self.updated
        if self.roles or (date and date.year and date.has_time):
            return self.leave
        return self.leave // 2 if date and (date.year or date.has_time) and self.apart else 0

    def result(self) -> Credits | None:
        date = self.published or self.updated
        if self.prose or not (date or self.roles - {Role.COUNTER} or self.source or self.authors or self.roles):
            return None
        if sum(map(len, self.unknown)) > self._leave():
            return None
        if date is None and not self.roles and not self.authors:
            return None
        source = self.source
        alone = self.unknown[0] if len({*self.unknown}) == 1 else ""
        if source is None and date is not None and alone and Role.SOURCE not in self.roles:
            # posted in News
            is_name = " " not in alone if _EAST_ASIAN.search(alone) else alone[0].isupper() and len(alone) > _SHORTEST
            is_name = is_name and len(alone) > 1 and (alone.isascii() or _EAST_ASIAN.search(alone) is not None)
            source = source_name(alone) if is_name else None
        return Credits(
            frozenset(self.roles),
            self.published,
            self.updated,
            source,
            tuple(dict.fromkeys(self.authors)),
            self.handled,
            self.labelled,
            tuple(self.editors),
        )
