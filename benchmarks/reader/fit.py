"""Fit the probability that a hit answers, over all situations at once, and show what it gives in each.

    python -m benchmarks.reader.fit rows.jsonl [--finding]

Each situation counts as much as any other, a hit of one as much as any other of it. What is shown is cross-validated:
of each question by the fit to other titles. The weights printed are those of the fit to everything, to be written into
retrieval/search/judge.py with the date. `--finding` fits the model that does without reading.
"""

import argparse
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FINDING = (
    "window", "words", "numbered", "other figures", "other names", "same script", "same words", "constant",
)  # fmt: skip
READING = (
    *FINDING, "behind", "margin", "backed", "answered", "lead", "same answered", "same margin", "same backed",
)  # fmt: skip
FOLDS = 5
LEARNT = ("near-", "chrono", "sample", "case", "written", "port", "township", "subjects")
"""Situations that are fitted to; the others, all of whose questions can be answered, are only shown."""
Matrix = NDArray[np.float64]


def values(hit: dict[str, Any], names: Sequence[str]) -> list[float]:
    """Return the features of a hit, as `retrieval/search/judge.py` sees them."""
    return [float(hit[name]) for name in names]


RIDGE = 100.0
"""What draws weights to nothing where features say the same: with .5 words weighed nothing beside the lead."""


def fit(rows: Matrix, right: Matrix, importance: Matrix, ridge: float = RIDGE) -> Matrix:
    """Fit a logistic regression by Newton's method."""
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (importance * (chance - right)) + ridge * 1e-3 * weights
        curvature = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + ridge * 1e-3 * np.eye(
            len(weights)
        )
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def auroc(positive: Matrix, negative: Matrix) -> float:
    """Return how often a positive one is above a negative one."""
    if not len(positive) or not len(negative):
        return float("nan")
    order = np.concatenate([positive, negative]).argsort().argsort() + 1
    return float(
        (order[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2) / len(positive) / len(negative)
    )


def calibration_error(chance: Matrix, right: Matrix, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width."""
    place = np.minimum((chance * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(chance[place == n].mean() - right[place == n].mean()) * (place == n).mean()
            for n in range(bins)
            if (place == n).any()
        )
    )


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of all questions that take part, a row each: features, whether right, the question's number, weight."""

    rows: Matrix
    right: Matrix
    owner: NDArray[np.int_]
    importance: Matrix

    @classmethod
    def of(cls, questions: Sequence[dict[str, Any]], names: Sequence[str], *, is_read: bool) -> "Hits":
        """Gather the hits that were read, or the first of each question where nothing is."""
        hits = [
            (number, hit)
            for number, question in enumerate(questions)
            for hit in (question["hits"] if is_read else question["hits"][:1])
            if not is_read or "answered" in hit
        ]
        situations = np.array([situation_of(questions[number]["situation"]) for number, _ in hits])
        counts = {name: int((situations == name).sum()) for name in set(situations)}
        return cls(
            np.array([values(hit, names) for _, hit in hits]),
            np.array([hit["right"] for _, hit in hits], float),
            np.array([number for number, _ in hits]),
            np.array([300 / counts[name] if name.startswith(LEARNT) else 0.0 for name in situations]),
        )

    def cross_validated(self, questions: Sequence[dict[str, Any]]) -> Matrix:
        """Return each hit's probability by the fit to other titles."""
        fold = np.array([zlib.crc32(questions[number]["group"].encode()) // 4 % FOLDS for number in self.owner])
        chance = np.zeros(len(self.rows))
        for number in range(FOLDS):
            kept = fold != number
            weights = fit(self.rows[kept], self.right[kept], self.importance[kept])
            chance[~kept] = 1 / (1 + np.exp(-np.clip(self.rows[~kept] @ weights, -30, 30)))
        return chance


def situation_of(name: str) -> str:
    """Return what counts as one situation: all cases together, a set over each language by itself."""
    parts = name.split("-")
    return "case" if parts[0] == "case" else f"{parts[0]}-{parts[-1]}"


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--finding", action="store_true")
    parser.add_argument("--features", help="names of features, by commas")
    parser.add_argument("--threshold", type=float, nargs="*", default=[0.3, 0.4, 0.5, 0.6])
    arguments = parser.parse_args()
    names = FINDING if arguments.finding else READING
    if arguments.features:
        names = tuple(arguments.features.split(","))
    questions = [json.loads(line) for path in arguments.rows for line in path.read_text(encoding="utf-8").splitlines()]
    questions = [question for question in questions if question["hits"]]
    hits = Hits.of(questions, names, is_read=not arguments.finding)
    weights = fit(hits.rows, hits.right, hits.importance)
    print({name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)})
    chance = hits.cross_validated(questions)
    best: dict[int, int] = {}
    for place, number in enumerate(hits.owner.tolist()):
        if number not in best or chance[place] > chance[best[number]]:
            best[number] = place
    report(questions, best, chance, hits.right, arguments.threshold)


def report(
    questions: list[dict[str, Any]], best: dict[int, int], chance: Matrix, right: Matrix, thresholds: Sequence[float]
) -> None:
    """Print what each situation gives at each threshold."""
    print(
        f"{'situation':<22}{'n':>5}{'found':>7}{'first':>7}{'auroc':>7}{'ece':>6}   "
        + "".join(f"{f'right/wrong at {t}':>20}" for t in thresholds)
    )
    names = list(dict.fromkeys(question["situation"] for question in questions))
    for name in [*names, "case-"]:
        chosen = np.array(
            [
                n
                for n, q in enumerate(questions)
                if (q["situation"].startswith(name) if name == "case-" else q["situation"] == name)
            ]
        )
        if not len(chosen) or (name.startswith("case-") and name != "case-"):
            continue
        says = np.array([chance[best[n]] for n in chosen])
        correct = np.array([right[best[n]] for n in chosen])
        can = np.array([questions[n]["answerable"] for n in chosen])
        before = np.mean([questions[n]["hits"][0]["right"] for n in chosen[can]])
        cells = ""
        for threshold in thresholds:
            answered = says >= threshold
            wrong = 1 - correct[answered].mean() if answered.any() else 0.0
            cells += f"{(answered & (correct > 0))[can].mean():>13.3f}/{wrong:.3f} "
        print(
            f"{name:<22}{len(chosen):>5}{before:>7.3f}{correct[can].mean():>7.3f}{auroc(says[can], says[~can]):>7.3f}"
            f"{calibration_error(says, correct):>6.3f}   {cells}"
        )


if __name__ == "__main__":
    main()
