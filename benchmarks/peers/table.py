"""What was measured → a table of values, and of how many times better than each peer chuchu is."""

from collections.abc import Mapping, Sequence

from benchmarks.peers.systems import NAMES, OURS

Values = dict[str, dict[str, float]]
"""By measure, by system."""

_MORE_IS_BETTER = ("indexing", "success@1", "encoder")


def is_more_better(measure: str) -> bool:
    """Return whether a greater value of this measure is the better one."""
    return measure.startswith(_MORE_IS_BETTER)


def ratios(values: Values) -> Values:
    """Return chuchu's value divided by each peer's, by measure and peer."""
    return {
        measure: {peer: round(row[OURS] / value, 4) for peer, value in row.items() if peer != OURS and value}
        for measure, row in values.items()
        if OURS in row
    }


def table(values: Values, systems: Sequence[str] = NAMES) -> str:
    """Draw the values; beside each peer's stands chuchu's share of it."""
    divided = ratios(values)
    rows = [["", *systems]]
    for measure, row in values.items():
        rows.append([measure, *(_cell(system, row, divided.get(measure, {})) for system in systems)])
    return _drawn(rows)


def _cell(system: str, row: Mapping[str, float], divided: Mapping[str, float]) -> str:
    if system not in row:
        return "–"
    if system not in divided:
        return _shown(row[system])
    return f"{_shown(row[system])} ({_shown(divided[system])} ×)"


def _shown(value: float) -> str:
    """Write three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"


def _drawn(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([head, "|" + "|".join("-" * (width + 2) for width in widths) + "|", *body])
