"""A window's vector as the catalogue keeps it: a byte a dimension, and one for the step that all are multiples of.

Of 512 dimensions 513 bytes instead of 1,024, at a cosine of 0.9999. A step has four significant bits: 16-bit floats
then hold every multiple exactly, and what was unpacked is packed into the same bytes again, so that an archive can be
copied any number of times.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.errors import ArchiveDamagedError

_MOST = 127  # the largest code; -128 stays unused, so that a vector and its opposite are coded alike
_LEVELS = np.arange(256)
_STEPS = np.ldexp(np.float32(8) + _LEVELS % 8, _LEVELS // 8 - 24).astype(np.float32)  # 2⁻²¹ to 15 · 2⁷, ascending


def packed(vectors: NDArray[np.floating]) -> list[bytes]:
    """Return each row of (n, dim) as bytes: the step's number, then the codes."""
    if not len(vectors):
        return []
    wide = vectors.astype(np.float32)
    levels = _levels(np.abs(wide).max(axis=1, initial=0))
    codes = np.rint(wide / _STEPS[levels, None]).clip(-_MOST, _MOST).astype(np.int8)
    return [row.tobytes() for row in np.hstack([levels[:, None].astype(np.uint8).view(np.int8), codes])]


def unpacked(blobs: Sequence[bytes]) -> Vectors:
    """Return what was packed as float32 of shape (n, dim).

    Raises:
        ArchiveDamagedError: that is no vector, or not of the length of the others; the message is a clause.
    """
    if not blobs:
        return np.empty((0, 0), np.float32)
    if not all(isinstance(blob, bytes) and len(blob) == len(blobs[0]) > 1 for blob in blobs):
        raise ArchiveDamagedError("a vector is not as it was written")
    rows = np.frombuffer(b"".join(blobs), np.int8).reshape(len(blobs), -1)
    vectors: Vectors = rows[:, 1:] * _STEPS[rows[:, :1].view(np.uint8)]
    return vectors


def _levels(most: Vectors) -> NDArray[np.intp]:
    """Return for each largest value the least step that reaches it, or the one below if rounding brings it there."""
    levels = np.searchsorted(_STEPS, most / _MOST).clip(1, len(_STEPS) - 1)
    reached = np.rint(most / _STEPS[levels]) * _STEPS[levels]
    return np.where(reached <= _MOST * _STEPS[levels - 1], levels - 1, levels)
