"""The words of a question: how much each weighs, by which passages are searched for, and the codes among them.

Short names that articles explain stand for the full ones: 青岚县发展投资集团（以下简称岚发集团）, World Health
Organization (WHO). Nothing is stored for it: what explains a name stands in one of the first articles that the name
finds. Only what can be read off exactly is taken: the characters of a short name stand in the full one in order, its
letters begin the full one's words.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.search.sources import fold_aligned
from retrieval.search.translations import Form, Translations
from retrieval.store.protocols import NO_WRITING, Term, Words
from retrieval.text import fold
from retrieval.text.dates import find_dates
from retrieval.text.words import is_spaceless, kind_of, names_in, query_words, tokenizer

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
            is_role = full is not None and kind_of(short) == "n" and short in full  # 开发商某某公司（以下简称开发商）
            if full and not is_role and (_place(short, folded) is None) != (_place(full, folded) is None):
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
        run = [each.group().lower() for each in every[place:]]
        kept = [each for each in run if each not in _LITTLE]
        if run[:1] == kept[:1] and short.lower() in {"".join(each[0] for each in names) for names in (kept, run)}:
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


Flags = NDArray[np.bool_]
"""Which of the `parts` of some forms stand in which texts; of shape (texts, parts)."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a question's words, one word's after the other's, and of what parts, words of the index, they are.

    `needed` flags the parts of each form, of shape (forms, parts); `lengths` counts them, and `strengths`
    are how much a word counts in a form, both of shape (forms,). `first` is the first form of each word, `weights` the
    share of the question's weight that it carries, both of shape (words,).
    """

    words: Sequence[str]
    parts: Sequence[str]
    needed: NDArray[np.float64]
    lengths: NDArray[np.float64]
    strengths: NDArray[np.float64]
    first: NDArray[np.intp]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, forms: Mapping[str, Mapping[Form, float]], shares: Mapping[str, float]) -> "Forms":
        """Take the forms of each word, with how much it counts in them, and the shares that words carry."""
        every = [form for those in forms.values() for form in those]
        places = {part: place for place, part in enumerate(dict.fromkeys(part for form in every for part in form))}
        needed = np.zeros((len(every), len(places)))
        needed[
            [row for row, form in enumerate(every) for _ in form], [places[part] for form in every for part in form]
        ] = 1
        return cls(
            list(forms),
            list(places),
            needed,
            needed.sum(axis=1),
            np.array([strength for those in forms.values() for strength in those.values()]),
            np.cumsum([0, *map(len, forms.values())])[:-1],
            np.array([shares[word] for word in forms]),
        )

    def shares(self, there: Flags) -> NDArray[np.float64]:
        """Return how much of the question's weight each word gets in each text, of shape (texts, words)."""
        whole = there @ self.needed.T == self.lengths
        best: NDArray[np.float64] = np.maximum.reduceat(whole * self.strengths, self.first, axis=1)
        return best * self.weights


_ALONE = 2.0
"""A figure or a word of letters stands for itself, while a Chinese word is counted with its bigrams and characters too.

success@1 on XQuAD-zh and the sample archive: 1 .965 / .838, 2 .969 / .854, 3 the same.
"""

