"""An evaluation as one self-contained HTML page; plots as inline SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Protocol

import numpy as np

from retrieval.errors import Message
from retrieval.evaluation.outcomes import Failure, Outcome
from retrieval.evaluation.summary import EXPLAINED, LATENCY, LEAST_SHOWN, MEASURES, Change, Comparison, Slices, Summary

_BINS = 10


class Say(Protocol):
    """Says a sentence, given as its English template and what fills it in, in the reader's language."""

    def __call__(self, template: str, /, **fields: object) -> str:
        """Return the sentence."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes of like confidence: how many, their mean confidence, and the share whose first hit is right."""

    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Step:
    """What answering from `confidence` on would mean: the share of questions answered, and of those the share wrong."""

    confidence: float
    coverage: float
    error: float


def calibration(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Sort outcomes into ten bins of confidence; empty ones are left out."""
    confidences = np.array([outcome.confidence for outcome in outcomes])
    rights = np.array([outcome.rank == 1 for outcome in outcomes], np.float64)
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    return [
        Bin(int(members.sum()), float(confidences[members].mean()), float(rights[members].mean()))
        for members in (bins == number for number in range(_BINS))
        if members.any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of confidence from truth, bins weighted by their outcomes.

    Source: Guo et al., On calibration of modern neural networks (2017).
    """
    return sum(item.n * abs(item.confidence - item.right) for item in bins) / sum(item.n for item in bins)


def coverage_steps(outcomes: Sequence[Outcome]) -> list[Step]:
    """Return what each threshold would mean, the highest first; equal confidences make one step."""
    steps = []
    wrong = 0
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    for n, outcome in enumerate(ordered, start=1):
        wrong += outcome.rank != 1
        if n == len(ordered) or ordered[n].confidence != outcome.confidence:
            steps.append(Step(outcome.confidence, n / len(ordered), wrong / n))
    return steps


_WIDTH, _HEIGHT = 360, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 42
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_COLUMNS = 24


def calibration_plot(bins: Sequence[Bin], say: Say = Message) -> str:
    """Draw the share right against confidence; a dot's area grows with its outcomes."""
    most = max(item.n for item in bins)
    dots = [
        f'<circle class="mark" cx="{_x(item.confidence):.1f}" cy="{_y(item.right):.1f}" '
        f'r="{3 + 8 * (item.n / most) ** 0.5:.1f}">'
        f"<title>{escape(_bin_said(item, say))}</title></circle>"
        for item in bins
    ]
    diagonal = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    return _frame(
        say("confidence"), say("first hit is right"), _ticks(_FIFTHS), _ticks(_FIFTHS), diagonal + "".join(dots)
    )


def _bin_said(item: Bin, say: Say) -> str:
    fields = {"count": item.n, "confidence": item.confidence, "right": item.right}
    return say("{count} questions: confidence {confidence:.2f}, right {right:.2f}", **fields)


def coverage_plot(steps: Sequence[Step], shipped: Step | None, say: Say = Message) -> str:
    """Draw the share wrong among the answered against the share answered; `shipped` is where the archive stands."""
    highest = max([*(step.error for step in steps if step.coverage > 0.05), shipped.error if shipped else 0.0])
    top = min(_round_up(max(100 * highest, 5.0)) / 100, 1.0)
    points = " ".join(f"{_x(step.coverage):.1f},{_y(min(step.error / top, 1)):.1f}" for step in steps)
    drawn = f'<polyline class="curve" points="{points}"/>'
    if shipped:
        shares = {"answered": shipped.coverage, "wrong": shipped.error}
        said = escape(say("as shipped: {answered:.0%} answered, {wrong:.1%} of these wrong", **shares))
        drawn += (
            f'<circle class="shipped" cx="{_x(shipped.coverage):.1f}" cy="{_y(shipped.error / top):.1f}" r="5">'
            f"<title>{said}</title></circle>"
        )
    errors = [(share, f"{100 * share * top:g}%") for share in _FIFTHS]
    across, up = say("share of questions answered"), say("wrong among answered")
    return _frame(across, up, _ticks(_FIFTHS), errors, drawn)


def latency_plot(latencies: Sequence[float], say: Say = Message) -> str:
    """Draw a histogram of milliseconds; what lies above the 99th percentile is counted in the last column."""
    top = _round_up(float(np.percentile(latencies, 99)))
    counts, _ = np.histogram(np.minimum(latencies, top), bins=_COLUMNS, range=(0, top))
    most = max(int(counts.max()), 1)
    columns = [
        f'<rect class="column" x="{_x(n / _COLUMNS) + 0.5:.1f}" y="{_y(count / most):.1f}" '
        f'width="{_PLOT_WIDTH / _COLUMNS - 1:.1f}" height="{_PLOT_HEIGHT * count / most:.1f}">'
        f"<title>{escape(_column_said(count, top * n / _COLUMNS, top * (n + 1) / _COLUMNS, say))}</title></rect>"
        for n, count in enumerate(counts.tolist())
        if count
    ]
    times = [(share, f"{share * top:g}") for share in _FIFTHS]
    questions = [(share, f"{share * most:.0f}") for share in (0.0, 0.5, 1.0)]
    return _frame(say("milliseconds"), say("questions"), times, questions, "".join(columns))


def _column_said(count: int, least: float, most: float, say: Say) -> str:
    return say("{count} questions: {least:.0f}–{most:.0f} ms", count=count, least=least, most=most)


def _round_up(value: float) -> float:
    """Return the next number whose fifths are round."""
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if power * step >= value))


