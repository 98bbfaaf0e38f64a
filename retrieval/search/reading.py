"""The best hits read with the question: whether they answer, with which words, and which part of a passage is lit.

The reader reads them, and where the settings name one a cross-encoder; lit are the fewest windows that hold the answer
with enough probability.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.encode.encoder import script_of
from retrieval.encode.joint import JointModel, JointReading
from retrieval.errors import EncoderError
from retrieval.passages import size
from retrieval.search.differences import missing
from retrieval.search.phrasing import as_read, as_written
from retrieval.search.question import Query
from retrieval.search.rank import HitReading, Ranked
from retrieval.search.terms import Terms, glossed
from retrieval.text import fold
from retrieval.text.dates import ENGLISH_MONTHS, day_range, find_dates
from retrieval.values import Article, Span

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


# ---- Which windows of a passage are lit

WEIGHTS = {"window": 36.8, "words": 4.6, "number": 1.27, "date": 2.22, "name": 0.83}
"""A choice model of which window of a right passage holds the answer: its similarity, its share of the question's
words, and whether it has what is asked for.

Fitted on 2026-11-22 by benchmarks/highlights.py on XQuAD (Chinese and English over Chinese, English over English).
"""

_ENOUGH = 0.7
"""Probability from which no further window is lit; cross-validated by title, of passages of 2.5 windows.

The lit part holds the answer / is so much of the passage, XQuAD-zh: one window always .884 / .48, 0.5 .898 / .49,
0.6 .924 / .52, 0.7 .949 / .55, 0.8 .958 / .58; English over Chinese at 0.7 .939 / .59.
"""
_MOST = 2
"""Windows lit at most: a third one adds half a point."""

_ASKED = {
    "number": re.compile(
        "多少|几(?!乎)|多[大长高久远深重宽快]|いくら|いくつ|何(?:人|個|回|歳|メートル)"
        r"|\b(?:how (?:many|much|long|old|far|high|big|large|tall)|what (?:percent(?:age)?|number|fraction|amount))\b"
        r"|\b(?:wie ?viele?|wie (?:hoch|lang|gross|alt|weit)|cuant[oa]s?|combien|quant[oaie]s?|berapa|kac"
        r"|ne kadar|bao nhieu|сколько|скольким|ποσ(?:ο|οι|ος|α|ες|η)ς?)\b|(?<!\w)كم(?!\w)|कितन|เท่าไ|เท่าใด|กี่|몇|얼마"
    ),
    "date": re.compile(
        "哪(?:一)?[年天日]|何时|什么时[候间]|何年|何月|何日|哪个世纪|几月|几号|日期|年份|年代|いつ"
        r"|\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|century|decade|day|month)\b"
        r"|\b(?:wann|welche[mns]? (?:jahr|tag|monat)|cuando|que (?:ano|dia|mes|fecha)|quand"
        r"|quelle (?:annee|date)|quando|cand|kapan|ne zaman|hangi (?:yil|tarih)|khi nao|nam nao|ngay nao"
        r"|когда|каком году|ποτε|ποια χρονια)\b"
        r"|(?<!\w)متى|أي (?:عام|سنة|تاريخ)|कब(?![\u0900-\u097f])|किस वर्ष|เมื่อไ|เมื่อใด|ปีใด|ปีไหน|언제|몇 년|어느 해"
    ),
    "name": re.compile(
        r"谁|何人|哪(?:一)?位|哪个人|名字|だれ|誰|\bwho(?:m|se)?\b"
        r"|\b(?:wer|wessen|quien(?:es)?|qui (?:est|a|sont)|quem|cine|siapa|ai (?:la|da|duoc)"
        r"|кто|кого|кому|кем|ποιος|ποιοι)\b"
        r"|(?<!\w)من (?:هو|هي|كان|الذي)|कौन|किसने|ใคร|누구|누가"
    ),
}
_FIGURE = re.compile(
    "[0-9０-９]|[一二三四五六七八九十百千万萬亿億两兩]{2,}|[一二三四五六七八九十两兩](?=[年月日个個名人次种種位])"
)
_DATE = re.compile(
    "[0-9０-９]{3,4} ?年|[0-9０-９]{1,2} ?月|[0-9０-９一二三四五六七八九十]+ ?日|世[纪紀]|年代|[12][0-9]{3}"
    # May is a word of other sentences first
    rf"|centur(?:y|ies)|{'|'.join(name for name in ENGLISH_MONTHS if name != 'May')}"
)
_NAME = re.compile("[·•・《“「]|[A-Z][a-z]+")
_HAS = {"number": _FIGURE, "date": _DATE, "name": _NAME}


def light(
    text: str, windows: Sequence[Span], similarities: Sequence[float], shares: Sequence[float], question: str
) -> Span:
    """Return the part of `text` to light: whole windows that follow each other.

    `similarities` to the question and `shares` of its words are the windows'.
    """
    first, last = fewest(worths(text, windows, similarities, shares, question))
    return windows[first][0], windows[last][1]


def with_answer(lit: Span, windows: Sequence[Span], answer: Span | None) -> Span:
    """Return what is lit so that it holds the answer too: with its windows if they are next to it, else these alone."""
    if answer is None or (lit[0] <= answer[0] and answer[1] <= lit[1]):
        return lit
    around = [window for window in windows if window[0] < answer[1] and answer[0] < window[1]] or [answer]
    first, last = min(around[0][0], answer[0]), max(around[-1][1], answer[1])
    return first, last


def worths(
    text: str, windows: Sequence[Span], similarities: Sequence[float], shares: Sequence[float], question: str
) -> list[float]:
    """Return how much speaks for each window's holding the answer, as log-odds but for a constant."""
    return [
        sum(WEIGHTS[name] * value for name, value in values.items())
        for values in features([text[slice(*window)] for window in windows], similarities, shares, question)
    ]


