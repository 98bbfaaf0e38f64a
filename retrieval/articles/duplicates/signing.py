"""Text → MinHash → the keys by which an archive finds what may be a copy, without comparing every pair."""

import functools
from typing import Any

import numpy as np

from retrieval.articles.duplicates.tokens import runs, tokens

# The constants were chosen by benchmarks/duplicates.py; run it again after a change.
BANDS = 48
"""Values of a signature, each of them a band: a text keeps some of them however much is glued to it or cut off."""

SHARED_BANDS = 2
"""Bands that two articles share before they are compared: one is often a catch phrase, copies share ten and more."""

_RUN = 6  # tokens in a row: longer ones find fewer catch phrases, and fewer copies that were edited much
_CHUNK = 10_000  # runs hashed at once, BANDS × 4 bytes each


def signature(text: str) -> bytes:
    """Sign a text for `bands`: `BANDS` little-endian uint32, the same in every process; empty if it has no letters.

    Source: Broder, "On the resemblance and containment of documents", 1997.
    """
    signed = runs(tokens(text).exact, _RUN)
    if not signed.size:
        return b""
    sketch = _empty_sketch().copy()
    for start in range(0, signed.size, _CHUNK):
        sketch.update_batch(signed[start : start + _CHUNK].tolist())
    return np.asarray(sketch.hashvalues, dtype="<u4").tobytes()


def bands(signature: bytes) -> tuple[int, ...]:
    """Cut a signature into keys, signed 64-bit integers: two texts are compared if `SHARED_BANDS` of them agree."""
    return tuple(place << 32 | value for place, value in enumerate(np.frombuffer(signature, dtype="<u4").tolist()))


@functools.cache
def _empty_sketch() -> Any:
    # imported late: datasketch brings scipy, a second that only indexing has to wait for
    from datasketch import MinHash

    return MinHash(BANDS, seed=1, hashfunc=int, scheme="affine32")
