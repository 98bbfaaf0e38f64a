"""The FAISS index and its file: which structure, how it is searched, written and checked."""

import math
import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors

FLAT_MOST = 30_000
"""Windows up to which every vector is read: 10 ms here, and nothing is trained."""

_REFINED, _LEAST_REFINED = 2, 100
"""Of how many times as many windows as are asked for the exact score is read, and of how many at least.

4 bits misplace some. Of the exact first 10 of 743,000 windows, 20 hold .903, 50 .994, 100 and 200 all.
"""

_STEPS = 15  # of 4 bits, between the least and the greatest value seen in training
_SAME = 1e-6
_SAMPLE = 64  # windows a list that k-means sees; 39 is FAISS's least, 256 took 3 times as long for the same recall
_ROUNDS = 8
_SHARE = 64
"""One list in so many is probed. Of the exact first 10 of a million, 16 of 2,048 lists hold .994, 32 and 64 .999."""
_LEAST_PROBED = 32
_THINNER = 0.4
"""Power of the share that is allowed by which more lists are probed.

Of the exact first 10 of a million under 10, 1 and 0.1 % of the days: 1.000, 1.000, .999; by 0.25 the last is .986.
"""


def make_index(dim: int, windows: int, sample: Vectors) -> Any:
    """Return an empty index for so many windows: flat without a `sample`, else trained on it, of shape (n, dim)."""
    if not len(sample):
        return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    codes, metric = faiss.ScalarQuantizer.QT_4bit, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, lists_for(windows), codes, metric)
    index.by_residual = False  # scores then need no centroid
    index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _SAMPLE
    index.train(sample)
    return index


def lists_for(windows: int) -> int:
    """Return how many lists to divide so many windows into: about twice their square root, a power of two."""
    return int(1 << round(math.log2(2 * math.sqrt(windows))))


def sample_size(windows: int, flat_most: int) -> int:
    """Return how many windows to train on; 0 where every vector is read."""
    return 0 if windows <= flat_most else _SAMPLE * lists_for(windows)


def refined(k: int) -> int:
    """Return of how many windows the exact score is read to find the best `k`, where the index's is not exact."""
    return max(_REFINED * k, _LEAST_REFINED)


def is_exact(index: Any) -> bool:
    """Return whether the index's scores are those of the catalogue's own vectors."""
    return not isinstance(index, faiss.IndexIVF)


def holds(index: Any, stored: Vectors, vectors: Vectors) -> NDArray[np.bool_]:
    """Return which rows of what the index has `stored` are what it makes of the catalogue's; both of shape (n, dim).

    Compared is what the codec gives, not the vectors themselves: values beyond those it was trained on are cut off, by
    any amount. One step apart is the same, for another processor may have rounded the other way.
    """
    given = index.sq.decode(index.sq.compute_codes(vectors))
    steps = 0.0 if is_exact(index) else faiss.vector_to_array(index.sq.trained)[vectors.shape[1] :] / _STEPS
    held: NDArray[np.bool_] = (np.abs(stored - given) <= 1.01 * steps + _SAME).all(axis=1)
    return held


def reconstruction(index: Any) -> Callable[[NDArray[np.int64]], Vectors]:
    """Return a function from rows of the index to the vectors that it holds for them, of shape (n, dim)."""
    if not is_exact(index):
        index.make_direct_map()
    return lambda rows: np.stack([index.reconstruct(int(row)) for row in rows])