def features(
    windows: Sequence[str], similarities: Sequence[float], shares: Sequence[float], question: str
) -> list[Mapping[str, float]]:
    """Return what the model looks at, of each window's text."""
    asked = _asked_for(question)
    return [
        {"window": similarity, "words": share, **{name: float(bool(_HAS[name].search(text))) for name in asked}}
        for text, similarity, share in zip(windows, similarities, shares, strict=True)
    ]


@lru_cache
def _asked_for(question: str) -> Sequence[str]:
    folded = fold(question)
    return [name for name, pattern in _ASKED.items() if pattern.search(folded)]


def fewest(worth: Sequence[float]) -> tuple[int, int]:
    """Return the first and last of the fewest windows in a row that are probable enough together."""
    greatest = max(worth)
    chances = [math.exp(value - greatest) for value in worth]
    enough = _ENOUGH * sum(chances)
    for length in range(1, min(_MOST, len(worth)) + 1):
        rows = [sum(chances[start : start + length]) for start in range(len(worth) - length + 1)]
        best = max(range(len(rows)), key=lambda start: (rows[start], -start))
        if rows[best] >= enough:
            break
    return best, best + length - 1


# ---- What the reader reads of the first hits

READ = 3
"""Hits that are read at most."""
_STRETCH = 220.0
"""Wide characters that are read of a passage: two windows or three, as the reader was trained on."""


def read(
    model: JointModel,
    question: str,
    found: Sequence[Ranked],
    articles: Mapping[int, Article],
    places: Iterable[int],
    query: Query | None = None,
    terms: Terms | None = None,
) -> list[Ranked]:
    """Return hits, those at `places`, whose word shares are known, with what was read of them; each has a core.

    An article that leaves the days which the `query` names to its date is read for the question without them. Behind a
    question in another language stands what the text calls its words, by the names of its `terms`. Figures, days and
    hours are read as the text writes them.
    """
    done, texts = list(found), dict[int, Stretch]()
    for place in places:
        item = done[place]
        texts[place] = Stretch.of(articles[item.candidate.article], item, question)
        if query and _leaves_days_out(query, item, texts[place].text):
            done[place] = replace(item, asked=as_read(query.read_in_time))
            texts[place] = replace(texts[place], day="")
    names = terms.names if terms else {}

    def readings(stretches: Iterable[tuple[int, Stretch]]) -> Iterator[tuple[int, HitReading]]:
        written = [(place, text, _as_written(done[place], question, text.written)) for place, text in stretches]
        pairs = [(glossed(asked, names, text.written), text.written) for _, text, asked in written]
        for (place, text, _), found_there in zip(written, model.read(pairs) if pairs else (), strict=True):
            yield place, text.of_hit(found_there)

    best = dict(readings(texts.items()))
    rest = [
        (place, further)
        for place, reading in best.items()
        if place == 0 and reading.answered < _DENIED and script_of(question) == script_of(texts[place].text)
        for further in texts[place].rest(articles[done[place].candidate.article], done[place], question)
    ]
    for place, reading in readings(rest):
        best[place] = max(best[place], reading, key=lambda each: each.answered)
    for place, reading in best.items():
        done[place] = replace(done[place], reading=reading)
    return done


_DENIED = 0.0
"""Log-odds of reading below which the rest of the first hit's passage is read as well, in one script: across scripts
more of what does not answer is taken for it (docs/lab/reader.md)."""


def _as_written(item: Ranked, question: str, text: str) -> str:
    year = date.fromordinal(item.days[0]).year if item.days else None
    return as_written(item.asked or question, text, year)


