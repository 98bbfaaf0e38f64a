"""Build an archive of many windows, and time its parts; what was built before is kept."""

import json
import resource
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.scale.material import POOL, Cutter, Vectorist, entries, sentences
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import Derived
from retrieval.text import words as text_words

Measured = dict[str, float]


def build(folder: Path, count: int, real: Path) -> Measured:
    """Build what is missing of an archive of `count` windows; return seconds, and bytes a window."""
    folder.mkdir(parents=True, exist_ok=True)
    pool = sentences(min(count, POOL), np.random.default_rng(0))
    told = folder / "built.json"
    measured: Measured = json.loads(told.read_text()) if told.exists() else {}
    if "write s" not in measured:
        measured["write s"] = seconds(lambda: _write(folder, count, Vectorist(real), pool))
        told.write_text(json.dumps(measured))
    measured |= _derive(folder, pool, measured)
    told.write_text(json.dumps(measured))
    (folder / "pool.json").write_text(json.dumps(pool[:2000], ensure_ascii=False), "utf-8")
    return measured | {f"{name}, B a window": _bytes(folder, pattern) / count for name, pattern in _PARTS.items()}


_PARTS = {"catalogue": "catalogue.sqlite", "vectors": "vectors.faiss", "words": "words/*"}


def _write(folder: Path, count: int, vectorist: Vectorist, pool: list[str]) -> None:
    (folder / "catalogue.sqlite").unlink(missing_ok=True)
    with closing(Catalogue(folder / "catalogue.sqlite", create=True)) as catalogue:
        catalogue.write_manifest(vectorist.manifest)
        catalogue._connection.write("PRAGMA synchronous = OFF")  # noqa: SLF001 a hundred thousand waits for the disk are not measured
        for entry in entries(count, vectorist, pool):
            catalogue.put_all([entry])


def _derive(folder: Path, pool: list[str], before: Measured) -> Measured:
    """Derive words and vectors; what is up to date costs nothing and keeps its time."""
    text_words.words = Cutter(pool, text_words.words)
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        indexes = Derived(folder, catalogue.manifest())
        is_new = indexes.words.covered() != catalogue.sequence()
        times = {"words s": seconds(lambda: indexes.words.update(catalogue))} if is_new else {}
        if not (folder / "vectors.faiss").exists():
            times["vectors s"] = seconds(lambda: indexes.vectors.save(catalogue))
            times["builder's peak memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return before | times


def seconds(work: Callable[[], object]) -> float:
    """Return how many seconds the work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bytes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern))
