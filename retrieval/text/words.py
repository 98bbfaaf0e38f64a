"""Text → words for matching: of Chinese jieba's search-mode words, bigrams and characters; of the rest words and emoji.

BM25's success@1 on XQuAD-zh: jieba's words .925, with bigrams .936, with characters too .941.

jieba's dictionary is read where a text needs it: all of it takes 0.6 s and 90 MB, a question's part a few ms. jieba
looks up parts of the text only, and each begins with one of the text's characters. The lines of the dictionary are
sorted by their first character, so those of one character lie together and a bisection of the mapped file finds them.
jieba's own code runs over an ordinary `dict`, which grows, and cuts as it does with the whole.
"""

import functools
import logging
import mmap
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import jieba

from retrieval.text import KANA, KANA_MARKS, fold
from retrieval.text.numbers import CANONICAL, canonical_numbers
from retrieval.values import Span

_FILE = Path(jieba.__file__).with_name("dict.txt")
_SIZE = 5_071_852
"""Bytes of the file that is known to be sorted, jieba 0.42.1's."""
_TOTAL = 60_101_967
"""The sum of its frequencies."""
_LINE = re.compile(r"(\S+) (\d+) (\S+)\n")
NAME_KINDS = frozenset({"nr", "nrt", "nrfg", "ns", "nt"})
"""The dictionary's kinds of names: of people, of places, of institutions."""
_PARTS = NAME_KINDS | {"nz", "j", "g", "ng", "ag", "x"}
"""Its kinds of characters that are seldom a word by themselves; those of `_LINKS` are."""
_FAMILIES = frozenset("张刘孙谢肖黄石田马方雷龙武程白古顾戴严易祝柳")
"""Family names, and beginnings of places, that it takes for other words."""
_LINKS = frozenset("暨连敌裔籍")
_NEW_AND_OLD = frozenset("新大小老西")
_ENDS_PLACES = frozenset("省市州县区旗镇乡村路街桥港岛河江湖山")
"""What places are: such a character behind a name that is a word by itself belongs to it, 海口|镇."""
_FIRST = "一"
"""The first character in order; six dozen words of Latin and Greek letters stand before it in none."""


