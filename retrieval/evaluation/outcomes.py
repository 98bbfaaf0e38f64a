"""Questions put to an archive, and what each came to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from retrieval.errors import QuestionError
from retrieval.evaluation import ranking
from retrieval.evaluation.questions import Question
from retrieval.evaluation.slices import slices_of
from retrieval.text.folding import fold
from retrieval.values import Answer, Article, Hit

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
class Found:
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
    found: Found | None
    marks: Mapping[str, float]
    latency_ms: float

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
    k: int = ranking.DEPTH,
    as_of: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """Put every question to an archive; `progress` hears how many are done.

    `as_of` is the day on which they are put: what "last year" means to them stays the same, and nothing published
    later is there.

    Raises:
        QuestionError: a question cannot be asked.
    """
    if questions:
        # loads what all later questions share, so that it is nobody's latency; another k, or the answer would be kept
        _ask(archive, questions[0], 1, as_of)
    outcomes = []
    for question in questions:
        outcomes.append(_outcome(archive, question, _ask(archive, question, max(k, ranking.DEPTH), as_of)))
        if progress:
            progress(len(outcomes))
    return outcomes


def missing_articles(archive: Answering, questions: Sequence[Question]) -> list[str]:
    """Return the ids that questions name and the archive does not have: what stays unfound whatever it does."""
    named = dict.fromkeys(article_id for question in questions for article_id in question.articles)
    return [article_id for article_id in named if archive.article(article_id) is None]


def _ask(archive: Answering, question: Question, k: int, as_of: date | None) -> Answer:
    try:
        return archive.ask(question.question, k=k, as_of=as_of)
    except QuestionError as error:
        raise QuestionError(f"question {question.id}: {error}") from error


def _outcome(archive: Answering, question: Question, answer: Answer) -> Outcome:
    places = ranking.places(answer.hits)
    right = archive.article(question.articles[0]) if question.answerable else None
    return Outcome(
        question=question,
        slices=slices_of(question, right),
        answered=answer.answered,
        confidence=answer.confidence,
        rank=ranking.first_right(places, question.articles),
        found=_found(answer.hits[0]) if answer.hits else None,
        marks={
            **(ranking.ranking_marks(places, question.articles) if question.answerable else {}),
            **_answer_marks(question, answer.hits),
            **_refusal_marks(question, answer),
        },
        latency_ms=answer.timing_ms.get("total", 0.0),
    )


def _found(hit: Hit) -> Found:
    return Found(hit.article.id, hit.article.title, hit.article.published, hit.text[slice(*hit.highlight)])


def _answer_marks(question: Question, hits: Sequence[Hit]) -> Mapping[str, float]:
    """Judge the words: of the passages read first, and of the first highlight, which counts in a right article only."""
    if not question.answers:
        return {}
    read = any(_holds(hit.text, question.answers) for hit in hits[:_READ])
    lit = any(
        _is_right(hit, question.articles) and _holds(hit.text[slice(*hit.highlight)], question.answers)
        for hit in hits[:1]
    )
    return {"answer@3": float(read), "highlight@1": float(lit)}


def _refusal_marks(question: Question, answer: Answer) -> Mapping[str, float]:
    """Judge whether it was right to answer; the first hit is the answer."""
    right = any(_is_right(hit, question.articles) for hit in answer.hits[:1])
    marks = {"answered.wrong": float(not right)} if answer.answered else {}
    if question.answerable:
        marks["answered.coverage"] = float(answer.answered)
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
