"""The language of a text, by its script and its most common words, and how likely a text is as writing.

A character model of five language groups chooses among readings of bytes; and whether a text is writing at all is seen
in words of whatever language.
"""

import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from retrieval.text import KANA, only_simplified, only_traditional

# The share of scripts and words is stable from about 100 characters on; a menu or a quotation needs some room.
_SAMPLE = 1500

# Runs of letters are found much faster than letters. Letters and their vowels alone: other scripts share the marks of
# most of these blocks, as Chinese does ・ and ー, Persian and Urdu ، and ؟, and all of India the stop । of Devanagari.
_SCRIPTS = {
    "kana": re.compile(f"[{KANA}]+"),
    "hangul": re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7fb\uffa1-\uffdc]+"),
    "han": re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"),
    "latin": re.compile(
        "[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]+"
    ),
    "cyrillic": re.compile("[\u0400-\u0481\u0483-\u052f]+"),
    "arabic": re.compile(
        "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ef\u06fa-\u06fc\u06ff\u0750-\u077f"
        "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]+"
    ),
    "thai": re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+"),
    "devanagari": re.compile("[\u0900-\u0950\u0953-\u0963\u0971-\u097f]+"),
    "greek": re.compile(
        "[\u0370-\u0373\u0376\u0377\u037a-\u037d\u037f\u0386\u0388-\u03f5\u03f7-\u03ff"
        "\u1f00-\u1fbc\u1fbe\u1fc2-\u1fcc\u1fd0-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ffc]+"
    ),
    "hebrew": re.compile("[\u05d0-\u05f2\ufb1d-\ufb28\ufb2a-\ufb4f]+"),
}
_ONE_LANGUAGE = {"hangul": "ko", "thai": "th", "devanagari": "hi", "greek": "el", "hebrew": "he"}
# An ideograph says as much as about four letters of an alphabet.
_WEIGHT = {"han": 4, "kana": 2, "hangul": 2}

_COMMON_WORDS = {
    "en": "the of and to in is that was for with as on by from are at"
    " what who where when why how which do does did has have",
    "de": "der die und das ist von den mit für auf nicht ein eine im dem zu",
    "fr": "le la les des et est dans une pour qui sur par du au que plus",
    "es": "el la los las y del en que una por con para se su es como",
    "it": "il di che è la e per un una con del della sono non le gli",
    "pt": "o os as e do da em que um uma para com não por dos foi",
    "nl": "de het een van en is dat op te zijn voor met niet aan ook er",
    "sv": "och att det som en på är av för med den till inte har om ett",
    "pl": "i w na z do się nie że jest to od przez po dla jak o",
    "tr": "ve bir bu için ile da de olarak çok daha gibi ise olan en ne kadar",
    "vi": "của và là các có được cho trong người một với không những này đã",
    "id": "yang dan di dengan untuk dari pada ini dalam tidak adalah itu ke oleh",
    "ru": "и в не на что с по как это из к для от за был его",
    "uk": "і в не на що з та як до у це від за є його для",
    "ar": "في من على إلى أن عن التي الذي هذا كان مع ما",
    "fa": "در از به که این را با است برای آن یک می",
}
# Words of other lists that English has too, alone or in names: among few words they prove nothing against it.
_ENGLISH_TOO = "a as con da de del di die do e en i in is la le les me no non o on os per por sur van was"
_IN_ENGLISH = frozenset(_ENGLISH_TOO.split())
_FEW_WORDS = 20
_WORDS_OF = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_OF_SCRIPT = {"cyrillic": ("ru", "uk"), "arabic": ("ar", "fa")}
_LATIN = tuple(language for language in _WORDS_OF if language not in ("ru", "uk", "ar", "fa"))


def detect_language(text: str) -> str | None:
    """Name a text's language by its BCP 47 tag (`zh-Hans`, `zh-Hant`, `en`, `ja`, …), None where it is unclear."""
    sample = text[:_SAMPLE]
    counts = {
        script: sum(map(len, pattern.findall(sample))) * _WEIGHT.get(script, 1) for script, pattern in _SCRIPTS.items()
    }
    script, count = max(counts.items(), key=lambda item: item[1])
    if count == 0:
        return None
    # Chinese news quotes a Japanese name or two; Japanese is at least a third kana
    if script in ("han", "kana"):
        return "ja" if counts["kana"] * 4 > counts["han"] else _chinese(sample)
    return _ONE_LANGUAGE.get(script) or _by_words(sample, _OF_SCRIPT.get(script, _LATIN))


