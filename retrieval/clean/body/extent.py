"""Find the article's own lines among those of its page, and what readers wrote below it.

That is a heading that says so, then entries with a name, a day or buttons.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from retrieval.clean.body import kinds as signs
from retrieval.clean.body.kinds import OUTLET, Line, LineKind
from retrieval.text.dates import find_dates
from retrieval.values import Span

# A heading may quote the article's title; a line about who wrote and when is as short as names are.
_HEADING_LONGEST, _ENTRY_LONGEST, _DATELINE = 200, 80, 160
# What may stand next to the day of a comment: a name, a place, a device.
_NEXT_TO_DAY = 32
_NAME_LONGEST = 20
# Headings that are looked at: no page has more of them.
_HEADINGS = 10
# A comment has no more paragraphs than this; a longer run of sentences below a heading is an article.
_RUN = 5
# A first entry stands this close below its heading; behind it, so many lines may pass without another.
_NEAR = 8
_CREDIT = re.compile(r"来源|出处|责任?编辑?|编辑|记者|发布时间|发稿|source|editor|\bby\s[A-Z]|출처|기자", re.IGNORECASE)
_NAMED = re.compile(r"[^\s:,。.!?]{1,16}\s*:\s*\S")
_LETTER = re.compile(r"[^\W\d_]")
_STOP = re.compile(r"[。!?,;:.]")
_AROUND = " \t#*_>•·|丨-–—~=+[]【】()<>《》“”\"'「」"


def find_comments(lines: Sequence[str], prose: Sequence[int]) -> Span:
    """Return the first and the last but one line of readers' comments; both the number of lines where there are none.

    `lines` are in Simplified and half width; `prose` holds for each how many of its characters are sentences.
    """
    for i in headings(lines):
        end = thread_end(lines, prose, i, len(lines))
        if is_thread(lines[i:end], prose[i:end], sum(prose[:i]) + sum(prose[end:])):
            return i, end
    return len(lines), len(lines)


def thread_end(lines: Sequence[str], prose: Sequence[int], heading: int, end: int) -> int:
    """Return where comments that stand above an article end: at its title, the line above its dateline."""
    for i in range(heading + 2, end):
        if len(lines[i]) <= _DATELINE and _CREDIT.search(lines[i]) and find_dates(lines[i]):
            follows = any(prose[i:end]) and not any(map(is_entry, lines[i + 1 : end]))
            return i - 1 if follows else end
    return end


def headings(lines: Sequence[str]) -> list[int]:
    """Return the first lines that are headings of comments, or may be."""
    return list(islice((i for i, line in enumerate(lines) if heading_strength(line)), _HEADINGS))


def heading_strength(line: str) -> int:
    """Say how surely a line is the heading of readers' comments: 2 surely, 1 perhaps, 0 not."""
    if len(line) > _HEADING_LONGEST:
        return 0
    bare = line.strip(_AROUND)
    if signs.COMMENTS_HEADING.fullmatch(bare):
        return 2
    return 1 if signs.COMMENTS_PERHAPS.fullmatch(bare) else 0


def is_thread(lines: Sequence[str], prose: Sequence[int], before: int) -> bool:
    """Return whether what follows a heading, the first line, are entries of readers and no part of the article.

    `before` counts the characters of sentences elsewhere. One entry is enough where the article is longer than what
    follows; a run of sentences without a sign of a reader is no thread.
    """
    strength = heading_strength(lines[0])
    below, sentences = lines[1:], prose[1:]
    marks = [i for i, line in enumerate(below) if is_entry(line)]
    if strength == 2 and len(marks) < 2:
        marks = sorted({*marks, *_undated(below, sentences)})
    if not before or not marks or marks[0] > (_NEAR if strength == 2 or len(marks) > 1 else 1):
        return False
    return _longest_run(sentences, marks) <= _RUN and (len(marks) > 1 or before >= sum(sentences))


def _longest_run(prose: Sequence[int], marks: Sequence[int]) -> int:
    """Count the most sentences in a row without a sign of a reader between them."""
    edges = [-1, *marks, len(prose)]
    return max(sum(map(bool, prose[a + 1 : b])) for a, b in pairwise(edges))


def is_entry(line: str) -> bool:
    """Recognise a line that says who wrote a comment, and when, or offers to answer it."""
    if not line or len(line) > _ENTRY_LONGEST or _CREDIT.search(line):
        return False
    bare = line.strip(_AROUND)
    if signs.COMMENT_SAYS.fullmatch(bare) or (_LETTER.search(bare) and signs.COMMENT_BUTTONS.fullmatch(bare)):
        return True
    rest = bare
    for mention in reversed(find_dates(bare)):
        if mention.day is not None:
            rest = rest[: mention.span[0]] + " " + rest[mention.span[1] :]
    if rest == bare:
        rest = signs.COMMENT_AGO.sub(" ", bare)
    return rest != bare and len(rest.strip()) <= _NEXT_TO_DAY and not _STOP.search(rest[:-1])


