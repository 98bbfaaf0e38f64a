"""Texts → vectors, behind one protocol.

An encoder's habits, measured once for an archive and taken out of its vectors.

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
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Generic, Protocol, Self, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from retrieval.text import KANA, is_japanese, simplified
from retrieval.text.language import detect_language

Vectors = NDArray[np.float32]
"""float32 of shape (n, dim), unit rows."""
Progress = Callable[[str, float], None]
"""Receives the name of a stage and the share of the whole that is done, 0…1."""


class Encoder(Protocol):
    """The embedding model in use."""

    @property
    def identity(self) -> str:
        """Name the model and how it is computed: equal identities give interchangeable vectors."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""


@dataclass(frozen=True, slots=True)
class QueryEmbedding:
    """The embedding of a question, in work: `vector` computes what is left of it and returns it, of shape (dim,).

    Another thread may call `precompute`, which does a part of it; what is not done by then, `vector` does. With
    `is_done` nothing is left to do.
    """

    vector: Callable[[], Vectors]
    precompute: Callable[[], object] = lambda: None
    is_done: bool = False

    @classmethod
    def of(cls, vector: Vectors) -> "QueryEmbedding":
        """Return an embedding that is finished; `vector` has shape (dim,)."""
        return cls(lambda: vector, is_done=True)


@runtime_checkable
class EmbedsQueries(Protocol):
    """An encoder that embeds a question in two steps: what Python does at once, the rest when it is wanted."""

    def embed_query(self, question: str) -> QueryEmbedding:
        """Start to embed a question."""


def embed_query(encoder: Encoder, question: str) -> QueryEmbedding:
    """Start to embed a question, in steps if the encoder can.

    What Python does of it is done here: two threads that both run Python wait for each other longer than they work.
    """
    if isinstance(encoder, EmbedsQueries):
        return encoder.embed_query(question)
    return QueryEmbedding(lambda: encoder.encode_queries([question])[0])


_PHRASES = json.loads((files(__package__) / "sentences.json").read_text(encoding="utf-8"))
QUESTIONS: Sequence[str] = _PHRASES["questions"]

SENTENCES: Mapping[str, Sequence[str]] = _PHRASES["scripts"]
"""The same sentences in each script: what their means differ in is the language, not what is said."""

FURTHER: Mapping[str, Sequence[str]] = _PHRASES["languages"]
"""The first six of the same sentences in the other languages that are recognised.

Vietnamese questions over Chinese paragraphs and one Vietnamese article, success@1: without these means .062, with three
sentences .576, five .584, six .589, ten .584, without the article .656; Arabic, three sentences .450, five .676, six
.674, ten .679, without the article .689.
"""


_SHARE = 0.5
"""On XQuAD, success@1 in Chinese / from English: 0 .924 / .746, 0.5 .919 / .764, 0.8 .911 / .755 (vectors alone)."""


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(f"[{KANA}]")
_LATIN = re.compile("[a-zA-Z]")  # texts that were decoded wrongly have hardly any letter but those with accents
_LETTER = re.compile(r"[^\W\d_]")
_WIDE = 3  # a Chinese character says as much as three letters of an alphabet, or more
_ACCENTED = 50  # of 850 English windows five have more than one accented letter in so many
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
        # all in one call: texts of equal length are embedded together, which takes a third less time
        vectors = encoder.encode_passages([text for texts in sentences.values() for text in texts])
        ends = np.cumsum([len(texts) for texts in sentences.values()])[:-1]
        means = (own.mean(axis=0) for own in np.split(vectors, ends))
        return cls(questions, dict(zip(sentences, means, strict=True)))

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
        self._encoder, self.calibration = encoder, calibration
        self.identity, self.dim = encoder.identity, encoder.dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, without what every question has; float32 of shape (n, dim)."""
        vectors: Vectors = self._encoder.encode_queries(list(map(simplified, texts))) - self.calibration.questions
        return vectors

    def embed_query(self, question: str) -> QueryEmbedding:
        """Start to embed a question."""
        embedding = embed_query(self._encoder, simplified(question))
        return replace(embedding, vector=lambda: embedding.vector() - self.calibration.questions)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows, without what every window in their language has; float32 of shape (n, dim).

        What is no writing, such as figures or text in a wrong encoding, says nothing that a question could resemble:
        its row is of zeros, and its words alone find it.
        """
        from retrieval.text.language import is_writing

        vectors = np.zeros((len(texts), self.dim), np.float32)
        places = [place for place, text in enumerate(texts) if is_writing(text)]
        if places:
            written = [texts[place] for place in places]
            found = self._encoder.encode_passages(list(map(simplified, written)))
            vectors[places] = self.calibration.without_means(found, list(map(_mean_of, written)))
        return vectors