def _chinese(sample: str) -> str:
    letters = Counter(sample)
    simplified = sum(n for letter, n in letters.items() if letter in only_simplified())
    traditional = sum(n for letter, n in letters.items() if letter in only_traditional())
    if simplified == traditional:
        return "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _by_words(sample: str, languages: tuple[str, ...]) -> str | None:
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    shared = _IN_ENGLISH if words.total() < _FEW_WORDS and sample.isascii() else frozenset()
    scores = {
        language: sum(words[word] for word in _WORDS_OF[language] if language == "en" or word not in shared)
        for language in languages
    }
    # of equal ones English, which alone has a full list, or the last by its tag
    language = max(scores, key=lambda language: (scores[language], language == "en", language))
    return language if scores[language] else None


_WESTERN_PAIR = re.compile("[\u0080-\u00ffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2}")
_SCRIPT_SEAM = re.compile("[A-Za-z][\u3040-\u9fff\uac00-\ud7af]|[\u3040-\u9fff\uac00-\ud7af][A-Za-z]")
_ODD_SEAM = re.compile(
    "[\u00c0-\u00ff][\u3040-\u9fff]|[\u3040-\u9fff][\u00c0-\u00ff]|[A-Za-z][\u0400-\u045f]|[\u0400-\u045f][A-Za-z]"
)


_IDEOGRAPH = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HALF_WIDTH = re.compile("[\uff61-\uffdc]")  # of kana and hangul: no news is written in it
_LETTERS = re.compile("(?<![als])[al]++(?!s)|(?<![kls])k++(?![ls])")
_EASTERN_RUN = re.compile("[hk]+")
_WORDS, _SHORT = 0.35, 20
"""Share of a text's characters that stand in words of any language, and from how many characters on that shows; white
space and ASCII's marks, of which tables are drawn, count nowhere.

Of 10,629 windows of Chinese news seven have less (lists of trains, lots and shares), of 4,849 of Traditional Wikipedia,
of 4,995 in six languages and of tables with names none, of sheets of figures all. Text that was read in a wrong
encoding has under .3, up to .4 where letters stand close in that encoding, more only where much can be read.
"""
_COMMON = 10.0
"""Nats below which an ideograph is common: of the first 3,000, in either script, or in Japanese."""
_DRAWN = 8.6
"""Nats that an ideograph costs on average from which on a text is none: bytes that are read as ideographs draw them
from all that an encoding has, most of them common ones where that is GBK or EUC-JP, and writing says the few hundred
that make up its grammar again and again. Of 44,500 windows of Chinese news and of encyclopaedias in either script
none has more than 8.23 (names, fishes, metals), of 490 that were read in a wrong encoding and are ideographs none
less than 8.78.
"""


class CharacterCosts(StrEnum):
    """The language groups that the model tells apart."""

    CHINESE = "zh"
    JAPANESE = "ja"
    KOREAN = "ko"
    WESTERN = "western"
    CYRILLIC = "cyrillic"


