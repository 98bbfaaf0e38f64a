"""The failures, as a part of the page: each can be opened to see what was found instead."""

from collections.abc import Iterator, Sequence
from html import escape

from retrieval.evaluation.outcomes import Failure, Outcome

_MOST = 500
"""Of a kind: a page of thousands is slow on a phone, and nobody reads on."""


def failed(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the part: one list for each kind of failure."""
    for kind in Failure:
        members = [outcome for outcome in outcomes if outcome.failure is kind]
        if members:
            yield f"<h2>{escape(kind.capitalize())} ({len(members)})</h2>"
            yield "".join(map(_entry, members[:_MOST]))
        if len(members) > _MOST:
            yield f'<p class="soft">… and {len(members) - _MOST} more, in the output of --json.</p>'


def _entry(outcome: Outcome) -> str:
    question = outcome.question
    return (
        f'<details><summary>{escape(question.question)}<span class="soft">{escape(question.id)}</span></summary><dl>'
        + "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in _facts(outcome) if said)
        + "</dl></details>"
    )


def _facts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    question, found = outcome.question, outcome.found
    if question.answerable:
        yield "expected", escape(", ".join(question.articles))
        yield "answer", escape(" / ".join(question.answers))
        yield "right article", f"at place {outcome.rank}" if outcome.rank else "not found"
    if found:
        yield "found first", escape(" · ".join(filter(None, (found.article, found.title, found.published))))
        yield "highlight", f"<mark>{escape(found.text)}</mark>"
    yield "confidence", f"{outcome.confidence:.3f}, {'answered' if outcome.answered else 'refused'}"
