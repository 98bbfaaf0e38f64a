"""The words of a question, how much each weighs, and in which forms it may stand in a passage."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.protocols import Words
from retrieval.index.terms import Term
from retrieval.search.translations import Form, Translations
from retrieval.text.words import is_spaceless, query_words

_ALONE = 2.0
"""A figure or a word of letters stands for itself, while a Chinese word is counted with its bigrams and characters too.

success@1 on XQuAD-zh and the sample archive: 1 .965 / .838, 2 .969 / .854, 3 the same.
"""

_TRANSLATED = 0.7
"""What a word counts where only what a dictionary calls it in the other language stands.

success@1 of English questions over XQuAD-zh, Chinese ones over XQuAD-en, the sample: 0 .819 / .842 / .854,
0.5 .861 / .861 / .854, 0.7 .873 / .864 / .862, 0.9 .865 / .869 / .869.
"""
_SEARCHED = 3
"""Names of one word in the other language that passages are searched by; all of them count where they stand."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A question's words as the archive has them.

    `searched` are the words of the index to find passages by. `shares` are the question's own words with the share of
    its weight that each carries, `forms` those in which each stands somewhere, with how much it counts in that form.
    """

    searched: list[Term]
    shares: Mapping[str, float]
    forms: Mapping[str, Mapping[Form, float]]

    @classmethod
    def of(cls, question: str, index: Words, translations: Translations) -> "Terms":
        """Look the words of a question up."""
        own = list(dict.fromkeys(query_words(question)))
        others = translations.of(question, own)
        named = (word for forms in others.values() for form in forms for word in form)
        found = {term.word: term for term in index.terms(list(dict.fromkeys([*own, *named])))}
        counts = {word: term.passages for word, term in found.items()}
        known = {word: [form for form in others.get(word, ()) if _passages(form, counts)] for word in own}
        weights = {word: _weight(word, [(word,), *known[word]], counts, len(index)) for word in own}
        total = sum(weights.values()) or 1.0
        return cls(
            searched=[found[word] for word in _searched(own, known) if word in found],
            shares={word: weight / total for word, weight in weights.items()},
            forms={word: _strengths(word, known[word]) for word in own if counts.get(word) or known[word]},
        )

    @property
    def known(self) -> float:
        """Share of the question's weight that stands anywhere in the archive."""
        return sum(self.shares[word] for word in self.forms)

    @property
    def words(self) -> list[str]:
        """The words of the index that a passage's share depends on."""
        return list(dict.fromkeys(word for forms in self.forms.values() for form in forms for word in form))

    def shares_of(self, standing: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how much of the question's weight stands in each passage, 0 to 1, of shape (passages,).

        `standing`, of shape (passages, words), is how much each of `words` counts where it stands.
        """
        places = {word: place for place, word in enumerate(self.words)}
        alone = [word for word, forms in self.forms.items() if len(forms) == 1]
        weights = np.array([self.shares[word] for word in alone], np.float32)
        total: NDArray[np.float32] = standing[:, [places[word] for word in alone]] @ weights
        for word in (word for word, forms in self.forms.items() if len(forms) > 1):
            counted = [
                strength * standing[:, [places[part] for part in form]].min(axis=1)
                for form, strength in self.forms[word].items()
            ]
            total += self.shares[word] * np.max(counted, axis=0)
        return total

    def shares_with(self, there: set[str]) -> dict[str, float]:
        """Return the question's words that stand where these of `words` do, with the share of weight that each gets."""
        found = {}
        for word, forms in self.forms.items():
            strength = max((value for form, value in forms.items() if there.issuperset(form)), default=0.0)
            if strength:
                found[word] = strength * self.shares[word]
        return found


def _searched(own: Sequence[str], known: Mapping[str, Sequence[Form]]) -> Iterator[str]:
    yield from own
    for forms in known.values():
        yield from (word for form in forms[:_SEARCHED] for word in form)


def _strengths(word: str, forms: Sequence[Form]) -> dict[Form, float]:
    return {**dict.fromkeys(forms, _TRANSLATED), (word,): 1.0}


def _passages(form: Form, counts: Mapping[str, int]) -> int:
    """Return in how many passages a form may stand."""
    return min(counts.get(word, 0) for word in form)


def _weight(word: str, forms: Sequence[Form], counts: Mapping[str, int], passages: int) -> float:
    """Weigh a word by its rarity among `passages`, in whatever form, as BM25 does, and more where it stands alone.

    Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009).
    """
    having = min(passages, sum(_passages(form, counts) for form in forms))
    rarity = math.log(1 + (passages - having + 0.5) / (having + 0.5))
    return rarity if is_spaceless(word) else _ALONE * rarity
