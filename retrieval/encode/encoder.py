"""Texts → vectors, behind one protocol."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

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
class Begun:
    """A question that an encoder has begun with: `vector` computes the rest of its vector, of shape (dim,).

    Another thread may call `meanwhile`, which does a part of it; what is not done by then, `vector` does. With
    `is_done` nothing is left to do.
    """

    vector: Callable[[], Vectors]
    meanwhile: Callable[[], object] = lambda: None
    is_done: bool = False

    @classmethod
    def done(cls, vector: Vectors) -> "Begun":
        """Return a question whose vector, of shape (dim,), is there."""
        return cls(lambda: vector, is_done=True)


@runtime_checkable
class Begins(Protocol):
    """An encoder that does first what Python does of a question."""

    def begin(self, question: str) -> Begun:
        """Begin to embed a question."""


def begin(encoder: Encoder, question: str) -> Begun:
    """Begin to embed a question, if the encoder can.

    What Python does of it is done here: two threads that both run Python wait for each other longer than they work.
    """
    if isinstance(encoder, Begins):
        return encoder.begin(question)
    return Begun(lambda: encoder.encode_queries([question])[0])
