"""Questions put to an archive, and what each came to."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from retrieval.errors import QuestionError
from retrieval.evaluation.questions import Question
from retrieval.text import fold
from retrieval.text.dates import find_dates
from retrieval.text.language import detect_language
from retrieval.text.words import is_spaceless
from retrieval.values import Answer, Article, Hit

_SCRIPTS = {
    "zh": "Han",
    "zh-Hans": "Simplified",
    "zh-Hant": "Traditional",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Cyrillic",
    "uk": "Cyrillic",
    "ar": "Arabic",
    "fa": "Arabic",
    "th": "Thai",
    "hi": "Devanagari",
    "el": "Greek",
    "he": "Hebrew",
}
UNCLEAR = "unclear"


def slices_of(question: Question, article: Article | None) -> Mapping[str, str]:
    """Return a question's value in each dimension; `article` is the first that answers it, if the archive has it."""
    language = detect_language(question.question)
    values = {
        "language": language.partition("-")[0] if language else UNCLEAR,
        # Han: nothing in it is written otherwise in the other script
        "script": _SCRIPTS.get(language, "Latin") if language else UNCLEAR,
        "answerable": "yes" if question.answerable else "no",
        "dated": "yes" if find_dates(question.question) else "no",
        **({"kind": question.kind} if question.kind else {}),
        **({"parts": str(len(question.parts))} if question.parts else {}),
    }
    if article is not None:
        values["source"] = article.source or "(none named)"
        values["across"] = _across(language, article.language)
    return values


def _across(asked: str | None, written: str | None) -> str:
    """Name what lies between the question and the article."""
    if asked is None or written is None:
        return UNCLEAR
    if asked.partition("-")[0] != written.partition("-")[0]:
        return "languages"
    if {asked, written} == {"zh-Hans", "zh-Hant"}:
        return "scripts"
    return "nothing"


CUTOFFS = (1, 3, 10)
DEPTH = 10
"""Of MRR and nDCG; at least as many hits are asked for."""

Place = tuple[str, ...]
"""The ids of the articles that stand at one place of a ranking: the hit's own, then those it is also in."""


def places_of(hits: Iterable[Hit]) -> list[Place]:
    """Return what stands at each place: a hit whose articles all stand higher already takes none."""
    seen: set[str] = set()
    ranking: list[Place] = []
    for hit in hits:
        ids = tuple(dict.fromkeys((hit.article.id, *(article.id for article in hit.also_in))))
        new = tuple(article_id for article_id in ids if article_id not in seen)
        if new:
            ranking.append(new)
            seen.update(new)
    return ranking


def first_right(ranking: Sequence[Place], relevant: Collection[str]) -> int | None:
    """Return the first place, from 1, that holds a relevant article."""
    return next((n for n, place in enumerate(ranking, start=1) if set(place) & set(relevant)), None)


def ranking_marks(ranking: Sequence[Place], relevant: Collection[str]) -> Mapping[str, float]:
    """Return success@k, MRR@10 and nDCG@10 of one ranking; `relevant` is not empty.

    Articles at one place are one to the reader, so they are one here: in the ranking and among the relevant.
    """
    import ir_measures

    stands_for = {article_id: place[0] for place in ranking for article_id in place}
    qrels = {"q": {stands_for.get(article_id, article_id): 1 for article_id in relevant}}
    run = {"q": {place[0]: float(-n) for n, place in enumerate(ranking)}}
    if not ranking:
        return dict.fromkeys(_measures(), 0.0)
    named = {measure: name for name, measure in _measures().items()}
    return {named[item.measure]: item.value for item in ir_measures.iter_calc(list(named), qrels, run)}


@cache
def _measures() -> Mapping[str, Any]:
    from ir_measures import RR, Success, nDCG

    return {**{f"success@{k}": Success @ k for k in CUTOFFS}, "MRR@10": RR @ DEPTH, "nDCG@10": nDCG @ DEPTH}


COMPLETE = (3, 5, 10)
"""Places among which every part is looked for."""


