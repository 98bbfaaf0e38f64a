"""Kill a process at each thing that it does to a file and each transaction that it begins or ends, and see what it leaves.

`python -m tests.retrieval.killing_steps` takes every step of every work; with a number, one step in so many; with names
behind it, of these works. Within a transaction, each article that is written or removed is a step.
"""

import importlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from retrieval import (
    Archive,
    ArchiveMissingError,
    Fault,
    Settings,
    copy_archive,
    index_paths,
    rebuild_archive,
    remove_articles,
    repair_archive,
    verify_archive,
)
from retrieval.text.words import words
from tests.fakes import FakeEncoder
from tests.retrieval.killing import fork, text_of, write_articles

KILLED = 77
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_STATEMENTS = (
    *("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA wal", "VACUUM", "CREATE"),
    *("INSERT INTO articles", "DELETE FROM articles"),
)
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink", "shutil.rmtree"}


def _index(folder: Path) -> None:
    write_articles(folder / "articles.jsonl", 1)
    index_paths([folder / "articles.jsonl"], folder / "archive", FakeEncoder(dim=16))


def _damage_words(folder: Path) -> None:
    for path in (folder / "archive" / "words").glob("*.store"):
        path.write_bytes(path.read_bytes()[:-9])


def _repair(folder: Path) -> None:
    _damage_words(folder)
    repair_archive(folder / "archive")


WORKS: dict[str, Callable[[Path], object]] = {
    "index": _index,
    "remove": lambda folder: remove_articles(folder / "archive", ["a1", "a2", "a40"]),
    "rebuild": lambda folder: rebuild_archive(folder / "archive", FakeEncoder(dim=16)),
    "repair": _repair,
    "copy": lambda folder: copy_archive(folder / "archive", folder / "copy", Settings()),
}


def make_base(folder: Path) -> None:
    """Index the first edition of the articles."""
    write_articles(folder / "articles.jsonl", 0)
    index_paths([folder / "articles.jsonl"], folder / "archive", FakeEncoder(dim=16))


def kills(base: Path, work: Callable[[Path], object], *, first: int, every: int) -> Iterator[int]:
    """Kill the work at step `first` and each `every` steps later until it ends by itself; yield each step, checked."""
    step = first
    while True:
        with TemporaryDirectory() as name:
            folder = Path(name) / "at"
            shutil.copytree(base, folder)
            status = os.waitpid(fork(lambda at=step, there=folder: _work_until(there, work, at)), 0)[1]  # type: ignore[misc]
            ended = os.waitstatus_to_exitcode(status)
            assert ended in {0, KILLED}, f"step {step} ended with {ended}"
            checked = os.waitpid(fork(lambda there=folder: check(there)), 0)[1]  # type: ignore[misc]
            assert checked == 0, f"step {step} left what is said above"
        if ended == 0:
            return
        yield step
        step += every


def _work_until(folder: Path, work: Callable[[Path], object], last: int) -> None:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == last:
            os._exit(KILLED)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and isinstance(args[2], int) and args[2] & _WRITING):
            step()

    connect = sqlite3.connect

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(lambda statement: step() if statement.startswith(_STATEMENTS) else None)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    sys.addaudithook(hook)
    work(folder)


def check(folder: Path) -> None:
    """Check that the archive is sound, answers and goes on, and that each article is there in one edition or the other."""
    archive = folder / "archive"
    assert not (left := _but_words(archive)), left
    with Archive(archive, Settings(reader="off"), FakeEncoder(dim=16)) as opened:
        for number in range(0, 60, 7):
            found = opened.article(f"a{number}")
            assert found is not None, number
            assert found.text in {text_of(number, 0), text_of(number, 1)}
        assert opened.ask("第七座桥有几米？").hits
    index_paths([folder / "articles.jsonl"], archive, FakeEncoder(dim=16))
    assert not (left := verify_archive(archive)), left
    assert not (archive / "rebuilt").exists()
    if (folder / "copy" / "catalogue.sqlite").exists():
        with suppress(ArchiveMissingError):  # killed before its manifest was there: the next copy begins it
            assert not (left := _but_words(folder / "copy")), left
        copy_archive(archive, folder / "copy", Settings())
        assert not (left := verify_archive(folder / "copy")), left


def _but_words(archive: Path) -> tuple[Fault, ...]:
    """Return the faults of an archive, but those of the words, which the next writer makes anew."""
    return tuple(fault for fault in verify_archive(archive) if fault.part != "words")


def main(every: int = 1, *names: str) -> None:
    """Take one step in so many of every work, or of some."""
    for module in ("retrieval.search", "faiss", "tantivy"):
        importlib.import_module(module)  # once, before the first fork
    words("第七座桥有几米？")
    with TemporaryDirectory() as base:
        # this process only forks: a copy of one with threads may wait for a lock that nobody holds
        assert os.waitpid(fork(lambda: make_base(Path(base))), 0)[1] == 0
        for name in names or WORKS:
            killed = kills(Path(base), WORKS[name], first=len(name) if every > 1 else 1, every=every)
            print(f"{name}: {sum(1 for _ in killed)} kills", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, *sys.argv[2:])
