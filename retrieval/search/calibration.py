"""An encoder's habits, measured once for an archive and taken out of its vectors.

Chinese is embedded in Simplified characters, in which the model learned most: of XQuAD-zh in Traditional ones, vectors
alone found .899 for Simplified questions instead of .912, .787 for English ones instead of .819.

Short, vague windows resemble any question ("hubs"): a share of the generic questions' mean is taken out of each
question. And windows in the question's own language resemble it more than windows in another language that answer it,
so that an English question over Chinese and English articles would always be answered in English: the mean of its
script is taken out of each window. On the sample archive, success@1 of English questions rose from .39 to .61 by that
(vectors alone).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.encoders import Begun, Encoder, Vectors, begin
from retrieval.search.phrases import QUESTIONS, SENTENCES
from retrieval.text.folding import simplified

_SHARE = 0.5
"""On XQuAD, success@1 in Chinese / from English: 0 .924 / .746, 0.5 .919 / .764, 0.8 .911 / .755 (vectors alone)."""

_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]+")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What to take out: `questions` of shape (dim,), and of windows by their script, of the same shape."""

    questions: Vectors
    windows: Mapping[str, Vectors]

    @classmethod
    def measure(cls, encoder: Encoder) -> "Calibration":
        """Measure an encoder's habits on the phrases that come with the project."""
        questions: Vectors = _SHARE * encoder.encode_queries(QUESTIONS).mean(axis=0)
        return cls(questions, {name: encoder.encode_passages(texts).mean(axis=0) for name, texts in SENTENCES.items()})

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read what `to_json` wrote."""
        values = {name: np.frombuffer(bytes.fromhex(value), np.float32) for name, value in json.loads(text).items()}
        return cls(values.pop("questions"), values)

    def to_json(self) -> str:
        """Write the vectors as hexadecimal bytes by name."""
        values = {"questions": self.questions, **self.windows}
        return json.dumps({name: value.astype(np.float32).tobytes().hex() for name, value in values.items()})


class CalibratedEncoder:
    """An encoder whose habits are taken out; its vectors are no longer of unit length."""

    def __init__(self, encoder: Encoder, calibration: Calibration) -> None:
        self._encoder, self._calibration = encoder, calibration
        self.identity, self.dim = encoder.identity, encoder.dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, without what every question has; float32 of shape (n, dim)."""
        vectors: Vectors = self._encoder.encode_queries(list(map(simplified, texts))) - self._calibration.questions
        return vectors

    def begin(self, question: str) -> Begun:
        """Begin to embed a question."""
        begun = begin(self._encoder, simplified(question))
        return replace(begun, vector=lambda: begun.vector() - self._calibration.questions)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows, without what every window in their script has; float32 of shape (n, dim)."""
        means = [self._calibration.windows.get(script_of(text)) for text in texts]
        nothing = np.zeros(self.dim, np.float32)
        taken = np.stack([nothing if mean is None else mean for mean in means])
        vectors: Vectors = self._encoder.encode_passages(list(map(simplified, texts))) - taken
        return vectors


def script_of(text: str) -> str:
    """Name the script that tells a text's language best: kana, han, latin or other."""
    if _KANA.search(text):
        return "kana"
    han, latin = (sum(map(len, letters.findall(text))) for letters in (_HAN, _LATIN))
    if han and 3 * han >= latin:
        return "han"
    return "latin" if latin else "other"
