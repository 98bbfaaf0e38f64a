"""Any other sentence-transformers model, by name or folder: torch, and a GPU where torch sees one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_Model = TypeVar("_Model")

_FIRST_FETCHED = ("modules.json", "config_sentence_transformers.json")
"""What says how a model is put together: fetched, or known not to be there, before its weights."""
_QUERY, _PASSAGE = ("query",), ("passage", "document", "corpus")
"""What models call the prompts of questions and of texts, the usual name first."""
_SAMPLED = 1024
"""Weights of each tensor that distinguish one model from another."""


class SentenceTransformersEncoder:
    """Embeds with sentence-transformers; a prompt that is None is the model's own.

    Raises:
        EncoderError: the model is neither a usable folder nor can be downloaded, or it fails on the texts.
    """

    def __init__(
        self, model: str, *, threads: int = 0, query_prompt: str | None = None, passage_prompt: str | None = None
    ) -> None:
        self._model = _load(model, threads)
        prompts = self._model.prompts
        self._query_prompt = _prompt(prompts, _QUERY) if query_prompt is None else query_prompt
        self._passage_prompt = _prompt(prompts, _PASSAGE) if passage_prompt is None else passage_prompt
        name = Path(model).resolve().name if Path(model).exists() else model
        prompted = hashlib.sha256(f"{self._query_prompt}\0{self._passage_prompt}".encode()).hexdigest()[:8]
        self._identity = f"{name}@{_fingerprint(self._model)} prompts {prompted}"
        self._dim = int(self._encode(["a"], "").shape[1])

    @property
    def identity(self) -> str:
        """Name the model, its weights and its prompts."""
        return self._identity

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._encode(texts, self._query_prompt) if texts else np.empty((0, self._dim), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        return self._encode(texts, self._passage_prompt) if texts else np.empty((0, self._dim), np.float32)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        try:
            vectors = self._model.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        except RuntimeError as error:  # torch's own, such as a GPU out of memory
            raise EncoderError(
                "the model failed on {count} texts: {reason}", count=len(texts), reason=line_of(error)
            ) from error
        return np.asarray(vectors, np.float32)


def _load(model: str, threads: int) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # of loading from disk; downloads have a bar of their own
    if threads:
        torch.set_num_threads(threads)
    try:
        return open_quietly(SentenceTransformer, model)
    except UnpicklingError as error:  # torch's own message says how to run it
        raise EncoderError(
            "cannot load the model {model}: its weights are damaged, or would run code of their own. "
            "Set CHUCHU_MODEL=… to another name or folder, best one with safetensors",
            model=model,
        ) from error
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
        found = "it is no sentence-transformers model" if Path(model).exists() else "no such folder, and no download"
        raise EncoderError(
            "cannot load the model {model}: {found} ({reason}). Set CHUCHU_MODEL=… to another name or folder",
            model=model,
            found=found,
            reason=line_of(error),
        ) from error


def open_quietly(make: Callable[..., _Model], model: str) -> _Model:
    """Open a folder without asking the hub about it, and a name without asking again once it is downloaded.

    The path of a folder that has one slash would be looked up as a name, and a downloaded model at every start.
    """
    if Path(model).is_dir():
        return make(str(Path(model).absolute()), local_files_only=True)
    if _is_downloaded(model):
        with suppress(OSError, ValueError):  # not whole: the hub is asked for the rest
            return make(model, local_files_only=True)
    return make(model)


def _is_downloaded(name: str) -> bool:
    """Return whether sentence-transformers fetched the model; what others fetched of it may lack how to pool."""
    from huggingface_hub import try_to_load_from_cache

    try:
        return all(try_to_load_from_cache(name, file) is not None for file in _FIRST_FETCHED)
    except ValueError:  # it is no name of the hub
        return False


def line_of(error: Exception) -> str:
    """Return the first line of what an error says, else what it is."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _prompt(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def _fingerprint(model: "SentenceTransformer") -> str:
    """Name the weights by a sample of every tensor: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        flat = tensor.detach().flatten()
        sample = flat[:: max(1, len(flat) // _SAMPLED)].float().cpu().numpy()
        digest.update(f"{name}{tuple(tensor.shape)}".encode() + sample.tobytes())
    return digest.hexdigest()[:16]
