"""The probability that a hit answers, from finding and reading; and when to say that the archive does not know."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.encode.calibration import script_of
from retrieval.search.differences import cited, missing
from retrieval.search.rank import Ranked
from retrieval.values import Article

FINDING = {"window": 33.07, "words": 4.08, "margin": 25.50, "same script": -2.02, "constant": -5.36}
"""A logistic model of whether the first hit answers, where nothing is read.

Fitted on 2026-11-22 by benchmarks/confidence.py on XQuAD (Chinese and English over Chinese, English over English, each
question put to its own half of the titles, to the other half, and to all without its paragraph) and on the sample
questions; cross-validated by title.
"""

READING = {
    "window": 14.73,
    "words": 0.91,
    "same words": -1.83,
    "names": -0.23,
    "figures": -0.95,
    "same script": 0.68,
    "behind": -6.58,
    "margin": 21.95,
    "answered": 0.32,
    "lead": 0.08,
    "constant": -2.78,
}
"""The same of any hit that was read.

Fitted on 2026-11-29 by benchmarks/reader/fit.py on near misses over XQuAD-zh in six languages, over DRCD and over real
news, on the cases and on the sample questions, each situation counting as much as any other, of titles that the reader
was not trained on (docs/lab/reader.md).
"""

_COMPARED = 3
"""First hits whose evidence a hit's own is compared with."""

THRESHOLD = 0.4
"""Below it the answer is a refusal; what it gives in each situation is in docs/lab/reader.md."""


def contributions(question: str, article: Article, found: Sequence[Ranked]) -> Mapping[str, float]:
    """Return what each feature adds to the log-odds that the first hit, which is in `article`, answers the question.

    `probability` makes the confidence of them.
    """
    known = found[0].contributions
    return known or _weighed(FINDING, seen_unread(question, article.text[slice(*found[0].candidate.span)], found))


def _weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> dict[str, float]:
    return {name: weight * features[name] for name, weight in weights.items()}


def probability(contributions: Mapping[str, float]) -> float:
    """Return the probability, 0…1, of which these are the log-odds in parts."""
    return 1 / (1 + math.exp(-sum(contributions.values())))


def seen_unread(question: str, passage: str, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what the model looks at without a reader: the first hit, and by how much it leads the next story."""
    best = found[0].candidate
    others = (item.evidence for item in found if item.story != found[0].story)
    return {
        "window": best.window,
        "words": best.words,
        "margin": max(found[0].evidence - max(others, default=0.0), 0.0),  # a reranker may put the second first
        "same script": float(script_of(question) == script_of(passage)),
        "constant": 1.0,
    }


def seen(question: str, hit: Ranked, article: Article, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what the model looks at of a hit that was read.

    `window` is the similarity of its best window, `words` the share of the question's weight that stands in it,
    `names` and `figures` how many of those that the question names stand neither in it nor in its title, source or
    date, `behind` and `margin` how far its evidence is behind or ahead of the other first hits'; of what was read
    `answered` are the log-odds that it answers, `lead` how far the best words lead none.
    """
    passage = article.text[slice(*hit.candidate.span)]
    is_same = script_of(question) == script_of(passage)
    lacking = missing(question, [passage, *cited(article)])
    names = sum(not item.is_figure for item in lacking) if is_same else 0
    others = max((item.evidence for item in found[:_COMPARED] if item is not hit), default=0.0)
    return {
        "window": hit.candidate.window,
        "words": hit.candidate.words,
        "same words": hit.candidate.words * is_same,
        "names": float(min(names, 2)),
        "figures": float(min(sum(item.is_figure for item in lacking), 2)),
        "same script": float(is_same),
        "behind": max(others - hit.evidence, 0.0),
        "margin": max(hit.evidence - others, 0.0),
        "answered": hit.reading.answered if hit.reading else 0.0,
        "lead": hit.reading.lead if hit.reading else 0.0,
        "constant": 1.0,
    }


def best_first(
    question: str, found: Sequence[Ranked], articles: Mapping[int, Article], threshold: float, *, is_latest: bool
) -> list[Ranked]:
    """Order the hits that were read by how probably they answer, the rest after them as they are.

    What their dates add counts as in ranking. Where the newest is asked for, those that answer keep their order.
    """

    def place(item: Ranked) -> float:
        odds = sum((item.contributions or {}).values())
        answers = float(odds >= math.log(threshold / (1 - threshold)))
        return -(answers if is_latest else odds) - READING["window"] * item.candidate.preference

    weighed = [
        replace(item, contributions=_weighed(READING, seen(question, item, articles[item.candidate.article], found)))
        for item in found
        if item.reading
    ]
    return [*_as_ranked(sorted(weighed, key=place), weighed), *(item for item in found if not item.reading)]


def _as_ranked(ordered: Sequence[Ranked], found: Sequence[Ranked]) -> list[Ranked]:
    """Let the passages of one article stand as they rank.

    What is fitted is whether an article is right, so that it says little of which of its passages is.
    """
    passages: dict[int, list[Ranked]] = {}
    for item in found:
        passages.setdefault(item.candidate.article, []).append(item)
    return [passages[item.candidate.article].pop(0) for item in ordered]
