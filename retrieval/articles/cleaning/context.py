"""What a line is, told by the lines around it: a site's name on top, a dateline of many words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.articles.cleaning.lines import OUTLET, Kind, Line
from retrieval.articles.cleaning.seams import cut_title
from retrieval.articles.metadata.credits import read_credits
from retrieval.articles.outlets import Outlets

_MASTHEAD_LONGEST = 40
_OFFICE = re.compile(r"^[\u3041-\u9fff]{2,16}(?:政府|局|厅|委员会|大学|学院|公司|集团|协会|中心|[町市村区県县])$")


def in_context(lines: Sequence[Line], outlets: Outlets) -> list[Line]:
    """Look again at the lines that only their neighbours explain."""
    return _with_dateline(_with_masthead(cut_title(lines, outlets)), outlets)


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
    for i in range(1, first):
        if lines[i].kind is not Kind.SHORT or lines[i - 1].kind is not Kind.SHORT:
            continue
        found = read_credits(lines[i].text, outlets, below_title=True)
        if found and found.published:
            return [*lines[:i], replace(lines[i], kind=Kind.CREDIT, reason="dateline", credits=found), *lines[i + 1 :]]
    return lines
