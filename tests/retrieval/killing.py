"""Kill a process that indexes, removes and compacts, at a random point, and see what it leaves.

`python -m tests.retrieval.killing 1000` does it a thousand times. The process that kills only forks, so that neither the
writers nor the checks have to import everything again.
"""

import importlib
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from retrieval import Archive, IndexReport, Settings, index_paths, remove_articles
from retrieval.maintenance import verify_archive
from tests.fakes import FakeEncoder

ARTICLES = 60
LONGEST_S = 3.0  # several runs of the writer, removals and compactions between them


def text_of(number: int, edition: int) -> str:
    """Return what article `number` says in its `edition`."""
    lines = (
        f"第{number}座桥的第{line}段有{number * line + edition}米，连起{line}个村的老路。" for line in range(1, 12)
    )
    return "\n".join(lines)


def write_articles(path: Path, edition: int) -> None:
    """Write all articles; each edition changes every third one."""
    records = ({"id": f"a{n}", "text": text_of(n, edition if n % 3 == edition % 3 else 0)} for n in range(ARTICLES))
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")


def write_without_end(folder: Path, seed: int) -> None:
    """Index, change and remove until killed, naming in a file each article once it is done."""
    rng = random.Random(seed)  # noqa: S311
    edition = 0
    with (folder / "told").open("w", buffering=1) as told:
        while True:
            edition += 1
            write_articles(folder / "articles.jsonl", edition)
            index_paths(
                [folder / "articles.jsonl"], folder / "archive", FakeEncoder(dim=16), progress=Told(told, edition)
            )
            gone = " ".join(f"a{rng.randrange(ARTICLES)}" for _ in range(5))
            told.write(f"removing {gone}\n")
            remove_articles(folder / "archive", gone.split())


class Told:
    """Says each article that is reported as done, once."""

    def __init__(self, told: TextIO, edition: int) -> None:
        self._told = told
        self._edition = edition
        self._done = 0

    def __call__(self, report: IndexReport) -> None:
        done = [*report.added, *report.changed]
        if len(done) > self._done:
            self._told.write("".join(f"done {article_id} {self._edition}\n" for article_id in done[self._done :]))
            self._done = len(done)


def kill_once(folder: Path, seed: int) -> None:
    """Let a writer work for a random time, kill it, and check that nothing that it reported is missing."""
    (folder / "told").write_text("")
    writer = fork(lambda: write_without_end(folder, seed))
    time.sleep(random.Random(seed).random() * LONGEST_S)  # noqa: S311
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    lines = (folder / "told").read_text().split("\n")[:-1]
    checker = fork(lambda: check(folder, [line.split() for line in lines]))
    assert os.waitpid(checker, 0)[1] == 0, f"kill {seed} left what is said above"


def fork(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own; return its number."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 whatever it is, this process ends here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def check(folder: Path, reported: list[list[str]]) -> None:
    """Check the archive against what its killed writer reported, and that the next run goes on."""
    archive, source = folder / "archive", folder / "articles.jsonl"
    if not (archive / "catalogue.sqlite").exists():
        assert not reported
        return
    expected: dict[str, str] = {}
    for verb, *words in reported:
        if verb == "done":
            expected[words[0]] = text_of(int(words[0][1:]), _edition(words[0], int(words[1])))
        else:
            for gone in words:
                expected.pop(gone, None)
    if expected:
        assert not (left := verify_archive(archive)), left
        with Archive(archive, Settings(), FakeEncoder(dim=16)) as opened:
            for article_id, text in expected.items():
                found = opened.article(article_id)
                assert found is not None, article_id
                if found.text != text:
                    assert any(found.text == text_of(int(article_id[1:]), edition) for edition in range(100))
            assert opened.ask("第七座桥有几米？").hits
    again = FakeEncoder(dim=16)
    index_paths([source], archive, again)
    assert not (left := verify_archive(archive)), left
    once = FakeEncoder(dim=16)
    index_paths([source], archive, once)
    assert once.encoded == []


def _edition(article_id: str, edition: int) -> int:
    return edition if int(article_id[1:]) % 3 == edition % 3 else 0


def kill_often(times: int, seed: int) -> None:
    """Kill so often, with one archive for every ten kills."""
    importlib.import_module("retrieval.indexing")  # once, before the first fork
    for start in range(0, times, 10):
        with TemporaryDirectory() as folder:
            for kill in range(start, min(start + 10, times)):
                kill_once(Path(folder), seed + kill)
        print(f"{min(start + 10, times)} kills", flush=True)


if __name__ == "__main__":
    kill_often(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
