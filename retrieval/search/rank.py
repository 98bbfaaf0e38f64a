"""One score out of a candidate's evidence; candidates in order, copies of a story folded."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.search.candidates import Candidate
from retrieval.search.question import Moment, Query, Stage
from retrieval.values import Span

WHOLE, WORDS, _POWER = 0.8, 0.25, 1.25
"""What the mean of a passage's best windows and its share of words, to this power, weigh next to its best window.

A power above one, since half of a question's words stand in many passages, and nearly all of them in few. Chosen on
XQuAD in all four combinations of languages and on the sample archive (WHOLE 0.2 to 1, WORDS 0.2 to 0.45, power 1 to 2),
in the middle of what does equally well; see docs/lab/finding.md.
"""


def shares(candidate: Candidate) -> Mapping[str, float]:
    """Return what each kind of evidence adds to the score."""
    return {
        "window": candidate.window,
        "whole": WHOLE * candidate.whole,
        "words": WORDS * candidate.words**_POWER,
        "date": candidate.preference,
    }


def evidence(candidate: Candidate) -> float:
    """Weigh what speaks for a candidate, without its date; higher is better."""
    words: float = WORDS * candidate.words**_POWER
    return candidate.window + WHOLE * candidate.whole + words


Days = tuple[int, int]
"""First and last day, as ordinals, on which an article may have been published."""

_OF_ONE_ARTICLE, _AMONG_FIRST = 2, 5
_ANSWERS_TOO = 0.5
"""A hit with less than this share of the first one's score does not answer: it pushes no other one down."""

_EQUAL = 3
"""Scores equal to so many decimals are equal evidence: the newer article comes first, then the greater score."""

_REPORTED_WITHIN_DAYS = 60
"""How long after a day an article still reports it: a year's figures are published in the first weeks of the next."""

_PREFERRED = 0.03
_YEAR_OLDER, _OLDEST = 0.005, 0.03
"""What a date in the question, and age where the newest is asked for, weigh: about as much as lies between
neighbours in rank, so that they order what fits equally and hide nothing that fits."""

_UNDATED = 0.25
"""Under a date filter an undated article stands below the dated ones, unless they have much less evidence."""


@dataclass(frozen=True, slots=True)
class HitReading:
    """What was read of a hit: the log-odds that it answers, how far its words lead no answer, and where they stand.

    `answer` counts characters in the article's text, `title_answer` in its title; one of them is None. `certainty`, 0
    to 1, is the share of these words among all that could answer.
    """

    answered: float
    lead: float
    certainty: float
    answer: Span | None
    title_answer: Span | None = None

    @property
    def is_answer(self) -> bool:
        """Whether the text is more likely to answer than not, as far as reading goes."""
        return self.answered > 0


@dataclass(frozen=True, slots=True)
class WordShares:
    """What share of the question's weight stands in each window of a passage, and of each word in the passage."""

    windows: Sequence[float]
    words: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place, with the number of the story of its article, and its days if it has a date.

    `evidence` is its score without what dates add or take: they order hits, and say nothing of whether one answers.
    `judged`, 0 to 1, is what a reranker made of it, `reading` what the reader made of it, `asked` the question that it
    was read for if not the same as others, and `contributions` what each feature adds to the log-odds that it answers.
    These and `shares` are there once they were worked out.
    """

    candidate: Candidate
    story: int
    days: Days | None
    evidence: float
    judged: float | None = None
    shares: WordShares | None = None
    reading: HitReading | None = None
    asked: str = ""
    contributions: Mapping[str, float] | None = None

    @classmethod
    def of(cls, candidate: Candidate, story: int, days: Days | None) -> "Ranked":
        """Weigh a candidate."""
        return cls(candidate, story, days, evidence(candidate))

    @property
    def score(self) -> float:
        """What it is ordered by."""
        return (self.evidence if self.judged is None else self.judged) + self.candidate.preference


_NEAR = 0.85
"""What has so much of the first one's score is near-equal evidence, if title and lead of its article hold so much of
the share of the question's words that those of the first one hold: what names a thing in passing says nothing new."""


