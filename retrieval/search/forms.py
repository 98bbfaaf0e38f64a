"""In which forms the words of a question may stand in a passage, and how much of its weight then stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.search.translations import Form

Flags = NDArray[np.bool_]
"""Which of the `parts` of some forms stand in which texts; of shape (texts, parts)."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a question's words, one word's after the other's, and of what parts, words of the index, they are.

    `needed` flags the parts of each form, of shape (forms, parts); `lengths` counts them, and `strengths`
    are how much a word counts in a form, both of shape (forms,). `first` is the first form of each word, `weights` the
    share of the question's weight that it carries, both of shape (words,).
    """

    words: Sequence[str]
    parts: Sequence[str]
    needed: NDArray[np.float64]
    lengths: NDArray[np.float64]
    strengths: NDArray[np.float64]
    first: NDArray[np.intp]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, forms: Mapping[str, Mapping[Form, float]], shares: Mapping[str, float]) -> "Forms":
        """Take the forms of each word, with how much it counts in them, and the shares that words carry."""
        every = [form for those in forms.values() for form in those]
        places = {part: place for place, part in enumerate(dict.fromkeys(part for form in every for part in form))}
        needed = np.zeros((len(every), len(places)))
        needed[
            [row for row, form in enumerate(every) for _ in form], [places[part] for form in every for part in form]
        ] = 1
        return cls(
            list(forms),
            list(places),
            needed,
            needed.sum(axis=1),
            np.array([strength for those in forms.values() for strength in those.values()]),
            np.cumsum([0, *map(len, forms.values())])[:-1],
            np.array([shares[word] for word in forms]),
        )

    def shares(self, there: Flags) -> NDArray[np.float64]:
        """Return how much of the question's weight each word gets in each text, of shape (texts, words)."""
        whole = there @ self.needed.T == self.lengths
        best: NDArray[np.float64] = np.maximum.reduceat(whole * self.strengths, self.first, axis=1)
        return best * self.weights
