"""The encoder or the archive by itself: python -m benchmarks.telegram_bot.alone encoder|archive INDEX COUNT THREADS.

In a process of its own, with as many threads as the bot answers in. It prints its seconds, and its processor time.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, run

from benchmarks.telegram_bot.running import ROOT, questions

_WARMING = 50  # questions of their own before the measured ones: whoever asks again is answered from a cache


@dataclass(frozen=True, slots=True)
class Alone:
    """Questions a second, and milliseconds of processor time a question."""

    rate: float
    cpu_ms: float


def alone(what: str, index: Path, count: int, threads: int) -> Alone:
    """Measure `encoder` or `archive` with `threads` and so many questions."""
    command = [sys.executable, "-m", "benchmarks.telegram_bot.alone", what, str(index.absolute()), str(count)]
    done = run([*command, str(threads)], cwd=ROOT, stdout=PIPE, stderr=DEVNULL, text=True, check=True)
    measured = json.loads(done.stdout)
    return Alone(count / measured["seconds"], 1e3 * measured["cpu"] / count)


def _encoder(_: Path) -> Callable[[str], object]:
    from retrieval import Settings, encoder_of

    encoder = encoder_of(Settings())
    return lambda question: encoder.encode_queries([question])


def _archive(index: Path) -> Callable[[str], object]:
    from bot.telegram.asking import PASSAGES
    from retrieval import open_archive

    archive = open_archive(index)
    archive.load()
    return lambda question: archive.ask(question, k=PASSAGES)


def _measured(work: Callable[[str], object], asked: list[str], threads: int) -> dict[str, float]:
    with ThreadPoolExecutor(threads) as workers:
        list(workers.map(work, asked[-_WARMING:]))
        began, cpu = time.perf_counter(), time.process_time()
        list(workers.map(work, asked[:-_WARMING]))
        return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the bot
    what, index, count, threads = sys.argv[1:]
    work = {"encoder": _encoder, "archive": _archive}[what](Path(index))
    print(json.dumps(_measured(work, questions(int(count) + _WARMING), int(threads))), flush=True)