def ranked(
    candidates: Sequence[Candidate],
    days: Mapping[int, Days | None],
    stories: Mapping[int, int],
    moment: Moment | None = None,
) -> list[Ranked]:
    """Sort by score, keep one telling of each story, and let no article fill the first places while others answer.

    Of what has about as much evidence as the first, the telling of the moment asked for comes first.
    """
    ordered = sorted(
        (Ranked.of(item, stories[item.article], days[item.article]) for item in candidates),
        key=lambda item: (
            -round(item.score, _EQUAL),
            -item.days[1] if item.days else 0,
            -item.score,
            item.candidate.passage,
        ),
    )
    return _spread(_one_copy_each(timely(ordered, moment) if moment else ordered))


def timely(ordered: Sequence[Ranked], moment: Moment) -> list[Ranked]:
    """Return hits with those of near-equal evidence in the order that the moment asks for; undated ones stand behind.

    The first hit is the one that the others are held against.
    """
    if not ordered:
        return []
    near = sorted(filter(nearly_equal(ordered), ordered), key=_in_time(moment))
    if moment.stage is Stage.PREVIOUS:
        near[:2] = near[1::-1]
    chosen = {item.candidate.passage for item in near}
    return [*near, *(item for item in ordered if item.candidate.passage not in chosen)]


def nearly_equal(ordered: Sequence[Ranked]) -> Callable[[Ranked], bool]:
    """Return what says whether a dated hit has about as much evidence as the first of some."""
    enough, about = _NEAR * max(item.score for item in ordered), _NEAR * ordered[0].candidate.about
    return lambda item: bool(item.days) and item.score >= enough and item.candidate.about >= about


def _in_time(moment: Moment) -> Callable[[Ranked], tuple[bool, int]]:
    """Return what orders hits: the newest first, or the oldest; of a time that was named the last before its end."""

    def key(item: Ranked) -> tuple[bool, int]:
        day = item.days[1] if item.days else 0
        is_later = moment.last is not None and day > moment.last
        return is_later, day if is_later or moment.stage is Stage.OLDEST else -day

    return key


def with_dates(candidates: Sequence[Candidate], days: Mapping[int, Days | None], query: Query) -> list[Candidate]:
    """Give each candidate the preference that its date earns it."""
    newest = max((known[1] for known in days.values() if known), default=0)
    preferences = [_preference(days[item.article], query, newest) for item in candidates]
    return [
        replace(item, preference=preference) if preference else item
        for item, preference in zip(candidates, preferences, strict=True)
    ]


def _preference(days: Days | None, query: Query, newest: int) -> float:
    if days is None:
        is_filtered = (query.filters.since or query.filters.until) and not query.is_undated_equal
        return -_UNDATED if is_filtered else 0.0
    (first, last), preference = days, 0.0
    if query.preferred and first <= query.preferred[1] + _REPORTED_WITHIN_DAYS and last >= query.preferred[0]:
        preference += _PREFERRED
    if query.is_latest:
        preference -= min(_OLDEST, _YEAR_OLDER * (newest - last) / 365)
    return preference


def _one_copy_each(ordered: Sequence[Ranked]) -> list[Ranked]:
    first: dict[int, int] = {}
    for item in ordered:
        first.setdefault(item.story, item.candidate.article)
    return [item for item in ordered if first[item.story] == item.candidate.article]


def _spread(ordered: Sequence[Ranked]) -> list[Ranked]:
    if not ordered:
        return []
    enough = _ANSWERS_TOO * ordered[0].score
    first: list[Ranked] = []
    seen: Counter[int] = Counter()
    for item in ordered:
        if len(first) < _AMONG_FIRST and seen[item.candidate.article] < _OF_ONE_ARTICLE and item.score >= enough:
            first.append(item)
            seen[item.candidate.article] += 1
    chosen = {item.candidate.passage for item in first}
    return [*first, *(item for item in ordered if item.candidate.passage not in chosen)]


def apart(ordered: Sequence[Ranked]) -> list[Ranked]:
    """Put further passages of an article below the first ones of others that have about as much evidence."""
    shown, waiting, seen = list[Ranked](), list[Ranked](), set[int]()
    for item in ordered:
        if item.candidate.article in seen:
            waiting.append(item)
            continue
        while waiting and item.score < _NEAR * waiting[0].score:
            shown.append(waiting.pop(0))
        shown.append(item)
        seen.add(item.candidate.article)
    return [*shown, *waiting]
