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
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FINDING = ("window", "words", "names", "figures", "same script", "same words", "constant")
READING = (*FINDING, "behind", "margin", "answered", "lead")
FOLDS = 5
LEARNT = ("near-", "chrono", "sample", "case-", "xquad-")
Matrix = NDArray[np.float64]


def values(hit: dict[str, Any], names: Sequence[str]) -> list[float]:
    """Return the features of a hit."""
    own = {**hit, "same words": hit["words"] * hit["same script"]}
    return [float(own[name]) for name in names]


def fit(rows: Matrix, right: Matrix, importance: Matrix, ridge: float = 0.5) -> Matrix:
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
    taken = slice(0, 1) if arguments.finding else slice(0, 3)
    for question in questions:
        greatest = max(hit["evidence"] for hit in question["hits"])
        for place, hit in enumerate(question["hits"]):
            others = [other["evidence"] for n, other in enumerate(question["hits"]) if n != place]
            hit["behind"] = greatest - hit["evidence"]
            hit["margin"] = max(hit["evidence"] - max(others, default=0.0), 0.0)
    hits = [
        (number, hit)
        for number, question in enumerate(questions)
        for hit in question["hits"][taken]
        if arguments.finding or "answered" in hit
    ]
    rows = np.array([values(hit, names) for _, hit in hits])
    right = np.array([hit["right"] for _, hit in hits], float)
    owner = np.array([number for number, _ in hits])
    situation = np.array(
        [
            questions[number]["situation"].split("-")[0] + "-" + questions[number]["situation"].split("-")[-1]
            if not questions[number]["situation"].startswith("case")
            else "case"
            for number in owner
        ]
    )
    importance = np.zeros(len(hits))
    for name in set(situation):
        importance[situation == name] = 300 / (situation == name).sum()
    fold = np.array([zlib.crc32(questions[number]["group"].encode()) // 4 % FOLDS for number in owner])
    chance = np.zeros(len(hits))
    for number in range(FOLDS):
        kept = fold != number
        chance[~kept] = 1 / (
            1 + np.exp(-np.clip(rows[~kept] @ fit(rows[kept], right[kept], importance[kept]), -30, 30))
        )
    print({name: round(float(weight), 3) for name, weight in zip(names, fit(rows, right, importance), strict=True)})
    best: dict[int, int] = {}
    for place, number in enumerate(owner):
        if number not in best or chance[place] > chance[best[number]]:
            best[number] = place
    report(questions, best, chance, right, arguments.threshold)


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
