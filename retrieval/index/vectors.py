"""The windows' vectors in FAISS: derived from the catalogue, brought up to date by change sequence."""

import logging
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.schema import WINDOWS_A_PASSAGE

_log = logging.getLogger(__name__)
_FOOTER = struct.Struct(
    "<8s16sqq"
)  # magic, archive, sequence, bytes before the footer; FAISS ignores what follows its own
_MAGIC = b"CHUCHUV1"
_REWRITE_SHARE = 0.1  # the file is written again once this share of it is missing: a reader replays the rest in memory


class VectorIndex:
    """The vectors of an archive's windows, searched by inner product."""

    def __init__(self, path: Path, archive: bytes, dim: int) -> None:
        """Open `path` if it belongs to `archive` (16 bytes), else start empty: `refresh` fills in what is missing."""
        self._path = path
        self._archive = archive
        self._dim = dim
        self._covered = 0
        self._saved = 0
        self._index: Any = self._load() or _empty(dim)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def _load(self) -> faiss.Index | None:
        try:
            return self._read(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RuntimeError, struct.error) as error:
            _log.warning("%s is not used (%s); its vectors are read from the catalogue", self._path, error)
            return None

    def _read(self, data: bytes) -> faiss.Index:
        magic, archive, sequence, length = _FOOTER.unpack(data[-_FOOTER.size :])
        if (magic, archive, length) != (_MAGIC, self._archive, len(data) - _FOOTER.size):
            raise ValueError("it belongs to another archive or is cut off")
        index = faiss.deserialize_index(np.frombuffer(data, np.uint8, length))
        if index.d != self._dim:
            raise ValueError(f"{index.d} dimensions instead of {self._dim}")
        self._covered, self._saved = sequence, int(index.ntotal)
        return index

    def refresh(self, catalogue: Catalogue) -> None:
        """Replay what the catalogue changed since the last time."""
        sequence = catalogue.sequence()
        if sequence == self._covered:
            return
        for first, last in catalogue.removed_since(self._covered):
            self._index.remove_ids(faiss.IDSelectorRange(first * WINDOWS_A_PASSAGE, (last + 1) * WINDOWS_A_PASSAGE))
        for ids, vectors in catalogue.vectors_since(self._covered):
            self._index.add_with_ids(vectors.astype(np.float32), ids)
        self._covered = sequence

    def save(self) -> None:
        """Write the file anew, beside the old one and over it, if too much of it is missing."""
        if self._path.exists() and abs(len(self) - self._saved) <= _REWRITE_SHARE * self._saved:
            return
        data = faiss.serialize_index(self._index).tobytes()
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(data)
            file.write(_FOOTER.pack(_MAGIC, self._archive, self._covered, len(data)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._saved = len(self)

    def search(
        self, query: Vectors, k: int, passages: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return passage numbers and scores of the best `k` windows for `query` of shape (dim,), best first.

        `passages`, sorted numbers, restricts the search. Equal scores keep the older passage first.
        """
        parameters = None
        if passages is not None:
            ids = faiss.vector_to_array(self._index.id_map)
            selector = faiss.IDSelectorBatch(ids[np.isin(ids // WINDOWS_A_PASSAGE, passages)])
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, found = self._index.search(query[None, :], min(k, max(len(self), 1)), params=parameters)
        kept = found[0] >= 0
        order = np.lexsort((found[0][kept], -scores[0][kept]))
        return found[0][kept][order] // WINDOWS_A_PASSAGE, scores[0][kept][order]


def _empty(dim: int) -> faiss.Index:
    flat = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)


def best_of_each(numbers: Sequence[int] | NDArray[np.int64], scores: Vectors) -> dict[int, float]:
    """Return each passage's best score, in the order given."""
    best: dict[int, float] = {}
    for number, score in zip(numbers, scores, strict=True):
        best.setdefault(int(number), float(score))
    return best
