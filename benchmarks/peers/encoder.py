"""The encoder alone beside torch on the same weights, from the benchmark that measures nothing else."""

import re
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.peers.environment import ROOT
from benchmarks.peers.systems import OURS, TORCH
from benchmarks.peers.table import Values

_LINE = re.compile(
    r"^  (?P<engine>\S.*?)\s+(?P<rate>\d+) tokens/s\s+(?P<share>[\d.]+) of the limit\s+(?P<ms>[\d.]+) ms$"
)
_OURS = "onnxruntime, int8"


@dataclass(frozen=True, slots=True)
class Speed:
    """An engine's tokens a second, its share of the machine's float32 matrix limit, and milliseconds for the texts."""

    rate: float
    share: float
    ms: float


def read(output: str) -> dict[str, dict[str, Speed]]:
    """Read what `benchmarks/encoder.py speed` prints: by kind of text, by system; torch at its best batch size."""
    found: dict[str, dict[str, Speed]] = {}
    kind = ""
    for line in output.splitlines():
        if match := _LINE.match(line):
            speed = Speed(*(float(match[name]) for name in ("rate", "share", "ms")))
            if match["engine"] == _OURS:
                found[kind][OURS] = speed
            elif match["engine"].startswith("torch") and speed.rate > found[kind].get(TORCH, Speed(0, 0, 0)).rate:
                found[kind][TORCH] = speed
        elif not line.startswith(" "):
            kind = line.partition(":")[0]
            found[kind] = {}
    return found


def measure() -> dict[str, dict[str, Speed]]:
    """Run that benchmark on all cores; nothing where XQuAD, whose texts it embeds, is not there."""
    command = [sys.executable, str(ROOT / "benchmarks" / "encoder.py"), "speed"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return read(done.stdout) if done.returncode == 0 else {}


def rows(speeds: dict[str, dict[str, Speed]]) -> Values:
    """Return the rows of the table."""
    values: Values = {}
    for kind in ("paragraphs", "windows"):
        if kind in speeds:
            values[f"encoder, tokens/s, {kind}"] = {name: speed.rate for name, speed in speeds[kind].items()}
            values[f"encoder, of the fp32 limit, {kind}"] = {name: speed.share for name, speed in speeds[kind].items()}
    return values
