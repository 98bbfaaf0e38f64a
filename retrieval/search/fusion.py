"""One score out of a candidate's evidence."""

from collections.abc import Mapping

from retrieval.search.candidates import Candidate

WHOLE, WORDS, _POWER = 0.8, 0.25, 1.25
"""What the mean of a passage's windows and its share of words, to this power, weigh beside its best window.

A power above one, since half of a question's words stand in many passages, and nearly all of them in few. Chosen on
XQuAD in all four combinations of languages and on the sample archive (WHOLE 0.2 to 1, WORDS 0.2 to 0.45, power 1 to 2),
in the middle of what does equally well; see docs/evaluation.md.
"""


def shares(candidate: Candidate) -> Mapping[str, float]:
    """Return what each kind of evidence adds to the score."""
    return {
        "window": candidate.window,
        "whole": WHOLE * candidate.whole,
        "words": WORDS * candidate.words**_POWER,
        "date": candidate.preference,
    }


def evidence(candidate: Candidate) -> float:
    """Weigh what speaks for a candidate, without its date; higher is better."""
    words: float = WORDS * candidate.words**_POWER
    return candidate.window + WHOLE * candidate.whole + words