def search_rows(
    index: Any, query: Vectors, k: int, allowed: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], Vectors]:
    """Return rows and scores of the best `k` for `query` of shape (dim,), best first; `allowed` has a flag a row."""
    if not index.ntotal:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    bits = None if allowed is None else np.packbits(allowed, bitorder="little")
    selector = None if bits is None else faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
    with _one_thread():
        scores, rows = index.search(query[None, :], min(k, index.ntotal), params=_parameters(index, selector, allowed))
    kept = rows[0] >= 0
    return rows[0][kept], scores[0][kept]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Search in this thread: waiting for others costs 12 ms on a busy machine, and a list is read in 0.1."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _parameters(index: Any, selector: Any, allowed: NDArray[np.bool_] | None) -> Any:
    if is_exact(index):
        return faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
    share = 1.0 if allowed is None else max(float(np.count_nonzero(allowed)) / len(allowed), 1e-9)
    # few allowed windows lie thinly in many lists, and skipping the others costs next to nothing
    probed = max(_LEAST_PROBED, index.nlist // _SHARE) / share**_THINNER
    return faiss.SearchParametersIVF(sel=selector, nprobe=min(index.nlist, round(probed)))  # type: ignore[call-arg]


# magic, archive, sequence, trained, bytes of the FAISS part, checksum of all that stands before the footer
_FIELDS = struct.Struct("<8s16sqqqI")
_SEAL = struct.Struct("<I")
_FOOTER_BYTES = _FIELDS.size + _SEAL.size
_MAGIC = b"CHUCHUV3"
_MAPPED_FROM = 32 << 20  # bytes; smaller files are read whole, which also notices a flipped byte on opening
_BLOCK = 1 << 20

Windows = NDArray[np.int64]
"""The window's id of each row of the index, growing; negative where the window is gone."""


@dataclass(frozen=True, slots=True)
class Saved:
    """An index as it lies on disk: it covers the changes up to `sequence`, and was trained on `trained` windows."""

    index: Any
    windows: Windows
    sequence: int
    trained: int


def write_vectors(path: Path, archive: bytes, saved: Saved) -> None:
    """Write the file next to the old one and rename it over.

    Raises:
        OSError: it cannot be written; the old one is untouched.
        RuntimeError: the same, raised by FAISS.
    """
    fresh = path.with_suffix(".new")
    try:
        faiss.write_index(saved.index, str(fresh))
        length = fresh.stat().st_size
        with fresh.open("ab") as file:
            file.write(saved.windows.tobytes())
            file.flush()
            checksum = _checksum(fresh, fresh.stat().st_size)
            fields = _FIELDS.pack(_MAGIC, archive, saved.sequence, saved.trained, length, checksum)
            file.write(fields + _SEAL.pack(zlib.crc32(fields)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read_vectors(path: Path, archive: bytes, dim: int, *, mapped: bool = True) -> Saved:
    """Read the file; if it is large and `mapped`, map it.

    Raises:
        ValueError: it is not this archive's, cut off, or not as it was written.
        OSError: it cannot be read.
        RuntimeError: the same, raised by FAISS.
    """
    size = path.stat().st_size
    sequence, trained, length, _ = _footer(path, archive)
    mapped = mapped and size >= _MAPPED_FROM
    if not mapped:
        check_vectors(path, archive)
    windows = np.fromfile(path, np.int64, (size - _FOOTER_BYTES - length) // 8, offset=length)
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP if mapped else 0)
    if index.d != dim or index.ntotal != len(windows):
        raise ValueError(f"it holds {index.ntotal} × {index.d} instead of {len(windows)} × {dim}")
    _disable_prefetch(index)
    return Saved(index, windows, sequence, trained)


def _disable_prefetch(index: Any) -> None:
    """Read mapped lists in the thread that searches: FAISS starts 32 for each search, which take longer than they save.

    32 lists of a million windows: 2.6 ms instead of 4.8.
    """
    if isinstance(index, faiss.IndexIVF) and index.invlists:
        lists = faiss.downcast_InvertedLists(index.invlists)
        if isinstance(lists, faiss.OnDiskInvertedLists):
            lists.prefetch_nthread = 0


def saved_sequence(path: Path, archive: bytes) -> int:
    """Return the change sequence that the file covers, -1 if it is of no use."""
    try:
        return _footer(path, archive)[0]
    except (OSError, ValueError):
        return -1


def check_vectors(path: Path, archive: bytes) -> None:
    """Check every byte of the file.

    Raises:
        ValueError: it is not this archive's, or not as it was written.
        OSError: it cannot be read.
    """
    checksum = _footer(path, archive)[3]
    if _checksum(path, path.stat().st_size - _FOOTER_BYTES) != checksum:
        raise ValueError("its bytes are not as they were written")


def _footer(path: Path, archive: bytes) -> tuple[int, int, int, int]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
        raise ValueError("it is no file")
    with path.open("rb") as file:
        file.seek(max(0, found.st_size - _FOOTER_BYTES))
        data = file.read()
    if len(data) != _FOOTER_BYTES or _SEAL.pack(zlib.crc32(data[: _FIELDS.size])) != data[_FIELDS.size :]:
        raise ValueError("it is cut off or no file of chuchu")
    magic, owner, sequence, trained, length, checksum = _FIELDS.unpack(data[: _FIELDS.size])
    if (magic, owner) != (_MAGIC, archive):
        raise ValueError("it belongs to another archive")
    return sequence, trained, length, checksum


def _checksum(path: Path, end: int) -> int:
    """Return the checksum of the first `end` bytes."""
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(min(_BLOCK, end - file.tell())):
            checksum = zlib.crc32(block, checksum)
    return checksum
