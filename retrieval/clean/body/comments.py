"""Find what readers wrote below an article: a heading that says so, then entries with a name, a day or buttons."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from retrieval.clean.body import kinds as signs
from retrieval.text.dates import find_dates
from retrieval.values import Span

# A heading may quote the article's title; a line about who wrote and when is as short as names are.
_HEADING_LONGEST, _ENTRY_LONGEST, _DATELINE = 200, 80, 160
# What may stand beside the day of a comment: a name, a place, a device.
_BESIDE_DAY = 32
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
    below, told = lines[1:], prose[1:]
    marks = [i for i, line in enumerate(below) if is_entry(line)]
    if strength == 2 and len(marks) < 2:
        marks = sorted({*marks, *_undated(below, told)})
    if not before or not marks or marks[0] > (_NEAR if strength == 2 or len(marks) > 1 else 1):
        return False
    return _longest_run(told, marks) <= _RUN and (len(marks) > 1 or before >= sum(told))


def _longest_run(prose: Sequence[int], marks: Sequence[int]) -> int:
    """Count the most sentences in a row without a sign of a reader between them."""
    edges = [-1, *marks, len(prose)]
    return max(sum(map(bool, prose[a + 1 : b])) for a, b in pairwise(edges))


def is_entry(line: str) -> bool:
    """Tell a line that says who wrote a comment, and when, or offers to answer it."""
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
    return rest != bare and len(rest.strip()) <= _BESIDE_DAY and not _STOP.search(rest[:-1])


def _undated(lines: Sequence[str], prose: Sequence[int]) -> list[int]:
    """Return the lines that name who wrote what follows, on the same line or the next."""
    named = [i for i, line in enumerate(lines) if _NAMED.match(line.strip(_AROUND)) and not _CREDIT.search(line)]
    alone = [
        i
        for i, line in enumerate(lines[:-1])
        if len(line) <= _NAME_LONGEST and not prose[i] and prose[i + 1] and not _STOP.search(line)
    ]
    return next((found for found in (named, alone) if found and found[0] <= 1), [])
