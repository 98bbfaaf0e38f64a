"""The page: figures, plots, slices, what changed, failures."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from retrieval.evaluation.compare import Comparison
from retrieval.evaluation.measures import LATENCY, MEASURES
from retrieval.evaluation.outcomes import Outcome
from retrieval.evaluation.report import curves, plots
from retrieval.evaluation.report.changes import changed
from retrieval.evaluation.report.failures import failed
from retrieval.evaluation.summary import LEAST_SHOWN, Slices, Summary

_LEFT_OUT = {"success@3", "nDCG@10", "refusal.precision", "latency_ms.p50"}
_COLUMNS = tuple(measure for measure in MEASURES if measure not in _LEFT_OUT)
"""The measures of the table of slices, as many as fit beside each other."""


def render(
    title: str, outcomes: Sequence[Outcome], whole: Summary, slices: Slices, comparison: Comparison | None = None
) -> str:
    """Return the page; `outcomes` is not empty."""
    style = files(__package__).joinpath("style.css").read_text("utf-8")
    parts = (
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{whole.n} questions; the archive cannot answer {_unanswerable(outcomes)} of them.</p>',
        f'<div class="figures">{"".join(_figures(whole))}</div>',
        '<p class="soft">Below each figure: its 95 % interval, from 1,000 bootstrap resamples of the questions.</p>',
        *(changed(comparison) if comparison else ()),
        f'<h2>Plots</h2><div class="plots">{"".join(_plots(outcomes))}</div>',
        f'<h2>Slices of {LEAST_SHOWN} questions and more</h2><div class="wide">{_table(whole, slices)}</div>',
        *failed(outcomes),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>\n{style}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def shown(measure: str, value: float | None) -> str:
    """Return a value as it is read: shares with three places, milliseconds with one."""
    if value is None:
        return "–"
    return f"{value:.1f} ms" if measure in LATENCY else f"{value:.3f}"


def _unanswerable(outcomes: Sequence[Outcome]) -> int:
    return sum(not outcome.question.answerable for outcome in outcomes)


def _figures(whole: Summary) -> Iterator[str]:
    for measure, value in whole.values.items():
        ends = whole.intervals.get(measure)
        below = f"{ends[0]:.3f} – {ends[1]:.3f}" if ends else "&nbsp;"
        said = f"<span>{escape(measure)}</span><b>{shown(measure, value)}</b><span>{below}</span>"
        yield f'<div class="figure">{said}</div>'


def _plots(outcomes: Sequence[Outcome]) -> Iterator[str]:
    bins = curves.calibration(outcomes)
    yield _figure(
        plots.calibration_plot(bins),
        f"Calibration: on the dashed line, confidence is the share that is right. "
        f"Expected calibration error {curves.calibration_error(bins):.3f}.",
    )
    answered = [outcome for outcome in outcomes if outcome.answered]
    wrong = sum(outcome.rank != 1 for outcome in answered)
    shipped = curves.Step(0.0, len(answered) / len(outcomes), wrong / len(answered)) if answered else None
    yield _figure(
        plots.coverage_plot(curves.coverage_steps(outcomes), shipped),
        "Coverage against error, as the threshold falls from left to right; the dot is the shipped threshold.",
    )
    yield _figure(
        plots.latency_plot([outcome.latency_ms for outcome in outcomes]),
        "Time to an answer; the last column holds all that took longer.",
    )


def _figure(plot: str, caption: str) -> str:
    return f"<figure>{plot}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(whole: Summary, slices: Slices) -> str:
    heads = "".join(f"<th>{escape(measure.rpartition('.')[2])}</th>" for measure in _COLUMNS)
    rows = [_row("whole", whole)]
    for dimension, values in slices.items():
        if len(values) > 1:
            rows.append(f'<tr class="dimension"><td>{escape(dimension)}</td>{"<td></td>" * (len(_COLUMNS) + 1)}</tr>')
            rows += [_row(value, summary) for value, summary in values.items() if summary.n >= LEAST_SHOWN]
    return f"<table><thead><tr><th>slice</th><th>n</th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(name: str, summary: Summary) -> str:
    cells = "".join(f"<td>{shown(measure, summary.values.get(measure))}</td>" for measure in _COLUMNS)
    return f"<tr><td>{escape(name)}</td><td>{summary.n}</td>{cells}</tr>"
