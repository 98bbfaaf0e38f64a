"""What the project set out to reach, beside what this run found."""

from collections.abc import Iterator

from benchmarks.peers.rounds import EMBEDDED
from benchmarks.peers.systems import OURS, TORCH
from benchmarks.peers.table import Values


def targets(values: Values) -> Iterator[tuple[str, float, str, bool]]:
    """Yield name, value, what it is to be, and whether it is; of those that this run took."""
    ours = {measure: row[OURS] for measure, row in values.items() if OURS in row}
    torch = {measure: row[TORCH] for measure, row in values.items() if TORCH in row}
    cold, warm = "cold question, s", "warm question p50, ms"
    rate, share = "encoder, tokens/s, windows", "encoder, of the fp32 limit, windows"
    if cold in ours and cold in torch:
        yield _most("cold question, s", ours[cold], 1.0)
        yield _most("cold question to sentence-transformers", ours[cold] / torch[cold], 1 / 8)
    if warm in ours and EMBEDDED in torch:
        yield _most("warm question p50 to torch's encoder alone", ours[warm] / torch[EMBEDDED], 0.3)
    if rate in ours and rate in torch:
        yield _least("tokens/s to torch at its best batch size", ours[rate] / torch[rate], 2.2)
        yield _least("share of the fp32 matrix limit", ours[share], 1.1)
    if "resident memory, MB" in ours:
        yield _most("resident memory, MB", ours["resident memory, MB"], 350)


def _most(name: str, value: float, bound: float) -> tuple[str, float, str, bool]:
    return name, value, f"≤ {bound:g}", value <= bound


def _least(name: str, value: float, bound: float) -> tuple[str, float, str, bool]:
    return name, value, f"≥ {bound:g}", value >= bound
