"""The prepared bundled model, served by onnxruntime and NumPy alone."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encode import QueryEmbedding, Vectors
from retrieval.encode.cache import unloadable
from retrieval.encode.tokens import Inputs

GRAPH = "model.onnx"
BATCH_TOKENS = 512
"""Tokens of a batch: its values stay in a core's cache. Full batches of 1,920 are a quarter slower than of 480."""
_DAMAGED = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "RuntimeException")
"""What onnxruntime raises for a file that is no usable model."""


class OnnxEncoder:
    """Embeds with a prepared folder. Each batch is computed on one core, several batches on as many cores as there are.

    Raises:
        EncoderError: the folder is damaged.
    """

    def __init__(
        self, folder: Path, *, identity: str, query_prompt: str, passage_prompt: str, threads: int = 0
    ) -> None:
        self._identity, self._query_prompt, self._passage_prompt = identity, query_prompt, passage_prompt
        self._inputs = Inputs(folder)
        self._session = open_session(folder / GRAPH, 1)  # threads within a batch would wait for each other, spinning
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="encoder")

    @property
    def identity(self) -> str:
        """Name the model, its weights and its arithmetic."""
        return self._identity

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._session.get_inputs()[0].shape[-1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._encode([self._query_prompt + text for text in texts])

    def embed_query(self, question: str) -> QueryEmbedding:
        """Start to embed a question."""
        words = self._inputs.words(self._inputs.ids([self._query_prompt + question]))
        return QueryEmbedding(lambda: self._session.run(None, {"words": words})[0][0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        return self._encode([self._passage_prompt + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        ids = self._inputs.ids(texts)
        groups = list(batches([len(row) for row in ids], BATCH_TOKENS))
        vectors = np.empty((len(texts), self.dim), np.float32)

        def run(group: list[int]) -> Vectors:
            rows: list[Vectors] = self._session.run(
                None, {"words": self._inputs.words([ids[place] for place in group])}
            )
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
