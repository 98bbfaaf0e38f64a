"""Answers made by hand, an archive that gives them, and an encoder without a model."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.evaluation import Outcome, Question
from retrieval.values import Answer, Article, Filters, Hit, Refusal, RefusalKind


def hit(
    article_id: str, text: str = "text", *, highlight: tuple[int, int] | None = None, also: Sequence[str] = ()
) -> Hit:
    article = Article(article_id, text, title=f"title of {article_id}")
    others = tuple(Article(other, text) for other in also)
    return Hit(1, 1.0, text, highlight or (0, len(text)), (0, len(text)), article, others)


def answer(*hits: Hit, answered: bool = True, confidence: float = 0.9, total: float = 5.0) -> Answer:
    refusal = None if answered else Refusal(RefusalKind.UNKNOWN)
    return Answer("?", confidence, Filters(), hits, refusal, {"total": total})


def outcome(
    question_id: str = "q",
    *,
    answerable: bool = True,
    answered: bool = True,
    confidence: float = 0.9,
    rank: int | None = 1,
    marks: Mapping[str, float] | None = None,
    slices: Mapping[str, str] | None = None,
    latency_ms: float = 5.0,
) -> Outcome:
    question = Question(question_id, f"what is {question_id}?", ("a",) if answerable else ())
    return Outcome(question, slices or {}, answered, confidence, rank, None, marks or {}, latency_ms)


class FakeArchive:
    """Gives the answer that was made for a question, cut at `k`."""

    def __init__(self, answers: Mapping[str, Answer], articles: Sequence[Article] = ()) -> None:
        self._answers = answers
        self._articles = {article.id: article for article in articles}
        self.asked: list[tuple[str, int]] = []
        self.days: set[date | None] = set()

    def ask(self, question: str, *, k: int, as_of: date | None = None) -> Answer:
        self.asked.append((question, k))
        self.days.add(as_of)
        return self._answers[question]

    def article(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)


class LetterEncoder:
    """Texts with the same letters are alike."""

    identity = "letters"
    dim = 64

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[hashlib.blake2b(letter.encode(), digest_size=1).digest()[0] % self.dim] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_queries(texts)
