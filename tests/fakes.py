"""Deterministic stand-ins for what is slow or outside."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.text.words import words


class FakeEncoder:
    """Puts texts that share words near each other: each word is a fixed random direction."""

    def __init__(self, identity: str = "fake", dim: int = 64) -> None:
        self.identity = identity
        self.dim = dim
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return self.encode_queries(texts)

    def _vector(self, text: str) -> Vectors:
        return _embedded(text, self.dim)


@lru_cache(maxsize=20_000)  # a new archive embeds the same hundred sentences each time, to know what is alike by chance
def _embedded(text: str, dim: int) -> Vectors:
    total = np.full(dim, 1e-3, np.float32)
    for word in words(text):
        total += _direction(word, dim)
    vector = np.asarray(total / np.linalg.norm(total), np.float32)
    vector.flags.writeable = False
    return vector


@cache
def _direction(word: str, dim: int) -> Vectors:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little")
    return np.random.default_rng(seed).standard_normal(dim).astype(np.float32)
