"""Build archives of many windows and measure them: `python benchmarks/scale.py --from index --windows 100000`.

Vectors are those of a real archive's windows with noise of the same covariance, texts are Chinese words drawn by their
frequency. The encoder embeds the questions only, and its time is left out. One build and one reader are two processes,
so that the reader's memory is its own.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import faiss
import jieba
import numpy as np
from numpy.typing import NDArray

from retrieval import encoder_of, read_settings
from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue, Entry
from retrieval.index.rows import text_digest
from retrieval.local import derive
from retrieval.manifest import open_indexes, read_manifest
from retrieval.search.calibration import CalibratedEncoder, Calibration
from retrieval.search.candidates import Indexes
from retrieval.text import words as text_words
from retrieval.text.days import day_range
from retrieval.values import Article, Filters, Passage, Span

_NOISE = 0.7  # of the real windows' spread: the nearest neighbour is then as near as in the real archive
_POOL = 50_000  # different sentences; cutting words is measured by the small archives
_PASSAGE, _ARTICLE = 2, 10  # windows a passage, windows an article
_BLOCK = 10_000  # vectors made at once
_DEPTH = 100  # windows and passages that a search takes from each index
_FILTER = Filters(since="2020-01-01", until="2020-01-20")  # 1 % of the days that articles are given
_FIRST_DAY, _DAYS = day_range("2016-01-01")[0], 2000


class Vectorist:
    """Makes vectors like those of a real archive."""

    def __init__(self, archive: Path) -> None:
        with closing(Catalogue(archive / "catalogue.sqlite")) as catalogue:
            blocks = [vectors.astype(np.float32) for _, vectors in catalogue.vectors_since(0)]
            self.manifest = catalogue.manifest()
        self._real = np.concatenate(blocks)
        centred = self._real - self._real.mean(axis=0)
        _, spread, axes = np.linalg.svd(centred, full_matrices=False)
        self._spread = (axes.T * (spread / np.sqrt(len(centred)))).astype(np.float32)

    def make(self, count: int, rng: np.random.Generator) -> NDArray[np.float16]:
        """Return `count` vectors of shape (count, dim)."""
        base = self._real[rng.integers(len(self._real), size=count)]
        noise = rng.standard_normal((count, self._spread.shape[1]), dtype=np.float32) @ self._spread.T
        made = base + _NOISE * noise
        lengths = np.linalg.norm(base, axis=1) / np.linalg.norm(made, axis=1)
        vectors: NDArray[np.float16] = (made * lengths[:, None]).astype(np.float16)
        return vectors


def sentences(count: int, rng: np.random.Generator) -> list[str]:
    """Return sentences of 30 to 60 words drawn by their frequency in jieba's dictionary."""
    lines = jieba.get_dict_file().read().decode("utf-8").splitlines()
    entries = [line.split(" ") for line in lines]
    chances = np.array([float(entry[1]) for entry in entries])
    cumulated = np.cumsum(chances) / chances.sum()
    names = np.array([entry[0] for entry in entries], dtype=object)
    lengths = rng.integers(30, 60, size=count)
    drawn = names[np.minimum(np.searchsorted(cumulated, rng.random(lengths.sum())), len(names) - 1)]
    return ["".join(part) + "。" for part in np.split(drawn, np.cumsum(lengths)[:-1])]


