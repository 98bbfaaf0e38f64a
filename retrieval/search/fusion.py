"""One score out of a candidate's evidence."""

from collections.abc import Iterable

from retrieval.search.candidates import Candidate

WORDS_WEIGHT = 0.1
"""What all of a question's words weigh beside the similarity of a window.

`Candidate.words` is a share of the whole question's weight, absent words included: a question in another language than
the archive's has a small share everywhere, and is decided by its windows. Chosen on XQuAD (0.05, 0.1, 0.15, 0.2 tried);
see docs/evaluation.md.
"""


def score(candidate: Candidate) -> float:
    """Weigh a candidate's evidence; higher is better."""
    return candidate.window + WORDS_WEIGHT * candidate.words


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort candidates, the best first; equal ones by their passage's number."""
    return sorted(candidates, key=lambda candidate: (-score(candidate), candidate.passage))
