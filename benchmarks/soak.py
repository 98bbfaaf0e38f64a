"""Ask an archive without end while it is indexed, pruned, rebuilt and repaired, and report every error by its kind.

    python -m benchmarks.soak [--questions 100000] [--readers 2] [--threads 2] [--work FOLDER]

Each reader is a process that keeps the archive open in several threads, and opens it anew now and then. One writer
changes articles, removes and adds some, rebuilds and repairs. An answer must be a quotation of its article. The encoder
is one of hashes, so that storing and finding are what is tried, and not a model.
"""

import argparse
import json
import multiprocessing
import queue
import random
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

ARTICLES = 120
_AT_ONCE = 200  # questions between two openings of an archive


def text_of(number: int, edition: int) -> str:
    """Return what an article says in one edition."""
    lines = (f"第{number}座桥的第{line}段有{number * line}米，第{edition}版，连起{line}个村。" for line in range(1, 10))
    return "\n".join(lines)


def _chance(seed: float) -> random.Random:
    return random.Random(seed)  # noqa: S311 the same every time


def main() -> None:
    """Parse, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=2, help="processes that ask")
    parser.add_argument("--threads", type=int, default=2, help="threads in each of them")
    parser.add_argument("--work", type=Path, help="folder to work in")
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    results, stopped = context.Queue(), context.Event()
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        first = context.Process(target=_write_once, args=(Path(work),))
        first.start()
        first.join()
        writer = context.Process(target=_write, args=(Path(work), stopped, results))
        share = arguments.questions // arguments.readers
        readers = [
            context.Process(target=_read, args=(Path(work), seed, share, arguments.threads, results))
            for seed in range(arguments.readers)
        ]
        for process in (writer, *readers):
            process.start()
        _report(results, stopped, readers, writer)
        for process in (*readers, writer):
            process.join()
            if process.exitcode:
                print(f"{process.name} ended with {process.exitcode}")


def _report(results: Any, stopped: Event, readers: Sequence[BaseProcess], writer: BaseProcess) -> None:
    """Print what comes in, until all readers and then the writer have ended, each as it may."""
    began, asked, runs, faults = time.monotonic(), 0, 0, Counter[str]()
    while writer.is_alive() or not results.empty():
        if not any(reader.is_alive() for reader in readers):
            stopped.set()
        try:
            kind, value = results.get(timeout=1)
        except queue.Empty:
            continue
        asked += value if kind == "asked" else 0
        runs += value if kind == "runs" else 0
        if kind == "fault":
            faults[value.splitlines()[-1][:200]] += 1
            print(value, flush=True)
        else:
            done = f"{asked:,} questions, {runs:,} runs of the writer, {sum(faults.values())} errors"
            print(f"{time.monotonic() - began:.0f} s: {done}", flush=True)
    for what, times in faults.most_common():
        print(f"{times} × {what}")


def _articles(folder: Path, chance: random.Random, edition: int) -> Path:
    path = folder / "articles.jsonl"
    kept = [number for number in range(ARTICLES) if number < ARTICLES // 2 or chance.random() < 0.8]
    lines = (
        json.dumps({"id": f"a{number}", "text": text_of(number, edition if chance.random() < 0.3 else 0)})
        for number in kept
    )
    path.write_text("\n".join(lines), "utf-8")
    return path


def _write_once(folder: Path) -> None:
    from retrieval import index_paths
    from tests.fakes import FakeEncoder

    index_paths([_articles(folder, _chance(0), 0)], folder / "archive", FakeEncoder())


def _write(folder: Path, stopped: Event, results: Any) -> None:
    from retrieval import index_paths, rebuild_archive, remove_articles, repair_archive, verify_archive
    from tests.fakes import FakeEncoder

    chance, encoder, archive, edition = _chance(1), FakeEncoder(), folder / "archive", 0
    while not stopped.is_set():
        edition += 1
        work = chance.choices(["index", "remove", "rebuild", "repair", "verify"], [8, 6, 2, 1, 1])[0]
        try:
            if work == "index":
                index_paths([_articles(folder, chance, edition)], archive, encoder, prune="all")
            elif work == "remove":
                remove_articles(archive, [f"a{chance.randrange(ARTICLES // 2, ARTICLES)}" for _ in range(3)])
            elif work == "rebuild":
                rebuild_archive(archive, encoder)
            elif work == "repair":
                _spoil(archive, chance)
                if left := repair_archive(archive).left:
                    results.put(("fault", f"repair left {left}"))
            elif faults := verify_archive(archive):
                results.put(("fault", f"verify found {faults}"))
        except Exception:  # noqa: BLE001 each kind is counted
            results.put(("fault", f"{work}: {traceback.format_exc()}"))
        results.put(("runs", 1))
    if faults := verify_archive(archive):
        results.put(("fault", f"in the end {faults}"))
    results.put(("runs", 0))


def _spoil(archive: Path, chance: random.Random) -> None:
    """Damage one of the files that are derived, as a disk does."""
    derived = [archive / "vectors.faiss", *sorted((archive / "words").glob("*.[ti]*"))]
    path = chance.choice([path for path in derived if path.stat().st_size])
    # in place: a file that is shorter for a moment ends every process that has it mapped, which no disk does
    with path.open("r+b") as file:
        place = chance.randrange(path.stat().st_size)
        file.seek(place)
        spoilt = bytes([file.read(1)[0] ^ 0x55])
        file.seek(place)
        file.write(spoilt)


def _read(folder: Path, seed: int, questions: int, threads: int, results: Any) -> None:
    from retrieval import Archive, Settings
    from tests.fakes import FakeEncoder

    chance, left, encoder = _chance(seed), questions, FakeEncoder()
    while left > 0:
        each = min(_AT_ONCE, left) // threads or 1
        try:
            with Archive(folder / "archive", Settings(reader="off"), encoder) as archive:
                asking = [
                    threading.Thread(target=_ask, args=(archive, chance.random(), each, results))
                    for _ in range(threads)
                ]
                for thread in asking:
                    thread.start()
                for thread in asking:
                    thread.join()
        except Exception:  # noqa: BLE001 each kind is counted
            results.put(("fault", traceback.format_exc()))
        results.put(("asked", each * threads))
        left -= each * threads


def _ask(archive: Any, seed: float, questions: int, results: Any) -> None:
    chance = _chance(seed)
    for _ in range(questions):
        number = chance.randrange(ARTICLES)
        try:
            for hit in archive.ask(f"第{number}座桥的第{chance.randrange(1, 10)}段有几米？", k=3).hits:
                if (
                    hit.article.text[slice(*hit.span)] != hit.text
                    or hit.article.id != f"a{hit.article.text[1:].partition('座')[0]}"
                ):
                    results.put(("fault", f"no quotation: {hit}"))
            archive.article(f"a{number}")
        except Exception:  # noqa: BLE001 each kind is counted
            results.put(("fault", traceback.format_exc()))


if __name__ == "__main__":
    main()
