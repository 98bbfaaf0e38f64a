"""The prepared default model, served by onnxruntime and NumPy alone."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Progress, Vectors
from retrieval.encoders.bundled import BLOCK_BYTES, dequantise
from retrieval.encoders.normalise import normalise
from retrieval.encoders.pieces import Vocabulary
from retrieval.encoders.prepare import GRAPH, SHAPE, WORDS, Source, prepare, repair
from retrieval.errors import EncoderError

PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What this model was trained to see before a question and before a text."""

_DAMAGED = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "RuntimeException")
"""What onnxruntime raises for a file that is no usable model."""

BATCH_TOKENS = 2048
"""Tokens of a batch, padding included."""


class OnnxEncoder:
    """Embeds with a prepared folder.

    Raises:
        EncoderError: the folder is damaged.
    """

    def __init__(
        self, folder: Path, *, identity: str, query_prompt: str, passage_prompt: str, threads: int = 0
    ) -> None:
        self._identity, self._query_prompt, self._passage_prompt = identity, query_prompt, passage_prompt
        try:
            shape = json.loads((folder / SHAPE).read_text(encoding="utf-8"))
            self._begin, self._end, self._positions = shape["bos"], shape["eos"], shape["positions"]
            self._vocabulary = Vocabulary.open(folder)
            self._words: NDArray[np.uint8] = np.load(folder / WORDS, mmap_mode="r")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(f"{folder} is damaged ({error}). Delete it and run the command again") from error
        self._session = open_session(folder / GRAPH, threads)

    @property
    def identity(self) -> str:
        """Name the model, its weights and its arithmetic."""
        return self._identity

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._session.get_outputs()[0].shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._encode([self._query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        return self._encode([self._passage_prompt + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        ids = self._ids(texts)
        vectors = np.empty((len(texts), self.dim), np.float32)
        for batch in batches([len(row) for row in ids], BATCH_TOKENS):
            (vectors[batch],) = self._session.run(["vectors"], self._inputs([ids[place] for place in batch]))
        return vectors

    def _ids(self, texts: list[str]) -> list[list[int]]:
        limit = self._positions - 2
        split = self._vocabulary.split([normalise(text) for text in texts], limit=limit)
        return [[self._begin, *row, self._end] for row in split]

    def _inputs(self, ids: list[list[int]]) -> dict[str, NDArray[np.generic]]:
        lengths = np.array([len(row) for row in ids], np.int32)
        mask = np.arange(lengths.max()) < lengths[:, None]
        blocks = self._words[np.concatenate(ids)].reshape(-1, BLOCK_BYTES)
        words = np.zeros((*mask.shape, self.dim), np.float32)
        words[mask] = dequantise(blocks).reshape(-1, self.dim)
        return {"words": words, "lengths": lengths, "mask": mask[:, None].astype(np.float32)}


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Group places by length, shortest first, so that no group holds more tokens than allowed, padding included."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[place] * (len(batch) + 1) > tokens:
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
    options.intra_op_num_threads = threads  # 0: one a physical core
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except tuple(getattr(states, name) for name in _DAMAGED) as error:
        raise EncoderError(f"{path} is damaged ({error}). Delete its folder and run the command again") from error


def open_prepared(
    source: Source, *, threads: int, query_prompt: str | None, passage_prompt: str | None, progress: Progress | None
) -> OnnxEncoder:
    """Load the bundled model, prepared first where it is not, and again where it turns out damaged.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    query = PROMPTS["query"] if query_prompt is None else query_prompt
    passage = PROMPTS["passage"] if passage_prompt is None else passage_prompt
    identity = (
        source.identity if (query, passage) == tuple(PROMPTS.values()) else f"{source.identity} {query!r} {passage!r}"
    )

    def load(folder: Path) -> OnnxEncoder:
        return OnnxEncoder(folder, identity=identity, query_prompt=query, passage_prompt=passage, threads=threads)

    report = progress or (lambda _stage, _share: None)
    folder = prepare(source, report)
    try:
        return load(folder)
    except EncoderError:
        return load(repair(source, report))