def _frame(across: str, up: str, xs: Sequence[tuple[float, str]], ys: Sequence[tuple[float, str]], inside: str) -> str:
    lines = [f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>' for at, _ in ys]
    below = [f'<text x="{_x(at):.1f}" y="{_y(0) + 16}" text-anchor="middle">{label}</text>' for at, label in xs]
    ticks = [f'<text x="{_LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{label}</text>' for at, label in ys]
    centre, middle = _LEFT + _PLOT_WIDTH / 2, _TOP + _PLOT_HEIGHT / 2
    names = (
        f'<text class="name" text-anchor="middle" x="{centre}" y="{_HEIGHT - 6}">{escape(across)}</text>'
        f'<text class="name" text-anchor="middle" transform="translate(10 {middle}) rotate(-90)">{escape(up)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(up)} against {escape(across)}">'
        f"{''.join(lines)}{inside}{''.join(below)}{''.join(ticks)}{names}</svg>"
    )


def _ticks(shares: Sequence[float]) -> list[tuple[float, str]]:
    return [(share, f"{share:g}") for share in shares]


def _x(share: float) -> float:
    return _LEFT + share * _PLOT_WIDTH


def _y(share: float) -> float:
    return _TOP + (1 - share) * _PLOT_HEIGHT


def changed(comparison: Comparison, say: Say = Message) -> Iterator[str]:
    """Yield the part: changes that chance does not explain, then the questions that changed sides."""
    yield f"<h2>{say('Changes')}</h2>"
    sure = [change for change in comparison.changes if change.worse or change.better]
    if sure:
        named = (say("slice"), say("measure"), say("difference"), say("before"), say("after"), "95 %", "n")
        heads = "".join(f"<th>{head}</th>" for head in named)
        rows = "".join(_change_row(change, say) for change in sorted(sure, key=lambda change: not change.worse))
        yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    else:
        yield f"<p>{say('nothing changed by more than chance explains')}</p>"
    yield _moved(say("first before and not now"), comparison.lost)
    yield _moved(say("first now and not before"), comparison.won)


def _change_row(change: Change, say: Say) -> str:
    kind, said = ("worse", say("worse")) if change.worse else ("better", say("better"))
    return (
        f'<tr><td>{escape(change.slice)}</td><td>{escape(change.measure)}</td><td class="{kind}">'
        f"{change.after - change.before:+.3f} {said}</td><td>{change.before:.3f}</td><td>{change.after:.3f}</td>"
        f"<td>{change.low:+.3f} … {change.high:+.3f}</td><td>{change.n}</td></tr>"
    )


def _moved(said: str, ids: tuple[str, ...]) -> str:
    return f"<p>{said}: {len(ids)}" + (f' <span class="soft">{escape(", ".join(ids))}</span>' if ids else "") + "</p>"


_MOST = 500
"""Of a kind: a page of thousands is slow on a phone, and nobody reads on."""


def failed(outcomes: Sequence[Outcome], say: Say = Message) -> Iterator[str]:
    """Yield the part: one list for each kind of failure."""
    for kind in Failure:
        members = [outcome for outcome in outcomes if outcome.failure is kind]
        if members:
            yield f"<h2>{escape(_sentence(say(kind)))} ({len(members)})</h2>"
            yield "".join(_entry(outcome, say) for outcome in members[:_MOST])
        if len(members) > _MOST:
            more = say("… and {count:,} more: --json lists all", count=len(members) - _MOST)
            yield f'<p class="soft">{more}</p>'


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _entry(outcome: Outcome, say: Say) -> str:
    question = outcome.question
    return (
        f'<details><summary>{escape(question.question)}<span class="soft">{escape(question.id)}</span></summary><dl>'
        + "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in _facts(outcome, say) if said)
        + "</dl></details>"
    )


def _facts(outcome: Outcome, say: Say) -> Iterator[tuple[str, str]]:
    question, found = outcome.question, outcome.found
    if question.answerable:
        yield say("expected"), escape(", ".join(question.articles))
        yield say("answer"), escape(" / ".join(question.answers))
        place = say("at place {rank}", rank=outcome.rank) if outcome.rank else say("not found")
        yield say("right article"), place
    if found:
        yield say("found first"), escape(" · ".join(filter(None, (found.article, found.title, found.published))))
        yield say("highlight"), f"<mark>{escape(found.text)}</mark>"
    verdict = say("answered") if outcome.answered else say("refused")
    yield say("confidence"), f"{outcome.confidence:.3f}, {verdict}"


_HEAD = "{count} questions; the archive cannot answer {unanswerable} of them."
_BELOW = "Below each figure: its 95 % interval, from 1,000 bootstrap resamples of the questions."
_SLICES = "Slices of {count} questions and more"
_LEFT_OUT = {
    "success@3",
    "complete@3",
    "complete@10",
    "outcome.stated",
    "nDCG@10",
    "refusal.precision",
    "latency_ms.p50",
}
_TABLE_COLUMNS = tuple(measure for measure in MEASURES if measure not in _LEFT_OUT)
"""The measures of the table of slices, as many as fit next to each other."""


def render(
    title: str,
    outcomes: Sequence[Outcome],
    whole: Summary,
    slices: Slices,
    comparison: Comparison | None = None,
    say: Say = Message,
) -> str:
    """Return the page, as `say` says its sentences; `outcomes` is not empty."""
    style = files(__package__).joinpath("style.css").read_text("utf-8")
    parts = (
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{say(_HEAD, count=whole.n, unanswerable=_unanswerable(outcomes))}</p>',
        f'<div class="figures">{"".join(_figures(whole, say))}</div>',
        f'<p class="soft">{say(_BELOW)}</p>',
        *(changed(comparison, say) if comparison else ()),
        f'<h2>{say("Plots")}</h2><div class="plots">{"".join(_plots(outcomes, say))}</div>',
        f'<h2>{say(_SLICES, count=LEAST_SHOWN)}</h2><div class="wide">{_table(whole, slices, say)}</div>',
        *failed(outcomes, say),
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


def _figures(whole: Summary, say: Say) -> Iterator[str]:
    for measure, value in whole.values.items():
        ends = whole.intervals.get(measure)
        below = f"{ends[0]:.3f} – {ends[1]:.3f}" if ends else "&nbsp;"
        said = f"<span>{escape(measure)}</span><b>{shown(measure, value)}</b><span>{below}</span>"
        said += f"<small>{escape(say(EXPLAINED[measure]))}</small>"
        yield f'<div class="figure">{said}</div>'


def _plots(outcomes: Sequence[Outcome], say: Say) -> Iterator[str]:
    bins = calibration(outcomes)
    yield _figure(
        calibration_plot(bins, say),
        say(
            "Calibration: on the dashed line, confidence is the share that is right. Expected calibration error "
            "{value:.3f}.",
            value=calibration_error(bins),
        ),
    )
    answered = [outcome for outcome in outcomes if outcome.answered]
    wrong = sum(outcome.rank != 1 for outcome in answered)
    shipped = Step(0.0, len(answered) / len(outcomes), wrong / len(answered)) if answered else None
    yield _figure(
        coverage_plot(coverage_steps(outcomes), shipped, say),
        say("Coverage against error, as the threshold falls from left to right; the dot is the shipped threshold."),
    )
    yield _figure(
        latency_plot([outcome.latency_ms for outcome in outcomes], say),
        say("Time to an answer; the last column holds all that took longer."),
    )


def _figure(plot: str, caption: str) -> str:
    return f"<figure>{plot}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(whole: Summary, slices: Slices, say: Say) -> str:
    heads = "".join(f"<th>{escape(measure.rpartition('.')[2])}</th>" for measure in _TABLE_COLUMNS)
    rows = [_row(say("whole"), whole)]
    for dimension, values in slices.items():
        if len(values) > 1:
            rows.append(
                f'<tr class="dimension"><td>{escape(say(dimension))}</td>{"<td></td>" * (len(_TABLE_COLUMNS) + 1)}</tr>'
            )
            rows += [_row(say(value), summary) for value, summary in values.items() if summary.n >= LEAST_SHOWN]
    return (
        f"<table><thead><tr><th>{say('slice')}</th><th>n</th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _row(name: str, summary: Summary) -> str:
    cells = "".join(f"<td>{shown(measure, summary.values.get(measure))}</td>" for measure in _TABLE_COLUMNS)
    return f"<tr><td>{escape(name)}</td><td>{summary.n}</td>{cells}</tr>"
