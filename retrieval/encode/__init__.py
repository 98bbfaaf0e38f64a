"""Texts → vectors, behind one protocol."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from retrieval.settings import BUNDLED_MODEL

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


def open_encoder(
    model: str,
    *,
    cache: Path,
    threads: int = 0,
    query_prompt: str | None = None,
    passage_prompt: str | None = None,
    progress: Progress | None = None,
) -> Encoder:
    """Load the model, prepared first where this is its first use; `threads` 0 takes as many as there are cores.

    The bundled model comes with a second opinion (`PairedEncoder`) where that is installed.

    A prompt is what stands before each text; None takes the model's own.

    Raises:
        EncoderError: the model cannot be found, prepared or loaded.
    """
    from retrieval.encode.bundled import find_bundle

    weights = find_bundle() if model == BUNDLED_MODEL else None
    if weights is None:
        from retrieval.encode.sentence_transformers import SentenceTransformersEncoder

        return SentenceTransformersEncoder(
            model, threads=threads, query_prompt=query_prompt, passage_prompt=passage_prompt
        )
    from retrieval.encode.graph import recipe_here
    from retrieval.encode.prepare import ModelSource, open_prepared
    from retrieval.encode.second import PairedEncoder, open_second

    source = ModelSource(model, weights, recipe_here(), cache)
    first = open_prepared(
        source, threads=threads, query_prompt=query_prompt, passage_prompt=passage_prompt, progress=progress
    )
    second = open_second(cache, progress)
    return first if second is None else PairedEncoder(first, second)
