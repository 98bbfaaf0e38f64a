"""The dictionary turned round for looking up, prepared once into the cache: a key, and what it is called elsewhere."""

import json
import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from enum import StrEnum
from functools import cache
from pathlib import Path

import tantivy

from retrieval.encoders.cache import is_complete, prepared
from retrieval.errors import EncoderError
from retrieval.search.translations.cedict import Meaning, find_dictionary, read_meanings

_log = logging.getLogger(__name__)
_FILE = "translations.sqlite"
_FOUND = "SELECT key, found FROM names WHERE key IN (SELECT value FROM json_each(?))"
_VERSION = 2
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
        return Store(prepared(folder, lambda target: _write(target / _FILE, read_meanings(source))) / _FILE)
    except (EncoderError, sqlite3.Error) as error:
        _log.warning("no word of a question is translated: %s", error)
        return Store(None)


def state_of_dictionary(cache_folder: Path) -> DictionaryState:
    """Tell whether the words of questions are translated, without preparing anything."""
    source = find_dictionary()
    if source is None:
        return DictionaryState.MISSING
    is_prepared = is_complete(_folder(cache_folder, source))
    return DictionaryState.PREPARED if is_prepared else DictionaryState.INSTALLED


def _folder(cache_folder: Path, source: Path) -> Path:
    return cache_folder / f"translations-{source.stat().st_size}-{_VERSION}"


def english_key(words: Iterable[str]) -> str:
    """Return the key of English words: their stems."""
    return " ".join(_stemmer().analyze(" ".join(words)))


def _write(path: Path, meanings: Iterable[Meaning]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE names (key TEXT PRIMARY KEY, found TEXT) WITHOUT ROWID")
        rows = ((key, "\n".join(names)) for key, names in turned(meanings).items())
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


@cache
def _stemmer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("English")).build()
