"""The words of questions in further languages: which one it is, of what is asked, and what is looked up for that.

`lexicon/` has a file a language, all of it our own: a Chinese word, a tab, and what it is called there, the most usual
first, by semicolons. A line `*stop` has the words that say nothing of a subject, `*units` numbers and units as
百万=Million. At the end: how Russian and Vietnamese write the syllables of Chinese names.
"""

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path

import tantivy

from retrieval.text import KANA, fold
from retrieval.text.words import STOPWORDS, VIETNAMESE_SYLLABLES, syllables, without_asking
from retrieval.values import Span

FOLDER = Path(__file__).with_name("lexicon")
_STOP, _UNITS = "*stop", "*units"
_STEMMERS = {
    "ar": "Arabic", "de": "German", "el": "Greek", "es": "Spanish", "fr": "French", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "tr": "Turkish",
}  # fmt: skip
"""Languages whose words are looked up by their stem; those of others stand in sentences as in a dictionary."""
_WRITTEN = {
    "th": re.compile("[\u0e01-\u0e4e]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "ar": re.compile("[\u0620-\u064a]"),
    "ru": re.compile("[\u0400-\u045f]"),
    "el": re.compile("[\u0370-\u03ff]"),
}
"""Scripts that say which language it is, of those that the lexicon has, where most letters are theirs."""
_LATIN = ("de", "es", "fr", "id", "pt", "ro", "tr", "vi")
_OTHERS = re.compile("[åøæłěřůžčćńśźżőűگچپژ]")
"""Letters of languages that the lexicon does not have, as Persian, Polish and Swedish."""
_KANA = re.compile(f"[{KANA}]")
_IDEOGRAPH, _LETTER = re.compile("[\u3400-\u9fff]"), re.compile("[^\\W\\d_\u3400-\u9fff]|[\u0900-\u0963\u0e31-\u0e4e]")
_PER_IDEOGRAPH = 3
"""Letters for each ideograph from which a question is in the language of its letters, and names a thing in Chinese."""
_WORD = re.compile("[\u3400-\u9fff]+|(?:[^\\W_\u3400-\u9fff]|[\u0900-\u0963\u0e31-\u0e4e])+")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Arabic vowels and the stretching of letters, which questions seldom have."""
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_JOINED = re.compile("^(?:و|ف)?(?:ال|بال|كال|لل|ب|ل|ك)?(?=..)")
_UNSPACED = frozenset({"th", "ko"})
"""Languages in whose runs of letters words are looked for."""
_LONGEST, _LONGEST_RUN = 5, 16
"""Words, and characters of a run, of the longest name that is looked up as one."""
_LEAST = 2
_SILENT, _AHEAD = 2, 2
"""What a word that says nothing of a subject counts for its language, of which others may have the rest, too; and by
how much a language must be ahead of English, whose headlines name San Francisco and Rio de Janeiro."""


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """A question in a language of the lexicon: the words and phrases of which it asks, with the names of each."""

    language: str
    names: Mapping[str, Sequence[str]]

    @property
    def is_spaced(self) -> bool:
        """Whether its words stand between spaces, as they are indexed."""
        return self.language not in _UNSPACED


LookUp = Callable[[Iterable[str]], Mapping[str, Sequence[str]]]
"""Returns the names of those keys that have any, best first."""


def fingerprint() -> int:
    """Return a number that is another when a file is."""
    return reduce(lambda known, path: zlib.crc32(path.read_bytes(), known), sorted(FOLDER.glob("*.txt")), 0)


def rows(folder: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """Yield each key with its Chinese names, best first, and of each word that says nothing the languages that have it.

    Of two Chinese words that are called the same first comes the one that is called so first, then the more usual one.
    """
    languages_of: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((folder or FOLDER).glob("*.txt")):
        language, entries = path.stem, list(_entries(path))
        silent = {_accented(name) for chinese, names in entries if chinese == _STOP for name in names}
        for word in silent:
            languages_of[f"stop:{word}"].append(language)
        named = [(chinese, names) for chinese, names in entries if chinese != _STOP]
        yield from _best_first(language, named, silent)
    yield from languages_of.items()


def _best_first(
    language: str, entries: Sequence[tuple[str, list[str]]], silent: Collection[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the keys of a language with their Chinese names.

    Where a word has names by itself, it has none of what is called so with a silent word (dieses Jahr), and where one
    of several characters, none of one, which stands in too many words.
    """
    found = dict[str, dict[str, tuple[bool, bool, int, int]]]()
    for line, (chinese, names) in enumerate(entries):
        for place, name in enumerate(names):
            words = _split(name)
            kept = _stripped(words, silent)
            order = (len(kept) < len(words), len(chinese) < _LEAST, place, line)
            for key in _keys(language, kept):
                orders = found.setdefault(key, {})
                orders[chinese] = min(orders.get(chinese, order), order)
    for key, orders in found.items():
        best = min(orders.values())[:2]
        yield key, sorted((name for name in orders if orders[name][:2] == best), key=orders.__getitem__)


def _stripped(words: Sequence[str], silent: Collection[str]) -> Sequence[str]:
    """Return the words of a name from the first to the last that says something: ereignen of sich ereignen."""
    places = [place for place, word in enumerate(words) if word not in silent]
    return words[places[0] : places[-1] + 1] if places else ()


def _entries(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in path.read_text("utf-8").splitlines():
        chinese, _, said = line.partition("\t")
        names = [name.strip() for name in said.split(";")]
        if chinese == _UNITS:
            pairs = (name.partition("=") for name in names)
            yield from ((fold(number), [name]) for number, _, name in pairs if name)
        else:
            yield fold(chinese), [name for name in names if name]


def english_key(words: Iterable[str]) -> str:
    """Return the key of English words: their stems."""
    return " ".join(_stemmer("English").analyze(" ".join(words)))


def _accented(text: str) -> str:
    """Return a text without what its writers put in or leave out: case, Arabic vowels, the dots of Hindi."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold().replace("\u0307", ""))  # of a Turkish İ
    if _DEVANAGARI.search(plain):
        plain = unicodedata.normalize("NFD", plain).replace("\u093c", "").replace("\u0901", "\u0902")
    return plain


def _split(text: str) -> list[str]:
    """Return the words of a text, with their accents: nhất is not Nhật."""
    return _WORD.findall(_accented(text))


def _keys(language: str, words: Sequence[str]) -> list[str]:
    """Return the keys of words, without accents but in Vietnamese: as they are, and by their stems."""
    if not words or len(words) > _LONGEST:
        return []
    plain = words if language == "vi" else list(map(fold, words))
    stems = [_stem(language, word) for word in plain]
    return list(dict.fromkeys([f"{language}:{' '.join(plain)}", f"{language}:{' '.join(stems)}"]))


@cache
def _stemmer(name: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer(name)).build()


def _stem(language: str, word: str) -> str:
    if language not in _STEMMERS:
        return word
    bare = _JOINED.sub("", word) if language == "ar" else word
    return next(iter(_stemmer(_STEMMERS[language]).analyze(bare)), bare)


def language_of(question: str, look_up: LookUp) -> str | None:
    """Return the language of the lexicon in which a question is asked; None for Chinese, Japanese, English and others.

    Of those in Latin letters it is the one of whose words it has most, those that say nothing of a subject included.
    """
    if is_chinese(question) or _KANA.search(question) or _OTHERS.search(question.casefold()):
        return None
    letters = len(_LETTER.findall(question))
    for language, script in _WRITTEN.items():
        if 2 * len(script.findall(question)) > letters:
            return language
    words = _split(question)
    keys = {language: [_keys(language, [word]) for word in words] for language in _LATIN}
    keys["en"] = [[english_key([fold(word)])] for word in words]
    silent = [f"stop:{word}" for word in words]
    known = look_up([*silent, *(key for those in keys.values() for each in those for key in each)])
    counts = Counter(language for key in silent for language in known.get(key, ()) for _ in range(_SILENT))
    counts["en"] += _SILENT * sum(word in STOPWORDS for word in words)
    for language, those in keys.items():
        counts[language] += sum(any(key in known for key in each) for each in those)
    best = max(_LATIN, key=counts.__getitem__)
    return best if counts[best] >= counts["en"] + _AHEAD else None


def is_chinese(question: str) -> bool:
    """Return whether a question is in Chinese, whatever it names in letters."""
    ideographs = len(_IDEOGRAPH.findall(question))
    asks = ideographs and without_asking(fold(question)) != fold(question)
    return bool(asks) or _PER_IDEOGRAPH * ideographs > len(_LETTER.findall(question))


def foreign_question(question: str, look_up: LookUp) -> ForeignQuestion | None:
    """Return the words of a question in a language of the lexicon with their Chinese names; None in another one."""
    language = language_of(question, look_up)
    if language is None:
        return None
    words = _split(question)
    if language in _UNSPACED:
        words = [part for word in words for part in _parted(language, word, look_up)]
    return ForeignQuestion(language, _named(language, words, _silent_places(language, words, look_up), look_up))


def _silent_places(language: str, words: Sequence[str], look_up: LookUp) -> set[int]:
    """Return where the words and phrases stand that say nothing of a subject."""
    phrases = {span: " ".join(words[slice(*span)]) for span in _spans(words)}
    known = look_up(f"stop:{phrase}" for phrase in phrases.values())
    silent = (span for span, phrase in phrases.items() if language in known.get(f"stop:{phrase}", ()))
    return {place for span in silent for place in range(*span)}


def spans_up_to(longest: int, count: int) -> list[Span]:
    """Return the places of every phrase of so many of `count` words at most, or of every part of a run of letters."""
    return [(start, end) for start in range(count) for end in range(start + 1, min(start + longest, count) + 1)]


def longest_of(spans: Iterable[Span], stop: int) -> Iterator[Span]:
    """Yield the spans that are left when the longest at each place is taken, from the left."""
    ends, place = dict(sorted(spans)), 0
    while place < stop:
        if place in ends:
            yield place, ends[place]
        place = ends.get(place, place + 1)


def _named(language: str, words: Sequence[str], silent: Collection[int], look_up: LookUp) -> dict[str, Sequence[str]]:
    """Return the words of a question, the longest phrases that have names as one, each with the names it has."""
    spans = [span for span in _spans(words) if span[0] not in silent and span[1] - 1 not in silent]
    keys = {span: _keys(language, words[slice(*span)]) for span in spans}
    known = look_up(key for those in keys.values() for key in those)
    names = {span: list(dict.fromkeys(name for key in keys[span] for name in known.get(key, ()))) for span in spans}
    taken = longest_of((span for span in spans if names[span] or span[1] - span[0] == 1), len(words))
    return {" ".join(words[slice(*span)]): names[span] for span in taken}


def _spans(words: Sequence[str]) -> list[Span]:
    return spans_up_to(_LONGEST, len(words))


def _parted(language: str, run: str, look_up: LookUp) -> Iterator[str]:
    """Yield the words of a run of letters without spaces, the longest first, and what is left between them."""
    parts = {span: run[slice(*span)] for span in spans_up_to(_LONGEST_RUN, len(run))}
    known = look_up(key for part in parts.values() for key in (f"{language}:{part}", f"stop:{part}"))
    left = 0
    for start, end in longest_of((span for span, part in parts.items() if _is_word(language, part, known)), len(run)):
        yield from [run[left:start]] if start - left >= _LEAST else []
        yield run[start:end]
        left = end
    yield from [run[left:]] if len(run) - left >= _LEAST else []


def _is_word(language: str, text: str, known: Mapping[str, Sequence[str]]) -> bool:
    is_silent = language in known.get(f"stop:{text}", ())
    return is_silent or (len(text) >= _LEAST and f"{language}:{text}" in known)


# ---- How other languages write Chinese names by their sound


def _pairs(written: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in written.split())


_BEGINNINGS = _pairs(
    "zh:чж ch:ч sh:ш b:б p:п m:м f:ф d:д t:т n:н l:л g:г k:к h:х j:цз q:ц x:с r:ж z:цз c:ц s:с",
)
_ENDINGS = _pairs(
    "a:а o:о e:э ai:ай ei:эй ao:ао ou:оу an:ань en:энь ang:ан eng:эн ong:ун er:эр i:и ia:я ie:е iao:яо iu:ю ian:янь "
    "in:инь iang:ян ing:ин iong:юн u:у ua:уа uo:о uai:уай ui:уй uan:уань un:унь uang:уан v:юй ve:юэ van:юань vn:юнь "
    "ya:я ye:е yao:яо you:ю yan:янь yi:и yin:инь yang:ян ying:ин yong:юн yu:юй yue:юэ yuan:юань yun:юнь yo:йо "
    "wa:ва wo:во wai:вай wei:вэй wan:вань wen:вэнь wang:ван weng:вэн wu:у"
)
"""Pinyin as Russian writes it, by Palladius."""


@cache
def russian_syllables() -> Mapping[str, str]:
    """Return the characters that are read as each syllable of Russian."""
    table = dict[str, str]()
    for syllable, characters in syllables().items():
        beginning = next((each for each in _BEGINNINGS if syllable.startswith(each)), "")
        ending = syllable[len(beginning) :]
        if beginning in ("j", "q", "x") and ending.startswith("u"):
            ending = f"v{ending[1:]}"
        written = _BEGINNINGS.get(beginning, "") + _ENDINGS.get(ending, "")
        if beginning in ("z", "c", "s") and ending == "i":
            written = f"{_BEGINNINGS[beginning]}ы"
        if ending in _ENDINGS:
            written = "хуэй" if syllable == "hui" else written
            table[written] = table.get(written, "") + characters
    return table


_TONES = "\u0300\u0301\u0303\u0309\u0323"


@cache
def vietnamese_syllables() -> Mapping[str, str]:
    """Return the characters of each Vietnamese syllable, wherever in it the tone is written."""
    return {toned(syllable): characters for syllable, characters in syllables(VIETNAMESE_SYLLABLES).items()}


def toned(syllable: str) -> str:
    """Return a syllable with its tone behind it: hòa and hoà are one."""
    letters = unicodedata.normalize("NFD", syllable.lower())
    return "".join(sorted(letters, key=lambda letter: letter in _TONES))
