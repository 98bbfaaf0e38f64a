"""How likely bytes, characters, words and readings are, and whether a converter glossed a document at all.

By GBK, a shipped model, and the document itself.
"""

import lzma
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

Two = tuple[int, int]
"""Lead and trail byte of a character."""
LEADS = range(0x81, 0xFF)
TRAILS = tuple(byte for byte in range(0x40, 0xFF) if byte != 0x7F)
FULL_WIDTH_ROW = 0xA3
"""Lead byte of the full-width ASCII characters; their trail byte is the ASCII code with the high bit set."""


@cache
def characters() -> dict[Two, str]:
    """Map each pair of bytes that has a character to it."""
    table = {}
    for lead in LEADS:
        for trail in TRAILS:
            try:
                table[lead, trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return table


@cache
def private_pairs() -> dict[int, tuple[int, ...]]:
    """Map a lead byte to the trail bytes it has no character with; a decoder made private-use characters of them."""
    missing = {lead: tuple(trail for trail in TRAILS if (lead, trail) not in characters()) for lead in LEADS}
    return {lead: trails for lead, trails in missing.items() if trails}


@cache
def pair(character: str) -> Two | None:
    """Give the two bytes of a character, private-use ones included; None for ASCII, € and what GBK does not have."""
    if character == "€":  # one byte, 80, in GBK
        return None
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return (encoded[0], encoded[1]) if len(encoded) == 2 else None


def is_han(character: str) -> bool:
    """Recognise a Han character that GBK has."""
    return "\u4e00" <= character <= "\u9fff"


MODEL_PATH = Path(__file__).with_name("characters.xz")
LONGEST_WORD = 4


@dataclass(frozen=True, slots=True)
class CharacterModel:
    """The shipped tables.

    `fold` maps a Traditional character to its Simplified one, `readings` to its readings in pinyin, the usual one
    first; `images` maps a Simplified character to what a converter may write for it. `words` holds the log-probability
    of folded words, `letters` that of a word to have the character, `followers` what stands behind a
    character in any word.
    """

    fold: Mapping[str, str]
    readings: Mapping[str, tuple[str, ...]]
    images: Mapping[str, str]
    words: Mapping[str, float]
    letters: Mapping[str, float]
    followers: Mapping[str, str]

    def folded(self, text: str) -> str:
        """Write a text in Simplified, character by character."""
        return "".join(self.fold.get(letter, letter) for letter in text)


@cache
def character_model() -> CharacterModel:
    """Load the shipped model: about 0.3 s, once, when the first damaged article is met."""
    changed, simplified, counted = lzma.decompress(MODEL_PATH.read_bytes()).decode().split("\n\n")
    fold, readings = {}, {}
    for line in changed.split("\n"):
        letter, fold[letter], spoken = line.split(" ")
        readings[letter] = tuple(spoken.split(","))
    images = dict(line.split(" ") for line in simplified.split("\n"))
    counts = {word: int(count) for word, count in (line.split(" ") for line in counted.split("\n"))}
    letters: Counter[str] = Counter()
    followers: dict[str, set[str]] = defaultdict(set)
    for word, count in counts.items():
        for letter in word:
            letters[letter] += count
        for letter, other in pairwise(word):
            followers[letter].add(other)
    log = _logarithms(sum(counts.values()))
    words = {word: log(count) for word, count in counts.items()}
    return CharacterModel(
        fold,
        readings,
        images,
        words,
        {letter: log(count) for letter, count in letters.items()},
        {letter: "".join(sorted(others)) for letter, others in followers.items()},
    )


def _logarithms(total: int) -> Callable[[int], float]:
    """Share one float among equal counts: half of the words have the same."""
    return cache(lambda count: math.log(count / total))


def readings(two: Two | None) -> tuple[str, ...]:
    """Give the readings of a changed character, the usual one first; none for any other pair of bytes."""
    return character_model().readings.get(characters().get(two, ""), ()) if two else ()


@cache
def spoken() -> dict[str, list[Two]]:
    """Map each reading to the changed characters that have it."""
    found: dict[str, list[Two]] = defaultdict(list)
    for two in characters():
        for reading in readings(two):
            found[reading].append(two)
    return dict(found)


RARE = -17.0
"""Log-probability of a Han character that no word has."""
MARKS = {"，": -3.2, ",": -3.2, "。": -3.8, "、": -4.2, "“": -4.5, "”": -4.5}
MARK = -6.5
"""Log-probability of any other punctuation mark or digit."""
QUOTES = frozenset("“”")
ENDS = frozenset("，。、！？：；,!?:;")
ENDED = 3.0
"""Log-weight of a closing quotation mark behind a stop."""
MISPLACED = -7.0
"""Log-weight of a quotation mark that opens inside a quotation or closes none, and of a stop behind a stop."""
STRANGE = -16.0
"""Log-probability of a symbol that news text hardly has: kana, Greek, box drawing."""
LOST_LETTER = -4.5
"""Log-probability of a space or digit that was eaten, whichever it was."""
SIMPLIFIED = -6.0
"""Log-weight of a Simplified character that a converter would have changed."""
VARIANT = -2.5
"""Log-weight of a form that is not the usual or the document's own one."""
WORD = -1.2
"""Log-weight of every word: fewer and longer ones are likelier than their frequencies, each for itself, say.

On `benchmarks.repair` it restores one more character in 10,000; from -1 to -1.5 the same.
"""
OWN_SHARE = 0.1
"""Share of the probability that goes to what the document itself repeats."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The end of a run: its last characters, folded, and the best log-probability up to each of them, newest last.

    `quoted` says that a quotation is open.
    """

    letters: str = ""
    scores: tuple[float, ...] = (0.0,)
    quoted: bool = False


START = Trail()


@dataclass(frozen=True, slots=True)
class Weight:
    """What one character is worth by itself: folded, its log-probability as a word, the log-weight of its form."""

    folded: str
    alone: float
    habit: float


class Likelihood:
    """Word-based likelihood of text as the converter wrote it; `intact` are runs of the document that are sound."""

    def __init__(self, model: CharacterModel, intact: Iterable[str]) -> None:
        self._model = model
        self._forms: Counter[str] = Counter()
        own: Counter[str] = Counter()
        for run in intact:
            self._forms.update(run)
            folded = model.folded(run)
            for size in range(1, LONGEST_WORD + 1):
                own.update(folded[at : at + size] for at in range(len(folded) - size + 1))
        # a page of a few words must not outweigh the dictionary
        scale = OWN_SHARE / max(self._forms.total(), 300)
        self._bounds = {
            letter: _mixed(model.letters.get(letter), scale * own[letter]) for letter in own if len(letter) == 1
        }
        self._own = {
            # once is chance: only what is repeated is a word of the document
            run: _mixed(model.words.get(run), scale * (count - (len(run) > 1)))
            for run, count in own.items()
            if len(run) == 1 or count > 1
        }
        self._weights: dict[str, Weight] = {}

    def score(self, trail: Trail, letter: str) -> float:
        """Give the log-probability of a run with one more character."""
        weight = self._weights.get(letter) or self._weigh(letter)
        scores = trail.scores
        best = scores[-1] + weight.alone
        letters = trail.letters + weight.folded
        # most pairs stand in no word: telling that first halves the time
        if weight.folded in self._model.followers.get(trail.letters[-1:], "") or letters[-2:] in self._own:
            for size in range(2, min(len(letters), len(scores)) + 1):
                word = letters[-size:]
                known = self._own.get(word) or self._model.words.get(word)
                if known is not None and scores[-size] + known + WORD > best:
                    best = scores[-size] + known + WORD
        return best + weight.habit + _placing(trail, letter)

    def extend(self, trail: Trail, letter: str, score: float) -> Trail:
        """Append one character whose `score` is known."""
        letters = trail.letters + self._model.fold.get(letter, letter)
        quoted = letter == "“" or (trail.quoted and letter != "”")
        return Trail(letters[1 - LONGEST_WORD :], (*trail.scores[1 - LONGEST_WORD :], score), quoted)

    def bound(self, letter: str) -> float:
        """Give the most that one more character can be worth, whatever stands before it."""
        weight = self._weights.get(letter) or self._weigh(letter)
        known = self._bounds.get(weight.folded) or self._model.letters.get(weight.folded) or weight.alone
        return known + weight.habit

    def _weigh(self, letter: str) -> Weight:
        folded = self._model.fold.get(letter, letter)
        alone = self._own.get(folded) or self._model.words.get(folded)
        alone = _unknown(folded) if alone is None else max(alone, RARE)
        if is_han(folded):
            alone += WORD
        weight = self._weights[letter] = Weight(folded, alone, self._habit(letter, folded))
        return weight

    def _habit(self, letter: str, folded: str) -> float:
        """Weigh the form of a character: converters write no Simplified one, and one Traditional one for each."""
        if letter in self._forms:
            return 0.0
        images = self._model.images.get(letter)
        if images is not None:
            return VARIANT if letter in images else SIMPLIFIED
        if letter == folded:
            return 0.0
        images = self._model.images.get(folded, "")
        usual = letter in images and not any(other in self._forms for other in images)
        return 0.0 if usual else VARIANT


def _placing(trail: Trail, letter: str) -> float:
    """Weigh a mark by what stands before it: few stand behind a stop, and the end of a quotation often does."""
    stopped = trail.letters[-1:] in ENDS
    if letter in QUOTES:
        if trail.quoted == (letter == "“"):
            return MISPLACED
        return ENDED if stopped and trail.quoted else 0.0
    return MISPLACED if stopped and not letter.isalnum() else 0.0


def _mixed(known: float | None, own: float) -> float:
    """Mix a log-probability of the dictionary with the document's own share."""
    return math.log((1 - OWN_SHARE) * math.exp(known) + own) if known is not None else math.log(own)


def _unknown(letter: str) -> float:
    if letter == "□":
        return LOST_LETTER
    if letter in MARKS:
        return MARKS[letter]
    if is_han(letter):
        return RARE
    return MARK if letter.isascii() or letter in "：；！？《》（）…—·～％" else STRANGE


SYLLABLE = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
GLOSS = re.compile(rf"(.)\(({SYLLABLE})\)")
OPEN_GLOSS = re.compile(rf"\?({SYLLABLE})\)")
CLAUSE_END = re.compile(r"[\s,.;:!?、。，；：！？…|/·()（）“”《》「」]+")
LEAST_SIGNS = 4
"""Fewer glosses, whole and broken, are never looked at: keeps plain text cheap."""
LEAST_KINDS = 6
"""Kinds of glossed characters that show a converter: one in three characters of a text is changed, so a writer who
glosses six kinds hits changed ones only once in 700 times."""
LEAST_KINDS_BROKEN = 2
"""The same where a bracket was eaten, which no writer does."""
LEAST_SHARE = 1 / 7
"""Glossed kinds among the changed characters of the document; the converters seen gloss 30 to 40 in a hundred."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a damaged document shows of its converter.

    `glossed` and `bare` count, for each changed character, how often it stands with and without a gloss.
    """

    glossed: Mapping[str, int]
    bare: Mapping[str, int]
    keeps_private: bool
    folds_width: bool

    def always_glossed(self, character: str) -> bool:
        """Return whether no occurrence of a glossed character stands bare, stray ones apart."""
        return self.glossed.get(character, 0) > 9 * self.bare.get(character, 0)


def examine(text: str) -> Gloss | None:
    """Describe the converter that damaged a text; None where the text is not damaged in this way.

    What comes first costs little: the tables are loaded only for a text with tone marks in brackets.

    A list that glosses only changed characters (`龍(lóng)、鳳(fèng)…`) is left alone unless bytes are broken in it. The
    shares allow for glosses that other damage, or text added to the page later, put out of place.
    """
    if text.count(")") < LEAST_SIGNS:
        return None
    seen = GLOSS.findall(text)
    broken = sum(1 for reading in OPEN_GLOSS.findall(text) if not reading.isascii())
    if sum(1 for _, reading in seen if not reading.isascii()) + broken < LEAST_SIGNS:
        return None
    glossed = Counter(letter for letter, reading in seen if reading in readings(pair(letter)))
    wrong = sum(1 for letter, reading in seen if is_han(letter) and reading in spoken()) - glossed.total()
    changed = Counter(letter for letter in text if readings(pair(letter)))
    is_damage = (
        len(glossed) >= (LEAST_KINDS_BROKEN if broken else LEAST_KINDS)
        and wrong <= 0.05 * glossed.total() + (broken > 0)
        and glossed.total() >= 0.9 * sum(changed[letter] for letter in glossed)
        and len(glossed) >= LEAST_SHARE * len(changed)
        and (broken > 0 or _is_prose(text))
    )
    return Gloss(glossed, changed - glossed, *_habits(text)) if is_damage else None


def _habits(text: str) -> tuple[bool, bool]:
    """Return whether private-use characters were kept, and full-width ASCII made half-width."""
    return any("\ue000" <= letter <= "\uf8ff" for letter in text), not re.search("[\uff01-\uff5e]", text)


def _is_prose(text: str) -> bool:
    """Distinguish running text from glossed words in a list: most glosses are in clauses of six characters or more."""
    clauses = CLAUSE_END.split(GLOSS.sub("\\1\0", text))
    counts = [(clause.count("\0"), len(clause)) for clause in clauses]
    inside = sum(count for count, length in counts if length - count >= 6)
    return inside * 2 >= sum(count for count, _ in counts)
