"""Any other sentence-transformers model, by name or folder: torch, and a GPU where torch sees one."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.encoders import Vectors
from retrieval.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_QUERY, _PASSAGE = ("query",), ("passage", "document", "corpus")
"""What models call the prompts of questions and of texts, the usual name first."""


class SentenceTransformersEncoder:
    """Embeds with sentence-transformers.

    Raises:
        EncoderError: the model is neither a usable folder nor can be downloaded.
    """

    def __init__(
        self, model: str, *, threads: int = 0, query_prompt: str | None = None, passage_prompt: str | None = None
    ) -> None:
        self._model = _load(model, threads)
        prompts = self._model.prompts
        self._query_prompt = _prompt(prompts, _QUERY) if query_prompt is None else query_prompt
        self._passage_prompt = _prompt(prompts, _PASSAGE) if passage_prompt is None else passage_prompt
        prompted = hashlib.sha256(f"{self._query_prompt}\0{self._passage_prompt}".encode())
        self._identity = f"{model}@{_fingerprint(self._model)}+{prompted.hexdigest()[:8]} sentence-transformers"

    @property
    def identity(self) -> str:
        """Name the model, its weights and its prompts."""
        return self._identity

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._encode(texts, self._query_prompt)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        return self._encode(texts, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._model.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)


def _load(model: str, threads: int) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer

    if threads:
        torch.set_num_threads(threads)
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
        where = (
            "the folder is not a sentence-transformers model"
            if Path(model).exists()
            else "no such folder, and no download"
        )
        reason = str(error).strip().split("\n")[0]
        raise EncoderError(
            f"cannot load the model {model}: {where} ({reason}). Set CHUCHU_MODEL=… to another"
        ) from error


def _prompt(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def _fingerprint(model: "SentenceTransformer") -> str:
    """Name the weights: names, shapes and sums of the tensors, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        digest.update(f"{name}{tuple(tensor.shape)}{tensor.double().sum().item():.6e}".encode())
    return digest.hexdigest()[:16]
