"""A window's vector as the catalogue keeps it: a byte a dimension, and a power of two that all are multiplied by.

Of 512 dimensions 513 bytes instead of 1,024, at a cosine of 0.9999. Since it is a power of two, 16-bit floats hold what
was unpacked, and it is packed into the same bytes again: an archive can be copied any number of times.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors

_MOST = 127  # the largest code; -128 stays unused, so that a vector and its opposite are coded alike
_LEAST_EXPONENT = -24  # below it a 16-bit float cannot hold every multiple


def packed(vectors: NDArray[np.floating]) -> list[bytes]:
    """Return each row of (n, dim) as bytes: the exponent, then the codes."""
    if not len(vectors):
        return []
    wide = vectors.astype(np.float32)
    most = np.abs(wide).max(axis=1, initial=0, keepdims=True)
    with np.errstate(divide="ignore"):
        exponents = np.maximum(np.ceil(np.log2(most / _MOST)), _LEAST_EXPONENT).astype(np.int32)
    codes = np.rint(np.ldexp(wide, -exponents))
    return [row.tobytes() for row in np.hstack([exponents, codes]).astype(np.int8)]


def unpacked(blobs: Sequence[bytes]) -> Vectors:
    """Return what was packed as float32 of shape (n, dim)."""
    if not blobs:
        return np.empty((0, 0), np.float32)
    rows = np.frombuffer(b"".join(blobs), np.int8).reshape(len(blobs), -1)
    vectors: Vectors = np.ldexp(rows[:, 1:].astype(np.float32), rows[:, :1].astype(np.int32))
    return vectors
