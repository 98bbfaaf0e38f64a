"""Several questions in one → each by itself, with the first one's subject where it lacks one: 为什么被罚？罚了多少."""

import re
from collections.abc import Iterator

from retrieval.search.instead import another
from retrieval.search.listing import MOST_PARTS, Asking, Coherence, Cut
from retrieval.search.question import ASKS_ABROAD, WH, asking, before_asking
from retrieval.search.sources import fold_aligned
from retrieval.text.words import STOPWORDS, capitalised, kind_of
from retrieval.values import Span

_BETWEEN = re.compile(
    r"[?？;；]\s*|(?<=[^\x00-\x7f])[,，、]\s*(?:以及|并且|而且|同时|另外|此外|还有)?|以及|(?<=\S)\s+(?:还有|另外|此外)\s*"
    rf"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|(?:,\s+(?=.+\sand\s+(?:{WH})\b)|,?\s+and\s+)(?=(?:{WH})\b)"
)
_LEAST_WORDS = 3  # "how and when did …" asks one thing of its subject
_POINTING = re.compile(
    r"^(?:而|那么?|又|还|并)?(?:他们|她们|它们|他|她|它|其|该\w{0,2}|此|[那这][次里场起件]|当时)的?"
    r"|^(?:and )?(?:he|she|it|they|his|her|its|their)\b"
)
_ENGLISH_POINTING = re.compile(r"\b(?:he|she|it|they|him|them|his|her|its|their|there)\b", re.IGNORECASE)
_TOGETHER_ENOUGH = 0.75
"""Share of the first clause's subject and of a later clause that one passage has where both are of one thing."""


def in_clauses(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut at clauses that each ask something; a later one that has no subject takes the first one's."""
    pieces = [(begin, end) for begin, end in _asking_pieces(folded) if folded[begin:end].strip()]
    asks = [span for span in pieces if asking(folded[slice(*span)])]
    if not asks or (subject := _subject(first := question[slice(*asks[0])].strip())) == "":
        return None
    lead, parts = question[: asks[0][0]], list[Asking]()
    for begin, end in pieces[pieces.index(asks[0]) :]:
        text = question[begin:end].strip()
        is_listed = folded[:begin].rstrip().endswith("、")
        if put := another(text, first) if parts else None:
            parts.append(Asking(text, f"{lead}{put}？"))
        elif (begin, end) in asks:
            later = _later(text, subject, coherence, is_listed=is_listed) if parts else text
            parts.append(Asking(text, f"{lead}{later}？"))
    if not 2 <= len(parts) <= MOST_PARTS or (first.isascii() and len(first.split()) < _LEAST_WORDS):
        return None
    return Cut(tuple(parts))


def _later(text: str, subject: str, coherence: Coherence, *, is_listed: bool) -> str:
    """Return a later clause with the first one's subject, where it lacks its own: it `is_listed`, or belongs to it."""
    if text.isascii():
        lacks = _ENGLISH_POINTING.search(text) or not _names_something(text)
        return f"{subject}: {text}" if lacks else f" {text}"
    own = text[len(text) - len(_POINTING.sub("", fold_aligned(text))) :]
    if text[:1] in "他她":
        subject = subject.rpartition("的")[0] or subject  # 守灯人的妻子叫什么、他哪年去世
    is_same = is_listed or len(own) < len(text) or not _names_something(own)
    return f"{subject}{own}" if is_same or coherence([f"{subject}{own}"])[0] >= _TOGETHER_ENOUGH else own


_ASIDE = re.compile(
    "(?<=..)(?:的?总?(?:造价|投资|费用|成本|价格|票价|月租|月薪|长度|高度|面积|人口|人数|产量|容量|工期)|[\u4e00-\u9fff]了)$"
)
"""What a clause asks of its subject, which is not asked again: 渡轮造价多少、坐多少人, 火灾死了几个人、原因是什么."""


def _subject(clause: str) -> str:
    """Return of what a clause asks: what stands before what asks, of an English one all that it does not ask with."""
    before = before_asking(clause)
    if not before.isascii() or not clause[:1].isascii():
        kept = _ASIDE.sub("", fold_aligned(before))
        is_split = before.endswith("了") and kind_of(fold_aligned(before)[len(kept) - 1 : len(kept) + 1])[:1] == "v"
        return before[: len(kept) - is_split]  # 学生票后来真|取消了吗
    return " ".join(word for word in re.findall(r"[\w'-]+", clause) if word.lower() not in STOPWORDS)


def _names_something(text: str) -> bool:
    """Return whether a clause says of what it asks: something of two characters and more stands before the asking."""
    before = before_asking(text)
    return len(before) >= 4 or (before.isascii() and len(text.split()) > 3)


def _asking_pieces(folded: str) -> Iterator[Span]:
    """Yield the pieces between clauses; 、 parts what asks from what follows, 造价多少、工期多长, not 甲、乙各多少."""
    begin = 0
    for sign in _BETWEEN.finditer(folded):
        if sign.group()[0] != "、" or asking(folded[begin : sign.start()]):
            yield begin, sign.start()
            begin = sign.end()
    yield begin, len(folded)


_AND_ABROAD = re.compile(
    r"(?:[,;]?\s+(?:und|et|y|e|и|а|та|і|ve|dan|i)\s+|[;?]\s+[¿]?)"
    f"(?={ASKS_ABROAD})"
)
_ASKED_ABROAD = re.compile(f"[¿¡]?{ASKS_ABROAD}")


_TOLD_ABROAD = re.compile(f", ?{ASKS_ABROAD}")
"""Begins what a question tells of, and does not ask: wer weiss, wo er lebt."""


def in_clauses_abroad(question: str, folded: str) -> Cut | None:
    """Cut Wer hat es gebaut und wann wurde es eröffnet? where a word for "and" stands before one that asks.

    What names nothing takes the names that the others have.
    """
    if not _ASKED_ABROAD.match(folded) or re.match(rf"(?:{WH})\b", folded) or _TOLD_ABROAD.search(folded):
        return None
    bounds = [0, *(place for match in _AND_ABROAD.finditer(folded) for place in match.span()), len(folded)]
    texts = [question[begin:end].strip(" ?¿") for begin, end in zip(bounds[::2], bounds[1::2], strict=True)]
    if not 2 <= len(texts) <= MOST_PARTS or any(len(text.split()) < _LEAST_ABROAD for text in texts):
        return None
    names = [" ".join(text[slice(*span)] for span in capitalised(text[1:].rjust(len(text)))) for text in texts]
    first = next(filter(None, names), "")
    asked = (text if own or not first else f"{text}: {first}" for text, own in zip(texts, names, strict=True))
    return Cut(tuple(Asking(text, f"{whole}?") for text, whole in zip(texts, asked, strict=True)))


_LEAST_ABROAD = 2
"""Words of a question; "wie und wann wurde …" asks one thing of its subject."""