# First character of a block and what one of its characters costs in nats: Chinese, Japanese, Korean, Western, Cyrillic.
# Rough frequencies in newspapers; what stands in `characters.txt` or below is costed one by one instead.
_BLOCKS: tuple[tuple[int, tuple[float, float, float, float, float]], ...] = (
    (0x0000, (18, 18, 18, 18, 18)),  # control
    (0x0020, (3.2, 3.2, 3.2, 3.2, 3.2)),  # ASCII
    (0x007F, (18, 18, 18, 18, 18)),  # control
    (0x00A0, (9, 9, 9, 7, 8)),  # Latin-1 symbols
    (0x00C0, (12, 12, 12, 6.5, 10)),  # Latin-1 letters
    (0x0100, (12, 12, 12, 6.5, 12)),  # Latin of Central Europe
    (0x0180, (13, 13, 13, 13, 13)),
    (0x0370, (11, 11, 11, 11, 11)),  # Greek
    (0x0400, (11, 11, 11, 12, 11)),
    (0x0410, (11, 11, 11, 12, 7)),  # Cyrillic
    (0x0430, (11, 11, 11, 12, 3.6)),  # small Cyrillic
    (0x0450, (11, 11, 11, 12, 8)),
    (0x0500, (12, 12, 12, 12, 12)),  # other alphabets
    (0x2000, (6, 7, 7, 7, 7)),  # punctuation
    (0x2070, (9, 9, 12, 9, 9)),  # symbols
    (0x2E80, (14, 14, 14, 16, 16)),
    (0x3000, (7, 7, 9, 14, 14)),  # ideographic punctuation
    (0x3041, (11, 4.2, 12, 14, 14)),  # hiragana
    (0x30A0, (11, 5.2, 12, 14, 14)),  # katakana
    (0x3100, (11, 13, 13, 14, 14)),
    (0x3400, (16, 16, 16, 16, 16)),  # extension A
    (0x4E00, (13, 13, 13, 15, 15)),  # ideographs outside the list
    (0xA000, (15, 15, 15, 16, 16)),
    (0xAC00, (14, 14, 9.5, 16, 16)),  # hangul
    (0xD7A4, (18, 18, 18, 18, 18)),
    (0xE000, (15, 15, 15, 16, 16)),  # private use
    (0xF900, (13, 13, 13, 16, 16)),
    (0xFE10, (10, 10, 10, 14, 14)),
    (0xFF00, (7, 7, 8, 14, 14)),  # full width
    (0xFF61, (15, 9.5, 15, 16, 16)),  # half-width katakana
    (0xFFA0, (10, 10, 10, 14, 14)),
    (0xFFF0, (20, 20, 20, 20, 20)),  # U+FFFD
    (0x10000, (16, 16, 16, 16, 16)),
    (0x1F000, (10, 10, 10, 10, 10)),  # emoji
    (0x20000, (17, 17, 17, 18, 18)),
)
_FIRSTS = [first for first, _ in _BLOCKS]
_EASTERN = (CharacterCosts.CHINESE, CharacterCosts.JAPANESE)
_ORDER = tuple(CharacterCosts)
# Nats for the language itself: what this project reads is mostly Chinese and English.
_RARITY = dict(zip(_ORDER, (0.0, 1.0, 3.0, 0.0, 2.0), strict=True))


class _Costs(dict[str, float]):
    """Character → nats in one language; blocks are looked up once a character."""

    def __init__(self, language: CharacterCosts) -> None:
        super().__init__(_listed(language))
        self._column = _ORDER.index(language)

    def __missing__(self, char: str) -> float:
        cost = _BLOCKS[bisect_right(_FIRSTS, ord(char)) - 1][1][self._column]
        if "\uac00" <= char <= "\ud7a3" and not _is_common_hangul(char):
            cost += 5
        self[char] = cost
        return cost


def log_probability(text: str, languages: Iterable[CharacterCosts] = CharacterCosts) -> float:
    """Say how likely `text` is in the likeliest of the languages; nats, 0 or less."""
    counts = Counter(text)
    seams = 1.5 * len(_SCRIPT_SEAM.findall(text)) + 5 * len(_ODD_SEAM.findall(text))
    pairs = 2 * len(_WESTERN_PAIR.findall(text))
    return -seams - min(
        sum(times * costs[char] for char, times in counts.items())
        + (pairs if language not in _EASTERN else 0)
        + _RARITY[language]
        for language in languages
        for costs in (_costs(language),)
    )


def is_writing(text: str) -> bool:
    """Return whether a text is in words of a language; not so figures, codes, signs and what wrong decoding makes.

    A text too short to judge is taken for writing. Words are counted by their characters: common ideographs, kana, runs
    of letters as words have them, between spaces or punctuation. Where bytes were read in a wrong encoding nearly every
    run touches a sign, a figure of its script or a character that hardly anybody writes; that took none of 12,420
    windows of news and encyclopaedias in six languages for noise. Where bytes became ideographs alone, these are none
    that stand together in writing.
    """
    kinds = _EASTERN_RUN.sub(_unmixed, "".join(map(_kind, text)))
    counted = len(kinds) - kinds.count(" ")
    runs = (text[run.start() : run.end()] for run in _LETTERS.finditer(kinds))
    words = kinds.count("h") + sum(len(run) for run in runs if _is_word(run))
    return counted < _SHORT or (words - kinds.count("s") >= _WORDS * counted and not _is_drawn(text))


