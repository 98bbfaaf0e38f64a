"""A question of several parts → the things it asks, and how it compares them, by the marks of a model.

The marks say which words are of which thing, which of all and which of none; a part's question are its own words, where
the first one's stand, and those of all. A part may ask several things again (甲和乙各多长，各花了多少).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.marker import KINDS, Marker, Marks, Tag
from retrieval.search.marks import NONE, QUALITY, SHARED, SIGNS, joined, means, words_of
from retrieval.search.measures import BUILT, counted, how_much, is_age, plain, when, who
from retrieval.search.outcome import TIMED
from retrieval.search.parts import MOST_PARTS, Asking, Cut, Relation
from retrieval.search.sources import fold_aligned

SURE, _INNER = 0.5, 0.7
"""How probable it must be that a question asks several things, and that one of its parts does."""
OF_TAGS = {Tag.SHARED: SHARED, Tag.NONE: NONE, Tag.QUALITY: QUALITY}
"""What tags say that are of no single part."""
_RELATIONS = {relation.value: relation for relation in Relation}


def cut(question: str, marker: Marker, marks: Marks | None) -> Cut | None:
    """Cut a question with its marks into what it asks; None where it asks one thing, or has no marks.

    `marker` marks its parts.
    """
    marked = labelled(question, marks, marker, SURE) if marks else None
    if marked is None:
        return None
    if marked.kind != "several":
        return _compared(marked)
    parts = [asked for number in range(1, marked.parts + 1) for asked in _askings(marked, number, marker)]
    return Cut(tuple(parts)) if 2 <= len({part.question for part in parts}) == len(parts) <= MOST_PARTS else None


def _askings(marked: "Marked", number: int, marker: Marker) -> Iterator[Asking]:
    """Yield what a part asks: of several things, each."""
    text = marked.question_of(number)
    marks = marker.mark(text)
    inner = labelled(text, marks, marker, _INNER) if marks else None
    if inner is None or inner.parts * marked.parts > MOST_PARTS:
        yield plain(marked.name_of(number), text)
        return
    for place in range(1, inner.parts + 1):
        asked = _asked(inner, place)
        yield Asking(asked.question.rstrip("？?"), asked.question, asked.read_for)


def _compared(marked: "Marked") -> Cut | None:
    """Return a comparison; None where two of the things compared are one, or where it is asked why they differ."""
    if _WHY.search(fold_aligned(marked.text)):
        return None
    parts = tuple(_asked(marked, number) for number in range(1, marked.parts + 1))
    if len({part.question for part in parts}) < len(parts):
        return None
    relation, quality = marked.relation, marked.quality
    is_timed = relation in TIMED
    return Cut(
        parts,
        relation,
        quality if is_timed else counted(marked.name_of(1), marked.question_of(1), quality),
        marked.event or (BUILT if is_age(quality) else "") if is_timed else "",
        is_whole_first=marked.is_difference,
    )


def _asked(marked: "Marked", number: int) -> Asking:
    name, text = marked.name_of(number), marked.question_of(number)
    if marked.kind == "several":
        return plain(name, text)
    if marked.kind == "same":
        return who(name, text) if _PERSON.search(fold_aligned(marked.joining)) else plain(name, text)
    if marked.relation in TIMED:
        return when(name, text, marked.quality)
    return how_much(name, text, marked.quality)


_WHY = re.compile(
    r"为什么|为啥|为何|凭什么|\b(?:why|warum|wieso|pourquoi|por que|perche|почему)\b|なぜ|どうして|왜|tai sao|vi sao"
)
_PERSON = re.compile(r"人|谁|\b(?:person|who|persona|personne)\b|человек|誰|사람")
_APART = re.compile(
    r"[隔距早晚]|过了|先后|前后|差(?= ?(?:多久|多长时间))|\b(?:apart|between|earlier|later|before|after)\b|間"
)
_TIME = re.compile(
    r"多久|多长时间|[几多][少个十百]*(?:天|年|月|日|周|星期|小时|钟头|分钟|时间)|how long"
    r"|\b(?:days|weeks|months|years|hours)\b"
)
"""What lies apart, and that it does so in time."""
_DIFFERENCE = re.compile(r"比(?!较|如|赛)|较(?=.*[多少几])|\bthan\b|差|涨|降|增|减")


# ---- Marks → labels of characters


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with a label for each character, of `parts` things, and the kind of question that it is.

    One that asks one thing has none of them.
    """

    text: str
    labels: tuple[int, ...]
    kind: str

    @property
    def parts(self) -> int:
        """How many things are asked."""
        return max(self.labels)

    @property
    def runs(self) -> list[tuple[int, str]]:
        """The question in runs of one label."""
        pairs = zip(self.labels, self.text, strict=True)
        return [(label, "".join(sign for _, sign in run)) for label, run in groupby(pairs, key=itemgetter(0))]

    def _of(self, label: int) -> str:
        runs = self.runs
        return joined(runs, [(place, place) for place, (own, _) in enumerate(runs) if own == label])

    def name_of(self, number: int) -> str:
        """Return the words that are of a part alone."""
        return _LINKING.sub("", self._of(number))

    def question_of(self, number: int) -> str:
        """Return what is asked of a part: its own words, the first of them where the first part's stand, and all's."""
        runs = self.runs
        labels = [label for label, _ in runs]
        first, own = labels.index(1), labels.index(number)
        places = [(place, place) for place, label in enumerate(labels) if label in (SHARED, number) and place != own]
        return joined(runs, sorted([*places, (own, first)], key=itemgetter(1)))

    @property
    def relation(self) -> Relation | None:
        """How the things are compared; None where they are not, or whether they are one is asked."""
        if self.kind == "differ":
            said = fold_aligned(f"{self.joining} {self.quality}")
            return Relation.EARLIER if _APART.search(said) and _TIME.search(said) else Relation.LARGER
        return _RELATIONS.get(self.kind)

    @property
    def quality(self) -> str:
        """By what they are compared, as it is typed."""
        return self._of(QUALITY)

    @property
    def joining(self) -> str:
        """The words that are of no part."""
        return self._of(NONE)

    @property
    def event(self) -> str:
        """What happened to each of the things that are compared; "" where it is not said in so many words."""
        runs = self.runs
        last = next(place for place, (label, _) in enumerate(runs) if label == self.parts)
        behind = [run for label, run in runs[last:] if label == SHARED]
        event = fold_aligned(behind[-1].strip(f"{SIGNS}的了吗呢")) if behind else ""
        return event if re.fullmatch("[\u3400-\u9fff]{2,4}", event) and not _DAY.search(event) else ""

    @property
    def is_difference(self) -> bool:
        """Whether by how much two things differ is asked, which a text may say itself."""
        return self.kind == "differ" or (
            self.relation not in TIMED and _DIFFERENCE.search(fold_aligned(self.joining)) is not None
        )


