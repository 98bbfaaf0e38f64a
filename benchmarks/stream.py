"""Index very many articles, and print how much memory that takes as they pass.

    python -m benchmarks.stream [--articles 100000] [--dim 512] [--work FOLDER]

The articles are made up, a line of JSON each, of 60 characters that recur; their vectors are random, so that reading,
writing and deriving are measured and not the encoder. With --work in memory (/dev/shm) nothing waits for a disk.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.resident import kilobytes
from retrieval import IndexReport, index_paths
from retrieval.encode.encoder import Vectors

_CHARACTERS = "桥河山村茶库人水路学校医院县城老师农民工厂机器天气春夏秋冬上下左右"
_MARKS = 10  # lines that are printed


class RandomEncoder:
    """An encoder that knows nothing and costs next to nothing."""

    identity = "random"

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._random = np.random.default_rng(0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return a random vector for each text; float32 of shape (n, dim), unit rows."""
        vectors = self._random.standard_normal((len(texts), self.dim), dtype=np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    encode_passages = encode_queries


class Marks:
    """Prints the time and the memory whenever another tenth of the articles is done."""

    def __init__(self, articles: int) -> None:
        self._began = time.monotonic()
        self._next = iter(articles * mark // _MARKS for mark in range(1, _MARKS + 1))
        self._mark = next(self._next)

    def __call__(self, report: IndexReport) -> None:
        """Look how far it is."""
        done = len(report.added)
        if done >= self._mark:
            print(f"{done:>8} articles {time.monotonic() - self._began:>6.0f} s  {_megabytes()}", flush=True)
        while done >= self._mark:
            self._mark = next(self._next, 10**12)


def main() -> None:
    """Make articles, index them, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--work", type=Path, help="where the archive is made; 4 KB an article")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        path = Path(folder, "articles.jsonl")
        with path.open("w", encoding="utf-8") as file:
            file.writelines(_lines(given.articles))
        print(f"{0:>8} articles {0:>6} s  {_megabytes()}")
        index_paths([path], Path(folder, "archive"), RandomEncoder(given.dim), progress=Marks(given.articles))
        print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _lines(count: int) -> Iterator[str]:
    choose = random.Random(1)  # noqa: S311 repeatable, not secret
    for number in range(count):
        text = f"第{number}号消息，{''.join(choose.choices(_CHARACTERS, k=60))}，完毕。"
        yield json.dumps({"id": f"a{number}", "text": text, "source": f"报{number % 50}"}, ensure_ascii=False) + "\n"


def _megabytes() -> str:
    own, mapped = (kilobytes(name) // 1024 for name in ("RssAnon", "RssFile"))
    return f"{own:>4} MB of its own, {mapped:>3} of mapped files"


if __name__ == "__main__":
    main()
