"""Run: python -m benchmarks.reading_room --index DIR [--count N] [--readers N]; on loopback only.

The reading room as a process of its own. One reader: what a page's first byte takes beyond the answer itself, which the
archive gives next to it in this process, the two taking turns. Then readers at once, each asking questions of their own
one after another: how many are answered, and how many refused.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

from benchmarks.telegram_bot.running import ROOT, cpu_seconds, questions
from retrieval import Archive, Ask, open_archive

_PASSAGES = 3  # as a page shows at first
_PAGES = 200
_WARMING = 20  # questions of their own before the measured ones


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--count", type=int, default=200, help="questions of the one reader")
    parser.add_argument("--readers", type=int, default=20, help="readers at once")
    parser.add_argument("--each", type=int, default=10, help="questions of each of them")
    given = parser.parse_args()
    asked = questions(_WARMING + given.count + given.readers * given.each)
    with reading_room(given.index) as (address, process), open_archive(given.index) as archive:
        print(
            f"load average {os.getloadavg()[0]:.1f} at the start; CHUCHU_READER={os.environ.get('CHUCHU_READER', 'on')}"
        )
        archive.load()
        _one_reader(address, archive, asked[:_WARMING])
        print(json.dumps(_one_reader(address, archive, asked[_WARMING : _WARMING + given.count])))
        print(json.dumps({"CPU ms of a page of a remembered answer": _cpu_of_pages(address, process)}))
        print(json.dumps(_at_once(address, asked[_WARMING + given.count :], given.readers)))
        print(f"load average {os.getloadavg()[0]:.1f} at the end")


@contextmanager
def reading_room(index: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the reading room until the block ends; yield its address and its process."""
    with tempfile.TemporaryDirectory() as state:
        settings = {"CHUCHU_WEB_PER_MINUTE": "1000000", "CHUCHU_WEB_STATE": state, "CHUCHU_LANG": "en"}
        command = [sys.executable, "-m", "bot", "serve", "--port", "0", "--index", str(index)]
        environment = {**os.environ, **settings}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            try:
                address = next(line.split()[-1] for line in process.stderr if line.startswith("reading room at"))
                yield address, process
            finally:
                process.terminate()


def _one_reader(address: str, archive: Archive, asked: list[str]) -> dict[str, object]:
    """Return milliseconds of pages, of answers, and of pages whose answer is remembered, and what lies between."""
    pages, answers, again = list[float](), list[float](), list[float]()
    with httpx.Client(base_url=address, timeout=60) as client:
        for number, question in enumerate(asked):
            if number % 2:
                pages.append(_first_byte(client, question))
            answers.append(_answer(archive, question))
            if number % 2 == 0:
                pages.append(_first_byte(client, question))
            again.append(_first_byte(client, question))
    beyond = [page - answer for page, answer in zip(pages, answers, strict=True)]
    named = {"page": pages, "answer": answers, "page beyond answer": beyond, "page of a remembered answer": again}
    return {name: _told(times) for name, times in named.items()}


def _cpu_of_pages(address: str, process: subprocess.Popen[str]) -> float:
    """Return the processor time of a page beyond its answer, in ms: other work on the machine changes it little."""
    question = questions(1)[0]
    with httpx.Client(base_url=address, timeout=60) as client:
        _first_byte(client, question)
        before = cpu_seconds(process)
        for _ in range(_PAGES):
            _first_byte(client, question)
    return round(1e3 * (cpu_seconds(process) - before) / _PAGES, 1)


def _at_once(address: str, asked: list[str], readers: int) -> dict[str, object]:
    """Return how so many readers fare who ask at the same time, each one question after another."""

    def read(own: list[str]) -> list[tuple[int, float]]:
        with httpx.Client(base_url=address, timeout=120) as client:
            return [_answered(client, question) for question in own]

    began = time.perf_counter()
    with ThreadPoolExecutor(readers) as threads:
        done = [each for found in threads.map(read, (asked[at::readers] for at in range(readers))) for each in found]
    seconds = time.perf_counter() - began
    statuses = [status for status, _ in done]
    counts = {str(status): statuses.count(status) for status in sorted(set(statuses))}
    told = _told([took for _, took in done])
    return {"readers": readers, "pages by status": counts, "pages a second": round(len(done) / seconds, 1), "ms": told}


def _answered(client: httpx.Client, question: str) -> tuple[int, float]:
    began = time.perf_counter()
    page = client.get("/", params={"q": question})
    took = 1e3 * (time.perf_counter() - began)
    return (page.status_code if 'id="verdict"' in page.text else 0), took


def _first_byte(client: httpx.Client, question: str) -> float:
    """Return the milliseconds until a page begins."""
    began = time.perf_counter()
    with client.stream("GET", "/", params={"q": question}) as page:
        took = 1e3 * (time.perf_counter() - began)
        page.read()
        return took


def _answer(archive: Archive, question: str) -> float:
    began = time.perf_counter()
    archive.answer(Ask(question, _PASSAGES))
    return 1e3 * (time.perf_counter() - began)


def _told(times: list[float]) -> dict[str, float]:
    return {"p50": round(median(times), 1), "p95": round(quantiles(times, n=20)[-1], 1)}


if __name__ == "__main__":
    main()
