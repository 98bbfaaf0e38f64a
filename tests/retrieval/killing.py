"""Kill a process that indexes, removes, rebuilds and copies, at a random point, and see what it leaves.

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
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from retrieval import (
    Archive,
    ArchiveMissingError,
    IndexReport,
    Settings,
    copy_archive,
    index_paths,
    rebuild_archive,
    remove_articles,
    verify_archive,
)
from retrieval import ingest as indexing
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import writer as local_writer
from tests.fakes import FakeEncoder

ARTICLES = 60
LONGEST_S = 3.0  # each of what the writer does takes less than a second, and it begins with any of them
BATCH_WINDOWS, DERIVE_EVERY_S = 32, 0.1  # ten batches a run, and words and vectors written between them
REPLACED = 4
"""Editions that an article can have passed since it was last reported: it changes in two of three."""


def text_of(number: int, edition: int) -> str:
    """Return what article `number` says in its `edition`: in each one every third article differs from edition 0."""
    at = edition if number % 3 == edition % 3 else 0
    lines = (
        f"第{number}座桥的第{line}段有{number * line + at}米，连起{line}个村的老路，{line * 3}户人家走了{line * 7}年。"
        for line in range(1, 16)
    )
    return "\n".join(lines)


def write_articles(path: Path, edition: int) -> None:
    """Write all articles in one edition."""
    records = ({"id": f"a{n}", "text": text_of(n, edition)} for n in range(ARTICLES))
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")


class Writer:
    """Writes without end, naming in a file what it has been reported as done."""

    def __init__(self, folder: Path, seed: int, log: TextIO) -> None:
        self._folder = folder
        self._archive = folder / "archive"
        self._random = random.Random(seed)
        self._log = log
        self._edition = 0

    def work(self) -> None:
        """Index, remove, rebuild and copy in any order until killed."""
        while True:
            self._random.choice((self._index, self._index, self._remove, self._rebuild, self._copy))()

    def _index(self) -> None:
        self._edition += 1
        write_articles(self._folder / "articles.jsonl", self._edition)
        progress = ProgressLog(self._log, f"done {self._edition}")
        index_paths([self._folder / "articles.jsonl"], self._archive, FakeEncoder(dim=16), progress=progress)

    def _remove(self) -> None:
        gone = [f"a{self._random.randrange(ARTICLES)}" for _ in range(5)]
        self._log.write(f"removing 0 {' '.join(gone)}\n")
        self._unless_empty(lambda: remove_articles(self._archive, gone))

    def _rebuild(self) -> None:
        self._unless_empty(lambda: rebuild_archive(self._archive, FakeEncoder(dim=16)))

    def _copy(self) -> None:
        progress = ProgressLog(self._log, f"copied {self._edition}")
        copy = self._folder / "copy"
        self._unless_empty(lambda: copy_archive(self._archive, copy, Settings(), progress=progress))

    def _unless_empty(self, work: Callable[[], object]) -> None:
        if (self._archive / "catalogue.sqlite").exists():
            with suppress(ArchiveMissingError):  # killed before its manifest was there
                work()


class ProgressLog:
    """Says each article that is reported as done, once."""

    def __init__(self, log: TextIO, verb: str) -> None:
        self._log = log
        self._verb = verb
        self._done = 0

    def __call__(self, report: IndexReport) -> None:
        done = [*report.added, *report.changed]
        if len(done) > self._done:
            self._log.write(f"{self._verb} {' '.join(done[self._done :])}\n")
            self._done = len(done)


def kill_once(folder: Path, seed: int) -> None:
    """Let a writer work for a random time, kill it, and check that nothing that it reported is missing."""
    (folder / "log").write_text("")
    writer = fork(lambda: write_without_end(folder, seed))
    time.sleep(random.Random(seed).random() * LONGEST_S)
    os.kill(writer, signal.SIGKILL)
    assert os.waitpid(writer, 0)[1] == signal.SIGKILL, f"writer {seed} ended by itself"
    lines = (folder / "log").read_text().split("\n")[:-1]
    checker = fork(lambda: check(folder, [line.split() for line in lines]))
    assert os.waitpid(checker, 0)[1] == 0, f"kill {seed} left what is said above"


def write_without_end(folder: Path, seed: int) -> None:
    """Write until killed."""
    with (folder / "log").open("w", buffering=1) as log:
        Writer(folder, seed, log).work()


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


def check(folder: Path, log: list[list[str]]) -> None:
    """Check both archives against what the killed writer was given as done, and that the next run goes on."""
    archive, source, copy = folder / "archive", folder / "articles.jsonl", folder / "copy"
    check_reported(archive, reported(log, "done"))
    check_reported(copy, reported(log, "copied"))
    held = windows_of(archive)
    if not source.exists():
        return
    again, once = FakeEncoder(dim=16), FakeEncoder(dim=16)
    index_paths([source], archive, again)
    assert not held & set(again.encoded)
    assert not (left := verify_archive(archive)), left
    index_paths([source], archive, once)
    assert once.encoded == []
    copy_archive(archive, copy, Settings())
    assert not (left := verify_archive(copy)), left
    assert windows_of(archive) <= windows_of(copy)


def reported(log: list[list[str]], done: str) -> dict[str, int]:
    """Return the articles that are there as far as was reported, each with its edition."""
    there: dict[str, int] = {}
    for verb, edition, *names in log:
        if verb == done:
            there |= dict.fromkeys(names, int(edition))
        elif verb == "removing" and done == "done":
            there = {name: edition for name, edition in there.items() if name not in names}
    return there


def check_reported(archive: Path, there: dict[str, int]) -> None:
    """Check that the archive is sound, answers, and holds each article in the edition reported or a later one."""
    if not windows_of(archive):
        assert not there
        return
    assert not (left := verify_archive(archive)), left
    with Archive(archive, Settings(), FakeEncoder(dim=16)) as opened:
        for name, edition in there.items():
            found = opened.article(name)
            assert found is not None, name
            later = range(edition, edition + REPLACED)
            assert found.text in {text_of(int(name[1:]), at) for at in later}, (name, edition)
        assert opened.ask("第七座桥有几米？").hits


def windows_of(archive: Path) -> set[str]:
    """Return the texts of all windows that an archive holds; of none if it is not begun."""
    if not (archive / "catalogue.sqlite").exists():
        return set()
    try:
        with closing(Catalogue(archive / "catalogue.sqlite")) as catalogue:
            entries = [catalogue.entry(number) for number in range(1, catalogue.last_number() + 1)]
    except ArchiveMissingError:  # killed before its first transaction: the next run begins it
        return set()
    return {
        entry.article.text[slice(*window)]
        for entry in entries
        if entry
        for passage in entry.passages
        for window in passage.windows
    }


def kill_often(times: int, seed: int) -> None:
    """Kill so often, with one archive for every ten kills."""
    indexing._BATCH_WINDOWS, local_writer._DERIVE_EVERY_S = BATCH_WINDOWS, DERIVE_EVERY_S
    importlib.import_module("retrieval.search")  # once, before the first fork
    for start in range(0, times, 10):
        with TemporaryDirectory() as folder:
            for kill in range(start, min(start + 10, times)):
                kill_once(Path(folder), seed + kill)
        print(f"{min(start + 10, times)} kills", flush=True)


if __name__ == "__main__":
    kill_often(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
