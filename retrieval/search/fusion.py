"""One score out of a candidate's evidence."""

from collections.abc import Mapping

from retrieval.search.candidates import Candidate

WHOLE, WORDS = 0.7, 0.4
"""What the mean of a passage's windows and the square of its share of words weigh beside its best window.

The square, since half of a question's words stand in many passages, and nearly all of them in few: a question in
another language than the article's has small shares everywhere and is decided by the windows. Chosen on XQuAD in both
directions and on the sample archive (WHOLE 0, 0.2, 0.4; WORDS 0.15 to 0.5, power 1 to 3); see docs/evaluation.md.
"""


def shares(candidate: Candidate) -> Mapping[str, float]:
    """Return what each kind of evidence adds to the score."""
    return {
        "window": candidate.window,
        "whole": WHOLE * candidate.whole,
        "words": WORDS * candidate.words**2,
        "date": candidate.preference,
    }


def score(candidate: Candidate) -> float:
    """Weigh a candidate's evidence; higher is better."""
    return sum(shares(candidate).values())
