"""The ratios of an earlier run, and what got worse since."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers.environment import ROOT
from benchmarks.peers.table import Values, is_more_better

PATH = ROOT / "benchmarks" / "baseline.json"
TOLERANCE = 1.15
"""Ratios of medians differ by up to a tenth between runs on a machine that nobody else uses."""


def read(path: Path = PATH) -> Values:
    """Return the kept ratios; none where there is no file."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def write(ratios: Values, path: Path = PATH) -> None:
    """Keep the ratios for later runs; a measure that this run could not take keeps what it had."""
    path.write_text(json.dumps({**read(path), **ratios}, ensure_ascii=False, indent=2) + "\n", "utf-8")


def regressions(before: Values, now: Values) -> Iterator[str]:
    """Say which ratio got worse by more than 15 %, of those that both runs took."""
    for measure, row in now.items():
        for peer, ratio in row.items():
            was = before.get(measure, {}).get(peer)
            if was and _worse(measure, was, ratio) > TOLERANCE:
                yield f"{measure}, chuchu to {peer}: {was:.3f} before, {ratio:.3f} now"


def _worse(measure: str, was: float, ratio: float) -> float:
    """Return how many times worse: 1 is as before."""
    if is_more_better(measure):
        return was / ratio if ratio else float("inf")
    return ratio / was