def _is_drawn(text: str) -> bool:
    """Return whether ideographs and kana are drawn at random from those that there are."""
    found = _IDEOGRAPH.findall(text)
    return len(found) >= _SHORT and min(sum(map(_costs(at).__getitem__, found)) for at in _EASTERN) > _DRAWN * len(
        found
    )


@lru_cache(maxsize=16_384)
def _kind(char: str) -> str:
    """Return what a character is: "h" a word, "k" hangul, "a" ASCII's letter, "l" another, "x" none, " " not counted.

    "s" is no letter, either, and touches no word: signs and figures but ASCII's, hangul that hardly anybody writes.
    """
    if _IDEOGRAPH.match(char):
        return "h" if min(_costs(language)[char] for language in _EASTERN) < _COMMON else "x"
    if char.isspace() or (char.isascii() and not char.isalnum()):
        return " "
    if "\uac00" <= char <= "\ud7a3":
        return "k" if _is_common_hangul(char) else "s"
    category = unicodedata.category(char)
    if category[0] in "LM":
        return "x" if _HALF_WIDTH.match(char) else "a" if char.isascii() else "l"
    return "x" if char.isascii() or category[0] == "P" or category == "Cf" else "s"


def _unmixed(run: re.Match[str]) -> str:
    """Take hangul and ideographs for nothing where they touch: news puts a mark or a space between them."""
    return "x" * len(run[0]) if {*run[0]} == {"h", "k"} else run[0]


def _is_word(run: str) -> bool:
    """Return whether letters stand together as in a word: three or more, capitals only at its head or throughout."""
    if "\uac00" <= run[0] <= "\ud7a3":
        return len(run) > 1
    return len(run) > 2 and (run.lower() == run.upper() or run[1:].islower() or run.isupper())


@cache
def _costs(language: CharacterCosts) -> _Costs:
    return _Costs(language)


@cache
def _characters() -> tuple[list[str], list[str], str, str]:
    """Read the lists: ideographs by rank, `X` + its Traditional forms, kanji by rank, common hangul."""
    lines = (files(__package__) / "characters.txt").read_text(encoding="utf-8").split("\n")
    return list(lines[0]), lines[1].split(" "), lines[2], lines[3]


def _listed(language: CharacterCosts) -> dict[str, float]:
    simplified, pairs, kanji, hangul = _characters()
    costs = dict.fromkeys("\t\n\r\f\x1b", 4.0)
    if language is CharacterCosts.CHINESE:
        costs |= _ranked(simplified)
        costs |= dict.fromkeys("嘅嗰啲嘢喺咗唔冇佢哋嚟啦喇㗎嘥攞搵瞓嘥咁噉咩嚿邨埗鰂氹睇俾咪嘞", 8.5)  # Hong Kong
        costs |= {form: costs[pair[0]] + 0.5 for pair in pairs for form in reversed(pair[1:]) if form not in costs}
    elif language is CharacterCosts.JAPANESE:
        costs |= {char: cost + 0.5 for char, cost in _ranked(kanji).items()}
    elif language is CharacterCosts.KOREAN:
        costs |= dict.fromkeys(hangul, 5.8)
    elif language is CharacterCosts.WESTERN:
        costs |= dict.fromkeys("éèêàâçüöäßñóíáúôîœåøæãõ’‘“”–…", 5.0)
    if language in _EASTERN:
        costs |= dict.fromkeys("，。、：；？！“”‘’（）《》「」『』【】・…—·\u3000", 5.0) | dict.fromkeys("，。、", 3.5)
    return costs


def _ranked(characters: Iterable[str]) -> dict[str, float]:
    """Cost characters by rank; the curve fits the counts in jieba's dictionary within a factor of two."""
    return {char: -math.log(0.04 / (1 + rank / 25) ** 1.4) for rank, char in enumerate(characters)}


def _is_common_hangul(char: str) -> bool:
    """Distinguish the 2,350 syllables of KS X 1001 from the 8,822 that hardly anybody writes."""
    try:
        char.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True
