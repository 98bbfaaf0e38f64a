"""What the words of a question are called in the other language, English or Chinese, by a dictionary.

Vectors alone find an English question's Chinese article among hundreds; its names and subject words, looked up, tell
which of several alike it is, as words do within one language. See docs/evaluation.md for what it gives.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from retrieval.search.translations.cedict import english_words
from retrieval.search.translations.store import Store, english_key, open_store
from retrieval.text.dictionary import tokenizer
from retrieval.text.folding import fold
from retrieval.text.words import is_spaceless

__all__ = ["Form", "Translations"]

Form = tuple[str, ...]
"""Words of the index that must all stand in a passage for something to stand there."""

_LONGEST = 4
"""Words of the longest English phrase that is looked up as one."""


class Translations:
    """Looks the words of questions up. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, cache: Path) -> "Translations":
        """Open the dictionary, prepared first where it is not; one without words where that cannot be."""
        return cls(open_store(cache))

    @classmethod
    def none(cls) -> "Translations":
        """Return a dictionary without words."""
        return cls(Store(None))

    def of(self, question: str, words: Sequence[str]) -> dict[str, list[Form]]:
        """Return the forms in the other language of those of a question's `words` that have any, best first."""
        forms: dict[str, list[Form]] = {}
        for word, form in [*self._of_english(question, words), *self._of_chinese(question, words)]:
            if form not in forms.setdefault(word, []):
                forms[word].append(form)
        return forms

    def _of_english(self, question: str, words: Sequence[str]) -> Iterator[tuple[str, Form]]:
        spoken = [word for word in english_words(question) if word in words]
        keys = {
            span: english_key(spoken[slice(*span)])
            for start in range(len(spoken))
            for span in ((start, start + length) for length in range(1, min(_LONGEST, len(spoken) - start) + 1))
        }
        found = self._store.look_up(keys.values())
        for start, stop in _longest([span for span, key in keys.items() if key in found], len(spoken)):
            for name in found[keys[start, stop]]:
                yield from ((word, _chinese_form(name)) for word in spoken[start:stop])

    def _of_chinese(self, question: str, words: Sequence[str]) -> Iterator[tuple[str, Form]]:
        cut = tokenizer().cut(fold(question))
        found = self._store.look_up(word for word in cut if len(word) > 1 and is_spaceless(word))
        for whole, names in found.items():
            for word in words:
                if word in whole:
                    yield from ((word, tuple(name.split())) for name in names)


def _longest(spans: Sequence[tuple[int, int]], stop: int) -> Iterator[tuple[int, int]]:
    """Yield the spans that are left when the longest at each place is taken, from the left."""
    known, place = set(spans), 0
    while place < stop:
        end = next((end for end in range(place + _LONGEST, place, -1) if (place, end) in known), None)
        if end:
            yield place, end
        place = end or place + 1


def _chinese_form(name: str) -> Form:
    """Return the bigrams of a Chinese word: they stand in the index whether it was cut so there or not."""
    return tuple(left + right for left, right in pairwise(name)) or (name,)
