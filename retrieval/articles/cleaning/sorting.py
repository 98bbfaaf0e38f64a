"""Sort a page's lines once: what is the article's, what stands above and below it, what goes and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.articles.cleaning.body import find_body
from retrieval.articles.cleaning.comments import heading_strength
from retrieval.articles.cleaning.context import in_context
from retrieval.articles.cleaning.head import read_head
from retrieval.articles.cleaning.kinds import classify
from retrieval.articles.cleaning.lines import Kind, Line
from retrieval.articles.cleaning.tails import Tail, cut_tails
from retrieval.articles.outlets import Outlets
from retrieval.values import Removed

# A repeated paragraph this long is a mistake of the page; a shorter one may be a refrain.
_REPEAT_SHORTEST = 30
# So many last lines of a body may be a comment.
_LAST = 6
_SUMMARY = re.compile(r"^(?:内容)?(?:摘要|核心提示|导读|导语|提要|内容提要|阅读提示|概要)\s*:\s*")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a page, sorted.

    `body` are the article's; `head` and `foot` the others above and below; `tails` the credits cut from the last of the
    body.
    """

    body: tuple[Line, ...]
    title: str | None
    bylines: tuple[str, ...]
    head: tuple[Line, ...]
    foot: tuple[Line, ...]
    tails: tuple[Tail, ...]
    removed: tuple[Removed, ...]


def sort_lines(lines: Sequence[Line], outlets: Outlets, title: str | None) -> Sorted:
    """Sort lines that know their kinds; `title` is the one that the page's file declares."""
    lines = in_context(lines, outlets)
    kept = find_body(lines).kept
    head = read_head(lines, kept, title)
    deck, bylines = frozenset(head.deck), frozenset(head.bylines)
    kept = tuple(i for i in kept if i >= head.start or i in deck)
    repeats = _repeats(lines, kept)
    kept = tuple(i for i in kept if i not in repeats)
    last = kept[-1] if kept else len(lines)
    inside = set(kept)
    body, tails = _without_tails([lines[i] for i in kept], outlets)
    removed = [
        Removed(line.text, _reason(i, line, head.title, bylines, repeats, kept))
        for i, line in enumerate(lines)
        if i not in inside
    ]
    return Sorted(
        body=tuple(body),
        title=None if head.title is None else lines[head.title].text,
        bylines=tuple(lines[i].text for i in head.bylines),
        head=tuple(lines[: head.start]),
        # a signature's date stays in the body and says when it was signed
        foot=_foot(
            [line for i, line in enumerate(lines) if i > last or (i == last and line.kind is Kind.CREDIT)],
            [line.even for line in lines[max(0, last - _LAST) : last]],
        ),
        tails=tails,
        removed=(*removed, *(Removed(tail.text, "byline") for tail in tails)),
    )


def _foot(lines: Sequence[Line], above: Sequence[str]) -> tuple[Line, ...]:
    """Believe no credits below a heading of readers' comments, proven or not, nor bare dates below what may be one.

    `above` are the lines right above, which may hold the heading of a comment that could not be told from the body.
    """
    strength = max(map(heading_strength, above), default=0)
    foot: list[Line] = []
    for line in lines:
        strength = max(strength, heading_strength(line.even))
        doubted = strength == 2 or (strength == 1 and line.credits is not None and not line.credits.roles)
        foot.append(replace(line, credits=None) if doubted else line)
    return tuple(foot)


def _repeats(lines: Sequence[Line], kept: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that stand on the page twice: a summary of what follows, or the second of two."""
    seen: set[str] = set()
    repeats: set[int] = set()
    texts = {lines[i].text for i in kept}
    for i in kept:
        text = lines[i].text
        summary = _SUMMARY.match(lines[i].even)
        if (summary and text[summary.end() :] in texts) or (text in seen and len(text) >= _REPEAT_SHORTEST):
            repeats.add(i)
        seen.add(text)
    return frozenset(repeats)


def _without_tails(body: list[Line], outlets: Outlets) -> tuple[list[Line], tuple[Tail, ...]]:
    if not body or body[-1].kind is not Kind.PROSE:
        return body, ()
    last = body[-1]
    text, tails = cut_tails(last.text, outlets)
    if not tails:
        return body, ()
    start = last.span[0]
    shorter = replace(last, text=text, span=(start, start + len(text)), even=last.even[: len(text)])
    return [*body[:-1], classify(shorter, outlets)], tails


def _reason(
    i: int, line: Line, title: int | None, bylines: frozenset[int], repeats: frozenset[int], kept: Sequence[int]
) -> str:
    if i == title:
        return "title"
    if i in bylines:
        return "byline"
    if i in repeats:
        return "repeat"
    if line.reason:
        return line.reason
    if not kept or i < kept[0]:
        return "head of the page"
    return "foot of the page" if i > kept[-1] else "list of other articles"
