"""Questions that lean on the one before: 花了多少钱？ 那郭韬呢？ and Airbus? → what they lack, taken from there.

A model says whether a question leans, which words of it and of the one before are asked, and in whose place others
stand (retrieval/encode/marker.py). Here they are put together.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.marker import Link, Marker, Use
from retrieval.search.marks import NONE, SHARED, SIGNS, joined, means, words_of
from retrieval.search.question import written_out
from retrieval.search.small_talk import is_small_talk
from retrieval.search.sources import fold_aligned
from retrieval.search.topic_requests import request_of
from retrieval.search.when import next_date
from retrieval.values import Answer

CERTAIN, SURE, _MAY = 0.9, 0.5, 0.15
"""How probable it must be that a question leans for it not to be asked as it stands; to be completed where that is not
answered; and to be completed only if that is answered then."""
_ENDS, _AROUND = " ?？!！。.؟¿", f"{SIGNS}¿"
"""What ends a question, and what stands around words of it."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question completed: `question` is what is asked now, `taken` the words it took from the question before."""

    question: str
    taken: str


_OTHERS = re.compile(
    "(?:还有|有没有|那)?(?:别的|其他|其它|另外的?)(?:媒体|报纸|报道|来源|文章|消息)(?:(?:是?怎么)?(?:说|看|报道|写)?[的过了吗么呢]*)"
    "|(?:那)?外媒(?:(?:是?怎么)?(?:说|看|报道)?[的过了吗么呢]*)|还有(?:别的|其他的?|更多的?)?(?:吗|么|没有)?"
    "|(?:关于)?(?:(?:这|那)(?:件|个|场|起|次)?事(?:情)?|此事|它|这个|那个)?的?(?:所有|全部|相关|历次)的?(?:媒体|报纸|新闻|报道|报导|来源|文章|消息)"
    "(?:都|全部|全)*(?:给我|发给?我|帮我)*(?:看看|看一下|找出来|列出来|列一下|发我|找一下)?"
    r"|(?:and |what about |how about |any )*other (?:outlets?|papers?|newspapers?|media|reports?|sources?|articles?)"
    r"(?: reports?| say| on (?:it|this))?|(?:are there |is there )?any (?:others?|more)|anything else"
    r"|(?:are there|is there|any) other (?:outlets?|papers?|media|reports?|sources?|articles?)(?: on (?:it|this))?"
    "|(?:这是|是)?(?:谁|哪家(?:媒体|报纸)?)(?:报道|报|说|讲)的|(?:消息|信息)来源(?:是|在)?(?:哪里?|什么|谁)?"
    r"|says who|who says(?: so| that)?|(?:who|which (?:outlet|paper)) reported (?:it|that|this)"
)
"""Asks for what others tell of the same."""
_QUOTED, _SAID = re.compile("[“「『]"), re.compile("[说讲]|says", re.IGNORECASE)


def followed(question: str, before: str, marker: Marker, answer: Callable[[str], Answer]) -> FollowUp | None:
    """Complete a question that leans on the one before it; None for one that stands by itself.

    `answer` answers a question. One that may lean is asked first as it stands, and completed if the archive does not
    know; one that hardly does, only if the archive then knows. What `answer` raises is left to the caller.
    """
    question, before = _written(question), _written(before)
    if is_small_talk(question) or not (link := marker.link(before, question)):
        return None
    said = question.strip(_ENDS)
    others = _OTHERS.fullmatch(fold_aligned(said))
    if others and not (_QUOTED.search(before) and _SAID.search(question)):  # 「…」是哪年提出的？谁说的？
        taken = subject(before, marker)
        news = f"news about {taken}" if question.isascii() else f"关于{taken}的报道有哪些"
        return FollowUp(news, taken) if taken else None
    if moved := next_date(said, before):
        return _put(before, *moved)
    if link.leans < _MAY or request_of(question) or not (meant := completed(before, question, link)):
        return None
    if link.leans < CERTAIN:
        if answer(question).refusal is None:
            return None
        return meant if link.leans >= SURE or answer(meant.question).refusal is None else None
    return _of_person(before, question, meant, answer)


def subject(question: str, marker: Marker) -> str:
    """Return what a question is about: what one for further reports would take from it; "" where it takes nothing."""
    link = marker.link(question, _FURTHER_HAN if _FRONT.search(question) else _FURTHER)
    if link is None:
        return ""
    runs = _runs(question, link.uses[0], link.places[0])
    return _text([(run.use is not Use.LEFT, run) for run in runs]).strip(_AROUND)


_FURTHER, _FURTHER_HAN = "other reports?", "还有别的报道吗？"


def _written(question: str) -> str:
    return written_out(question, date.today())  # noqa: DTZ011  # the day it is where the person is


