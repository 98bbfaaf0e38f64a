"""What a question of several parts asks: the things, one question each, and how it compares them."""

from dataclasses import dataclass
from enum import StrEnum

MOST_PARTS = 6
"""A question names hardly more; each is searched for by itself."""


class Relation(StrEnum):
    """What a question wants to know of its parts together."""

    EARLIER = "earlier"
    LATER = "later"
    SAME_DAY = "same day"
    SAME_MONTH = "same month"
    SAME_YEAR = "same year"
    LARGER = "larger"
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing asked: the words that name it, the question that finds it, and the one to read hits for, if another."""

    name: str
    question: str
    read_for: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The things a question asks, two at least, how they are compared, and by which quality (长, 贵, tall).

    `event` is what happened to each of them, 开工 in 哪座先开工, where the question says it. `is_whole_first` says
    that what answers the whole question goes before its parts, and these before it only if each is answered.
    """

    parts: tuple[Asking, ...]
    relation: Relation | None = None
    quality: str = ""
    event: str = ""
    is_whole_first: bool = False
