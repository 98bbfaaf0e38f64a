"""Cut an article's text into passages to show and windows to embed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.text.sentences import pieces, sentences
from retrieval.values import Passage, Span

VERSION = "1"
"""Part of the manifest: another cut needs other vectors."""

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_ENDED = re.compile(r"[。！？!?；;.…][”’」』）》】)\"']*$")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in wide characters: a letter of an alphabet counts `narrow`, as much as it says beside a Han character."""

    passage_least: int = 200
    passage_most: int = 400
    window_most: int = 120
    leftover: int = 20
    narrow: float = 0.4


DEFAULT = Sizes()


def split(text: str, sizes: Sizes = DEFAULT) -> tuple[Passage, ...]:
    """Cut `text` into passages that cover it: only white space lies between them.

    Passages are whole paragraphs, or whole sentences of a long one; windows are whole sentences inside a passage,
    and cover it too. No window and no passage is shorter than `sizes.leftover` unless the text is.
    """
    blocks = list(_blocks(text, sizes))
    passages = (_trim(text, (group[0][0], group[-1][1])) for group in _grouped(text, blocks, sizes))
    return tuple(Passage(span, tuple(_windows(text, span, sizes))) for span in passages)


def size(text: str, span: Span, narrow: float = DEFAULT.narrow) -> float:
    """Measure text[span] in wide characters."""
    part = text[span[0] : span[1]]
    wide = len(_WIDE.findall(part))
    return wide + narrow * (len(part) - wide)


def _blocks(text: str, sizes: Sizes) -> Iterator[Span]:
    """Yield paragraphs, and the sentence groups of paragraphs that are too long to be shown whole."""
    start = 0
    for line in text.splitlines(keepends=True):
        span = _trim(text, (start, start + len(line)))
        start += len(line)
        if span[0] == span[1]:
            continue
        whole = size(text, span, sizes.narrow)
        if whole <= sizes.passage_most:
            yield span
        else:
            count = -(-whole // sizes.passage_most)
            yield from _shares(text, _short_sentences(text, span, sizes), whole / count, sizes)


def _short_sentences(text: str, span: Span, sizes: Sizes) -> Iterator[Span]:
    limit = sizes.passage_most // 2
    for sentence in sentences(text, *span):
        if size(text, sentence, sizes.narrow) <= limit:
            yield sentence
        else:
            density = size(text, sentence, sizes.narrow) / (sentence[1] - sentence[0])
            yield from pieces(text, sentence, int(limit / density))


def _shares(text: str, spans: Iterable[Span], share: float, sizes: Sizes) -> Iterator[Span]:
    """Join neighbours into shares of about equal size, so that no short rest is left over."""
    position, number, begin, end = 0.0, 0, -1, -1
    for span in spans:
        length = size(text, span, sizes.narrow)
        middle = int((position + length / 2) / share)
        if begin >= 0 and middle > number:
            yield _trim(text, (begin, end))
            begin = -1
        begin, end, number = span[0] if begin < 0 else begin, span[1], middle
        position += length
    if begin >= 0:
        yield _trim(text, (begin, end))


def _packed(text: str, spans: Iterable[Span], most: float, sizes: Sizes) -> list[Span]:
    """Join neighbours while they stay within `most`; a leftover joins its neighbour whatever comes."""
    packed: list[Span] = []
    for span in spans:
        joined = (packed[-1][0], span[1]) if packed else span
        if packed and (_is_leftover(text, packed[-1], sizes) or size(text, joined, sizes.narrow) <= most):
            packed[-1] = joined
        else:
            packed.append(span)
    if len(packed) > 1 and _is_leftover(text, packed[-1], sizes):
        packed[-2:] = [(packed[-2][0], packed[-1][1])]
    return packed


def _is_leftover(text: str, span: Span, sizes: Sizes) -> bool:
    return size(text, span, sizes.narrow) < sizes.leftover


def _grouped(text: str, blocks: list[Span], sizes: Sizes) -> list[list[Span]]:
    """Group paragraphs into passages; a heading goes with what follows it."""
    groups: list[list[Span]] = []
    for block in blocks:
        if groups and _joins(text, groups[-1], block, sizes):
            groups[-1].append(block)
            continue
        carried: list[Span] = []
        while groups and len(groups[-1]) > 1 and _is_heading(text, groups[-1][-1]):
            carried.insert(0, groups[-1].pop())
        groups.append([*carried, block])
    if len(groups) > 1 and _group_size(text, groups[-1], sizes) < sizes.leftover:
        groups[-2].extend(groups.pop())
    return groups


def _joins(text: str, group: list[Span], block: Span, sizes: Sizes) -> bool:
    before, joined = _group_size(text, group, sizes), _group_size(text, [group[0], block], sizes)
    if before < sizes.leftover or all(_is_heading(text, span) for span in group):
        return True
    return before < sizes.passage_least and joined <= sizes.passage_most


def _group_size(text: str, group: list[Span], sizes: Sizes) -> float:
    return size(text, (group[0][0], group[-1][1]), sizes.narrow)


def _is_heading(text: str, span: Span) -> bool:
    part = text[span[0] : span[1]]
    return size(text, span) <= 30 and not _ENDED.search(part)


def _windows(text: str, passage: Span, sizes: Sizes) -> Iterator[Span]:
    """Yield whole sentences, up to three joined while they are short."""
    for span in _packed(text, _short_sentences(text, passage, sizes), sizes.window_most, sizes):
        yield _trim(text, span)


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def uncovered(text: str, passages: Iterable[Passage]) -> str:
    """Return what no passage covers: white space only, if nothing was lost."""
    edges = [(0, 0), *(passage.span for passage in passages), (len(text), len(text))]
    return "".join(text[left[1] : right[0]] for left, right in pairwise(edges))
