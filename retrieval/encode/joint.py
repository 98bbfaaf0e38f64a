"""The reader's model: a question and a text in one input → whether the text answers, and with which words.

Its weights are those of the bundled model with what training (benchmarks/reader) has added to the upper layers: the
differences, in blocks of 4 bits like the bundle's own, and two heads. They are computed in 8 bits as the encoder's are.

Source: Devlin et al., "BERT" (2019), section 4.3; Rajpurkar et al., "Know What You Don't Know" (2018).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Progress
from retrieval.encode.onnx import GRAPH, Inputs, cores, open_session
from retrieval.encode.prepare import Heads, open_heads, sample
from retrieval.text import even
from retrieval.values import Span

TRAINED = Path(__file__).with_name("reader.npz")
MOST_TOKENS, MOST_OF_QUESTION = 256, 64
"""Tokens that are read at once, and how many of them a question may take."""
_LONGEST_ANSWER = 40
"""Tokens of the longest answer: of those in XQuAD, DRCD and CMRC one in a hundred is longer."""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class JointReading:
    """What was read: the log-odds that the text answers, and the words that answer best if it does.

    `span` counts characters of the text; `certainty`, 0 to 1, is the share that these words have among all spans, and
    `lead` by how much their logits exceed those of no answer.
    """

    answered: float
    span: Span
    certainty: float
    lead: float


class JointModel:
    """Reads questions with texts, each pair on a core of its own. Safe to use from several threads."""

    def __init__(self, inputs: Path, folder: Path, threads: int = 0) -> None:
        self._inputs = Inputs(inputs)
        self._session = open_session(folder / GRAPH, 1)
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="reader")

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[JointReading]:
        """Read texts, of about 220 wide characters, each for an answer to its question; a longer one is cut."""
        if len(pairs) == 1:
            return [self._reading(*pairs[0])]
        return list(self._pool.map(lambda pair: self._reading(*pair), pairs))

    def _reading(self, question: str, text: str) -> JointReading:
        asked = [index for index, _ in self._inputs.pieces(even(question))][:MOST_OF_QUESTION]
        pieces = self._inputs.pieces(even(text))[: MOST_TOKENS - len(asked)]
        if not pieces:
            return JointReading(-10.0, (0, 0), 0.0, -10.0)
        ids = self._inputs.pair(asked, [index for index, _ in pieces])
        spans, answered = self._session.run(None, {"words": self._inputs.words([ids])})
        before = len(ids) - 1 - len(pieces)
        first, last, certainty, lead = best_span(spans[0], before)
        ends = [*(place for _, place in pieces[1:]), len(text)]
        begin, end = pieces[first][1], ends[last]
        while end > begin and text[end - 1].isspace():
            end -= 1
        while begin < end and text[begin].isspace():
            begin += 1
        return JointReading(float(answered[0, 0, 0]), (begin, end), certainty, lead)


def best_span(logits: NDArray[np.float32], before: int) -> tuple[int, int, float, float]:
    """Find the best span of the passage's tokens, which begin at `before` and end before the last token.

    Return its first and last token in the passage, its share among all spans and its lead over none. `logits` are of
    shape (tokens, 2).
    """
    starts, ends = logits[before:-1, 0].astype(np.float64), logits[before:-1, 1].astype(np.float64)
    pairs = starts[:, None] + ends[None, :]
    size = len(starts)
    ahead = np.arange(size)[None, :] - np.arange(size)[:, None]
    pairs[(ahead < 0) | (ahead >= _LONGEST_ANSWER)] = -np.inf
    first, last = divmod(int(pairs.argmax()), size)
    best = pairs[first, last]
    return first, last, float(1 / np.exp(pairs - best).sum()), float(best - logits[0].sum())


def open_joint_model(
    place: Path, *, trained: Path = TRAINED, threads: int = 0, progress: Progress | None = None
) -> JointModel | None:
    """Load the reader, prepared first where this is its first use; None where the bundled weights are not installed.

    It shares the vocabulary and the word embeddings of the encoder in the same cache folder.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    heads = Heads("reader", _VERSION, "preparing the reader", trained, {"span": 2, "answered": 1}, _observed)
    return open_heads(heads, place, lambda inputs, folder: JointModel(inputs, folder, threads), progress)


def _observed(inputs: Inputs) -> list[list[int]]:
    """Return the pairs of texts that the reader's ranges are observed on."""
    texts = [[index for index, _ in inputs.pieces(text)] for text in sample()]
    pairs = zip(texts, [*texts[1:], texts[0]], strict=True)
    return [inputs.pair(one[:MOST_OF_QUESTION], other[:MOST_TOKENS]) for one, other in pairs]
