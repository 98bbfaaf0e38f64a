"""The marking model: a question → what of it belongs to which of the things it asks; two → what the later one lacks.

The lower layers of the bundled encoder, trained on (benchmarks/marker), see the question alone and give each piece of
it a tag, and the whole a kind; or they see a question and the one before it, and say whether the later one leans on
the other, and of what use each piece of both is in what is meant. They are computed in 8 bits as the encoder is. What
becomes of tags is retrieval/search/cutting.py, of uses retrieval/search/conversation.py.

Source: Min et al., "Multi-hop Reading Comprehension through Question Decomposition and Rescoring" (2019), whose parts
are spans of the question, too; Ramshaw and Marcus, "Text Chunking using Transformation-Based Learning" (1995), for tags
that say where a span begins; Liu et al., "Incomplete Utterance Rewriting as Semantic Segmentation" (2020), for what is
put where.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Progress
from retrieval.encode.onnx import GRAPH, HEADER, Inputs, open_session
from retrieval.encode.prepare import Heads, open_heads, sample
from retrieval.text import even

TRAINED = Path(__file__).with_name("marker.npz")
MOST_PIECES = 120
"""Pieces of a question that are marked; a longer one is a pasted text."""
_VERSION = 2


class Tag(IntEnum):
    """What a piece of a question is."""

    SHARED = 0
    """Said of every thing asked: a subject, a time, a place, what is asked of each."""
    BEGIN = 1
    """The first piece of the next thing's own words."""
    INSIDE = 2
    """A further piece of the last thing's own words."""
    NONE = 3
    """Of no thing: what joins them, politeness, the words that compare."""
    QUALITY = 4
    """By what things are compared: 长, more votes."""
    AGAIN = 5
    """The first piece of the first thing's own words, where a second row of them begins: 3月和7月，甲和乙分别…"""


class Use(IntEnum):
    """Of what use a piece of a question, or of the one before it, is in the question that is meant."""

    LEFT = 0
    """None: what was asked before, what joins on, thanks."""
    KEPT = 1
    """It is asked."""
    PLACE = 2
    """Other words are put in its place: the thing that is now another one; a word that points to what was named."""


KINDS = (
    "one",
    "several",
    "earlier",
    "later",
    "larger",
    "smaller",
    "differ",
    "same day",
    "same month",
    "same year",
    "same",
)
"""What a question asks: one thing, several, or several that it compares."""


HEADS = {"tag": len(Tag), "kind": len(KINDS), "use": len(Use), "lean": 2}
"""The linear layers on top, and how many outputs each has; of kinds and leaning only those of the first token count."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the model makes of a question.

    `kinds` are the probabilities of each of `KINDS`; `tags` log-probabilities of each `Tag`, of shape (pieces, tags);
    `places` where each piece begins in the question.
    """

    kinds: NDArray[np.float32]
    tags: NDArray[np.float32]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What the model makes of a question and the one before it.

    `leans` is how probable it is that it lacks something of that one; `uses` are log-probabilities of each `Use`, of
    shape (pieces, uses), and `places` where each piece begins: of the question before, and of this one.
    """

    leans: float
    uses: tuple[NDArray[np.float32], NDArray[np.float32]]
    places: tuple[tuple[int, ...], tuple[int, ...]]


class Marker:
    """Marks questions, each on one core. Safe to use from several threads."""

    def __init__(self, inputs: Path, folder: Path, trained: Path = TRAINED) -> None:
        self._inputs = Inputs(inputs)
        self._session = open_session(folder / GRAPH, 1)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="marker")
        with HEADER, np.load(trained) as file:
            self.transitions: NDArray[np.float32] = file["transitions"].reshape(len(Tag) + 1, len(Tag)).astype("f4")

    def start(self, question: str) -> "Future[Marks | None]":
        """Start to mark a question beside what else is done."""
        return self._pool.submit(self.mark, question)

    def mark(self, question: str) -> Marks | None:
        """Mark a question; None of an empty one, or one that is too long."""
        pieces = self._inputs.pieces(even(question))
        if not 0 < len(pieces) <= MOST_PIECES:
            return None
        words = self._inputs.words([self._inputs.single([index for index, _ in pieces])])
        tags, kinds = self._session.run(["tags", "kinds"], {"words": words})
        return Marks(
            np.exp(_log_softmax(kinds[0, 0])),
            _log_softmax(tags[0, 1:-1]),
            tuple(place for _, place in pieces),
        )

    def link(self, before: str, question: str) -> Link | None:
        """Mark a question and the one before it; None where one is empty or too long."""
        pieces = [self._inputs.pieces(even(text)) for text in (before, question)]
        if not all(0 < len(own) <= MOST_PIECES for own in pieces):
            return None
        ids = self._inputs.pair(*([index for index, _ in own] for own in pieces))
        uses, leans = self._session.run(["uses", "leans"], {"words": self._inputs.words([ids])})
        first, second = (len(own) for own in pieces)
        start = len(ids) - 1 - second
        return Link(
            float(np.exp(_log_softmax(leans[0, 0]))[1]),
            (_log_softmax(uses[0, 1 : 1 + first]), _log_softmax(uses[0, start:-1])),
            (tuple(place for _, place in pieces[0]), tuple(place for _, place in pieces[1])),
        )


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def open_marker(place: Path, *, trained: Path = TRAINED, progress: Progress | None = None) -> Marker | None:
    """Load the marker, prepared first where this is its first use; None where the bundled weights are not installed.

    It shares the vocabulary and the word embeddings of the encoder in the same cache folder.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    heads = Heads("marker", _VERSION, "preparing the marker", trained, HEADS, _observed)
    return open_heads(heads, place, lambda inputs, folder: Marker(inputs, folder, trained), progress)


def _observed(inputs: Inputs) -> list[list[int]]:
    texts = [[index for index, _ in inputs.pieces(text)][:MOST_PIECES] for text in sample()]
    return [*map(inputs.single, texts), *(inputs.pair(one, other) for one, other in pairwise(texts) if one and other)]
