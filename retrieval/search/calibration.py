"""An encoder's habits, measured once for an archive and taken out of its vectors.

Chinese is embedded in Simplified characters, in which the model learned most: of XQuAD-zh in Traditional ones, vectors
alone found .899 for Simplified questions instead of .912, .787 for English ones instead of .819.

Short, vague windows resemble any question ("hubs"): a share of the generic questions' mean is taken out of each
question. And windows in the question's own language resemble it more than windows in another language that answer it,
so that an English question over Chinese and English articles would always be answered in English: the mean of its
script is taken out of each window. On the sample archive, success@1 of English questions rose from .39 to .61 by that
(vectors alone).

Four fifths of a vector's length are what all texts have: a window that keeps them resembles any question more than the
one that answers it. So none keeps them: of a window in another language, of figures or of no language, the nearest mean
is taken out. Of 959 German, 748 Arabic, 146 Vietnamese windows, that was their language's for all.
"""

import json
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.encoders import Begun, Encoder, Vectors, begin
from retrieval.index.protocols import Articles, Index, Words
from retrieval.index.rows import Details
from retrieval.search.phrases import FURTHER, QUESTIONS, SENTENCES
from retrieval.text.folding import KANA, is_japanese, simplified
from retrieval.text.language import detect_language
from retrieval.values import Article, Filters

_SHARE = 0.5
"""On XQuAD, success@1 in Chinese / from English: 0 .924 / .746, 0.5 .919 / .764, 0.8 .911 / .755 (vectors alone)."""

_WHOLE = 0.97  # a unit row as a catalogue keeps it; without a mean, those of the bundled model are no longer than 0.65

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(f"[{KANA}]")
_LATIN = re.compile("[a-zA-Z]")  # texts that were decoded wrongly have hardly any letter but those with accents
_LETTER = re.compile(r"[^\W\d_]")
_WIDE = 3  # a Chinese character says as much as three letters of an alphabet, or more
_FEW = 4
"""Of figures and marks with fewer letters than one in so many, letters do not show the language."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What to take out: `questions` of shape (dim,), and of windows by their script, of the same shape."""

    questions: Vectors
    windows: Mapping[str, Vectors]

    @classmethod
    def measure(cls, encoder: Encoder) -> "Calibration":
        """Measure an encoder's habits on the phrases that come with the project."""
        questions: Vectors = _SHARE * encoder.encode_queries(QUESTIONS).mean(axis=0)
        sentences = {**SENTENCES, **FURTHER}
        return cls(questions, {name: encoder.encode_passages(texts).mean(axis=0) for name, texts in sentences.items()})

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read what `to_json` wrote."""
        values = {name: np.frombuffer(bytes.fromhex(value), np.float32) for name, value in json.loads(text).items()}
        return cls(values.pop("questions"), values)

    def without_means(self, vectors: Vectors, names: Sequence[str]) -> Vectors:
        """Take the means of these names, or else the nearest one, out of windows, unit rows of shape (n, dim)."""
        if not self.windows:
            return vectors
        means = np.stack(list(self.windows.values()))
        places = {name: place for place, name in enumerate(self.windows)}
        nearest = (vectors @ means.T - (means * means).sum(axis=1) / 2).argmax(axis=1).tolist()
        taken: Vectors = means[[places.get(name, near) for name, near in zip(names, nearest, strict=True)]]
        return vectors - taken

    @property
    def is_older(self) -> bool:
        """Whether it was measured when windows in no script of `SENTENCES` kept all of their vector."""
        return bool(self.windows) and self.windows.keys().isdisjoint(FURTHER)

    def to_json(self) -> str:
        """Write the vectors as hexadecimal bytes by name."""
        values = {"questions": self.questions, **self.windows}
        return json.dumps({name: value.astype(np.float32).tobytes().hex() for name, value in values.items()})


class CalibratedEncoder:
    """An encoder whose habits are taken out; its vectors are no longer of unit length."""

    def __init__(self, encoder: Encoder, calibration: Calibration) -> None:
        self._encoder, self._calibration = encoder, calibration
        self.identity, self.dim = encoder.identity, encoder.dim

    def asked(self, index: Index) -> Index:
        """Return an archive as its calibration lets it be asked."""
        return OlderIndex(index, self._calibration) if self._calibration.is_older else index

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, without what every question has; float32 of shape (n, dim)."""
        vectors: Vectors = self._encoder.encode_queries(list(map(simplified, texts))) - self._calibration.questions
        return vectors

    def begin(self, question: str) -> Begun:
        """Begin to embed a question."""
        begun = begin(self._encoder, simplified(question))
        return replace(begun, vector=lambda: begun.vector() - self._calibration.questions)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows, without what every window in their language has; float32 of shape (n, dim).

        What is no writing, such as figures or text in a wrong encoding, says nothing that a question could resemble:
        its row is of zeros, and its words alone find it.
        """
        from retrieval.articles.decoding.plausibility import is_writing

        vectors = np.zeros((len(texts), self.dim), np.float32)
        places = [place for place, text in enumerate(texts) if is_writing(text)]
        if places:
            written = [texts[place] for place in places]
            found = self._encoder.encode_passages(list(map(simplified, written)))
            vectors[places] = self._calibration.without_means(found, list(map(_mean_of, written)))
        return vectors


def _mean_of(text: str) -> str:
    """Name the mean to take out of a window; of languages other than Chinese, Japanese and English any is "other".

    Of 851 English windows, English has the nearest mean for 732 only, of 631 Chinese ones Chinese for all.
    """
    script = script_of(text)
    return "other" if script == "latin" and detect_language(text) != "en" else script


@dataclass(frozen=True, slots=True)
class OlderIndex:
    """An archive with an older calibration, asked as if its windows had all been calibrated.

    Windows that kept all of their vector would be the nearest to any question, so what all means share is left out of
    the question by which passages are found; of those found, the nearest mean is taken out.
    """

    index: Index
    calibration: Calibration

    @property
    def state(self) -> Hashable | None:
        """What is another whenever the archive is."""
        return self.index.state

    @property
    def names(self) -> Sequence[str]:
        """The names of the outlets."""
        return self.index.names

    @property
    def catalogue(self) -> Articles:
        """The articles."""
        return self.index.catalogue

    @property
    def words(self) -> Words:
        """The words."""
        return self.index.words

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector`, best first, with scores."""
        shared, _ = np.linalg.qr(np.stack(list(self.calibration.windows.values())).T)
        return self.index.nearest(vector - shared @ (shared.T @ vector), k, filters)

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""
        found = self.index.details(passages)
        return {number: replace(item, vectors=self._calibrated(item.vectors)) for number, item in found.items()}

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""
        return self.index.articles(numbers)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        return self.index.copies(numbers)

    def _calibrated(self, vectors: Vectors) -> Vectors:
        kept = np.linalg.norm(vectors, axis=1) > _WHOLE
        calibrated: Vectors = np.where(
            kept[:, None], self.calibration.without_means(vectors, [""] * len(vectors)), vectors
        )
        return calibrated


def script_of(text: str) -> str:
    """Name the script that shows a text's language best: kana, han, latin or other."""
    han, kana, latin, letters = (len(letter.findall(text)) for letter in (_HAN, _KANA, _LATIN, _LETTER))
    told = {"kana" if is_japanese(text) else "han": _WIDE * (han + kana), "latin": latin}
    told["other"] = letters - han - kana - latin
    script = max(told, key=lambda name: told[name])
    return script if _FEW * told[script] > len("".join(text.split())) else "other"
