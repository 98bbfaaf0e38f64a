"""Plots as inline SVG; colours and text sizes come from the page's style sheet."""

from collections.abc import Sequence
from html import escape

import numpy as np

from retrieval.evaluation.report.curves import Bin, Step

_WIDTH, _HEIGHT = 360, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 42
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_COLUMNS = 24


def calibration_plot(bins: Sequence[Bin]) -> str:
    """Draw the share right against confidence; a dot's area grows with its outcomes."""
    most = max(item.n for item in bins)
    dots = [
        f'<circle class="mark" cx="{_x(item.confidence):.1f}" cy="{_y(item.right):.1f}" '
        f'r="{3 + 8 * (item.n / most) ** 0.5:.1f}">'
        f"<title>{item.n} questions: confidence {item.confidence:.2f}, right {item.right:.2f}</title></circle>"
        for item in bins
    ]
    diagonal = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    return _frame("confidence", "first hit is right", _ticks(_FIFTHS), _ticks(_FIFTHS), diagonal + "".join(dots))


def coverage_plot(steps: Sequence[Step], shipped: Step | None) -> str:
    """Draw the share wrong among the answered against the share answered; `shipped` is where the archive stands."""
    highest = max([*(step.error for step in steps if step.coverage > 0.05), shipped.error if shipped else 0.0])
    top = min(_round_up(max(100 * highest, 5.0)) / 100, 1.0)
    points = " ".join(f"{_x(step.coverage):.1f},{_y(min(step.error / top, 1)):.1f}" for step in steps)
    drawn = f'<polyline class="curve" points="{points}"/>'
    if shipped:
        said = f"as shipped: {shipped.coverage:.0%} answered, {shipped.error:.1%} of these wrong"
        drawn += (
            f'<circle class="shipped" cx="{_x(shipped.coverage):.1f}" cy="{_y(shipped.error / top):.1f}" r="5">'
            f"<title>{said}</title></circle>"
        )
    errors = [(share, f"{100 * share * top:g}%") for share in _FIFTHS]
    return _frame("share of questions answered", "wrong among answered", _ticks(_FIFTHS), errors, drawn)


def latency_plot(latencies: Sequence[float]) -> str:
    """Draw a histogram of milliseconds; what lies above the 99th percentile is counted in the last column."""
    top = _round_up(float(np.percentile(latencies, 99)))
    counts, _ = np.histogram(np.minimum(latencies, top), bins=_COLUMNS, range=(0, top))
    most = max(int(counts.max()), 1)
    columns = [
        f'<rect class="column" x="{_x(n / _COLUMNS) + 0.5:.1f}" y="{_y(count / most):.1f}" '
        f'width="{_PLOT_WIDTH / _COLUMNS - 1:.1f}" height="{_PLOT_HEIGHT * count / most:.1f}">'
        f"<title>{count} questions: {top * n / _COLUMNS:.0f}–{top * (n + 1) / _COLUMNS:.0f} ms</title></rect>"
        for n, count in enumerate(counts.tolist())
        if count
    ]
    times = [(share, f"{share * top:g}") for share in _FIFTHS]
    questions = [(share, f"{share * most:.0f}") for share in (0.0, 0.5, 1.0)]
    return _frame("milliseconds", "questions", times, questions, "".join(columns))


def _round_up(value: float) -> float:
    """Return the next number whose fifths are round."""
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if power * step >= value))


def _frame(across: str, up: str, xs: Sequence[tuple[float, str]], ys: Sequence[tuple[float, str]], inside: str) -> str:
    lines = [f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>' for at, _ in ys]
    below = [f'<text x="{_x(at):.1f}" y="{_y(0) + 16}" text-anchor="middle">{label}</text>' for at, label in xs]
    beside = [f'<text x="{_LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{label}</text>' for at, label in ys]
    centre, middle = _LEFT + _PLOT_WIDTH / 2, _TOP + _PLOT_HEIGHT / 2
    names = (
        f'<text class="name" text-anchor="middle" x="{centre}" y="{_HEIGHT - 6}">{escape(across)}</text>'
        f'<text class="name" text-anchor="middle" transform="translate(10 {middle}) rotate(-90)">{escape(up)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(up)} against {escape(across)}">'
        f"{''.join(lines)}{inside}{''.join(below)}{''.join(beside)}{names}</svg>"
    )


def _ticks(shares: Sequence[float]) -> list[tuple[float, str]]:
    return [(share, f"{share:g}") for share in shares]


def _x(share: float) -> float:
    return _LEFT + share * _PLOT_WIDTH


def _y(share: float) -> float:
    return _TOP + (1 - share) * _PLOT_HEIGHT
