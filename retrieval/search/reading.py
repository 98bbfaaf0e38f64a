"""The reader: it reads the best hits together with the question, and says whether and with which words they answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.encode.joint import JointModel, JointReading
from retrieval.passages import size
from retrieval.search.candidates import Candidate
from retrieval.search.rank import HitReading, Ranked
from retrieval.values import Article, Span

READ, _AT_ONCE = 3, 2
"""Hits that are read at most, and those of them that are read together."""
_STRETCH = 220.0
"""Wide characters that are read of a passage: two windows or three, as the reader was trained on."""


def read(model: JointModel, question: str, found: Sequence[Ranked], articles: Mapping[int, Article]) -> list[Ranked]:
    """Return the first hits with what was read of them, and the others as they are.

    The first two are read at once, each on a core of its own; the next ones only where neither answers.
    """
    done = list(found)
    for part in (range(min(_AT_ONCE, len(done))), range(_AT_ONCE, min(READ, len(done)))):
        texts = [_Stretch.of(articles[done[n].candidate.article], done[n].candidate) for n in part]
        readings = model.read(question, [text.written for text in texts]) if texts else []
        for n, reading, text in zip(part, readings, texts, strict=True):
            done[n] = replace(done[n], reading=text.of_hit(reading))
        if any(reading.answered > 0 for reading in readings):
            break
    return done


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is read of an article: a span of its text below its title, unless the span begins with it."""

    head: str
    text: str
    start: int

    @classmethod
    def of(cls, article: Article, candidate: Candidate) -> "_Stretch":
        start, end = stretch(article.text, candidate)
        title = re.sub(r"\s", " ", article.title or "")
        head = f"{title}\n" if title and not article.text.startswith(title, start) else ""
        return cls(head, article.text[start:end], start)

    @property
    def written(self) -> str:
        return self.head + self.text

    def of_hit(self, reading: JointReading) -> HitReading:
        """Say where in the article, or in its title, the words stand that were read."""
        start, end = (place - len(self.head) for place in reading.span)
        in_title = start < 0
        answer = (reading.span[0], min(reading.span[1], len(self.head) - 1)) if in_title else None
        return HitReading(
            reading.answered,
            reading.lead,
            reading.certainty,
            None if in_title else (self.start + start, self.start + end),
            answer,
        )


def stretch(text: str, candidate: Candidate) -> Span:
    """Return the best window of a passage with as many neighbours as are read at once, the more similar first."""
    windows, similarities = candidate.windows, candidate.similarities
    first = last = max(range(len(windows)), key=similarities.__getitem__)
    while True:
        ways = [(first - 1, last)] * (first > 0) + [(first, last + 1)] * (last + 1 < len(windows))
        ways = [way for way in ways if size(text, (windows[way[0]][0], windows[way[1]][1])) <= _STRETCH]
        if not ways:
            return windows[first][0], windows[last][1]
        first, last = max(ways, key=lambda way: similarities[way[0] if way[0] < first else way[1]])
