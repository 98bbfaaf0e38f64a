"""What the measured archives are made of: vectors like a real archive's, and Chinese words drawn by their frequency."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray

from retrieval.store.catalogue import Catalogue
from retrieval.store.protocols import Entry, text_digest
from retrieval.values import Article, Passage, Span

POOL = 50_000  # different sentences; cutting words is measured by the small archives
PASSAGE, ARTICLE = 2, 10  # windows a passage, windows an article
_NOISE = 0.7  # of the real windows' spread: the nearest neighbour is then as near as in the real archive
_BLOCK = 10_000  # vectors made at once
_DAYS = 2000
_UNDATED = 20  # one article in so many has no date
_HEAD = 8  # characters by which the sentence is found that a cut line is the beginning of


class Vectorist:
    """Makes vectors like those of a real archive: its own, with noise of the same covariance."""

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


class Cutter:
    """Cuts each sentence of a pool once; the beginning of one has those of its words that stand in it."""

    def __init__(self, pool: list[str], cut: Callable[[str], list[str]]) -> None:
        self._cut = cut
        self._known: dict[str, list[str]] = {}
        self._heads = {line[:_HEAD]: line for line in pool}

    def __call__(self, text: str) -> list[str]:
        """Return the words of some lines."""
        return [word for line in text.split("\n") for word in self._words(line)]

    def _words(self, line: str) -> list[str]:
        whole = self._heads.get(line[:_HEAD], line)
        if whole not in self._known:
            self._known[whole] = [sys.intern(word) for word in self._cut(whole)]
        words = self._known[whole]
        return words if whole == line else [word for word in words if word in line]


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
    for number in range(count // ARTICLE):
        place = number * ARTICLE % _BLOCK
        if not place:
            vectors = vectorist.make(_BLOCK, rng)
        chosen = [pool[line] for line in rng.integers(len(pool), size=ARTICLE)]
        keys = rng.integers(1 << 40, size=48).tolist()
        hashes = [text_digest(f"{number}:{window}") for window in range(ARTICLE)]
        rows = vectors[place : place + ARTICLE]
        article = _article(number, chosen, int(rng.integers(_DAYS)))
        yield Entry(article, list(_passages(chosen)), rows, hashes, f"/{number}", b"0" * 16, keys)


def _article(number: int, lines: list[str], day: int) -> Article:
    published = str(np.datetime64("2016-01-01") + day) if number % _UNDATED else None
    return Article(f"a{number}", "\n".join(lines), title=lines[0][:20], source=f"网{number % 50}", published=published)


def _passages(lines: list[str]) -> Iterator[Passage]:
    start, spans = 0, []
    for line in lines:
        spans.append((start, start + len(line)))
        start += len(line) + 1
    for first in range(0, len(spans), PASSAGE):
        inside: tuple[Span, ...] = tuple(spans[first : first + PASSAGE])
        yield Passage((inside[0][0], inside[-1][1]), inside)