class Dictionary(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """jieba's tokenizer over a dictionary that is read by first character. Safe to use from several threads."""

    def __init__(self, lines: mmap.mmap, total: int) -> None:
        """Take lines of word, frequency and kind, sorted by first character from 一 on, and the sum of frequencies."""
        super().__init__()
        self._lines = lines
        self._known: set[str] = set()
        self.names: dict[str, str] = {}
        self.alone: dict[str, str] = {}
        self.total, self.initialized = total, True
        self._add(0, self._bounds(_FIRST)[0])

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 jieba's name for the graph of words
        """Return where words begin and end; jieba asks for it before it looks anything else up."""
        for character in set(sentence) - self._known:
            if character >= _FIRST:
                self._add(*self._bounds(character))
            self._known.add(character)
        graph: dict[int, list[int]] = super().get_DAG(sentence)
        return graph

    def kind(self, word: str) -> str:
        """Return the kind that the dictionary gives a word: n, v, nr …; nothing where it does not have it."""
        start, stop = self._bounds(word[0])
        line = f"\n{word} ".encode("utf-8", "surrogatepass")
        at = self._lines.find(line, max(0, start - 1), stop)
        return "" if at < 0 else self._lines[at + 1 : self._lines.find(b"\n", at + 1)].split()[-1].decode()

    def begins(self, character: str, name: str) -> bool:
        """Return whether a character that stands alone before a name belongs to it: 王|雪峰, 石|南京路, not 在|北京.

        It does where the dictionary takes it for a name or a part of a word, or a few adjectives for those of places.
        """
        if character in _NEW_AND_OLD:
            return name[-1] in _ENDS_PLACES
        return character in _FAMILIES or (self.alone.get(character) in _PARTS and character not in _LINKS)

    def _bounds(self, character: str) -> tuple[int, int]:
        """Find the bytes of the lines that begin with a character."""
        key = character.encode("utf-8", "surrogatepass")

        def beginning(place: int) -> bytes:
            line = self._lines.rfind(b"\n", 0, place) + 1
            return self._lines[line : line + len(key)]

        places = range(len(self._lines))
        return bisect_left(places, key, key=beginning), bisect_right(places, key, key=beginning)

    def _add(self, start: int, stop: int) -> None:
        """Put words in with their frequency, and what words begin with in with none, as jieba does."""
        for word, frequency, kind in _LINE.findall(self._lines[start:stop].decode("utf-8")):
            prefix = word[:-1]
            while prefix and prefix not in self.FREQ:
                self.FREQ.setdefault(prefix, 0)  # another thread may have put it in meanwhile
                prefix = prefix[:-1]
            self.FREQ[word] = int(frequency)
            if len(word) == 1:
                self.alone[word] = kind
            elif kind in NAME_KINDS:
                self.names[word] = kind[:2]


def names_in(folded: str) -> list[tuple[str, str]]:
    """Return the Chinese names in a folded text that jieba's dictionary knows, each with its kind: nr, ns or nt.

    Of a longer name that the dictionary does not have all of it is returned: 青岚县, of which it knows 岚县.
    """
    jieba_here = tokenizer()
    if not isinstance(jieba_here, Dictionary):
        return []
    words, found = list(jieba_here.cut(folded, HMM=False)), list[tuple[str, str]]()
    for place, word in enumerate(words):
        if kind := jieba_here.names.get(word):
            is_longer = place > 0 and kind != "nt" and jieba_here.begins(words[place - 1], word)
            ahead = words[place - 1] if is_longer else ""
            behind = words[place + 1] if kind == "ns" and words[place + 1 : place + 2] else ""
            found.append((ahead + word + (behind if behind in _ENDS_PLACES else ""), kind))
    return found


def is_known_name(folded: str) -> bool:
    """Return whether jieba's dictionary has a word as a name."""
    jieba_here = tokenizer()
    return isinstance(jieba_here, Dictionary) and folded in jieba_here.names


def kind_of(word: str) -> str:
    """Return the kind that jieba's dictionary gives a word, such as n, v or nr; nothing where it does not have it."""
    jieba_here = tokenizer()
    return jieba_here.kind(word) if word and isinstance(jieba_here, Dictionary) else ""


SYLLABLES = Path(__file__).with_name("syllables.txt")
"""A line a syllable, without its tone, and the characters that are read so; benchmarks/syllables.py makes it."""


VIETNAMESE_SYLLABLES = Path(__file__).with_name("syllables.vi.txt")
"""A line a syllable, and the characters that Vietnamese reads so in Chinese names; our own."""


@functools.cache
def syllables(path: Path = SYLLABLES) -> Mapping[str, str]:
    """Return the characters that are read as each syllable, of pinyin unless another file is given."""
    lines = path.read_text("utf-8").split("\n")
    return {line.split(" ")[0]: line.split(" ")[1] for line in lines if line}


@functools.cache
def readings() -> Mapping[str, Sequence[str]]:
    """Return the syllables that each character is read as."""
    read = dict[str, list[str]]()
    for syllable, characters in syllables().items():
        for character in characters:
            read.setdefault(character, []).append(syllable)
    return read


def frequency(word: str) -> int:
    """Return how often jieba's dictionary counted a word, 0 where it does not have it."""
    jieba_here = tokenizer()
    jieba_here.get_DAG(word)  # reads what begins with its characters
    return int(jieba_here.FREQ.get(word) or 0)


@functools.cache
def tokenizer() -> jieba.Tokenizer:
    """Return jieba with its default dictionary; one that is not the known file is loaded whole."""
    jieba.setLogLevel(logging.WARNING)
    with _FILE.open("rb") as file:
        lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if len(lines) == _SIZE:
        return Dictionary(lines, _TOTAL)
    whole = jieba.Tokenizer()
    # initialize() would load what anybody put at /tmp/jieba.cache
    whole.FREQ, whole.total = whole.gen_pfdict(whole.get_dict_file())
    whole.initialized = True
    return whole


_WORDS = (
    "a about above after again all also although am among an and another any are around as at be because been before "
    "being below between both but by called can could d did do does doing done down during each either ever every for "
    "from further had has have having he her here hers him his how i if in into is it its just kind know known like ll "
    "m many may me might more most much must my name named no nor not of off on once one only onto or other our out "
    "over own please re s said same say shall she should since so some such t tell than that the their them then there "
    "these they this those through thus to together too type under until up upon used ve very via was we were what "
    "when where whether which while who whom whose why will with within without would yet you your"
)
STOPWORDS = frozenset(re.findall(r"\S+", _WORDS))


VERSION = "11"
"""Part of what the words index remembers: other words need another index."""

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = f"{KANA}{KANA_MARKS}"
_SIGN = "\U0001f300-\U0001f3fa\U0001f400-\U0001faff"  # emoji, without the tones of skin
_RUN = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<kana>[{KANA}][{_KANA}]*)|(?P<sign>[{_SIGN}])|(?P<other>[^\W_{_HAN}{_KANA}]+(?:[.,]\d+)*)"
)
# a county's or town's name is cut in two by jieba where its first part is a word (资源|县): whole it weighs more
_PLACE = re.compile(f"(?=([{_HAN}]{{2}}[县市区镇乡村省州]))")
_SPACELESS = re.compile(rf"[{_HAN}{KANA}{_SIGN}]")
# what a question says that no article answers with: interrogatives, particles and politeness, folded
_ASKING = re.compile(
    "多少|什么时候|什么|怎么样|怎么|怎样|如何|哪里|哪儿|哪些|哪个|哪一|哪|为什么|为何|何时|何地|是谁|有谁|谁|几|吗|呢|请问|是否|有没有"
    "|ですか|ますか|でしたか|ましたか|何年|何人|いつ|どこ|だれ|誰|なぜ|どの|どれ|いくつ|いくら|何"
)