def part_marks(question: Question, answer: Answer) -> Mapping[str, float]:
    """Return complete@k, and what the verdicts of the parts are worth; nothing for a question without `parts`.

    `parts.answered`: the question is answered, in each of its parts where it was cut into some. `parts.right`: the
    share of its parts that a part's own answered hit answers; of a question that was not cut, that its first hit does.
    `outcome.right`: a comparison that was stated, `outcome.stated`, says what the first answer says.
    """
    if not question.parts:
        return {}
    ids = [{article.id for article in (hit.article, *hit.also_in)} for hit in answer.hits]
    complete = {f"complete@{k}": float(_all_found(question, set().union(*ids[:k]))) for k in COMPLETE}
    firsts = [part.hits[0] for part in answer.parts if part.answered] or list(answer.hits[: answer.answered])
    shown = {article.id for hit in firsts for article in (hit.article, *hit.also_in)}
    right = sum(bool(shown & set(part)) for part in question.parts) / len(question.parts)
    whole = answer.answered and all(part.answered for part in answer.parts)
    return {**complete, "parts.answered": float(whole), "parts.right": right, **_outcome_marks(question, answer)}


def _outcome_marks(question: Question, answer: Answer) -> Mapping[str, float]:
    """Judge what was made of a comparison: whether it was stated, and whether it is what the set's answer says."""
    if answer.outcome is None or not question.answers:
        return {}
    if not answer.outcome.is_stated:
        return {"outcome.stated": 0.0}
    expected = question.answers[0]
    if answer.outcome.same is not None:
        is_right = answer.outcome.same == (not _DENIED.match(expected))
    else:
        shared = [len(set(expected) & set(part.name)) / len(set(part.name)) for part in answer.parts]
        is_right = shared.index(max(shared)) == answer.outcome.winner
    return {"outcome.stated": 1.0, "outcome.right": float(is_right)}


_DENIED = re.compile("不|否|没|no", re.IGNORECASE)


def _all_found(question: Question, found: Collection[str]) -> bool:
    return all(not set(found).isdisjoint(part) for part in question.parts)


_READ = 3
"""Passages that a person is shown at first, and so those in which an answer is looked for."""


class Answering(Protocol):
    """What is evaluated: an archive."""

    def ask(self, question: str, *, k: int, as_of: date | None = None) -> Answer:
        """Answer a question with the `k` best passages, or refuse; `as_of` is the day it is put on."""

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""