def _mean_of(text: str) -> str:
    """Name the mean to take out of a window; of languages other than Chinese, Japanese and English any is "other".

    English is recognised by its words, for its mean is the nearest one of 732 of 851 English windows only.
    """
    script = script_of(text)
    return "other" if script == "latin" and not _is_english(text) else script


def _is_english(text: str) -> bool:
    plain, letters = (len(letter.findall(text)) for letter in (_LATIN, _LETTER))
    return _ACCENTED * (letters - plain) <= letters and detect_language(text) == "en"


def script_of(text: str) -> str:
    """Name the script that shows a text's language best: kana, han, latin or other."""
    han, kana, latin, letters = (len(letter.findall(text)) for letter in (_HAN, _KANA, _LATIN, _LETTER))
    letters_of = {"kana" if is_japanese(text) else "han": _WIDE * (han + kana), "latin": latin}
    letters_of["other"] = letters - han - kana - latin
    script = max(letters_of, key=lambda name: letters_of[name])
    return script if _FEW * letters_of[script] > len("".join(text.split())) else "other"


AHEAD = 1
"""Batches embedded while one is written. Writing takes a quarter of the time of embedding, so the encoder hardly waits;
more would be more to lose when killed."""
Vectors16 = dict[bytes, NDArray[np.float16]]
"""Vectors by the digest of their text."""
Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class _Job(Generic[Batch]):
    batch: Batch
    texts: Mapping[bytes, str]
    vectors: "Future[Vectors16]"


class Embedding(Generic[Batch]):
    """Embeds the new texts of one batch after another in a thread of its own, and gives them back in their order.

    One thread: encoders use all cores by themselves, and some must not be called twice at once.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._jobs: deque[_Job[Batch]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, batch: Batch, texts: Mapping[bytes, str]) -> Iterator[tuple[Batch, Vectors16]]:
        """Add a batch; yield those that are to be written before there is room for the next one.

        Of its `texts`, those that an earlier batch brings are not embedded again.
        """
        self._submit(batch, texts)
        while len(self._jobs) > AHEAD:
            yield self._next()

    def _submit(self, batch: Batch, texts: Mapping[bytes, str]) -> None:
        coming = {digest for job in self._jobs for digest in job.texts}
        fresh = {digest: text for digest, text in texts.items() if digest not in coming}
        self._jobs.append(_Job(batch, fresh, self._pool.submit(embed, self._encoder, fresh)))

    def rest(self, is_stopped: Callable[[], bool]) -> Iterator[tuple[Batch, Vectors16]]:
        """Yield the batches that are left; once it is stopped, only those that have started."""
        while self._jobs:
            if is_stopped():
                self._drop()
            if self._jobs:
                yield self._next()

    def _drop(self) -> None:
        while self._jobs and self._jobs[-1].vectors.cancel():
            self._jobs.pop()

    def _next(self) -> tuple[Batch, Vectors16]:
        job = self._jobs.popleft()
        return job.batch, job.vectors.result()


def embed(encoder: Encoder, texts: Mapping[bytes, str]) -> Vectors16:
    """Return the vectors of texts by their digests."""
    if not texts:
        return {}
    vectors = encoder.encode_passages(list(texts.values())).astype(np.float16)
    return dict(zip(texts, vectors, strict=True))
