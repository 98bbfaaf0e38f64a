"""Fit the choice of the window that is lit, and show what each probability gives.

    python benchmarks/highlights.py [--data FOLDER] [--work FOLDER]

Of every question of XQuAD whose right paragraph holds its answer in one window: which one does? Cross-validated by
title; the weights printed are those of the fit to everything, for retrieval/search/reading.py.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.fitting import opened, options, title_of, workplace
from retrieval import encoder_of, read_settings
from retrieval.encode.encoder import Encoder, QueryEmbedding
from retrieval.evaluation import Question, read_questions, with_answers_of
from retrieval.evaluation.questions import build_paragraphs, read_squad
from retrieval.search import rank_all
from retrieval.search import reading as highlights
from retrieval.search.candidates import search
from retrieval.search.question import Query
from retrieval.text import fold
from retrieval.text.words import words_found
from retrieval.values import Filters

FOLDS = 5
NAMES = list(highlights.WEIGHTS)
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A right passage: the features of its windows, of shape (windows, features), sizes, and which hold the answer."""

    kind: str
    fold: int
    features: Matrix
    sizes: Matrix
    holds: NDArray[np.bool_]


def main() -> None:
    """Gather, fit, print."""
    arguments = options(__doc__).parse_args()
    with workplace(arguments.work) as folder:
        cases = list(_cases(arguments.data, folder))
    print("weights:", dict(zip(NAMES, np.round(_fit(cases), 2).tolist(), strict=True)), "of", len(cases), "cases")
    fitted = [_fit([case for case in cases if case.fold != number]) for number in range(FOLDS)]
    for kind in dict.fromkeys(case.kind for case in cases):
        chosen = [(case, _lit(case.features @ fitted[case.fold])) for case in cases if case.kind == kind]
        holding = np.mean([case.holds[lit].any() for case, lit in chosen])
        share = np.mean([case.sizes[lit].sum() / case.sizes.sum() for case, lit in chosen])
        print(f"{kind}: the lit part holds the answer {holding:.3f}, is {share:.2f} of the passage")


def _cases(data: Path, work: Path) -> Iterator[Case]:
    encoder = encoder_of(read_settings())
    for language, asked in (("zh", ("zh", "en")), ("en", ("en",))):
        told = read_questions(data / f"xquad.{language}.json")
        folder = work / f"highlights-{language}"
        build_paragraphs(read_squad(data / f"xquad.{language}.json").paragraphs, folder, encoder, name="paragraphs")
        for name in asked:
            questions = with_answers_of(read_questions(data / f"xquad.{name}.json"), told)
            yield from _put(folder, encoder, questions, f"{name} over {language}")


def _put(folder: Path, encoder: Encoder, questions: Sequence[Question], kind: str) -> Iterator[Case]:
    with opened(folder, encoder, questions) as archive:
        for question, vector in zip(questions, archive.vectors, strict=True):
            embedding = QueryEmbedding(partial(np.asarray, vector))
            searched = search(archive.indexes, question.question, embedding, archive.translations, Filters())
            best = rank_all(archive.indexes, Query(question.question, Filters()), searched)[0].candidate
            article = archive.catalogue.articles([best.article])[best.article]
            if article.id in question.articles:
                windows = [article.text[slice(*span)] for span in best.windows]
                forms = searched.terms.forms
                shares = forms.shares(np.array(words_found(windows, forms.parts))).sum(axis=1).tolist()
                told = highlights.features(windows, best.similarities, shares, question.question)
                yield _case(kind, question, windows, told)


def _case(kind: str, question: Question, windows: Sequence[str], told: Sequence[Mapping[str, float]]) -> Case:
    wanted = [fold(answer) for answer in question.answers]
    return Case(
        kind,
        zlib.crc32(title_of(question.articles[0]).encode()) % FOLDS,
        np.array([[window.get(name, 0.0) for name in NAMES] for window in told]),
        np.array([len(window) for window in windows]),
        np.array([any(answer in fold(window) for answer in wanted) for window in windows]),
    )


def _lit(worth: Matrix) -> slice:
    first, last = highlights.fewest(worth.tolist())
    return slice(first, last + 1)


def _fit(cases: Sequence[Case]) -> Matrix:
    """Return the weights under which the windows that hold answers are likeliest to be chosen."""
    told = [case for case in cases if case.holds.any() and not case.holds.all()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 1e-3 * float(weights @ weights), 2e-3 * weights
        for case in told:
            chances = np.exp(case.features @ weights - (case.features @ weights).max())
            chances /= chances.sum()
            right = chances * case.holds
            total -= float(np.log(right.sum()))
            slope = slope - case.features.T @ (right / right.sum() - chances)
        return total, slope

    weights: Matrix = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x
    return weights


if __name__ == "__main__":
    main()