class Failure(StrEnum):
    """How a question failed; the first that holds is its kind."""

    NOT_REFUSED = "answered what the archive cannot"
    MISSED = "another article came first"
    REFUSED = "refused what the archive can answer"
    UNLIT = "the highlight lacks the answer"


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """The first hit: its article, and its highlight's text."""

    article: str
    title: str | None
    published: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question came to.

    `marks` has the measures that count this question, each 0…1; `rank` is the first right place, from 1; `slices` are
    the question's values by dimension; `latency_ms` is what the archive itself took.
    """

    question: Question
    slices: Mapping[str, str]
    answered: bool
    confidence: float
    rank: int | None
    found: FoundPassage | None
    marks: Mapping[str, float]
    latency_ms: float

    @property
    def is_right(self) -> bool:
        """Whether the first hit answers, be it shown as an answer or not."""
        return self.question.answerable and self.rank == 1

    @property
    def failure(self) -> Failure | None:
        """Return how it failed, None if it did not."""
        if not self.question.answerable:
            return Failure.NOT_REFUSED if self.answered else None
        if self.rank != 1:
            return Failure.MISSED
        if not self.answered:
            return Failure.REFUSED
        return Failure.UNLIT if self.marks.get("highlight@1") == 0 else None


def evaluate(
    archive: Answering,
    questions: Sequence[Question],
    *,
    k: int = DEPTH,
    as_of: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """Put every question to an archive; `progress` hears how many are done.

    `as_of` is the day on which those are put that name none: what "last year" means to them stays the same, and nothing
    published later is there.

    Raises:
        QuestionError: a question cannot be asked.
    """
    if questions:
        # loads what all later questions share, so that it is nobody's latency; another k, or the answer would be kept
        _ask(archive, questions[0], 1, questions[0].as_of or as_of)
    outcomes = []
    for question in questions:
        outcomes.append(_outcome(archive, question, _ask(archive, question, max(k, DEPTH), question.as_of or as_of)))
        if progress:
            progress(len(outcomes))
    return outcomes


def missing_articles(archive: Answering, questions: Sequence[Question]) -> list[str]:
    """Return the ids that questions name and the archive does not have: what stays unfound whatever it does."""
    named = dict.fromkeys(article_id for question in questions for article_id in question.articles)
    return [article_id for article_id in named if archive.article(article_id) is None]


def misplaced_answers(archive: Answering, questions: Sequence[Question]) -> list[str]:
    """Return the ids of questions none of whose answers stands in any of its articles: their words are not found."""
    return [
        question.id
        for question in questions
        if question.answers and (articles := [each for each in map(archive.article, question.articles) if each])
        if not any(_holds(f"{article.title or ''}\n{article.text}", question.answers) for article in articles)
    ]


def holds_answer(outcome: Outcome) -> bool:
    """Return whether the first highlight has an answer's words, though its article is none of the question's."""
    question, found = outcome.question, outcome.found
    return bool(found and found.article not in question.articles and _holds(found.text, question.answers))


def _ask(archive: Answering, question: Question, k: int, as_of: date | None) -> Answer:
    try:
        return archive.ask(question.question, k=k, as_of=as_of)
    except QuestionError as error:
        raise QuestionError("question {id}: {error}", id=question.id, error=error) from error


def _outcome(archive: Answering, question: Question, answer: Answer) -> Outcome:
    places = places_of(answer.hits)
    right = archive.article(question.articles[0]) if question.answerable else None
    return Outcome(
        question=question,
        slices=slices_of(question, right),
        answered=answer.answered,
        confidence=answer.confidence,
        rank=first_right(places, question.articles),
        found=_found(answer.hits[0]) if answer.hits else None,
        marks={
            **(ranking_marks(places, question.articles) if question.answerable else {}),
            **part_marks(question, answer),
            **_answer_marks(question, answer.hits),
            **_refusal_marks(question, answer),
        },
        latency_ms=answer.timing_ms.get("total", 0.0),
    )


def _found(hit: Hit) -> FoundPassage:
    return FoundPassage(hit.article.id, hit.article.title, hit.article.published, hit.text[slice(*hit.highlight)])


def _answer_marks(question: Question, hits: Sequence[Hit]) -> Mapping[str, float]:
    """Judge the words: of the passages read first, and of the first highlight, which counts in a right article only."""
    if not question.answers:
        return {}
    read = any(_holds(hit.text, question.answers) for hit in hits[:_READ])
    lit = any(
        _is_right(hit, question.articles) and _holds(hit.text[slice(*hit.highlight)], question.answers)
        for hit in hits[:1]
    )
    spans = span_marks(hits[0].answer_text, question.answers) if hits and hits[0].was_read else {}
    return {"answer@3": float(read), "highlight@1": float(lit), **spans}


def _refusal_marks(question: Question, answer: Answer) -> Mapping[str, float]:
    """Judge whether it was right to answer; the first hit is the answer."""
    right = any(_is_right(hit, question.articles) for hit in answer.hits[:1])
    marks = {"answered.wrong": float(not right)} if answer.answered else {}
    if question.answerable:
        marks["answered.coverage"] = float(answer.answered)
        marks["answered.right"] = float(answer.answered and right)
    else:
        marks["refusal.recall"] = float(not answer.answered)
    if not answer.answered:
        marks["refusal.precision"] = float(not question.answerable)
    return marks


def _is_right(hit: Hit, articles: Collection[str]) -> bool:
    return any(article.id in articles for article in (hit.article, *hit.also_in))


def _holds(text: str, answers: Sequence[str]) -> bool:
    # folding looks at neighbouring characters, so a string that stands there as it is may not fold alike
    return any(answer in text for answer in answers) or any(fold(answer) in fold(text) for answer in answers)


_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"a", "an", "the"})


def span_marks(said: str, wanted: Iterable[str]) -> dict[str, float]:
    """Return `answer.exact` and `answer.f1`, each 0 to 1, of the best of the wanted answers, as SQuAD judges words.

    Case, punctuation and English articles do not count. What is written without spaces is compared character by
    character, as DRCD and CMRC do.

    Source: Rajpurkar et al., "SQuAD" (2016), section 6.1; Cui et al., "A Span-Extraction Dataset" (2019).
    """
    given = _tokens(said)
    pairs = [(given, _tokens(answer)) for answer in wanted]
    return {
        "answer.exact": max((float(one == other) for one, other in pairs), default=0.0),
        "answer.f1": max((_f1(one, other) for one, other in pairs), default=0.0),
    }


def _f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    shared = (Counter(given) & Counter(wanted)).total()
    return 2 * shared / (len(given) + len(wanted)) if shared else 0.0


def _tokens(text: str) -> list[str]:
    words = [word for word in _WORD.findall(fold(text)) if word not in _ARTICLES]
    return [token for word in words for token in (word if is_spaceless(word) else [word])]
