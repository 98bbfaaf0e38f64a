"""Several processes that index into one cluster at the same time, and are killed."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import Archive, Settings, Shard, index_paths, verify_archive
from retrieval.encode.encoder import Vectors
from retrieval.store.milvus import Cluster
from retrieval.store.milvus.rows import ARTICLES, PASSAGES, WINDOWS
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[4]
ARTICLES_MADE, SHARDS = 60, ("1/2", "2/2")
INDEX = """
import sys
from pathlib import Path
from retrieval import index_paths, ingest
from retrieval.origins import parse_shard
from tests.retrieval.store.milvus.test_writers import Unsteady
ingest._BATCH_WINDOWS = 16  # many batches, so that a kill lands between any two steps
print("ready", flush=True)
sys.stdin.readline()
index_paths(
    [Path(sys.argv[1])], sys.argv[2], Unsteady(int(sys.argv[4])), shard=parse_shard(sys.argv[3]),
    progress=lambda report: print(*report.added[-1:], flush=True),
)
"""


class Unsteady(FakeEncoder):
    """Gives other last bits in each run, as an encoder does for other batches and on other machines."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self._noise = np.random.default_rng(seed)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode_passages(texts)
        return vectors + self._noise.normal(0, 1e-4, vectors.shape).astype(np.float32)


class Indexing:
    """A process that indexes a shard once it is told to begin."""

    def __init__(self, path: Path, address: str, shard: str, seed: int) -> None:
        command = [sys.executable, "-c", INDEX, str(path), address, shard, str(seed)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1
        )
        assert self._line() == "ready\n"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")

    def kill(self) -> set[str]:
        """Kill it; return the ids of articles that it has reported as done."""
        first = self._line()
        self._process.kill()
        rest, _ = self._process.communicate()
        return {*first.split(), *rest.split()}


def write(path: Path) -> Path:
    texts = {f"a{n}": f"第{n}座桥有{n * 7}米，连起{n}个村的老路，20{n % 9 + 10}年通车。" for n in range(ARTICLES_MADE)}
    records = [
        json.dumps({"id": name, "text": text, "published": f"20{n % 9 + 10}"})
        for n, (name, text) in enumerate(texts.items())
    ]
    path.write_text("\n".join(records), "utf-8")
    return path


def counts(address: str) -> list[int]:
    cluster = Cluster(address, Settings())
    try:
        return [cluster.count(name) for name in (ARTICLES, PASSAGES, WINDOWS)]
    finally:
        cluster.close()


@pytest.mark.slow
def test_killed_shards_leave_what_they_reported_and_run_again_all_is_there_once(cluster: str, tmp_path: Path) -> None:
    path = write(tmp_path / "many.jsonl")
    index_paths([path], cluster, FakeEncoder(), shard=Shard(1, 60))  # makes the collections
    drawn, reported = random.Random(0), set[str]()
    for attempt in range(3):
        running = [Indexing(path, cluster, shard, 10 * attempt + place) for place, shard in enumerate(SHARDS)]
        for indexing in running:
            indexing.begin()
        time.sleep(drawn.random() / 2)
        for indexing in running:
            reported |= indexing.kill()
        with Archive(cluster, Settings(), FakeEncoder()) as reader:
            assert {name for name in reported if reader.article(name) is None} == set()
    again = [index_paths([path], cluster, FakeEncoder(), shard=Shard(number, 2)) for number in (1, 2)]
    assert sum(len(report.added) + len(report.unchanged) for report in again) == ARTICLES_MADE
    assert verify_archive(cluster) == ()
    assert counts(cluster) == [ARTICLES_MADE] * 3
