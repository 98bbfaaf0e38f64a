"""The encoder or the archive by itself: python -m benchmarks.telegram_bot.alone encoder|archive INDEX COUNT.

A process of its own, as the bot is one, and as many threads as the bot has workers; prints the rate and the processor
time of a question as JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.telegram_bot.running import ROOT, questions

_WARMING = 50  # questions of their own before the measured ones: whoever asks again is answered from a cache


@dataclass(frozen=True, slots=True)
class Alone:
    """Questions a second, and milliseconds of processor time a question."""

    rate: float
    cpu_ms: float


def alone(what: str, index: Path, count: int) -> Alone:
    """Measure `encoder` or `archive` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.telegram_bot.alone", what, str(index.absolute()), str(count)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Alone(**json.loads(ran.stdout))


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


def _measured(work: Callable[[str], object], asked: list[str]) -> Alone:
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        list(workers.map(work, asked[-_WARMING:]))
        asked = asked[:-_WARMING]
        began, cpu = time.perf_counter(), time.process_time()
        list(workers.map(work, asked))
        return Alone(len(asked) / (time.perf_counter() - began), 1e3 * (time.process_time() - cpu) / len(asked))


if __name__ == "__main__":
    prepare = {"encoder": _encoder, "archive": _archive}[sys.argv[1]]
    print(json.dumps(asdict(_measured(prepare(Path(sys.argv[2])), questions(int(sys.argv[3]) + _WARMING)))))