def _undated(lines: Sequence[str], prose: Sequence[int]) -> list[int]:
    """Return the lines that name who wrote what follows, on the same line or the next."""
    named = [i for i, line in enumerate(lines) if _NAMED.match(line.strip(_AROUND)) and not _CREDIT.search(line)]
    alone = [
        i
        for i, line in enumerate(lines[:-1])
        if len(line) <= _NAME_LONGEST and not prose[i] and prose[i + 1] and not _STOP.search(line)
    ]
    return next((found for found in (named, alone) if found and found[0] <= 1), [])


# What a line adds to the block it stands in. Sentences hold a block together, furniture breaks it; a hundred characters
# of prose outweigh the furniture between two paragraphs (an advertisement, a share bar), not a page's whole menu.
_WEIGHT = {
    LineKind.SHORT: -1.0,
    LineKind.CREDIT: -2.0,
    LineKind.CAPTION: -1.0,
    LineKind.MENU: -4.0,
    LineKind.FURNITURE: -8.0,
    LineKind.LINKS: -12.0,
    LineKind.RELATED: -12.0,
    LineKind.NOTICE: -12.0,
    LineKind.COMMENT: -12.0,
}
_PROSE_BASE, _PROSE_PER_CHARACTER, _PROSE_MOST = 6.0, 0.25, 60.0
PAGE = frozenset(
    {
        LineKind.FURNITURE,
        LineKind.MENU,
        LineKind.LINKS,
        LineKind.CREDIT,
        LineKind.RELATED,
        LineKind.NOTICE,
        LineKind.COMMENT,
    }
)
"""Kinds that only a page around an article has."""
# Short lines below a dateline that are a text of their own.
_VERSES = 4
_ALWAYS_REMOVED = {LineKind.FURNITURE, LineKind.LINKS, LineKind.RELATED, LineKind.CAPTION, LineKind.COMMENT}


@dataclass(frozen=True, slots=True)
class Region:
    """Which lines are the article's: `start`…`end` spans them, `kept` are their indices."""

    start: int
    end: int
    kept: tuple[int, ...]


def find_body(lines: Sequence[Line]) -> Region:
    """Find the body: the block of lines with the most prose, without the furniture inside it."""
    stop = _last_line(lines)
    start, end = _best_block(lines[:stop])
    if start == end:
        return _without_prose(lines, stop)
    end = _with_tail(lines, end, stop)
    start = _with_head(lines, start)
    inside = [i for i in range(start, end) if lines[i].kind not in _ALWAYS_REMOVED]
    return Region(start, end, tuple(_without_lists(lines, inside)))


def with_gallery(lines: Sequence[Line]) -> list[Line]:
    """Make prose of the captions where there is little else: they are the text of a gallery."""
    if 2 * _prose(lines) >= sum(len(line.text) for line in lines if _is_said(line)):
        return list(lines)
    return [replace(line, kind=LineKind.PROSE) if _is_said(line) else line for line in lines]


def _is_said(line: Line) -> bool:
    return line.kind is LineKind.CAPTION and signs.is_prose(line.even)


def _prose(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if line.kind is LineKind.PROSE)


def _last_line(lines: Sequence[Line]) -> int:
    """Cut behind the first line that ends an article, if most of the prose stands before it.

    An editor's line may stand at the head instead; then most of the prose follows.
    """
    total, before = _prose(lines), 0
    for i, line in enumerate(lines):
        before += len(line.text) if line.kind is LineKind.PROSE else 0
        # an editor's line ends an article; a pager or the readers' comments may stand inside one
        share = 0.5 if line.kind is LineKind.CREDIT else 0.67
        if line.ends and before and before >= share * total:
            return i
    return len(lines)


def _best_block(lines: Sequence[Line]) -> tuple[int, int]:
    """Return the block of the greatest weight, empty where no line is prose."""
    best, best_block = 0.0, (0, 0)
    current, start = 0.0, 0
    listed = _listed(lines)
    for i, line in enumerate(lines):
        if current <= 0:
            current, start = 0.0, i
        current += _WEIGHT[LineKind.MENU] if i in listed else _weight(line)
        if current > best:
            best, best_block = current, (start, i + 1)
    return best_block


def _weight(line: Line) -> float:
    if line.kind is LineKind.PROSE:
        return _PROSE_BASE + min(len(line.text) * _PROSE_PER_CHARACTER, _PROSE_MOST)
    return _WEIGHT[line.kind]


