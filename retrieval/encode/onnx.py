"""The prepared bundled model, served by onnxruntime and NumPy alone.

Text → token ids of the default model: normalised, cut into pieces, put into batches.
"""

import json
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.bundled import BLOCK_BYTES, Bundle, dequantise
from retrieval.encode.cache import unloadable
from retrieval.encode.encoder import QueryEmbedding, Vectors

CONTROLS = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
SPACES = "[\\t\\n\\x0c\\r\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"
TILDE, TILDE_KEPT = "\uff5e", "\ue5fe"
"""The full-width tilde, and a private character that stands for it while NFKC runs."""

_CONTROLS = re.compile(CONTROLS)
_SPACES = re.compile(SPACES)
_RUN = re.compile(" +")
_CLUSTER = re.compile(
    r".[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u3099\u309a]*", re.DOTALL
)


def normalise(text: str) -> str:
    """Fold a text: NFKC, no control characters, single spaces."""
    return _RUN.sub(" ", _compatible(text)).strip(" ")


def _compatible(text: str) -> str:
    text = _SPACES.sub(" ", _CONTROLS.sub("", text)).replace(TILDE, TILDE_KEPT)
    return unicodedata.normalize("NFKC", text).replace(TILDE_KEPT, TILDE)


def normalised_places(text: str) -> tuple[str, list[int]]:
    """Fold a text as `normalise` does, and give for each character of the result the place it comes from.

    A letter and the marks that combine with it are folded together.
    """
    folded, places = [" "], [0]  # a space that swallows those before the first letter
    for cluster in _CLUSTER.finditer(text):
        for character in _compatible(cluster.group()):
            if character != " " or folded[-1] != " ":
                folded.append(character)
                places.append(cluster.start())
    while len(folded) > 1 and folded[-1] == " ":
        del folded[-1], places[-1]
    return "".join(folded[1:]), places[1:]


MARK = "▁"
"""Stands for the space before a word; no piece goes on after one."""
_MARK_CODE = ord(MARK)
_UNKNOWN_PENALTY = 10.0  # as `tokenizers` has it: an unknown character costs this more than the rarest piece

Codes = NDArray[np.uint32]
Places = NDArray[np.intp]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces in the order of their characters.

    `parents` gives for each the place of the longest other piece that it begins with, -1 for none. All pieces that
    begin a text therefore lie on one chain of parents, from the last piece that is not greater than the text.
    `unknown` is the id of a character that is no piece, `penalty` its score.
    """

    texts: NDArray[np.str_]
    lengths: NDArray[np.uint8]
    parents: NDArray[np.int32]
    ids: NDArray[np.int32]
    scores: NDArray[np.float32]
    unknown: NDArray[np.int32]
    penalty: NDArray[np.float64]

    @classmethod
    def build(cls, pieces: Sequence[str], scores: Scores, *, unknown: int, silent: Collection[int]) -> "Vocabulary":
        """Sort a vocabulary given by id; the `silent` ids stand for no text, so no text is split into them."""
        spoken = np.array([index for index in range(len(pieces)) if index not in silent], np.int32)
        ids = spoken[np.argsort(np.array(pieces)[spoken], kind="stable")]
        texts = np.array(pieces)[ids]
        return cls(
            texts=texts,
            lengths=np.strings.str_len(texts).astype(np.uint8),
            parents=_parents(texts.tolist()),
            ids=ids,
            scores=scores[ids],
            unknown=np.array([unknown], np.int32),
            penalty=np.array([float(scores.min()) - _UNKNOWN_PENALTY]),
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into an existing folder."""
        for field in fields(self):
            np.save(folder / f"pieces-{field.name}.npy", getattr(self, field.name))

    @classmethod
    def open(cls, folder: Path) -> "Vocabulary":
        """Map the arrays that `save` wrote."""
        return cls(*(mapped(folder / f"pieces-{field.name}.npy") for field in fields(cls)))

    def split(self, texts: Sequence[str], *, limit: int) -> list[list[int]]:
        """Return the ids of each normalised text, at most `limit` of them."""
        longest = (
            limit * self.texts.itemsize // 4
        )  # characters that `limit` pieces can hold, with as many to look ahead
        marked = [f"{MARK}{text[: 2 * longest].replace(' ', MARK)}" if text else "" for text in texts]
        codes = np.frombuffer("".join(marked).encode("utf-32-le", "replace"), "<u4")
        path = _Path(self, codes)
        ends = np.cumsum([0, *map(len, marked)]).tolist()
        return [path.ids(start, end)[:limit] for start, end in pairwise(ends)]

    def cut(self, text: str) -> list[tuple[int, int]]:
        """Return each piece of a normalised text: its id, and the place in the text where it begins."""
        if not text:
            return []
        marked = f"{MARK}{text.replace(' ', MARK)}"
        path = _Path(self, np.frombuffer(marked.encode("utf-32-le", "replace"), "<u4"))
        return [(piece, max(start - 1, 0)) for piece, start in path.pieces(0, len(marked))]

    def edges(self, codes: Codes) -> tuple[Places, Places, NDArray[np.float64], Places]:
        """Find every piece at every place, by place: starts, ends, scores and ids."""
        starts, found = self._found(codes)
        ends = starts + self.lengths[found]
        unknown = np.ones(len(codes), bool)
        unknown[starts[ends == starts + 1]] = False
        lost = np.flatnonzero(unknown)
        every = np.concatenate([starts, lost])
        order = np.argsort(every, kind="stable")
        return (
            every[order],
            np.concatenate([ends, lost + 1])[order],
            np.concatenate([self.scores[found].astype(np.float64), np.repeat(self.penalty, len(lost))])[order],
            np.concatenate([self.ids[found], np.repeat(self.unknown, len(lost))])[order],
        )

    def _found(self, codes: Codes) -> tuple[Places, Places]:
        width = self.texts.itemsize // 4
        padded = np.concatenate([codes, np.zeros(width, np.uint32)])
        ahead = padded[np.arange(len(codes))[:, None] + np.arange(width)]
        places = self.texts.searchsorted(ahead.view(f"U{width}").reshape(-1), side="right") - 1
        starts = (places >= 0).nonzero()[0]
        places = places[starts]
        shared = _shared(np.ascontiguousarray(self.texts[places]).view(np.uint32).reshape(-1, width), ahead[starts])
        every: list[tuple[Places, Places]] = []
        while len(starts):
            fits = self.lengths[places] <= shared
            every.append((starts[fits], places[fits]))
            places = self.parents[places].astype(np.intp)
            more = places >= 0
            starts, places, shared = starts[more], places[more], shared[more]
        if not every:
            return np.empty(0, np.intp), np.empty(0, np.intp)
        return np.concatenate([start for start, _ in every]), np.concatenate([place for _, place in every])


