"""Make the vector index that is written: out of the catalogue, or out of an older one and what came since."""

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.structure import make_index, sample_size
from retrieval.index.tail import Tail
from retrieval.index.vector_file import Saved

_RETRAINED = 4  # times as many windows as the structure was chosen and trained for: make it anew


def rebuilt(catalogue: Catalogue, dim: int, sequence: int, flat_most: int) -> Saved:
    """Return an index of all windows of the catalogue, which stands at `sequence`."""
    total = catalogue.counts()["windows"]
    index = make_index(dim, total, _sample(catalogue, dim, sample_size(total, flat_most)))
    windows: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for ids, vectors in catalogue.vectors_since(0):
        index.add(vectors.astype(np.float32))
        windows.append(ids)
    return Saved(index, np.concatenate(windows), sequence, total)


def appended(old: Saved, alive: NDArray[np.bool_], tail: Tail, sequence: int) -> Saved | None:
    """Return `old`, whose index is in memory, with the tail added to it; None if it has outgrown its structure."""
    windows = np.concatenate([np.where(alive, old.windows, -np.abs(old.windows)), tail.ids])
    if len(windows) > _RETRAINED * old.trained:
        return None
    old.index.add(tail.vectors)
    return Saved(old.index, windows, sequence, old.trained)


def _sample(catalogue: Catalogue, dim: int, wanted: int) -> Vectors:
    """Return about as many windows as are wanted, spread evenly over the archive."""
    if not wanted:
        return np.empty((0, dim), np.float32)
    share = wanted / catalogue.counts()["windows"]
    rng = np.random.default_rng(0)
    blocks = [vectors[rng.random(len(vectors)) < share] for _, vectors in catalogue.vectors_since(0)]
    return np.concatenate(blocks).astype(np.float32)
