"""The reader: it reads the best hits together with the question, and says whether and with which words they answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.encode.joint import JointModel, JointReading
from retrieval.passages import size
from retrieval.search.differences import missing
from retrieval.search.light import worths
from retrieval.search.rank import HitReading, Ranked
from retrieval.values import Article, Span

READ, _AT_ONCE = 3, 2
"""Hits that are read at most, and those of them that are read together."""
_STRETCH = 220.0
"""Wide characters that are read of a passage: two windows or three, as the reader was trained on."""


def read(model: JointModel, question: str, found: Sequence[Ranked], articles: Mapping[int, Article]) -> list[Ranked]:
    """Return the first hits, whose word shares are known, with what was read of them, and the others as they are.

    The first two are read at once, each on a core of its own; the next ones only where neither answers.
    """
    done = list(found)
    for part in (range(min(_AT_ONCE, len(done))), range(_AT_ONCE, min(READ, len(done)))):
        texts = [Stretch.of(articles[done[n].candidate.article], done[n], question) for n in part]
        readings = model.read(question, [text.written for text in texts]) if texts else []
        for n, reading, text in zip(part, readings, texts, strict=True):
            done[n] = replace(done[n], reading=text.of_hit(reading))
        if any(item.reading and item.reading.is_answer for item in done[part.start : part.stop]):
            break
    return done


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is read of an article: a span of its text below its date and its title, unless the span begins with it."""

    head: str
    day: str
    text: str
    start: int

    @classmethod
    def of(cls, article: Article, hit: Ranked, question: str) -> "Stretch":
        """Choose the stretch of a hit whose word shares are known."""
        candidate = hit.candidate
        shares = hit.shares.windows if hit.shares else [0.0] * len(candidate.windows)
        worth = worths(article.text, candidate.windows, candidate.similarities, shares, question)
        start, end = stretch(article.text, candidate.windows, worth)
        title = re.sub(r"\s", " ", article.title or "")
        head = f"{title}\n" if title and not article.text.startswith(title, start) else ""
        text = article.text[start:end]
        is_dated = any(item.is_figure for item in missing(question, [head, text]))
        return cls(head, _day(article) if is_dated else "", text, start)

    @property
    def written(self) -> str:
        """What is read."""
        return self.head + self.day + self.text

    def of_hit(self, reading: JointReading) -> HitReading:
        """Say where in the article, or in its title, the words stand that were read; those of its day are none."""
        title, before = len(self.head), len(self.head) + len(self.day)
        start, end = reading.span
        answer = self.start + max(start - before, 0), self.start + max(end - before, 0)
        return HitReading(
            reading.answered,
            reading.lead,
            reading.certainty,
            answer if end > before else None,
            (start, min(end, title - 1)) if start < title - 1 and end <= before else None,
        )


def _day(article: Article) -> str:
    """Return a line with the day of an article, for a question about a day: news leaves month and year to its date."""
    if not article.published:
        return ""
    parts = zip(article.published[:10].split("-"), "年月日", strict=False)
    return "".join(f"{int(part)}{unit}" for part, unit in parts) + "\n"


def stretch(text: str, windows: Sequence[Span], worth: Sequence[float]) -> Span:
    """Return the window that is worth most, with as many neighbours as are read at once, the worthier first."""
    first = last = max(range(len(windows)), key=worth.__getitem__)
    while True:
        ways = [(first - 1, last)] * (first > 0) + [(first, last + 1)] * (last + 1 < len(windows))
        ways = [way for way in ways if size(text, (windows[way[0]][0], windows[way[1]][1])) <= _STRETCH]
        if not ways:
            return windows[first][0], windows[last][1]
        first, last = max(ways, key=lambda way: worth[way[0] if way[0] < first else way[1]])
