"""Fit the model of confidence, and show what each threshold gives.

    python benchmarks/confidence.py [--data FOLDER] [--work FOLDER]

Each question of XQuAD is put to the half of the titles that holds its paragraph, to the other half, and to its own half
without its paragraph; the sample questions to the sample archive. The model is cross-validated by title; the weights
printed are those of the fit to everything, to be written into retrieval/search/judge.py with the date.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting import Opened, halves_of, opened, options, title_of, workplace
from retrieval import encoder_of, index_paths, read_settings
from retrieval.encode.encoder import Encoder, QueryEmbedding, Vectors
from retrieval.evaluation import Question, read_questions
from retrieval.evaluation.questions import build_paragraphs, read_squad
from retrieval.search import rank_all
from retrieval.search.candidates import search
from retrieval.search.judge import seen_unread as features
from retrieval.search.question import parse
from retrieval.search.rank import Ranked
from retrieval.store.catalogue import Catalogue
from retrieval.values import Filters

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FOLDS = 5
IMPORTANCE = {"near miss": 0.2, "sample": 4.0}
"""The near misses, where only the right paragraph is gone, are harder than what people ask; the sample is small."""

Matrix = NDArray[np.float64]
Passages = dict[int, tuple[str, str]]
"""Article id and text of passages, by their numbers."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question put to one archive: what the model saw, and whether the first hit was right."""

    kind: str
    language: str
    group: int
    is_answerable: bool
    is_right: bool
    features: tuple[float, ...]


def main() -> None:
    """Gather, fit, print."""
    arguments = options(__doc__).parse_args()
    with workplace(arguments.work) as folder:
        cases = list(_cases(arguments.data, folder))
    rows = np.array([case.features for case in cases])
    right = np.array([case.is_right for case in cases], float)
    importance = np.array([IMPORTANCE.get(case.kind, 1.0) for case in cases])
    print("weights:", np.round(_fit(rows, right, importance), 2).tolist(), "of", len(cases), "cases on", date.today())  # noqa: DTZ011
    _print(cases, _cross_validated(cases, rows, right, importance), right)


def _cases(data: Path, work: Path) -> Iterator[Case]:
    encoder = encoder_of(read_settings())
    sets = {name: read_questions(data / f"xquad.{name}.json") for name in ("zh", "en")}
    for archive_language, asked in (("zh", ("zh", "en")), ("en", ("en",))):
        halves = halves_of(read_squad(data / f"xquad.{archive_language}.json").paragraphs)
        for number, half in enumerate(halves):
            folder = work / f"{archive_language}-{number}"
            build_paragraphs(tuple(half), folder, encoder, name="paragraphs")
            for language in asked:
                name = f"{language} over {archive_language}"
                yield from _put(folder, encoder, sets[language], name)
    index_paths([EXAMPLES / "archive"], work / "sample", encoder)
    yield from _put(work / "sample", encoder, read_questions(EXAMPLES / "questions.jsonl"), "sample")


def _put(folder: Path, encoder: Encoder, questions: Sequence[Question], name: str) -> Iterator[Case]:
    with opened(folder, encoder, questions) as archive:
        for place, (question, vector) in enumerate(zip(questions, archive.vectors, strict=True)):
            found = _found(archive, question.question, vector)
            passages = _passages(archive.catalogue, found)
            here = any(archive.catalogue.article(article) for article in question.articles)
            group = place if name == "sample" else zlib.crc32(title_of(question.articles[0]).encode())
            kind = "sample" if name == "sample" else "own" if here else "other"
            yield _case(kind, name, group, question, found, passages, is_answerable=here)
            if kind == "own":
                rest = [item for item in found if passages[item.candidate.passage][0] not in question.articles]
                yield _case("near miss", name, group, question, rest, passages, is_answerable=False)


def _found(archive: Opened, question: str, vector: Vectors) -> list[Ranked]:
    query = replace(parse(question, Filters(), today=date(2026, 1, 1)), filters=Filters())
    searched = search(archive.indexes, query.text, QueryEmbedding(lambda: vector), archive.translations, Filters())
    return rank_all(archive.indexes, query, searched)


def _passages(catalogue: Catalogue, found: Sequence[Ranked]) -> Passages:
    articles = catalogue.articles(sorted({item.candidate.article for item in found}))
    return {
        item.candidate.passage: (article.id, article.text[slice(*item.candidate.span)])
        for item in found
        for article in [articles[item.candidate.article]]
    }


def _case(
    kind: str,
    name: str,
    group: int,
    question: Question,
    found: list[Ranked],
    passages: Passages,
    *,
    is_answerable: bool,
) -> Case:
    article, passage = passages[found[0].candidate.passage]
    is_right = article in question.articles
    seen = tuple(features(question.question, passage, found).values())
    return Case(kind, name, group, is_answerable, is_right, seen)


def _fit(rows: Matrix, right: Matrix, importance: Matrix) -> Matrix:
    """Fit a logistic regression by Newton's method, with a ridge of 0.001."""
    weights = np.zeros(rows.shape[1])
    ridge = 1e-3 * np.eye(len(weights))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (importance * (chance - right)) + ridge @ weights
        curvature = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + ridge
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def _cross_validated(cases: Sequence[Case], rows: Matrix, right: Matrix, importance: Matrix) -> Matrix:
    fold = np.array([case.group % FOLDS for case in cases])
    chance = np.zeros(len(cases))
    for number in range(FOLDS):
        kept = fold != number
        chance[~kept] = 1 / (1 + np.exp(-rows[~kept] @ _fit(rows[kept], right[kept], importance[kept])))
    return chance


def _print(cases: Sequence[Case], chance: Matrix, right: Matrix) -> None:
    for name in dict.fromkeys(case.language for case in cases):
        chosen = np.array([case.language == name and case.kind != "near miss" for case in cases])
        answerable = np.array([case.is_answerable for case in cases])
        for threshold in (0.3, 0.4, 0.5, 0.6):
            answered = chosen & (chance >= threshold)
            wrong = 1 - right[answered].mean() if answered.any() else 0.0
            coverage = (answered & answerable).sum() / (chosen & answerable).sum()
            print(f"{name:<12} at {threshold}: wrong among answered {wrong:.3f}, answerable answered {coverage:.3f}")


if __name__ == "__main__":
    main()
