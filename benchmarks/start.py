"""What a process costs from its start to its end: Python alone, the modules, a question, the prompt.

    python benchmarks/start.py [--runs N] [--beside CHECKOUT]

Medians over runs that take turns, on the sample archive and the models of CHUCHU_CACHE, prepared first. Processor time
tells more than seconds where other processes share the machine. --beside measures another checkout of this project in
the same turns, with its own modules and an index of its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "青岚江大桥全长多少米？"
COMMANDS = {
    "Python alone": ["-c", ""],
    "the modules": ["-m", "bot", "--help"],
    "a question": ["-m", "bot", "ask", QUESTION],
    "the prompt, of a pipe": ["-m", "bot", "chat"],
    "index, nothing new": ["-m", "bot", "index", "examples/archive"],
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and on processors, and the most memory that was resident, mapped files included."""

    seconds: float
    processor: float
    megabytes: float


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--beside", type=Path, help="another checkout, to compare with")
    arguments = parser.parse_args()
    checkouts = {"this": ROOT} | ({"other": arguments.beside.resolve()} if arguments.beside else {})
    with tempfile.TemporaryDirectory() as folder:
        indexes = {name: Path(folder) / name for name in checkouts}
        for name, checkout in checkouts.items():
            run(checkout, indexes[name], COMMANDS["index, nothing new"])
        taken: dict[tuple[str, str], list[Cost]] = {(what, name): [] for what in COMMANDS for name in checkouts}
        for _ in range(arguments.runs):
            for (what, name), costs in taken.items():
                costs.append(run(checkouts[name], indexes[name], COMMANDS[what]))
    for (what, name), costs in taken.items():
        seconds, processor, megabytes = (
            statistics.median(getattr(cost, part.name) for cost in costs) for part in fields(Cost)
        )
        print(f"{what:22} {name:6} {seconds:6.2f} s, {processor:5.2f} s of processor time, {megabytes:4.0f} MB")


def run(checkout: Path, index: Path, arguments: list[str]) -> Cost:
    """Run Python in a checkout and wait for its end."""
    environment = os.environ | {"CHUCHU_INDEX": str(index), "PYTHONPATH": str(checkout)}
    nothing, begun = subprocess.DEVNULL, time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=checkout, env=environment, stdin=nothing, stdout=nothing
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds, process.returncode = time.perf_counter() - begun, os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"start: {arguments} in {checkout} ended with {process.returncode}")
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