def _with_head(lines: Sequence[Line], start: int) -> int:
    """Take in numbered headings and addresses (各位游客:) before the first sentence; without a page, every line.

    Of several short lines between a dateline and the first sentence each is the article's: a single one is a subtitle.
    """
    if not any(line.kind in PAGE or line.reason for line in lines[:start]):
        return 0
    below = _below_dateline(lines, start)
    if start - below > 1:
        return below
    while start and lines[start - 1].kind is LineKind.SHORT and _opens(lines[start - 1].even):
        start -= 1
    return start


def _below_dateline(lines: Sequence[Line], start: int) -> int:
    """Return the first of the short lines that stand between a dateline and `start`, which none but buttons part."""
    top = start
    while top and lines[top - 1].kind in (LineKind.SHORT, LineKind.MENU) and lines[top - 1].reason != "no words":
        top -= 1
    above = top
    while above and lines[above - 1].reason in ("buttons", "no words"):
        above -= 1
    found = lines[above - 1].credits if above else None
    is_dated = found is not None and found.published is not None
    short = sum(line.kind is LineKind.SHORT for line in lines[top:start])
    return top if is_dated and 2 * short >= start - top else start


def _opens(text: str) -> bool:
    return bool(signs.HEADING.match(text)) or text.endswith(":")


def _with_tail(lines: Sequence[Line], end: int, stop: int) -> int:
    """Take in the short lines behind the last sentence where they are more likely a list or a signature than links.

    They are where they end as sentences do, where the last sentence announces them, where credits follow them, or where
    no page surrounds the text.
    """
    while end < stop and lines[end].kind is LineKind.SHORT and lines[end].even[-1] in '.。!?…”"':
        end += 1
    signature = _signature(lines, end, stop)
    if signature:
        return signature
    tail = end
    while (
        tail < stop
        and lines[tail].kind in (LineKind.SHORT, LineKind.MENU)
        and not lines[tail].reason.startswith("no words")
    ):
        tail += 1
    announced = lines[end - 1].even.endswith(":") or (tail > end and _opens(lines[end].even))
    followed = tail < len(lines) and lines[tail].kind is LineKind.CREDIT
    plain = not any(line.kind in PAGE or line.reason == OUTLET for line in lines)
    return tail if announced or followed or plain else end


def _signature(lines: Sequence[Line], end: int, stop: int) -> int:
    """Return where an office's signature ends: its name, up to three lines, above a bare date; 0 without one."""
    for i in range(end, min(end + 4, stop)):
        found = lines[i].credits
        if i > end and found and found.published and not (found.roles or found.source or found.authors):
            return i + 1
        if lines[i].kind is not LineKind.SHORT:
            break
    return 0


def _without_prose(lines: Sequence[Line], stop: int) -> Region:
    """Keep the short lines right below a dateline, as of a poem, else all that there are unless the page is a menu."""
    verses: list[int] = []
    is_dated = False
    for i, line in enumerate(lines[:stop]):
        if line.kind is LineKind.SHORT and is_dated:
            verses.append(i)
        elif len(verses) >= _VERSES:
            break
        else:
            # what stands behind the date is the rest of the credits
            is_dated = line.kind is LineKind.CREDIT and (is_dated or bool(line.credits and line.credits.published))
            verses = []
    if len(verses) >= _VERSES:
        return Region(verses[0], verses[-1] + 1, tuple(verses))
    short = [i for i in range(stop) if lines[i].kind is LineKind.SHORT]
    furniture = sum(
        line.kind in (LineKind.MENU, LineKind.FURNITURE, LineKind.LINKS, LineKind.RELATED) for line in lines
    )
    if len(short) <= 2 * furniture:
        return Region(0, 0, ())
    return Region(short[0], short[-1] + 1, tuple(short))


def _is_listed(line: Line) -> bool:
    """Recognise a headline, or the summary cut short below it."""
    return line.kind in (LineKind.SHORT, LineKind.MENU) or bool(
        line.kind is LineKind.PROSE and signs.TRUNCATED.search(line.even[-40:])
    )


def _without_lists(lines: Sequence[Line], inside: Sequence[int]) -> list[int]:
    """Leave out the headlines under a heading such as 相关阅读, up to the next sentence."""
    listed = _listed(lines)
    return [i for i in inside if i not in listed]


def _listed(lines: Sequence[Line]) -> set[int]:
    headings = [i for i, line in enumerate(lines) if line.kind is LineKind.RELATED]
    listed: set[int] = set()
    for heading in headings:
        i = heading + 1
        if lines[heading].reason == "link to another article":
            continue
        while i < len(lines) and _is_listed(lines[i]):
            listed.add(i)
            i += 1
    return listed