_REPORTED_SOON, _BACKGROUND = 3, 400
"""Days after which an article still speaks of a day without naming it (昨天, 前天, 上周末), and days before it from
which what it names is no news any more, but what was before: 打破2006年的纪录."""


def _leaves_days_out(query: Query, item: Ranked, text: str) -> bool:
    """Return whether an article came on the days asked, or right after, and a text of it leaves them to its date.

    One that names such days, or others shortly before them, says itself whether they are those asked.
    """
    if query.preferred is None or item.days is None:
        return False
    first, last = query.preferred
    if query.moment and query.moment.lasts and item.days[1] < first:
        return True  # what cost five in 2019 does in 2020, where nothing later was told
    if not query.read_in_time or item.days[0] < first or item.days[1] > last + _REPORTED_SOON:
        return False
    published = date.fromordinal(item.days[0])
    days = [day_range(iso) for iso in _dates_named(text, published)]
    return not any(first - _BACKGROUND <= end and begin <= last for begin, end in days)


_MONTH = re.compile(r"(?<!\d)(?<!\d年)(1[0-2]|[1-9])月(?!\d)")


def _dates_named(text: str, published: date) -> Iterator[str]:
    """Yield the dates that news of a day names, in ISO, a month by itself as the last one there was."""
    for mention in find_dates(text):
        iso = (mention if mention.year else mention.in_year(published.year)).iso
        if iso:
            yield iso
    for month in map(int, _MONTH.findall(text)):
        yield f"{published.year - (month > published.month)}-{month:02d}"


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
        return cls._at(article, (start, end), question)

    @classmethod
    def _at(cls, article: Article, span: Span, question: str) -> "Stretch":
        title = re.sub(r"\s", " ", article.title or "")
        head = f"{title}\n" if title and not article.text.startswith(title, span[0]) else ""
        text = article.text[slice(*span)]
        is_dated = any(item.is_figure for item in missing(question, [head, text]))
        return cls(head, _day(article) if is_dated else "", text, span[0])

    def rest(self, article: Article, hit: Ranked, question: str) -> Iterator["Stretch"]:
        """Yield what of a hit's passage was not read: up to as much from its beginning, and to its end."""
        windows, text = hit.candidate.windows, article.text
        begin, end = windows[0][0], windows[-1][1]
        if begin < self.start:
            reach = max((last for _, last in windows if size(text, (begin, last)) <= _STRETCH), default=windows[0][1])
            yield replace(Stretch._at(article, (begin, reach), question), day=self.day)
        if self.start + len(self.text) < end:
            reach = min((first for first, _ in windows if size(text, (first, end)) <= _STRETCH), default=windows[-1][0])
            yield replace(Stretch._at(article, (reach, end), question), day=self.day)

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


# ---- A cross-encoder that judges many hits

RERANKED = 20
"""Candidates that a cross-encoder reads, or as many as hits are asked for."""


class Reranker:
    """Judges passages with a sentence-transformers CrossEncoder, by name or folder.

    Raises:
        EncoderError: the model is neither a usable folder nor can be downloaded, or it fails on the texts.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._model = _load(model)

    def judge(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return how well each passage answers, 0 to 1."""
        try:
            from torch.nn import Sigmoid

            scores = self._model.predict([(question, passage) for passage in passages], activation_fn=Sigmoid())
        except Exception as error:
            raise EncoderError(
                "the reranker {name} fails: {error}. Set another CHUCHU_RERANKER", name=self._name, error=error
            ) from error
        return [float(value) for value in scores.reshape(-1)]


def reranked(
    reranker: Reranker, question: str, found: Sequence[Ranked], articles: Mapping[int, Article]
) -> list[Ranked]:
    """Order those of the candidates whose articles are given by how well they are judged; leave the others out."""
    read = [item for item in found if item.candidate.article in articles]
    texts = [articles[item.candidate.article].text[slice(*item.candidate.span)] for item in read]
    judged = [replace(item, judged=value) for item, value in zip(read, reranker.judge(question, texts), strict=True)]
    return sorted(judged, key=lambda item: -item.score)


def _load(model: str) -> "CrossEncoder":
    from retrieval.encode.sentence_transformers import line_of, open_quietly

    try:
        from sentence_transformers import CrossEncoder

        loaded: CrossEncoder = open_quietly(CrossEncoder, model)
    except Exception as error:
        raise EncoderError(
            "the reranker {model} cannot be loaded: {reason}. Name a sentence-transformers "
            "CrossEncoder or its folder in CHUCHU_RERANKER, or unset it",
            model=model,
            reason=line_of(error),
        ) from error
    if loaded.num_labels != 1:
        raise EncoderError(
            "the reranker {model} gives {count} values a passage instead of one", model=model, count=loaded.num_labels
        )
    return loaded