def _put(text: str, span: tuple[int, int], words: str) -> FollowUp:
    """Return a question with other words at a place; what was taken is what stands around it."""
    begin, end = span
    return FollowUp(text[:begin] + words + text[end:], f"{text[:begin]}…{text[end:]}".rstrip("?？"))


# ---- Uses → words put together


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one use that stand together, and by how much they are a place rather than anything else."""

    text: str
    use: Use
    is_place: float
    otherwise: Use


def completed(before: str, question: str, link: Link) -> FollowUp | None:
    """Put together what is meant; None where nothing is taken, or nothing asked.

    One place at most is filled: what is asked stands in that of the question before, or what is kept of that one in
    the place of a word that points. Without one, what is kept stands in front, or behind where words are spaced.
    """
    runs_before, runs = map(list, map(_runs, (before, question), link.uses, link.places))
    every = [run for run in (*runs_before, *runs) if run.use is Use.PLACE]
    place = max(every, key=lambda run: run.is_place, default=None)
    is_before = any(run is place for run in runs_before)
    kept_before, kept = _kept(runs_before, place), _kept(runs, place)
    taken, asked = _text(kept_before).strip(_AROUND), _text(kept).strip(_AROUND)
    if not asked or not (taken or is_before):
        return None
    if is_before:
        return FollowUp(_text(kept_before, place, asked) + _mark(before), _text(kept_before, place, "…"))
    if place:
        return FollowUp(_text(kept, place, taken) + _mark(question), taken)
    if _FRONT.search(question):
        taken = taken.removesuffix("的")
        return FollowUp(f"{taken}{' ' * bool(_HANGUL.search(question))}{asked}{_mark(question)}", taken)
    return FollowUp(f"{asked} {taken}?", taken)


def _mark(question: str) -> str:
    return question[-1] if question[-1] in "?？" else ""


_FRONT, _HANGUL = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"), re.compile("[\uac00-\ud7af]")
"""Scripts of languages in which a question begins with what it is about."""


def _runs(text: str, uses: NDArray[np.float32], places: Sequence[int]) -> Iterator[_Run]:
    """Yield the words of a question in runs of one use."""
    units = words_of(text, places)
    scores = means(units, uses)
    begins = [places[int(piece)] for piece in np.flatnonzero(np.diff(units, prepend=-1))]
    ends = [*begins[1:], len(text)]
    best = [Use(int(row.argmax())) for row in scores]
    at = 0
    for use, run in groupby(best):
        length = len(list(run))
        own = scores[at : at + length]
        otherwise = Use.KEPT if own[:, Use.KEPT].sum() >= own[:, Use.LEFT].sum() else Use.LEFT
        margin = (own[:, Use.PLACE] - own[:, : Use.PLACE].max(axis=1)).sum()
        yield _Run(text[begins[at] if at else 0 : ends[at + length - 1]], use, float(margin), otherwise)
        at += length


def _kept(runs: Sequence[_Run], place: _Run | None) -> list[tuple[bool, _Run]]:
    """Return the runs, each with whether it is in the question: places that are not filled are words like any."""
    return [(run is place or (run.otherwise if run.use is Use.PLACE else run.use) is Use.KEPT, run) for run in runs]


def _text(kept: Sequence[tuple[bool, _Run]], place: _Run | None = None, words: str = "") -> str:
    """Join what is kept, with words in a place, if any is filled."""
    filled = place and place.text.replace(place.text.strip(), words)
    labels = [(SHARED if is_in else NONE, filled or "" if run is place else run.text) for is_in, run in kept]
    return joined(labels, [(at, at) for at, (label, text) in enumerate(labels) if label == SHARED and text])


# ---- Whoever answered

_WHO = re.compile(r"谁|哪一?位|叫什么|\bwho\b")
_PERSON = re.compile(r"[他她]|\b(?:he|she|him|his|her)\b")


def _of_person(before: str, question: str, meant: FollowUp, answer: Callable[[str], Answer]) -> FollowUp:
    """Return what is asked of the person that answered the question before, where it asked who; else as it is meant."""
    if not (_WHO.search(fold_aligned(before)) and _PERSON.search(fold_aligned(question))):
        return meant
    name = _person(answer(before))
    if name is None or meant.taken not in meant.question:
        return meant
    return FollowUp(meant.question.replace(meant.taken, name, 1), name)


def _person(last: Answer) -> str | None:
    """Return the person that answered a question who; None where none did."""
    name = last.hits[0].answer_text.strip() if last.hits and last.refusal is None else ""
    if name.isascii():
        return name if name and all(word[:1].isupper() for word in name.split()) else None
    from retrieval.clean.names import all_names  # a question that leans on none starts without them

    return name if any(word == name and kind == "nr" for word, kind in all_names(name)) else None