def entries(count: int, vectorist: Vectorist, pool: list[str]) -> Iterator[Entry]:
    """Yield articles with `count` windows together."""
    rng = np.random.default_rng(1)
    vectors = np.empty((0, 0), np.float16)
    for number in range(count // _ARTICLE):
        place = number * _ARTICLE % _BLOCK
        if not place:
            vectors = vectorist.make(_BLOCK, rng)
        chosen = [pool[line] for line in rng.integers(len(pool), size=_ARTICLE)]
        day = np.datetime64("2016-01-01") + int(rng.integers(_DAYS))
        article = Article(
            f"a{number}", "\n".join(chosen), title=chosen[0][:20], source=f"网{number % 50}", published=str(day)
        )
        keys = rng.integers(1 << 40, size=48).tolist()
        hashes = [text_digest(f"{number}:{window}") for window in range(_ARTICLE)]
        yield Entry(
            article, list(_passages(chosen)), vectors[place : place + _ARTICLE], hashes, f"/{number}", b"0" * 16, keys
        )


def _passages(lines: list[str]) -> Iterator[Passage]:
    start, spans = 0, []
    for line in lines:
        spans.append((start, start + len(line)))
        start += len(line) + 1
    for first in range(0, len(spans), _PASSAGE):
        inside: tuple[Span, ...] = tuple(spans[first : first + _PASSAGE])
        yield Passage((inside[0][0], inside[-1][1]), inside)


def build(folder: Path, count: int, real: Path) -> dict[str, float]:
    """Build an archive of `count` windows; return seconds and bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    vectorist, cut = Vectorist(real), text_words.words
    pool = sentences(min(count, _POOL), np.random.default_rng(0))
    known: dict[str, list[str]] = {}
    text_words.words = lambda text: [
        word for line in text.split("\n") for word in (known.get(line) or known.setdefault(line, cut(line)))
    ]
    with closing(Catalogue(folder / "catalogue.sqlite", create=True)) as catalogue:
        catalogue.write_manifest(vectorist.manifest)
        catalogue._connection.write("PRAGMA synchronous = OFF")  # noqa: SLF001 a hundred thousand waits for the disk are not measured
        written = _seconds(lambda: _write(catalogue, entries(count, vectorist, pool)))
        indexes = open_indexes(folder, catalogue, catalogue.manifest())
        worded = _seconds(lambda: indexes.words.update(catalogue))
        divided = _seconds(lambda: indexes.vectors.save(catalogue))
    (folder / "pool.json").write_text(json.dumps(pool[:2000], ensure_ascii=False), "utf-8")
    sizes = {name: _bytes(folder, name) / count for name in ("catalogue.sqlite", "vectors.faiss", "words/*")}
    return {
        "write s": written,
        "words s": worded,
        "vectors s": divided,
        **{f"{k} B/window": v for k, v in sizes.items()},
    }


def _write(catalogue: Catalogue, made: Iterator[Entry]) -> None:
    for entry in made:
        catalogue.put(entry)


def read(folder: Path, questions: NDArray[np.float32]) -> dict[str, float]:
    """Open an archive, ask it, and return what that took."""
    started = time.perf_counter()
    catalogue = Catalogue(folder / "catalogue.sqlite")
    indexes = open_indexes(folder, catalogue, read_manifest(folder, catalogue))
    pool = json.loads((folder / "pool.json").read_text("utf-8"))
    texts = [pool[place % len(pool)][:16] for place in range(len(questions))]
    _ask(indexes, questions[0], texts[0], Filters())
    opened = time.perf_counter() - started
    measured: dict[str, float] = {"open to first answer s": opened}
    for name, filters in (("", Filters()), (", 1 % of the days", _FILTER)):
        times = _times(partial(_ask_one, indexes, questions, texts, filters), len(questions))
        measured[f"p50 ms{name}"], measured[f"p95 ms{name}"] = np.percentile(times, [50, 95])
    parts = _times(lambda place: indexes.vectors.search(questions[place], 100), len(questions))
    measured["vectors alone p50 ms"] = float(np.median(parts))
    measured["memory MB"] = _resident("VmRSS")
    measured["of it mapped files MB"] = _resident("RssFile")
    measured |= _exactness(indexes, catalogue, questions)
    return measured | _adding(folder, indexes, catalogue)


def _ask(indexes: Indexes, vector: Vectors, text: str, filters: Filters) -> None:
    """Do what a search does but for weighing the hundred or two passages that it found."""
    catalogue = indexes.catalogue
    terms = indexes.words.terms(text_words.query_words(text))
    with catalogue.snapshot():
        indexes.vectors.refresh(catalogue)
        allowed = catalogue.allowed_passages(filters) if filters != Filters() else None
        similar, _ = indexes.vectors.search(vector, _DEPTH, allowed)
        found = sorted({*similar.tolist(), *indexes.words.search(terms, _DEPTH, filters)})
        catalogue.windows(found)
        indexes.words.standing([term.word for term in terms], found)


def _ask_one(indexes: Indexes, questions: Vectors, texts: list[str], filters: Filters, place: int) -> None:
    _ask(indexes, questions[place], texts[place], filters)


def _exactness(indexes: Indexes, catalogue: Catalogue, questions: NDArray[np.float32]) -> dict[str, float]:
    """Compare with one exact flat scan over all windows, and over those of 1 % of the days."""
    flat = faiss.IndexScalarQuantizer(questions.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    ids = []
    for block, vectors in catalogue.vectors_since(0):
        flat.add(vectors.astype(np.float32))
        ids.append(block)
    passages = np.concatenate(ids) // 4096
    allowed = catalogue.allowed_passages(_FILTER)
    selector = faiss.IDSelectorBatch(np.flatnonzero(np.isin(passages, allowed)))
    inside = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
    scanned = _times(lambda place: flat.search(questions[place : place + 1], 10), len(questions))
    found = {
        "flat scan p50 ms": float(np.median(scanned)),
        "share of windows in range": len(allowed) * _PASSAGE / flat.ntotal,
    }
    for name, parameters, numbers in (("recall@10", None, None), ("recall@10, 1 % of the days", inside, allowed)):
        _, exact = flat.search(questions, 10, params=parameters)
        hits = [
            len({*passages[row]} & {*indexes.vectors.search(question, 10, numbers)[0]}) / len({*passages[row]})
            for question, row in zip(questions, exact, strict=True)
        ]
        found[name] = float(np.mean(hits))
    return found


def _adding(folder: Path, indexes: Indexes, catalogue: Catalogue) -> dict[str, float]:
    before = (folder / "vectors.faiss").stat().st_mtime_ns
    entry = catalogue.entry(catalogue.last_number())
    assert entry is not None
    started = time.perf_counter()
    with closing(Catalogue(folder / "catalogue.sqlite")) as writer:
        writer.put(entry)
        derive(open_indexes(folder, writer, writer.manifest()))
    indexes.words.reload()
    indexes.vectors.refresh(catalogue)
    newest = int(catalogue.allowed_passages(Filters())[-1])
    assert newest in indexes.vectors.search(entry.vectors[-1].astype(np.float32), 50)[0]
    assert (folder / "vectors.faiss").stat().st_mtime_ns == before
    return {"one article until a reader finds it s": time.perf_counter() - started}


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _times(work: Callable[[int], object], count: int) -> list[float]:
    """Return how many milliseconds the work took with each number."""
    return [1e3 * _seconds(partial(work, place)) for place in range(count)]


def _bytes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern))


def _resident(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith(name)), float("nan"))


def question_vectors(real: Path, questions: Path, most: int) -> Vectors:
    """Embed questions as the archive's own search does; float32 of shape (n, dim)."""
    asked = [json.loads(line)["question"] for line in questions.read_text("utf-8").splitlines()]
    step = max(1, len(asked) // most)
    with closing(Catalogue(real / "catalogue.sqlite")) as catalogue:
        calibration = Calibration.from_json(catalogue.manifest()["calibration"])
    return CalibratedEncoder(encoder_of(read_settings()), calibration).encode_queries(asked[::step][:most])


def main() -> None:
    """Build and measure one archive, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="real", type=Path, default=Path("index"), help="an archive with real windows")
    parser.add_argument("--questions", type=Path, default=Path("examples/questions.jsonl"))
    parser.add_argument("--windows", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=Path("scale"), help="where to build; it is emptied")
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--reader", action="store_true", help="only ask what was built before")
    options = parser.parse_args()
    vectors = options.folder.with_suffix(".questions.npy")
    if options.reader:
        print(json.dumps(read(options.folder, np.load(vectors))))
        return
    if not vectors.exists():
        np.save(vectors, question_vectors(options.real, options.questions, options.asked))
    built = build(options.folder, options.windows, options.real)
    built["builder's peak memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    command = [sys.executable, __file__, "--reader", "--folder", str(options.folder)]
    asked = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for name, value in {**built, **asked}.items():
        print(f"{name:45}{value:12.4g}", flush=True)


if __name__ == "__main__":
    main()
