"""When to say that the archive does not know."""

import math
from collections.abc import Mapping, Sequence

from retrieval.encode.calibration import script_of
from retrieval.search.rank import Ranked

WEIGHTS = {"window": 33.07, "words": 4.08, "margin": 25.50, "same script": -2.02, "constant": -5.36}
"""A logistic model of whether the first hit answers.

Fitted on 2026-11-22 by benchmarks/confidence.py on XQuAD (Chinese and English over Chinese, English over English, each
question put to its own half of the titles, to the other half, and to all without its paragraph) and on the sample
questions; cross-validated by title.
"""

THRESHOLD = 0.4
"""Below it the answer is a refusal. On XQuAD-zh, half of the questions unanswerable, 2 % of the answers are wrong and
91 % of the answerable questions are answered; English over Chinese 12 % and 80 %, English over English 6 % and 97 %."""


def contributions(question: str, passage: str, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what each feature adds to the log-odds that the first hit, whose text is `passage`, answers the question.

    `probability` makes the confidence of them.
    """
    return {name: WEIGHTS[name] * value for name, value in features(question, passage, found).items()}


def probability(contributions: Mapping[str, float]) -> float:
    """Return the probability, 0…1, of which these are the log-odds in parts."""
    return 1 / (1 + math.exp(-sum(contributions.values())))


def features(question: str, passage: str, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what the model of confidence looks at: the first hit, and by how much it leads the next story."""
    best = found[0].candidate
    others = (item.evidence for item in found if item.story != found[0].story)
    return {
        "window": best.window,
        "words": best.words,
        "margin": max(found[0].evidence - max(others, default=0.0), 0.0),  # a reranker may put the second first
        "same script": float(script_of(question) == script_of(passage)),
        "constant": 1.0,
    }
