"""Short names that articles explain: 青岚县发展投资集团（以下简称岚发集团）, World Health Organization (WHO).

Nothing is stored for it: what explains a name stands in one of the first articles that the name finds. Only what can be
read off exactly is taken: the characters of a short name stand in the full one in order, its letters begin the full
one's words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.search.sources import fold_aligned
from retrieval.text.words import names_in, tokenizer

_SIGNS = r"[“”‘’\"'「」『』《》〈〉\s:：,，]*"
_EXPLAINED = re.compile(
    rf"[（(](?:{_SIGNS}(?:(?:以下|下文|下文中|下面)?统?[简簡][称稱]|以?下[称稱])[为為作是]?"
    rf"{_SIGNS}(?P<han>[\u3400-\u9fffA-Za-z0-9]{{2,12}}){_SIGNS}"
    rf"|(?:英文|英语|英語)?(?:缩写|縮寫|[简簡][称稱])?[为為是]?{_SIGNS}(?P<letters>[A-Z]{{2,8}})"
    r"|(?i:hereinafter|hereafter)(?:,? referred to as)?,? (?:the )?[\"“']?(?P<english>[A-Za-z][\w&.-]*)[\"”']?)[）)]"
)
_BEFORE = 120
"""Characters in front of an explanation in which the full name stands."""
_CUT_WORD = re.compile(r"^[A-Za-z'’-]+")
_HAN_END = re.compile("[\u3400-\u9fff]{4,30}$")
_WORDS_END = re.compile(r"[A-Za-z][\w’'-]*(?:[ ][A-Za-z][\w’'-]*){1,9}$")
_CLOSED = re.compile(r"[”’\"'」』》〉\s]+$")
_LONGER, _LEAST_FULL = 2, 4
"""By how many characters a full name is longer than the short one, and how many it has in front of letters."""
_LITTLE = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "la", "du", "des"})


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short name and the full one that it stands for, each as an article writes it."""

    short: str
    full: str

    def __str__(self) -> str:
        return f"{self.short} = {self.full}"


_SIGN = re.compile("简称|下称|hereinafter|hereafter")
_LETTERS = re.compile(r"(?<![A-Za-z])[A-Z]{2,8}(?![A-Za-z])")


def is_explaining(question: str, signatures: Iterable[str]) -> bool:
    """Return whether a passage may explain a name: its signatures have a sign of that, or the question's letters."""
    letters = [f" {each.lower()} " for each in _LETTERS.findall(question)]
    return any(_SIGN.search(part) or any(each in part for each in letters) for part in signatures)


def abbreviations(question: str, texts: Sequence[str]) -> list[Abbreviation]:
    """Return the names that a question has in one form and that the texts explain, each once.

    A short name that they explain in two ways is none.
    """
    folded, found = fold_aligned(question), dict[str, set[Abbreviation]]()
    for text in texts:
        for short, ends in _explained(text):
            full = _full_of(short, ends, folded, texts)
            if full and (_place(short, folded) is None) != (_place(full, folded) is None):
                found.setdefault(fold_aligned(short), set()).add(Abbreviation(short, full))
    return [min(each, key=str) for each in found.values() if len({fold_aligned(one.full) for one in each}) == 1]


def _full_of(short: str, ends: Sequence[str], folded: str, texts: Sequence[str]) -> str | None:
    """Return which of the ends of what stands in front is the full name, the longest first.

    Of several it is that which the question has, or which stands elsewhere as well.
    """
    if len(ends) < 2 or _place(short, folded) is not None:
        alone = (end for end in ends if len(ends) < 2 or sum(text.count(end) for text in texts) > 1)
        return next(alone, None)
    return next((end for end in ends if _place(end, folded) is not None), None)


def with_both(question: str, names: Iterable[Abbreviation]) -> str:
    """Return a question in which each name stands in both forms, for what reads or embeds it."""
    for each in names:
        folded = fold_aligned(question)
        for own, other in ((each.full, each.short), (each.short, each.full)):
            place = _place(own, folded)
            if place is not None:
                end = place + len(own)
                question = f"{question[:end]}({other}){question[end:]}"
                break
    return question


def _place(name: str, folded: str) -> int | None:
    """Return where a name stands in a folded question; one of letters as a word of its own."""
    left = r"(?<![a-z\d])" if name[:1].isascii() else ""
    right = r"(?![a-z\d])" if name[-1:].isascii() else ""
    found = re.search(left + re.escape(fold_aligned(name)) + right, folded)
    return found.start() if found else None


def _explained(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each short name with what may be its full one: one end of what stands in front, or several."""
    for match in _EXPLAINED.finditer(text):
        short = match["han"] or match["letters"] or match["english"]
        start = max(0, match.start() - _BEFORE)
        before = _CLOSED.sub("", text[start : match.start()])
        before = _CUT_WORD.sub("", before) if start else before
        if ends := _ends(short, before):
            yield short, ends


def _ends(short: str, before: str) -> Sequence[str]:
    words, run = _WORDS_END.search(before), _HAN_END.search(before)
    if words and short.isascii():
        return _by_initials(short, words.group())
    if run is None:
        return []
    return _before_letters(run.group()) if short.isascii() else _by_characters(short, run.group())


def _by_initials(short: str, words: str) -> Sequence[str]:
    """Return the last words whose initials a short name has, little ones left out."""
    every = list(re.finditer(r"[A-Za-z][\w’'-]*", words))
    for place in range(len(every) - 1, -1, -1):
        told = [each.group().lower() for each in every[place:]]
        kept = [each for each in told if each not in _LITTLE]
        if told[:1] == kept[:1] and short.lower() in {"".join(each[0] for each in names) for names in (kept, told)}:
            return [words[every[place].start() :]]
    return []


def _before_letters(run: str) -> Sequence[str]:
    """Return the ends of Chinese words in front of letters, each from a word on: which one is the name is not said."""
    starts, at = list[int](), 0
    for word in tokenizer().cut(run, HMM=False):
        starts.append(at)
        at += len(word)
    return [run[start:] for start in starts if len(run) - start >= _LEAST_FULL]


def _by_characters(short: str, run: str) -> Sequence[str]:
    """Return the shortest end of a run that has a short name's characters in order, none of its names cut.

    What ends with the short name itself is said without it.
    """
    folded, wanted = fold_aligned(run), fold_aligned(short)
    start = len(folded)
    for character in reversed(wanted):
        start = folded.rfind(character, 0, start)
        if start < 0:
            return []
    full = run[_name_start(folded, start) :]
    return [full] if len(full) >= len(short) + _LONGER and not folded.endswith(wanted) else []


def _name_start(folded: str, place: int) -> int:
    """Return where the name or word begins that has a place in it."""
    for name, _ in names_in(folded):
        at = folded.find(name)
        if at < place < at + len(name):
            return at
    at = 0
    for word in tokenizer().cut(folded, HMM=False):
        if at <= place < at + len(word):
            return at
        at += len(word)
    return place