_TRANSLATED = 0.7
"""What a word counts where only what a dictionary calls it in the other language stands.

success@1 of English questions over XQuAD-zh, Chinese ones over XQuAD-en, the sample: 0 .819 / .842 / .854,
0.5 .861 / .861 / .854, 0.7 .873 / .864 / .862, 0.9 .865 / .869 / .869.
"""
_CHARACTER = 0.4
"""The same of one character, where the archive has a whole word as well: 象 of elephants stands in 气象, too."""
_SEARCHED = 3
"""Names of one word in the other language that passages are searched by; all of them count where they stand."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A question's words as the archive has them.

    `searched` are the words of the index to find passages by. `shares` are the question's own words with the share of
    its weight that each carries, `forms` those in which they stand somewhere. `names` are Chinese ones of its words of
    another language, best first.
    """

    searched: list[Term]
    shares: Mapping[str, float]
    forms: Forms
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, question: str, index: Words, translations: Translations, names: Sequence[Abbreviation] = ()) -> "Terms":
        """Look the words of a question up; each of its `names` stands where either of its forms does."""
        translated = translations.of(question)
        if translated.typed and _has_most(index, list(translated.typed.words)):
            translated = translated.typed
        own, others = translated.words, translated.forms
        parts = (part for forms in (own.values(), *others.values()) for form in forms for part in form)
        found = {term.word: term for term in index.terms(list(dict.fromkeys([*parts, NO_WRITING])))}
        counts = {word: term.passages for word, term in found.items()}
        written = len(index) - counts.get(NO_WRITING, 0)
        # text of a wrong encoding is found by what was typed, and translates nothing
        translating = {word: term.passages for word, term in found.items() if term.is_written}
        known = {word: [form for form in others.get(word, ()) if _passages(form, translating)] for word in own}
        same = _either(names, list(own), translating)
        weights = {word: _weight(word, [own[word], *known[word], *same.get(word, ())], counts, written) for word in own}
        total = sum(weights.values()) or 1.0
        shares = {word: weight / total for word, weight in weights.items()}
        forms = {
            word: {**_strengths(own[word], known[word]), **dict.fromkeys(same.get(word, ()), 1.0)}
            for word in own
            if _passages(own[word], counts) or known[word] or word in same
        }
        searched = [found[word] for word in _searched(own, known) if word in found]
        return cls(searched, shares, Forms.of(forms, shares), translated.names)

    @property
    def known(self) -> float:
        """Share of the question's weight that stands anywhere in the archive."""
        return sum(self.shares[word] for word in self.forms.words)


def glossed(question: str, names: Mapping[str, Sequence[str]], text: str) -> str:
    """Return a question as it is read with a text: behind it the first of its words' `names` each that stands there."""
    return f"{question} {gloss(names, text)}".rstrip() if names else question


def gloss(names: Mapping[str, Sequence[str]], text: str) -> str:
    """Return of the names of each word the first that stands in a text: 人口 圣地亚哥."""
    folded = fold(text)
    standing = (next((name for name in each if name in folded), "") for each in names.values())
    return " ".join(dict.fromkeys(filter(None, standing)))


def _has_most(index: Words, typed: Sequence[str]) -> bool:
    """Return whether more than half of some words stand somewhere."""
    return 2 * sum(term.passages > 0 for term in index.terms(typed)) > len(typed)


def _either(
    names: Sequence[Abbreviation], own: Sequence[str], counts: Mapping[str, int]
) -> dict[str, tuple[Form, ...]]:
    """Return for the words of each name the other form of it, as far as the archive has all of its words."""
    same: dict[str, tuple[Form, ...]] = {}
    for name in names:
        short, full = (tuple(word for word in query_words(form) if word in own) for form in (name.short, name.full))
        for words, other in ((short, full), (full, short)):
            if other and all(counts.get(word) for word in other):
                same |= {word: (*same.get(word, ()), other) for word in words if word not in other}
    return same


def _searched(own: Mapping[str, Form], known: Mapping[str, Sequence[Form]]) -> Iterator[str]:
    yield from (part for form in own.values() for part in form)
    for forms in known.values():
        yield from (word for form in forms[:_SEARCHED] for word in form)


def _strengths(own: Form, forms: Sequence[Form]) -> dict[Form, float]:
    has_word = any(len("".join(form)) > 1 for form in forms)
    return {**{form: _CHARACTER if has_word and len("".join(form)) == 1 else _TRANSLATED for form in forms}, own: 1.0}


def _passages(form: Form, counts: Mapping[str, int]) -> int:
    """Return in how many passages a form may stand."""
    return min(counts.get(word, 0) for word in form)


def _weight(word: str, forms: Sequence[Form], counts: Mapping[str, int], passages: int) -> float:
    """Weigh a word by its rarity among `passages`, in whatever form, as BM25 does, and more where it stands alone.

    Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009).
    """
    having = min(passages, sum(_passages(form, counts) for form in forms))
    rarity = math.log(1 + (passages - having + 0.5) / (having + 0.5))
    return rarity if is_spaceless(word) else _ALONE * rarity


