"""Cut from a last paragraph what is printed behind its last sentence: (记者 张三), [责任编辑:李四], (完)."""

import re
from dataclasses import dataclass

from retrieval.articles.metadata.credits import Credits, read_credits
from retrieval.articles.metadata.people import read_names
from retrieval.articles.outlets import Outlets
from retrieval.text.characters import even

_LAST = re.compile(r"\s*(?P<open>[(【\[<〔「])(?P<inside>[^()【】\[\]<>〔〕]{1,80})[)】\]>〕」]?\s*\d{0,8}\s*$")
_END = re.compile(r"\s*[(【\[](?:完|终|全文完|本文完|end|了)[)】\]]\s*$|\s+(?:■|□|◆|●|###|-30-)\s*$", re.IGNORECASE)
# No paragraph ends in more: each is cut from what is left of it, which may be a megabyte.
_MOST = 20
_STOPS = frozenset('。.!?…”"』」')
_CONTRIBUTED = re.compile(r"(?:供稿|报道|撰稿|投稿|摄影?|供图|整理|采写|编译|通讯员|记者|图/文|文/图)\s*$")
_ORIGINAL = re.compile(r"(?:原载|原标题|原题|来源|转自|摘自|本文(?:刊|系|原)|載)|《\s*\S{2,12}(?:报|刊|网)\s*》")


@dataclass(frozen=True, slots=True)
class Tail:
    """A piece cut from the end of a paragraph, and what it says."""

    text: str
    credits: Credits


def cut_tails(text: str, outlets: Outlets) -> tuple[str, tuple[Tail, ...]]:
    """Return a paragraph without the credits behind its last sentence, and these."""
    tails: list[Tail] = []
    while len(tails) < _MOST and (found := _tail(text, outlets)) is not None:
        start, said = found
        tails.insert(0, Tail(text[start:].strip(), said))
        text = text[:start].rstrip()
    return text, tuple(tails)


def _tail(text: str, outlets: Outlets) -> tuple[int, Credits] | None:
    written = even(text[-100:])
    offset = len(text) - len(written)
    end = _END.search(written)
    if end and offset + end.start():
        return offset + end.start(), Credits(frozenset())
    match = _LAST.search(written)
    if match is None or offset + match.start() == 0:
        return None
    inside = text[offset + match.start("inside") : offset + match.end("inside")]
    said = _read(inside, outlets, ends=written[: match.start()][-1:] in _STOPS)
    return None if said is None else (offset + match.start(), said)


def _read(inside: str, outlets: Outlets, *, ends: bool) -> Credits | None:
    """Read what stands in the brackets; a bare name is a byline only where a sentence `ends` before it."""
    found = read_credits(inside, outlets)
    if found and (found.roles or found.authors or _ORIGINAL.search(even(inside))):
        return found
    contributed = _CONTRIBUTED.search(even(inside)) is not None
    names = read_names(_CONTRIBUTED.sub("", inside), declared=contributed)
    if names and (contributed or ends):
        return Credits(frozenset(), authors=names)
    return found or Credits(frozenset()) if _ORIGINAL.match(even(inside).strip()) else None
