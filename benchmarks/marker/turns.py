"""Marked follow-up questions, as followed.txt.xz holds them → the use of each character, as completing them reads it.

A line has the question before, ` || `, and the one that leans on it; with ` ||| ` between, it stands by itself.
`{-:…}` is left out; in the place of `{r:…}`, in the question before, stands what is asked now; in that of `{p:…}`, in
the one that leans, what is kept of the question before. All else is kept.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.marker.marks import MarkError, parted
from benchmarks.marker.vary import traditional
from benchmarks.reader.written import written
from retrieval.encode.marker import MOST_PIECES, Use
from retrieval.encode.onnx import Inputs
from retrieval.text import even

_FOLLOWED = Path(__file__).with_name("followed.txt.xz")
_OPEN = re.compile(r"\{([-rp]):")
_ALONE = 2_000
"""Pairs of questions that were written for one text."""
IGNORED = -100
"""The use of tokens that have none: between two questions, and of those that stand by themselves."""
_USES = {"-": Use.LEFT, "r": Use.PLACE, "p": Use.PLACE}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and the one before it, with the use of each character of both; without them it stands by itself."""

    before: str
    question: str
    uses: tuple[tuple[Use, ...], tuple[Use, ...]] | None = None


def turn_of(line: str) -> Turn:
    """Read a line.

    Raises:
        MarkError: a mark is not closed, or more than one place is marked.
    """
    if " ||| " in line:
        before, question = line.split(" ||| ")
        return Turn(before, question)
    before, question = line.split(" || ")
    (first, before_uses), (second, uses) = _read(before), _read(question)
    if sum(len(re.findall(f"{mark}+", each.marks)) for mark in "rp" for each in (first, second)) > 1:
        raise MarkError(f"more than one place is marked: {line}")
    return Turn(first.text, second.text, (before_uses, uses))


@dataclass(frozen=True, slots=True)
class _Signs:
    text: str
    marks: str


def _read(line: str) -> tuple[_Signs, tuple[Use, ...]]:
    text, marks, at, within = "", "", 0, "k"
    while at < len(line):
        opened = _OPEN.match(line, at)
        if opened and within == "k":
            within, at = opened[1], opened.end()
            continue
        if line[at] == "}" and within != "k":
            within = "k"
        elif line[at] in "{}":
            raise MarkError(f"{line[at:]} is no mark: {line}")
        else:
            text, marks = text + line[at], marks + within
        at += 1
    if within != "k" or not text:
        raise MarkError(f"a mark is not closed: {line}")
    return _Signs(text, marks), tuple(_USES.get(mark, Use.KEPT) for mark in marks)


def lines() -> tuple[list[str], list[str]]:
    """Return the lines to train on, and those held out."""
    return parted(_FOLLOWED)


# ---- Examples


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A question with one before as tokens, a use for each, ignored between them, and whether it leans."""

    ids: Sequence[int]
    uses: Sequence[int]
    leans: bool


def row_of(turn: Turn, inputs: Inputs) -> TurnRow | None:
    """Turn an example into tokens and uses; None where it is too long."""
    pieces = [inputs.pieces(even(text)) for text in (turn.before, turn.question)]
    if not all(0 < len(own) <= MOST_PIECES for own in pieces):
        return None
    ids = inputs.pair(*([index for index, _ in own] for own in pieces))
    uses = [IGNORED] * len(ids)
    if turn.uses:
        starts = 1, len(ids) - 1 - len(pieces[1])
        for start, own, text, of in zip(starts, pieces, (turn.before, turn.question), turn.uses, strict=True):
            places = [place for _, place in own]
            for at, (begin, end) in enumerate(zip(places, [*places[1:], len(text)], strict=True)):
                signs = [use for use, sign in zip(of[begin:end], text[begin:end], strict=True) if not sign.isspace()]
                uses[start + at] = max(set(signs or [of[begin]]), key=(signs or [of[begin]]).count)
    return TurnRow(ids, uses, turn.uses is not None)


def varied(turn: Turn, chance: random.Random) -> Turn:
    """Return a variant: without its last sign, in lower case, in Traditional characters."""
    for ends in ("before", "question"):
        text = getattr(turn, ends)
        if text[-1] in "？?。." and len(text) > 2 and chance.random() < 0.4:
            uses = turn.uses and tuple(
                own[:-1] if name == ends else own for name, own in zip(("before", "question"), turn.uses, strict=True)
            )
            turn = replace(turn, **{ends: text[:-1], "uses": uses})
    convert = str.lower if chance.random() < 0.2 else traditional().convert if chance.random() < 0.12 else str
    before, question = convert(turn.before), convert(turn.question)
    is_even = len(before) == len(turn.before) and len(question) == len(turn.question)
    return replace(turn, before=before, question=question) if is_even else turn


def alone(chance: random.Random) -> list[Turn]:
    """Return pairs of questions of one text, each of which was written to be asked by itself."""
    of_text = dict[str, list[str]]()
    for item in written():
        if len(item.question) >= (_LEAST_HAN if _HAN.search(item.question) else _LEAST_LETTERS):
            of_text.setdefault(item.text, []).append(item.question)
    pairs = [chance.sample(asked, 2) for asked in of_text.values() if len(asked) > 1 for _ in range(2)]
    return [Turn(before, question) for before, question in chance.sample(pairs, min(_ALONE, len(pairs)))]


def unrelated(followed: Sequence[Turn], questions: Sequence[str], chance: random.Random) -> list[Turn]:
    """Return questions that point to nothing, each after one that has nothing to do with it."""
    whole = [question for question in questions if not _POINTS.search(question.lower())]
    befores = [turn.before for turn in followed]
    return [Turn(chance.choice(befores), question) for question in chance.sample(whole, min(_ALONE, len(whole)))]


_POINTS = re.compile(
    r"[他她它该此这那這該]|\b(?:he|she|it|they|his|her|their|this|that|er|sie|es|ihr\w*|sein\w*|él|ella|su|sus|nó|ông|bà)\b"
)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEAST_HAN, _LEAST_LETTERS = 14, 45
"""Characters of a question that says itself of what it asks."""


_REPORTS = ("还有别的报道吗？", "还有别的媒体报道吗？", "有没有其他报道", "相关的新闻还有吗", "这事还有哪些报道")
_REPORTS_ABROAD = ("other reports?", "any other articles?", "more news", "what do other papers say?")


def reports(followed: Sequence[Turn], chance: random.Random) -> list[Turn]:
    """Return what asks for further reports, after the questions of whose words nothing takes the place of others'.

    What they leave to a question that names nothing is what they are about.
    """
    found = list[Turn]()
    for turn in followed:
        if turn.uses and Use.PLACE not in turn.uses[0] and chance.random() < _ASKED_FOR:
            said = chance.choice(_REPORTS if _HAN.search(turn.before) else _REPORTS_ABROAD)
            found.append(Turn(turn.before, said, (turn.uses[0], (Use.KEPT,) * len(said))))
    return found


_ASKED_FOR = 0.3
