"""How the matrix products of a model are computed: in float32, or in 8 bits with ranges found beforehand.

A few channels are ten times as large as the others. One range for all would leave the others four bits, so channels are
evened out first: what a channel is divided by, its row of weights is multiplied by.

Source: Xiao et al., "SmoothQuant" (2023), with the powers found here (docs/lab/performance.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Channels = NDArray[np.float32]
"""A value for each channel that a matrix reads, such as its greatest magnitude; float32 of shape (channels)."""

_GELU_LEAST = -0.17
"""GELU is never below this."""


class MatrixSite(StrEnum):
    """The matrices of a layer, by what they read."""

    QKV = "qkv"
    ATTENDED = "ao"
    INNER = "fi"
    ACTIVE = "fo"


_POWERS: Mapping[MatrixSite, float] = {MatrixSite.QKV: 1.0, MatrixSite.ATTENDED: 0.25, MatrixSite.INNER: 0.5}
"""How far channels are evened out, 0 not at all, 1 wholly: of 0, ¼, ½, ¾ and 1 those nearest to float32."""
_CAPPED = 4
"""Channels after GELU that are cut to the size of the next: of 1, 4 and 16 nearest to float32."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The arithmetic of a model: bits of its weights, and matrices that stay in float32.

    Vectors of recipes that are `like` each other may be compared.
    """

    name: str
    like: str
    bits: int = 8
    exact: frozenset[MatrixSite] = field(default_factory=frozenset)
    smooth: bool = True


FLOAT = Recipe("float32", like="float32", exact=frozenset(MatrixSite))
INT8 = Recipe("int8", like="int8")
INT7 = Recipe("int7", like="int8", bits=7)
"""Questions in 7 bits over windows in 8 find as many as in 8 bits (docs/lab/performance.md)."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a matrix reads, once multiplied by `factors`, lies between `least` and `greatest`."""

    factors: Channels
    least: float
    greatest: float

    @property
    def step(self) -> np.float32:
        """The width of one of the 255 steps."""
        return np.float32((self.greatest - self.least) / 255)

    @property
    def zero(self) -> np.uint8:
        """The code of 0."""
        return np.uint8(round(-self.least / float(self.step)))


def range_of(site: MatrixSite, greatest: Channels, *, smooth: bool) -> Range:
    """Find the range of a matrix from the greatest magnitude of each channel."""
    greatest = _rounded(greatest)
    factors = _factors(site, greatest) if smooth else np.ones_like(greatest)
    top = float((greatest * factors).max())
    return Range(factors, _GELU_LEAST if site is MatrixSite.ACTIVE else -top, top)


def codes(weights: NDArray[np.float32], bits: int) -> tuple[NDArray[np.int8], Channels]:
    """Round weights of shape (in, out) to so many bits; one scale a column."""
    most = 2 ** (bits - 1) - 1
    scales = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny) / np.float32(most)
    return np.round(weights / scales).astype(np.int8), scales


def recipe_here() -> Recipe:
    """Choose by the processor: without VNNI, sums of two 8-bit products overflow unless weights have 7 bits."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return INT8
    return INT8 if "vnni" in flags or "avx2" not in flags else INT7


def _factors(site: MatrixSite, greatest: Channels) -> Channels:
    if site is MatrixSite.ACTIVE:
        return np.asarray(np.minimum(1, np.sort(greatest)[-1 - _CAPPED] / greatest), np.float32)
    evened = np.maximum(greatest, np.median(greatest) / 10) ** np.float32(-_POWERS[site])
    return np.asarray(evened / evened.max(), np.float32)


def _rounded(greatest: Channels) -> Channels:
    """Round up to the next eighth of an octave: another processor's last digits must not change the codes."""
    return np.asarray(np.exp2(np.ceil(np.log2(np.maximum(greatest, 1e-6)) * 8) / 8), np.float32)
