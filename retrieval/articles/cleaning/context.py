"""What a line is, told by the lines around it: a site's name on top, a dateline of many words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.articles.cleaning.comments import find_comments
from retrieval.articles.cleaning.lines import OUTLET, Kind, Line
from retrieval.articles.cleaning.seams import cut_title
from retrieval.articles.metadata.credits import Credits, read_credits
from retrieval.articles.metadata.labels import Role, label_alone
from retrieval.articles.outlets import Outlets

_MASTHEAD_LONGEST = 40
# https://paper.example/1 1/2 · 第1页 共2页 2026/11/28 07:31 · 1 of 2 28.11.2026
_NUMERIC_DAY = r"(?:[12]\d{3}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})日?"
_SHEET = re.compile(
    r"^(?:https?|file)://\S+\s+\d{1,3}\s?/\s?\d{1,3}$"
    rf"|^第?\s?\d{{1,3}}\s?页?[,\s]*(?:/|of|von|sur|de|共)\s?\d{{1,3}}\s?页?\s+{_NUMERIC_DAY}"
)
_SHEET_DAY = re.compile(rf"{_NUMERIC_DAY}[,\s]+\S{{0,4}}\s?\d{{1,2}}:\d\d\s")
_SHEET_LONGEST = 300
# Between a dateline and the first sentence stand no more short lines than this; reading each as credits takes time.
_DATELINE_FARTHEST = 300
_OFFICE = re.compile(r"^[\u3041-\u9fff]{2,16}(?:政府|局|厅|委员会|大学|学院|公司|集团|协会|中心|[町市村区県县])$")


def in_context(lines: Sequence[Line], outlets: Outlets) -> list[Line]:
    """Look again at the lines that only their neighbours explain."""
    lines = _without_prints(_without_comments(lines))
    return _with_labels_above(_with_dateline(_with_masthead(cut_title(lines, outlets)), outlets))


def _without_prints(lines: list[Line]) -> list[Line]:
    """Make furniture of what a browser prints on top and at the foot of each sheet: day, title, address, number."""
    feet = [i for i, line in enumerate(lines) if len(line.text) <= _SHEET_LONGEST and _SHEET.search(line.even)]
    heads = {0, *(i + 1 for i in feet), *(i - 1 for i in feet)} if feet else set()
    prints = {*feet, *(i for i in heads if 0 <= i < len(lines) and _SHEET_DAY.match(lines[i].even))}
    made = [replace(line, kind=Kind.FURNITURE, reason="head or foot of a print", credits=None) for line in lines]
    return [made[i] if i in prints else line for i, line in enumerate(lines)] if prints else lines


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    """Make comments of what readers wrote; the site's own furniture below it stays what it is."""
    prose = [len(line.text) if line.kind is Kind.PROSE else 0 for line in lines]
    start, end = find_comments([line.even for line in lines], prose)
    return [*lines[:start], *map(_as_comment, lines[start:end]), *lines[end:]]


def _as_comment(line: Line) -> Line:
    if line.kind in (Kind.FURNITURE, Kind.LINKS, Kind.NOTICE):
        return line
    return replace(line, kind=Kind.COMMENT, reason="readers' comments", ends=False, credits=None)


def _with_labels_above(lines: list[Line]) -> list[Line]:
    """Join a label that stands on a line of its own to the date on the next."""
    joined = list(lines)
    for i, line in enumerate(lines[1:], start=1):
        found = line.credits
        role = label_alone(lines[i - 1].even) if found and found.published and not found.roles else None
        if found and role is Role.PUBLISHED:
            joined[i] = replace(line, credits=replace(found, labelled=True))
        elif found and role is Role.UPDATED:
            joined[i] = replace(line, credits=replace(found, published=None, updated=found.published))
        elif role in (Role.HANDLED, Role.OTHER):
            joined[i] = replace(line, reason="date of a copy", credits=Credits(frozenset({Role.HANDLED})))
        if role in (Role.PUBLISHED, Role.UPDATED, Role.HANDLED):
            joined[i - 1] = replace(
                lines[i - 1], kind=Kind.CREDIT, reason=joined[i].reason, credits=Credits(frozenset({role}))
            )
    return joined


def _with_masthead(lines: list[Line]) -> list[Line]:
    """Take the first line for the site's name where it stands above a menu, is an office's or owns the copyright."""
    if len(lines) < 2 or lines[0].kind is not Kind.SHORT or len(lines[0].text) > _MASTHEAD_LONGEST:
        return lines
    name = lines[0].even.split("  ")[0].casefold()
    owned = any(line.reason == "copyright" and name in line.even.casefold() for line in lines[1:])
    above_menu = lines[1].kind in (Kind.MENU, Kind.LINKS, Kind.FURNITURE) and not lines[1].gap
    if owned or above_menu or _OFFICE.search(name):
        return [replace(lines[0], reason=OUTLET), *lines[1:]]
    return lines


def _with_dateline(lines: list[Line], outlets: Outlets) -> list[Line]:
    """Look for a dateline above the first sentence, where its words were too many to be told by themselves."""
    first = next((i for i, line in enumerate(lines) if line.kind is Kind.PROSE), 0)
    if any(line.credits and line.credits.published for line in lines[:first]):
        return lines
    for i in range(max(1, first - _DATELINE_FARTHEST), first):
        if lines[i].kind is not Kind.SHORT or lines[i - 1].kind is not Kind.SHORT:
            continue
        found = read_credits(lines[i].text, outlets, below_title=True)
        if found and found.published:
            return [*lines[:i], replace(lines[i], kind=Kind.CREDIT, reason="dateline", credits=found), *lines[i + 1 :]]
    return lines
