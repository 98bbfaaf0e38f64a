"""The words of a question: how much each weighs, by which passages are searched for, and the codes among them."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.search.abbreviations import Abbreviation
from retrieval.search.translations import Form, Translations
from retrieval.store.protocols import NO_WRITING, Term, Words
from retrieval.text.dates import find_dates
from retrieval.text.words import is_spaceless, query_words

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
    its weight that each carries, `forms` those in which they stand somewhere.
    """

    searched: list[Term]
    shares: Mapping[str, float]
    forms: Forms

    @classmethod
    def of(cls, question: str, index: Words, translations: Translations, names: Sequence[Abbreviation] = ()) -> "Terms":
        """Look the words of a question up; each of its `names` stands where either of its forms does."""
        own = list(dict.fromkeys(query_words(question)))
        others = translations.of(question, own)
        named = (word for forms in others.values() for form in forms for word in form)
        found = {term.word: term for term in index.terms(list(dict.fromkeys([*own, *named, NO_WRITING])))}
        counts = {word: term.passages for word, term in found.items()}
        written = len(index) - counts.get(NO_WRITING, 0)
        # text of a wrong encoding is found by what was typed, and translates nothing
        translating = {word: term.passages for word, term in found.items() if term.is_written}
        known = {word: [form for form in others.get(word, ()) if _passages(form, translating)] for word in own}
        same = _either(names, own, translating)
        weights = {word: _weight(word, [(word,), *known[word], *same.get(word, ())], counts, written) for word in own}
        total = sum(weights.values()) or 1.0
        shares = {word: weight / total for word, weight in weights.items()}
        forms = {
            word: {**_strengths(word, known[word]), **dict.fromkeys(same.get(word, ()), 1.0)}
            for word in own
            if counts.get(word) or known[word] or word in same
        }
        return cls([found[word] for word in _searched(own, known) if word in found], shares, Forms.of(forms, shares))

    @property
    def known(self) -> float:
        """Share of the question's weight that stands anywhere in the archive."""
        return sum(self.shares[word] for word in self.forms.words)


def _either(
    names: Sequence[Abbreviation], own: Sequence[str], counts: Mapping[str, int]
) -> dict[str, tuple[Form, ...]]:
    """Return for the words of each name the other form of it, as far as the archive has all of its words."""
    same: dict[str, tuple[Form, ...]] = {}
    for name in names:
        short, full = (tuple(word for word in query_words(form) if word in own) for form in (name.short, name.full))
        for words, other in ((short, full), (full, short)):
            if other and all(counts.get(word) for word in other):
                same |= {word: (*same.get(word, ()), other) for word in words if word not in other}
    return same


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


# Codes as people type them: LX1708B and LX-1708B, 国发〔2020〕5号 and 国发[2020]5号, plates, phone numbers.
_HAN = "\u3400-\u9fff"
_DOCUMENT = re.compile(
    rf"(?P<issuer>[{_HAN}]{{1,12}})\s?[〔\[(【]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])】]\s?第?(?P<number>\d+)\s?号"
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-·.•/_–—‐][A-Za-z0-9]+)*")
_PHONE = 7
_LEAST, _LEAST_DIGITS = 4, 6
"""Characters of a code, and of one that has digits alone: a year or an amount is none."""


def codes_in(text: str) -> frozenset[str]:
    """Return the codes that a text has, without the signs that people put in or leave out."""
    plain = _plain(text)
    dated = {place for mention in find_dates(plain) for place in range(*mention.span)}
    return frozenset(code for code, at in _codes(plain) if at not in dated)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _codes(plain: str) -> Iterator[tuple[str, int]]:
    for match in _DOCUMENT.finditer(plain):
        yield f"{match['issuer']}|{match['year']}|{int(match['number'])}号", match.start()
    for match in _TOKEN.finditer(plain):
        code = re.sub("[^A-Z0-9]", "", match.group().upper())
        has_digit, has_letter = bool(re.search(r"\d", code)), bool(re.search("[A-Z]", code))
        if has_digit and len(code) >= (_LEAST if has_letter else _LEAST_DIGITS):
            yield code, match.start()


def holds_codes(text: str, codes: frozenset[str]) -> bool:
    """Return whether a text has all of these codes."""
    own = codes_in(text)
    return all(any(_same(code, other) for other in own) for code in codes)


def _same(asked: str, written: str) -> bool:
    if "|" in asked:
        issuer, _, rest = asked.partition("|")
        other, _, own = written.partition("|")
        return rest == own and (issuer.endswith(other) or other.endswith(issuer))
    # a phone number may be typed without the code of its area
    return asked == written or (
        asked.isdigit() and len(asked) >= _PHONE and written.isdigit() and written.endswith(asked)
    )
