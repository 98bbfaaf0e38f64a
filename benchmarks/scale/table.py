"""What was measured beside what a million windows are to reach."""

from collections.abc import Iterator, Mapping

Measured = Mapping[str, float]


def lines(measured: Measured) -> Iterator[str]:
    """Yield the table, then everything that was measured."""
    yield f"{'':50}{'reached':>16}   to reach"
    for name, reached, reach in _rows(measured):
        yield f"{name:50}{reached:>16}   {reach}"
    yield ""
    for name, value in measured.items():
        yield f"{name:50}{value:>16.4g}"


def _rows(measured: Measured) -> Iterator[tuple[str, str, str]]:
    scan, halves = measured["scan p50"], measured["scan of 16 bits p50"]
    disk = sum(value for name, value in measured.items() if name.endswith("B a window"))
    yield "recall of the exact first 10", f"{measured['recall']:.3f}", "0.99"
    yield "search, p50 / p95, ms", _pair(measured, "search"), "15 / 40"
    yield "  to one exact flat scan", f"{measured['search p50'] / scan:.3f}", "0.1"
    yield "  to one of 16-bit floats", f"{measured['search p50'] / halves:.3f}", ""
    yield "  processor time to the flat scan's", f"{measured['search cpu p50'] / measured['scan cpu p50']:.3f}", ""
    yield "1 % of the days: recall", f"{measured['recall in range']:.3f}", "0.99"
    yield "1 % of the days: search, p50 / p95, ms", _pair(measured, "search in range"), "no slower"
    yield "  to one exact flat scan", f"{measured['search in range p50'] / scan:.3f}", "no more"
    yield "memory of a reader, MB", f"{measured['memory MB']:.0f}", "900"
    yield "opening to the first answer, s", f"{measured['open s']:.2f}", "2"
    yield "one article until a reader finds it, s", f"{measured['adding s']:.2f}", "5"
    yield "disk, bytes a window", f"{disk:.0f}", "2,560"


def _pair(measured: Measured, name: str) -> str:
    return f"{measured[f'{name} p50']:.1f} / {measured[f'{name} p95']:.1f}"