def words(text: str) -> list[str]:
    """Return the words of `text` for matching, repeats kept; figures and dates also in one canonical form."""
    return [*_words(fold(text)), *_figures(text)]


@lru_cache(maxsize=8)
def _figures(text: str) -> tuple[str, ...]:
    """Return the figures and dates of a text in one canonical form; those of a passage are asked for twice in a row."""
    return tuple(canonical_numbers(text))


def without_asking(folded: str) -> str:
    """Return a folded text with spaces for what only asks; its length stays."""
    return _ASKING.sub(lambda asking: " " * len(asking.group()), folded)


def query_words(question: str) -> list[str]:
    """Return the words of a question, without those that only ask."""
    folded = fold(question)
    found = list(_words(without_asking(folded))) or list(_words(folded))
    found = [word for word in found if word not in STOPWORDS] or found
    return [*found, *canonical_numbers(question)]


def signature(text: str, *, has_figures: bool = True) -> str:
    """Return a string that shows which words stand in `text`: those whose `needle` is in it.

    It is what is written without spaces, line by line, and all other words between spaces. To find figures and dates
    takes longer than all the rest.
    """
    spaceless, others = list[str](), list[str]()
    for match in _RUN.finditer(fold(text)):
        (others if match.lastgroup == "other" else spaceless).append(match.group())
    spaced = [*map(_unmarked, others), *(_figures(text) if has_figures else ())]
    return "\n".join([*spaceless, f" {' '.join(dict.fromkeys(spaced))} "])


@lru_cache(maxsize=4096)
def needle(word: str) -> str:
    """Return what the `signature` of a text has just where a word stands in that text.

    A word of a script without spaces stands wherever its characters do, whatever words jieba cuts there.
    """
    return word if is_spaceless(word) else f" {word} "


def words_found(texts: Iterable[str], wanted: Sequence[str]) -> list[list[bool]]:
    """Return for each text which of the wanted words stand in it."""
    has_figures = any(word[0] in CANONICAL for word in wanted)
    signatures = [_signature_before(text, has_figures=has_figures) for text in texts]
    needles = [needle(word) for word in wanted]
    return [[each in there for each in needles] for there in signatures]


@lru_cache(maxsize=1024)
def _signature_before(text: str, *, has_figures: bool) -> str:
    """Return the signature of a text that is likely to be shown again: of a window, 120 characters."""
    return signature(text, has_figures=has_figures)


def word_spans(text: str, *, is_guessing: bool = True) -> Iterator[Span]:
    """Yield where the words of a text are, as jieba cuts them, names that it guesses among them if it may."""
    at = 0
    for word in tokenizer().cut(text, HMM=is_guessing):
        yield at, at + len(word)
        at += len(word)


def capitalised(text: str) -> Iterator[Span]:
    """Yield where words with capitals stand one behind the other, parted by spaces alone."""
    run: list[re.Match[str]] = []
    for word in re.finditer(r"[^\W\d_][\w'’.-]*", text):
        is_next = run and text[run[-1].end() : word.start()] == " "
        if run and not (is_next and word.group()[0].isupper()):
            yield run[0].start(), run[-1].end()
            run = []
        if word.group()[0].isupper():
            run.append(word)
    if run:
        yield run[0].start(), run[-1].end()


def is_spaceless(word: str) -> bool:
    """Return whether a word is of a script that is written without spaces, so that parts of it are words too."""
    return bool(_SPACELESS.search(word))


def _words(folded: str) -> Iterator[str]:
    for match in _RUN.finditer(folded):
        run = match.group()
        if match.lastgroup == "other":
            yield _unmarked(run)
        elif match.lastgroup == "han":
            if len(run) > 1:
                yield from _han_words(run)
                yield from _bigrams(run)
            yield from run
            yield from _PLACE.findall(run)
        else:
            yield from _bigrams(run) if len(run) > 1 else run


def _unmarked(run: str) -> str:
    return run if run.isascii() else run.replace(",", "")


def _han_words(run: str) -> Iterator[str]:
    for word in tokenizer().cut_for_search(run):
        if len(word) > 1:
            yield word


def _bigrams(run: str) -> Iterator[str]:
    for left, right in pairwise(run):
        yield left + right
