"""Which of several tellings of one thing is wanted: how it stands now, how it stood first, before, or at a time.

A price, an office or a count is told again whenever it changes. Where articles tell of one thing with about as much
evidence, the one for the time asked comes first; what only names the thing, or tells of another, stays where it is.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.text.dates import day_range, find_dates
from retrieval.text.folding import fold


class Stage(StrEnum):
    """Which telling is wanted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PREVIOUS = "previous"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Moment:
    """The time for which something is asked; `last` is its last day, an ordinal, where it is a time that was named.

    `is_said` tells that the question says so ("目前"); otherwise it follows from what is asked ("门票多少钱").
    """

    stage: Stage
    is_said: bool = True
    last: int | None = None


LATEST = re.compile(
    r"最新|目前|现在|如今|眼下|截至今|至今|最近一次|\b(?:latest|currently|current|now|today|newest|so far)\b|現在"
)
_SAID = (
    (
        Stage.OLDEST,
        re.compile(
            r"最初|起初|当初|最开始|一开始|最早(?!几点|.{0,6}[班趟列场]|.{0,4}和)|\b(?:originally|at first|initially)\b"
        ),
    ),
    (Stage.PREVIOUS, re.compile(r"前任|上一任|上任(?!以)|上一届|\b(?:previous|former)\b")),
)
_SAYING = re.compile("最初|起初|当初|最开始|一开始|最早")
_FINALLY = re.compile(r"最终|最后(?!一)|到头来|\b(?:finally|in the end|eventually)\b")
_STATE = re.compile(
    r"多少钱|是谁|有多少|是多少|[罚收要卖]多少|多少(?:元|人|个|米|度)|几[元岁点个号折]|多[大长高贵重]|了[吗么没]|了没有|了几"
    r"|\b(?:how (?:much|many|old|high|long)|who|what) (?:\w+ ){0,3}?(?:is|are|does|do|costs?)\b|\bhow much is\b"
)
_EVENT = re.compile(
    r"过|曾|那会|那时|之前|以前|刚|什么时候|何时|哪[年天日月]|几[月号年日]|为什么|为何|怎么|原因|当时|当年|那次|首次|第一|了(?!吗|么|没|几)"
    r"|[是由].{0,12}的[?？。]?$|\b(?:was|were|did|had|when|why)\b"
)


def moment_of(question: str, named: tuple[int, int] | None, *, is_filtered: bool) -> Moment | None:
    """Return the time for which a question asks.

    `named` are the first and last day that it names, as ordinals; `is_filtered` tells that hits must lie within days
    that it names.
    """
    folded = fold(question)
    if LATEST.search(folded):
        return Moment(Stage.NEWEST)
    said = next((stage for stage, pattern in _SAID if pattern.search(folded)), None)
    if said:
        return Moment(said)
    if _FINALLY.search(folded) and not named:
        return Moment(Stage.NEWEST, is_said=False)
    if is_filtered or _EVENT.search(folded) or not _STATE.search(folded):
        return None
    return Moment(Stage.AT, is_said=False, last=named[1]) if named else Moment(Stage.NEWEST, is_said=False)


def timeless(question: str) -> str:
    """Return a question without the words that ask how things stood first."""
    return re.sub("^的", "", _SAYING.sub("", question)) or question


_TO_COME = re.compile(
    "(?:将于|将自|自|从|定于)(?P<day>[^，。；,;\n]{2,14}?)(?:起|开始)?(?:施行|实施|生效|执行|启用|实行)"
)


def is_to_come(text: str, year: int, today: int) -> bool:
    """Return whether a text of some year tells of a rule that begins after `today`, an ordinal day."""
    days = [
        day_range(iso)[0]
        for match in _TO_COME.finditer(text)
        for mention in find_dates(match["day"])
        if (iso := (mention if mention.year else mention.in_year(year)).iso)
    ]
    return bool(days) and min(days) > today
