"""The language of a text, told by its script and its most common words."""

import re
from collections import Counter

from retrieval.text.folding import KANA, only_simplified, only_traditional

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
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_OF_SCRIPT = {"cyrillic": ("ru", "uk"), "arabic": ("ar", "fa")}
_LATIN = tuple(language for language in _WORDS if language not in ("ru", "uk", "ar", "fa"))


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
        language: sum(words[word] for word in _WORDS[language] if language == "en" or word not in shared)
        for language in languages
    }
    # of equal ones English, which alone has a full list, or the last by its tag
    language = max(scores, key=lambda language: (scores[language], language == "en", language))
    return language if scores[language] else None