_DAY = re.compile("[年月日号天时]$")
_LINKING = re.compile("^[的の](?!士)")


def labelled(question: str, marks: Marks, marker: Marker, least: float) -> Marked | None:
    """Return a question with its labels, if it asks several things, with a probability of `least` at least."""
    if 1 - marks.kinds[0] < least:
        return None
    tags = _tags(question, marks.places, marks.tags, marker.transitions)
    marked = Marked(question, _labels(question, marks.places, tags), KINDS[1 + int(marks.kinds[1:].argmax())])
    is_whole = 2 <= marked.parts <= MOST_PARTS and all(
        any(sign.isalnum() for sign in marked.name_of(number)) for number in range(1, marked.parts + 1)
    )
    return marked if is_whole else None


def _labels(question: str, places: Sequence[int], tags: Sequence[Tag]) -> tuple[int, ...]:
    labels, current = [SHARED] * len(question), 0
    for (begin, end), tag in zip(pairwise([*places, len(question)]), tags, strict=True):
        if tag in (Tag.BEGIN, Tag.INSIDE, Tag.AGAIN):
            current = 1 if tag is Tag.AGAIN or not current else current + (tag is Tag.BEGIN)
            label = current
        else:
            label = OF_TAGS[tag]
        labels[begin:end] = [label] * (end - begin)
    for at in range(1, len(labels)):
        if labels[at - 1] != labels[at] and min(labels[at - 1 : at + 1]) > 0 and (join := _join_at(question, at)):
            labels[slice(*join)] = [NONE] * (join[1] - join[0])
    seen = sorted({label for label in labels if label > 0})
    return tuple(seen.index(label) + 1 if label > 0 else label for label in labels)


_JOINS = ("以及", "还有", "和", "与", "跟", "及", "與", "還有", "、")


def _join_at(question: str, at: int) -> tuple[int, int] | None:
    """Return where a word that joins stands, before or behind a place at which one part ends and another begins."""
    for join in _JOINS:
        for begin in (at - len(join), at):
            if question.startswith(join, max(0, begin)):
                return begin, begin + len(join)
    return None


def _tags(
    question: str, places: Sequence[int], scores: NDArray[np.float32], transitions: NDArray[np.float32]
) -> list[Tag]:
    """Return the likeliest tags of the pieces, one for the pieces of a word."""
    units = words_of(question, places)
    begins = np.diff(units, prepend=-1) > 0
    scores = scores.copy()
    for tag in (Tag.BEGIN, Tag.AGAIN):  # the further pieces of a word that begins a part are inside it
        scores[~begins, tag] = scores[~begins, Tag.INSIDE]
    path = likeliest(means(units, scores), transitions)
    tags = (Tag(path[unit]) for unit in units)
    further = {Tag.BEGIN, Tag.AGAIN}
    return [Tag.INSIDE if tag in further and not is_first else tag for tag, is_first in zip(tags, begins, strict=True)]


_LEAST_PARTS = 2
_IMPOSSIBLE = np.float32(-1e4)


def likeliest(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[int]:
    """Return the path of tags with the greatest sum of scores and transitions, of those that begin two parts.

    `scores` are of shape (n, tags), `transitions` (tags + 1, tags), the last row for the first tag.

    Source: Viterbi (1967), over pairs of a tag and of how many parts have begun.
    """
    tags, counts = scores.shape[1], _LEAST_PARTS + 1
    ways = np.full((tags, counts, tags, counts), _IMPOSSIBLE, np.float32)
    start = np.full((tags, counts), _IMPOSSIBLE, np.float32)
    for tag in range(tags):
        begins = tag == Tag.BEGIN
        start[tag, int(begins)] = transitions[-1, tag]
        for count in range(counts):
            ways[:, count, tag, min(count + begins, _LEAST_PARTS)] = transitions[:-1, tag]
    flat = ways.reshape(tags * counts, tags * counts)
    each = np.repeat(scores, counts, axis=1)
    best, back = start.reshape(-1) + each[0], list[NDArray[np.intp]]()
    for row in each[1:]:
        steps = best[:, None] + flat
        back.append(steps.argmax(axis=0))
        best = steps.max(axis=0) + row
    path = [int(best.reshape(tags, counts)[:, _LEAST_PARTS].argmax()) * counts + _LEAST_PARTS]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return [state // counts for state in reversed(path)]
