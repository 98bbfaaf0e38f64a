"""Rounds in which the systems take turns, so that what disturbs the machine disturbs them all."""

import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.peers.systems import OURS, System
from benchmarks.peers.table import Values
from benchmarks.peers.texts import PeerQuestion, Set

EMBEDDED = "question embedded p50, ms"

Samples = dict[str, dict[str, list[float]]]
"""What was measured: by measure, by system, a value a round."""


def measure(systems: Sequence[System], sample: Set, xquad: Set | None, work: Path, rounds: int) -> Values:
    """Return the medians of the rounds, and the quality, which is the same in every round."""
    samples: Samples = {}
    for number in range(rounds):
        for system in systems:
            _say(f"round {number + 1} of {rounds}: {system.name}")
            _round(system, sample, work / str(number), samples)
    for system in systems:
        _say(f"quality: {system.name}")
        _quality(system, xquad or sample, work / "quality", samples)
    return {name: {system: statistics.median(taken) for system, taken in row.items()} for name, row in samples.items()}


def _round(system: System, sample: Set, work: Path, samples: Samples) -> None:
    folder = work / system.name
    questions = [asked.question for found in sample.asked.values() for asked in found]
    # chuchu prepares its model on its first use; the others find theirs as they load it
    new = replace(system, cache=work / "cache")
    whole, seconds = new.index(sample.texts, folder)
    first = new.ask(folder, questions[0])
    served = system.serve(folder, questions)
    cuts = statistics.quantiles(served.ms, n=20)
    taken = {
        "set-up to first answer, s": whole + first,
        "cold question, s": system.ask(folder, questions[1]),
        "warm question p50, ms": statistics.median(served.ms),
        "warm question p95, ms": cuts[-1],
        "indexing, characters/s": sample.characters / seconds,
        "resident memory, MB": served.resident,
        "index on disk, MB": _megabytes(folder),
        "model on disk, MB": _megabytes(new.cache if system.name == OURS else system.model),
    }
    if embedded := system.embed(folder, questions):
        taken[EMBEDDED] = statistics.median(embedded.ms)
    for name, value in taken.items():
        samples.setdefault(name, {}).setdefault(system.name, []).append(value)
    shutil.rmtree(new.cache, ignore_errors=True)


def _quality(system: System, texts: Set, work: Path, samples: Samples) -> None:
    folder = work / system.name
    system.index(texts.texts, folder)
    served = iter(system.serve(folder, [item.question for asked in texts.asked.values() for item in asked]).articles)
    for name, asked in texts.asked.items():
        samples.setdefault(f"success@1, {name}", {})[system.name] = [success(asked, [next(served) for _ in asked])]


def success(asked: Sequence[PeerQuestion], answered: Sequence[str]) -> float:
    """Return the share of questions whose first hit is of an article that answers them."""
    right = [article in item.articles for item, article in zip(asked, answered, strict=True)]
    return sum(right) / len(right)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
