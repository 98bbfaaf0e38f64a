"""The encoder or the archive by itself: python -m benchmarks.telegram_bot.alone encoder|archive INDEX COUNT THREADS.

In processes of its own, as many and with as many threads as the bot answers in. Each says when it is ready, waits for a
line, and prints its seconds, and its processor time, as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO

from benchmarks.telegram_bot.running import ROOT, questions

_WARMING = 50  # questions of their own before the measured ones: whoever asks again is answered from a cache


@dataclass(frozen=True, slots=True)
class Alone:
    """Questions a second, and milliseconds of processor time a question."""

    rate: float
    cpu_ms: float


def alone(what: str, index: Path, count: int, processes: int, threads: int) -> Alone:
    """Measure `encoder` or `archive` in `processes` at once, each with `threads` and so many questions."""
    command = [sys.executable, "-m", "benchmarks.telegram_bot.alone", what, str(index.absolute()), str(count)]
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                Popen([*command, str(threads)], cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True)
            )
            for _ in range(processes)
        ]
        for each in running:
            _said(each)
        for each in running:
            _pipe(each.stdin).write("\n")
            _pipe(each.stdin).flush()
        measured = [json.loads(_said(each)) for each in running]
    asked = processes * count
    return Alone(asked / max(each["seconds"] for each in measured), 1e3 * sum(each["cpu"] for each in measured) / asked)


def _said(process: Popen[str]) -> str:
    """Return the next line that a process prints."""
    if line := _pipe(process.stdout).readline():
        return line
    raise RuntimeError(f"{process.args!r} ended with {process.wait()}")


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe
    return pipe


def _encoder(_: Path) -> Callable[[str], object]:
    from retrieval import Settings, encoder_of

    encoder = encoder_of(Settings())
    return lambda question: encoder.encode_queries([question])


def _archive(index: Path) -> Callable[[str], object]:
    from bot.telegram.parts import PASSAGES
    from retrieval import open_archive

    archive = open_archive(index)
    archive.load()
    return lambda question: archive.ask(question, k=PASSAGES)


def _measured(work: Callable[[str], object], asked: list[str], threads: int) -> dict[str, float]:
    with ThreadPoolExecutor(threads) as workers:
        list(workers.map(work, asked[-_WARMING:]))
        print("ready", flush=True)
        sys.stdin.readline()
        began, cpu = time.perf_counter(), time.process_time()
        list(workers.map(work, asked[:-_WARMING]))
        return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the bot
    what, index, count, threads = sys.argv[1:]
    work = {"encoder": _encoder, "archive": _archive}[what](Path(index))
    print(json.dumps(_measured(work, questions(int(count) + _WARMING), int(threads))), flush=True)