HEADER = Lock()
"""numpy parses a header with `ast`, whose state threads share in CPython 3.11: of two at once, where a collection of
garbage comes between, one ends in a SystemError (recursion depth mismatch). Seen once in 7,000 tests."""


def mapped(path: Path) -> NDArray[Any]:
    """Map an array that was saved, as a plain array: every view of a `memmap` costs as much as a small product."""
    with HEADER:
        array: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return array


def _shared(pieces: NDArray[np.uint32], texts: NDArray[np.uint32]) -> Places:
    """Count the leading characters that each row has in common."""
    differs = pieces != texts
    shared: Places = np.where(differs.any(axis=1), differs.argmax(axis=1), pieces.shape[1])
    return shared


def _parents(texts: list[str]) -> NDArray[np.int32]:
    parents = np.full(len(texts), -1, np.int32)
    open_: list[int] = []
    for place, text in enumerate(texts):
        while open_ and not text.startswith(texts[open_[-1]]):
            open_.pop()
        if open_:
            parents[place] = open_[-1]
        open_.append(place)
    return parents


class _Path:
    """The best way through the pieces of concatenated texts, found anew for each word."""

    def __init__(self, vocabulary: Vocabulary, codes: Codes) -> None:
        size = len(codes)
        begins = (codes == _MARK_CODE).tolist()
        best = [float("-inf")] * (size + 1)
        self._start = [0] * (size + 1)
        self._id = [0] * (size + 1)
        self._unknown = int(vocabulary.unknown[0])
        for start, end, score, index in zip(*(part.tolist() for part in vocabulary.edges(codes)), strict=True):
            total = score if begins[start] else best[start] + score
            if total > best[end]:
                best[end], self._start[end], self._id[end] = total, start, index

    def ids(self, start: int, end: int) -> list[int]:
        """Read the way back from `end`."""
        return [index for index, _ in self.pieces(start, end)]

    def pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """Read the way back from `end`: ids and where they begin; unknown characters in a row are one token."""
        found: list[tuple[int, int]] = []
        while end > start:
            index, end = self._id[end], self._start[end]
            if found and index == found[-1][0] == self._unknown:
                found[-1] = index, end
            else:
                found.append((index, end))
        return found[::-1]


_WORDS, _SHAPE = "words.npy", "shape.json"


