"""Records of a data file: no page stands around their text, so that almost nothing goes."""

from collections.abc import Sequence

from retrieval.articles.cleaning.comments import find_comments
from retrieval.articles.cleaning.kinds import classify, is_prose
from retrieval.articles.cleaning.lines import Kind, Line, split_lines
from retrieval.articles.cleaning.page import Page
from retrieval.articles.metadata.labels import Role
from retrieval.articles.outlets import Outlets
from retrieval.values import Removed

# Credits stand in the first and the last lines of a text; a date further in belongs to the story.
_CREDIT_LINES = 4


def read_record(text: str, outlets: Outlets) -> Page:
    """Keep a record's text whole, but for foot lines that can be nothing else: editor, copyright, buttons."""
    lines = list(split_lines(text))
    edges = {*range(_CREDIT_LINES), *range(max(0, len(lines) - 2 * _CREDIT_LINES), len(lines))}
    lines = [classify(line, outlets) if i in edges else line for i, line in enumerate(lines)]
    end = _end(lines)
    head = tuple(line for line in lines[: min(_CREDIT_LINES, end)] if line.kind is Kind.CREDIT)
    prose = [len(line.text) * is_prose(line.even) for line in lines]
    readers = range(*find_comments([line.even for line in lines], prose))
    foot = tuple(
        line
        for i, line in enumerate(lines)
        if i >= max(end - _CREDIT_LINES, len(head)) and i not in readers and line.kind is Kind.CREDIT
    )
    return Page(
        paragraphs=tuple(line.span for line in lines[:end]),
        head=head,
        foot=foot,
        removed=tuple(Removed(line.text, line.reason) for line in lines[end:]),
    )


def _end(lines: Sequence[Line]) -> int:
    end = len(lines)
    while end > 1 and _is_foot(lines[end - 1]):
        end -= 1
    return end


def _is_foot(line: Line) -> bool:
    if line.kind is Kind.CREDIT:
        return line.credits is not None and Role.EDITOR in line.credits.roles
    return line.kind is Kind.FURNITURE and line.reason in ("copyright", "buttons", "previous and next")
