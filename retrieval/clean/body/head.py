"""Tell title and bylines from the rest of what stands above an article's first sentence."""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.clean.body import kinds as signs
from retrieval.clean.body.extent import PAGE
from retrieval.clean.body.kinds import OUTLET, Line, LineKind
from retrieval.clean.labels import is_dated_label
from retrieval.clean.names import read_names
from retrieval.text.folding import even

# Titles run from a few characters to two lines.
_TITLE_SHORTEST, _TITLE_LONGEST = 2, 120
# No menu above a title has more lines; each that may be one is compared with all lines.
_TITLE_FARTHEST = 100
# A deck (a sentence or two between title and dateline) is at most this share of the prose.
_DECK = 0.2
_SENTENCE = re.compile(r"。|[.!?][\"”’)]*$")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Head:
    """Which lines above the body are what, as indices: the title, the bylines, and the first line of the body.

    `deck` are sentences that stand above the dateline and belong to the body.
    """

    title: int | None
    bylines: tuple[int, ...]
    start: int
    deck: tuple[int, ...] = ()


def read_head(lines: Sequence[Line], kept: Sequence[int], declared: str | None = None) -> Head:
    """Read the lines above the first sentence.

    `kept` are the indices of the body's lines, `declared` is the title that the file gives.
    """
    credit = _last_credit(lines, kept)
    given = _declared_lines(lines, declared)
    printed = frozenset(given)
    opening = LineKind.PROSE if any(lines[i].kind is LineKind.PROSE for i in kept) else LineKind.SHORT
    first = next((i for i in kept if i > credit and i not in printed and lines[i].kind is opening), len(lines))
    candidates = [i for i in given if i < first][-_TITLE_FARTHEST:] or _candidates(lines, first)
    page = max((i for i in range(first) if lines[i].kind in PAGE or lines[i].reason == OUTLET), default=-1)
    bylines = tuple(i for i in range(min(candidates, default=first) + 1, first) if _is_byline(lines[i]))
    named = frozenset(bylines)
    candidates = [i for i in candidates if i not in named]
    marked = max((page, *bylines, *given))
    if marked < 0:
        return Head(None, (), 0) if declared else _plain_head(lines, kept, first)
    keys = _Keys.of(lines if candidates else ())
    title = max(candidates, key=lambda i: _title_score(lines, keys, i, credit, named), default=None)
    start = _after_title(lines, kept, max(marked, -1 if title is None else title) + 1, first)
    return Head(title, bylines, start, _deck(lines, kept, title, start))


def _candidates(lines: Sequence[Line], first: int) -> list[int]:
    """Give the lines that can be the title; an outlet's name only where nothing else can."""
    able = [i for i in range(max(0, first - _TITLE_FARTHEST), first) if _can_be_title(lines[i])]
    return [i for i in able if lines[i].reason != OUTLET] or able


def _declared_lines(lines: Sequence[Line], declared: str | None) -> tuple[int, ...]:
    """Find the lines near the top that print the declared title."""
    key = _key(even(declared)) if declared else ""
    return tuple(
        i for i, line in enumerate(lines) if key and _key(line.even) == key and line.kind is not LineKind.CREDIT
    )


def _last_credit(lines: Sequence[Line], kept: Sequence[int]) -> int:
    """Return the last credit line with little of the prose above it, -1 without one."""
    inside = set(kept)
    sentences = {i: len(line.text) for i, line in enumerate(lines) if line.kind is LineKind.PROSE and i in inside}
    total, above, last = sum(sentences.values()), 0, -1
    for i, line in enumerate(lines):
        above += sentences.get(i, 0) if _SENTENCE.search(line.even) else 0
        if above > _DECK * total:
            break
        if line.kind is LineKind.CREDIT:
            last = i
    return last


def _after_title(lines: Sequence[Line], kept: Sequence[int], start: int, first: int) -> int:
    """Keep the short lines between the title and the first sentence, but for a subtitle."""
    between = [i for i in range(start, first) if lines[i].kind is LineKind.SHORT]
    if len(between) == 1 and _can_be_title(lines[between[0]]) and not _has_headings(lines, kept, first):
        return first
    return between[0] if between else first


