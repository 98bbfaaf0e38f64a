"""Measure chuchu beside its peers, print the table, and say what got worse: `make bench`.

    python -m benchmarks.peers [--rounds N] [--asked N] [--update] [--keep FOLDER]

The first run installs the peers into .bench/ (1.6 GB). Exits 1 if a ratio got worse by more than 15 % since
benchmarks/baseline.json was written; --update writes it anew.
"""

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import baseline, encoder
from benchmarks.peers.environment import ROOT, kept, peers_python, weights
from benchmarks.peers.rounds import measure
from benchmarks.peers.systems import NAMES, OURS, System
from benchmarks.peers.table import Values, ratios, table
from benchmarks.peers.targets import targets
from benchmarks.peers.texts import sample, xquad
from retrieval import read_settings
from retrieval.encode.onnx import cores


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="each system is measured in each; medians are shown")
    parser.add_argument("--asked", type=int, default=10_000, help="at most so many questions of each set, evenly drawn")
    parser.add_argument("--update", action="store_true", help="keep this run's ratios as the baseline")
    parser.add_argument("--keep", type=Path, default=ROOT / ".bench", help="folder of the peers' environment")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        values = _measured(kept(arguments.keep), Path(work), arguments.rounds, arguments.asked)
    _print(values, arguments.rounds)
    divided = ratios(values)
    if arguments.update:
        baseline.write(divided)
        return
    before = baseline.read()
    if not before:
        print("no baseline yet: on a machine that does nothing else, run make bench ARGS=--update")
    if worse := list(baseline.regressions(before, divided)):
        sys.exit("worse by more than 15 %:\n  " + "\n  ".join(worse))


def _measured(keep: Path, work: Path, rounds: int, most: int) -> Values:
    python, model, cache = peers_python(keep), weights(keep), read_settings().cache
    systems = [System(name, Path(sys.executable) if name == OURS else python, model, cache) for name in NAMES]
    return measure(systems, sample(work, most), xquad(work, most), work, rounds) | encoder.rows(encoder.measure())


def _print(values: Values, rounds: int) -> None:
    print(f"{_processor()}, {cores()} cores, {platform.system()}, Python {platform.python_version()}; "
          f"medians of {rounds} rounds; in brackets, chuchu to this system\n")  # fmt: skip
    print(table(values))
    print()
    for name, value, bound, is_reached in targets(values):
        print(f"{'reached' if is_reached else 'MISSED '}  {name}: {value:.3f} (to reach: {bound})")
    if not any("XQuAD" in measure for measure in values):
        print("XQuAD is not here: quality is that on the sample questions, and the encoder was not measured")


def _processor() -> str:
    found = Path("/proc/cpuinfo")
    lines = found.read_text("utf-8").splitlines() if found.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
