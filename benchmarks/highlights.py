"""Fit the choice of the window that is lit, and show what each probability gives.

    python benchmarks/highlights.py [--data FOLDER] [--work FOLDER]

Of every question of XQuAD whose right paragraph holds its answer in one window: which one does? Cross-validated by
title; the weights printed are those of the fit to everything, for retrieval/search/highlights.py.
"""

import argparse
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.xquad import DATA, title_of
from retrieval import encoder_of, read_settings
from retrieval.derived import Derived
from retrieval.encoders import Encoder
from retrieval.evaluation import Question, read_questions, with_answers_of
from retrieval.evaluation.build import build_paragraphs
from retrieval.evaluation.squad import read_squad
from retrieval.index.catalogue import Catalogue
from retrieval.manifest import read_manifest
from retrieval.search import highlights
from retrieval.search.calibration import CalibratedEncoder, Calibration
from retrieval.search.candidates import search
from retrieval.search.finder import rank
from retrieval.search.question import Query
from retrieval.search.translations import Translations
from retrieval.text.folding import fold
from retrieval.text.words import standing
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with xquad.zh.json and xquad.en.json")
    parser.add_argument("--work", type=Path, help="folder to keep the archives in, for the next run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = list(_cases(arguments.data, arguments.work or Path(folder)))
    print("weights:", dict(zip(NAMES, np.round(_fit(cases), 2).tolist(), strict=True)), "of", len(cases), "cases")
    fitted = [_fit([case for case in cases if case.fold != number]) for number in range(FOLDS)]
    for kind in dict.fromkeys(case.kind for case in cases):
        chosen = [(case, _lit(case.features @ fitted[case.fold])) for case in cases if case.kind == kind]
        holding = np.mean([case.holds[lit].any() for case, lit in chosen])
        share = np.mean([case.sizes[lit].sum() / case.sizes.sum() for case, lit in chosen])
        print(f"{kind}: the lit part holds the answer {holding:.3f}, is {share:.2f} of the passage")


def _cases(data: Path, work: Path) -> Iterator[Case]:
    encoder = encoder_of(read_settings())
    translations = Translations.open(read_settings().cache)
    for language, asked in (("zh", ("zh", "en")), ("en", ("en",))):
        told = read_questions(data / f"xquad.{language}.json")
        folder = work / f"highlights-{language}"
        build_paragraphs(read_squad(data / f"xquad.{language}.json").paragraphs, folder, encoder, name="paragraphs")
        for name in asked:
            questions = with_answers_of(read_questions(data / f"xquad.{name}.json"), told)
            yield from _put(folder, encoder, translations, questions, f"{name} over {language}")


def _put(
    folder: Path, encoder: Encoder, translations: Translations, questions: Sequence[Question], kind: str
) -> Iterator[Case]:
    catalogue = Catalogue(folder / "catalogue.sqlite")
    manifest = read_manifest(folder, catalogue)
    derived = Derived(folder, manifest)
    indexes = derived.at(catalogue)
    calibrated = CalibratedEncoder(encoder, Calibration.from_json(manifest["calibration"]))
    vectors = calibrated.encode_queries([question.question for question in questions])
    for question, vector in zip(questions, vectors, strict=True):
        searched = search(indexes, question.question, partial(np.asarray, vector), translations, Filters())
        best = rank(indexes, Query(question.question, Filters()), searched)[0].candidate
        article = catalogue.articles([best.article])[best.article]
        if article.id in question.articles:
            windows = [article.text[slice(*span)] for span in best.windows]
            words = searched.terms.words
            shares = [sum(searched.terms.shares_with(standing(text, words)).values()) for text in windows]
            told = highlights.features(windows, best.similarities, shares, question.question)
            yield _case(kind, question, windows, told)
    derived.close()
    catalogue.close()


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