# Codes as people type them: LX1708B and LX-1708B, 国发〔2020〕5号 and 国发[2020]5号, plates, phone numbers.
_HAN = "\u3400-\u9fff"
_DOCUMENT = re.compile(
    rf"(?P<issuer>[{_HAN}]{{1,12}})\s?[〔\[(【]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])】]\s?第?(?P<number>\d+)\s?号"
)
_PLATE = re.compile(
    rf"(?P<place>[{_HAN}])\s?(?P<letter>[A-Za-z])(?P<sign>\s?[·•・‧∙⋅.\-–—]?\s?)(?P<rest>[A-Za-z0-9]{{5,6}})(?![A-Za-z0-9])"
)
_PROVINCES = frozenset("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
_WORDS_TOO = frozenset("新云宁青贵吉")
_NO_CODE = "EU|UN|US|UK|AD|BC|AM|PM|TOP|NO|TV|IN|ON|AT|RMB|USD|HKD|EUR|GDP|CPI|NBA|CBA|FM"
_SPACED = re.compile(
    rf"(?<![A-Za-z0-9])(?!(?:{_NO_CODE}) )([A-Z]{{1,3}}) "
    r"(?!(?:19|20)\d\d(?!\d))(\d{2,5})(?![\d%]|[.,]\d| [a-z]|[\u3400-\u9fff](?<![次号型班航机]))"
)
"""Letters and figures of one code, apart: QB 61; not what is counted, USD 100."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-·.•/_–—‐][A-Za-z0-9]+)*")
_PHONE = 7
_LEAST, _LEAST_DIGITS = 4, 6
"""Characters of a code, and of one that has digits alone: a year or an amount is none."""


def codes_in(text: str) -> frozenset[str]:
    """Return the codes that a text has, without the signs that people put in or leave out."""
    plain = _plain(text)
    dated = {place for mention in find_dates(plain) for place in range(*mention.span)}
    return frozenset(code for code, at in _codes(plain) if at not in dated)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _codes(plain: str) -> Iterator[tuple[str, int]]:
    for match in _DOCUMENT.finditer(plain):
        yield f"{match['issuer']}|{match['year']}|{int(match['number'])}号", match.start()
    plates = [match for match in _PLATE.finditer(plain) if _is_plate(match)]
    for match in plates:
        yield f"{fold_aligned(match['place'])}|{match['letter']}{match['rest']}".upper(), match.start()
    taken = {place for match in plates for place in range(*match.span())}
    for match in _SPACED.finditer(plain):
        if len(match[1]) + len(match[2]) >= _LEAST and match.start() not in taken:
            yield f"{match[1]}{match[2]}", match.start()
    for match in _TOKEN.finditer(plain):
        code = re.sub("[^A-Z0-9]", "", match.group().upper())
        has_digit, has_letter = bool(re.search(r"\d", code)), bool(re.search("[A-Z]", code))
        if has_digit and len(code) >= (_LEAST if has_letter else _LEAST_DIGITS) and match.start() not in taken:
            yield code, match.start()


def _is_plate(match: re.Match[str]) -> bool:
    """Return whether what stands behind a character is a car's: 京A12345, but no 新Mate60, 编号C-10023."""
    rest = match["rest"].upper()
    has_shape = (len(rest) == 5 and len(re.findall(r"\d", rest)) > 1) or (
        len(rest) == 6 and not rest.isdigit() and (rest[0] in "DF" or rest[-1] in "DF")
    )
    is_word = re.search("[a-z]{2}", match["rest"]) is not None
    place, has_point = fold_aligned(match["place"]), bool(set(match["sign"]) & set("·•・‧∙⋅"))
    is_sure = has_point or place not in _WORDS_TOO or rest[0].isdigit()  # 新ES300h is a new ES300h
    return has_shape and place in _PROVINCES and is_sure and not is_word


def holds_codes(text: str, codes: frozenset[str]) -> bool:
    """Return whether a text has all of these codes."""
    own = codes_in(text)
    return all(any(_same(code, other) for other in own) for code in codes)


def _same(asked: str, written: str) -> bool:
    if "|" in asked:
        issuer, _, rest = asked.partition("|")
        other, _, own = written.partition("|")
        return rest == written or (rest == own and (issuer.endswith(other) or other.endswith(issuer)))
    # a plate may be typed without its province, a phone number without the code of its area
    return asked in (written, written.partition("|")[2]) or (
        asked.isdigit() and len(asked) >= _PHONE and written.isdigit() and written.endswith(asked)
    )