class Inputs:
    """The tokenizer and the word embeddings of a prepared folder.

    The embeddings stay in the 4 bits they came in: 54 MB on disk, of which a text reads 216 bytes a token.

    Raises:
        EncoderError: the folder is damaged.
        ShortageError: there is too little memory, or too few files may be open.
    """

    def __init__(self, folder: Path) -> None:
        try:
            shape = json.loads((folder / _SHAPE).read_text(encoding="utf-8"))
            self._begin, self._end, self._limit = shape["bos"], shape["eos"], shape["positions"] - 2
            self._vocabulary = Vocabulary.open(folder)
            self._words: NDArray[np.uint8] = mapped(folder / _WORDS)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise unloadable(folder, error) from error

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Split texts into token ids, cut to the length of the model."""
        split = self._vocabulary.split([normalise(text) for text in texts], limit=self._limit)
        return [[self._begin, *row, self._end] for row in split]

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """Split a text into token ids, each with the place in the text where it begins; nothing is added or cut."""
        folded, places = normalised_places(text)
        return [(index, places[at]) for index, at in self._vocabulary.cut(folded)]

    def single(self, text: Sequence[int]) -> list[int]:
        """Return the ids of a text as one input."""
        return [self._begin, *text, self._end]

    def pair(self, question: Sequence[int], passage: Sequence[int]) -> list[int]:
        """Return the ids of a question and a passage in one input."""
        return [self._begin, *question, self._end, self._end, *passage, self._end]

    def words(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Look up rows of one length; float32 of shape (n, tokens, dim)."""
        rows = np.array(ids)
        blocks = self._words[rows.reshape(-1)].reshape(-1, BLOCK_BYTES)
        return dequantise(blocks).reshape(*rows.shape, -1)


def save(bundle: Bundle, folder: Path) -> None:
    """Write what `Inputs` reads into an existing folder."""
    specials = bundle.specials
    silent = {specials.bos, specials.eos, specials.pad, specials.unk, bundle.pieces.index("<mask>")}
    Vocabulary.build(bundle.pieces, bundle.scores, unknown=specials.unk, silent=silent).save(folder)
    np.save(folder / _WORDS, bundle.blocks("emb.word").reshape(bundle.shape.vocabulary, -1))
    shape = {"bos": specials.bos, "eos": specials.eos, "positions": bundle.shape.positions}
    (folder / _SHAPE).write_text(json.dumps(shape), encoding="utf-8")


GRAPH, QUERIES = "model.onnx", "queries.onnx"
"""Files of the graph that embeds passages, and of the one that embeds questions where that is another."""
BATCH_TOKENS = 512
"""Tokens of a batch: its values stay in a core's cache. Full batches of 1,920 are a quarter slower than of 480."""
_DAMAGED = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "RuntimeException")
"""What onnxruntime raises for a file that is no usable model."""


class OnnxEncoder:
    """Embeds with a prepared folder. Each batch is computed on one core, several batches on as many cores as there are.

    Questions are embedded by the graph named `queries`. That of passages is loaded when the first is embedded, for who
    only asks needs none.

    Raises:
        EncoderError: the folder is damaged.
    """

    def __init__(
        self,
        folder: Path,
        *,
        identity: str,
        query_prompt: str,
        passage_prompt: str,
        threads: int = 0,
        queries: str = GRAPH,
    ) -> None:
        self._identity, self._query_prompt, self._passage_prompt = identity, query_prompt, passage_prompt
        self._inputs = Inputs(folder)
        # threads within a batch would wait for each other, spinning
        self._queries = open_session(folder / queries, 1)
        self._passages = None if queries != GRAPH else self._queries
        self._graph, self._opening = folder / GRAPH, Lock()
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="encoder")

    @property
    def identity(self) -> str:
        """Name the model, its weights and its arithmetic."""
        return self._identity

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._queries.get_inputs()[0].shape[-1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._encode(self._queries, [self._query_prompt + text for text in texts])

    def embed_query(self, question: str) -> QueryEmbedding:
        """Start to embed a question."""
        words = self._inputs.words(self._inputs.ids([self._query_prompt + question]))
        return QueryEmbedding(lambda: self._queries.run(None, {"words": words})[0][0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        with self._opening:
            self._passages = self._passages or open_session(self._graph, 1)
        return self._encode(self._passages, [self._passage_prompt + text for text in texts])

    def _encode(self, session: Any, texts: list[str]) -> Vectors:
        ids = self._inputs.ids(texts)
        groups = list(batches([len(row) for row in ids], BATCH_TOKENS))
        vectors = np.empty((len(texts), self.dim), np.float32)

        def run(group: list[int]) -> Vectors:
            rows: list[Vectors] = session.run(None, {"words": self._inputs.words([ids[place] for place in group])})
            return rows[0]

        computed = self._pool.map(run, groups) if len(groups) > 1 else map(run, groups)
        for group, rows in zip(groups, computed, strict=True):
            vectors[group] = rows
        return vectors


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Group the places of equal lengths, longest first, so that no group of several holds more tokens than allowed."""
    order = sorted(range(len(lengths)), key=lambda place: (-lengths[place], place))
    batch: list[int] = []
    for place in order:
        length = lengths[place]
        if batch and (length != lengths[batch[0]] or length * (len(batch) + 1) > tokens):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def open_session(path: Path, threads: int) -> Any:
    """Load a graph.

    Raises:
        EncoderError: the file is no usable graph.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as states

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_mem_pattern = False  # it would remember every shape
    # threads would wait for each other at the arena: two questions side by side took as long as one after the other
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    unusable = (MemoryError, OSError, *(getattr(states, name) for name in _DAMAGED))
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except unusable as error:
        raise unloadable(path.parent, error) from error


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
