"""What changed since another run, as a part of the page."""

from collections.abc import Iterator
from html import escape

from retrieval.evaluation.compare import Change, Comparison


def changed(comparison: Comparison) -> Iterator[str]:
    """Yield the part: changes that chance does not explain, then the questions that changed sides."""
    yield "<h2>Changes</h2>"
    sure = [change for change in comparison.changes if change.worse or change.better]
    if sure:
        heads = "<th>slice</th><th>measure</th><th>difference</th><th>before</th><th>after</th><th>95 %</th><th>n</th>"
        rows = "".join(map(_row, sorted(sure, key=lambda change: not change.worse)))
        yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    else:
        yield "<p>Nothing changed by more than chance explains.</p>"
    yield _moved("First before and not now", comparison.lost)
    yield _moved("First now and not before", comparison.won)


def _row(change: Change) -> str:
    kind = "worse" if change.worse else "better"
    return (
        f'<tr><td>{escape(change.slice)}</td><td>{escape(change.measure)}</td><td class="{kind}">'
        f"{change.after - change.before:+.3f} {kind}</td><td>{change.before:.3f}</td><td>{change.after:.3f}</td>"
        f"<td>{change.low:+.3f} … {change.high:+.3f}</td><td>{change.n}</td></tr>"
    )


def _moved(said: str, ids: tuple[str, ...]) -> str:
    return f"<p>{said}: {len(ids)}" + (f' <span class="soft">{escape(", ".join(ids))}</span>' if ids else "") + "</p>"