def _deck(lines: Sequence[Line], kept: Sequence[int], title: int | None, start: int) -> tuple[int, ...]:
    above = (i for i in kept if i < start and i != title and lines[i].kind is LineKind.PROSE)
    return tuple(i for i in above if _SENTENCE.search(lines[i].even))


def _plain_head(lines: Sequence[Line], kept: Sequence[int], first: int) -> Head:
    """Read the head of a text without a page around it: its title stands alone above the first sentence.

    A short line above several others may open a list, and one among headings of its kind may be the first: these
    stay, as they must for text that has been cleaned before.
    """
    if not first or first == len(lines) or not _can_be_title(lines[0]) or _continues(lines[0], lines[1]):
        return Head(None, (), 0)
    alone = first == 1 and len(lines[0].text) > 3 and not _has_headings(lines, kept, first)
    if not (alone or lines[1].gap):
        return Head(0 if first == 1 else None, (), 0)
    return Head(0, (), _after_title(lines, kept, 1, first))


def _continues(line: Line, following: Line) -> bool:
    """Tell a sentence broken over two lines: the second goes on in small letters, or both fill the same width."""
    if following.gap:
        return False
    opening = following.text[0]
    return opening.islower() or opening.isdigit() or abs(len(line.text) - len(following.text)) <= 1


def _has_headings(lines: Sequence[Line], kept: Sequence[int], first: int) -> bool:
    return any(lines[i].kind is LineKind.SHORT for i in kept if i > first)


def _can_be_title(line: Line) -> bool:
    if line.kind is LineKind.PROSE:
        return len(line.text) <= _TITLE_LONGEST and "。" not in line.even and line.even[-1] != "."
    return (
        line.kind is LineKind.SHORT
        and _TITLE_SHORTEST <= len(line.text) <= _TITLE_LONGEST
        and not signs.HEADING.match(line.even)
        and line.even[-1] not in ":,;"
        and not is_dated_label(line.even)
    )


class _Keys(NamedTuple):
    """The keys of a page's lines: in their order, in order of writing, and of each the next place with another key."""

    own: list[str]
    ordered: list[str]
    below: list[int]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Keys":
        own = [_key(line.even) for line in lines]
        below = [-1] * len(own)
        for i in range(len(own) - 2, -1, -1):
            below[i] = i + 1 if own[i + 1] != own[i] else below[i + 1]
        return cls(own, sorted(own), below)

    def repeats(self, key: str) -> int:
        """Count the other lines that begin with a line's key, two at most."""
        first = bisect_left(self.ordered, key) + 1
        return sum(other.startswith(key) for other in self.ordered[first : first + 2])


def _title_score(
    lines: Sequence[Line], keys: _Keys, i: int, credit: int, bylines: Collection[int]
) -> tuple[float, int]:
    """Score a title: repeated on the page, right above the credits, of a title's length; the later one wins a tie."""
    key, below = keys.own[i], keys.below[i]
    above_credit = below in bylines or (below >= 0 and lines[below].kind is LineKind.CREDIT)
    masthead = lines[i + 1].kind in (LineKind.MENU, LineKind.LINKS, LineKind.FURNITURE) if i + 1 < len(lines) else False
    behind_position = i > 0 and lines[i - 1].reason == "position in the site"
    length = min(len(key), 16) / 8 - (2 if len(key) < 7 else 0)
    distance = 0.02 * abs((credit if credit >= 0 else i) - i)
    return (
        2.0 * keys.repeats(key) + 3.0 * above_credit + 1.5 * behind_position - 3.0 * masthead + length - distance,
        i,
    )


def _key(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _is_byline(line: Line) -> bool:
    """Tell names alone on a line, which count as a byline only below a title."""
    named = line.kind is LineKind.SHORT and line.reason != OUTLET and len(line.text) <= 60
    return named and line.even[-1] != "。" and bool(read_names(line.text))
