"""Words of further languages: which language a question is in, and what its words are called in Chinese."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from retrieval.search import lexicon
from retrieval.search.lexicon import foreign_question, language_of, rows

FILES = {
    "de": "人口\tBevölkerung; Einwohner\n城市\tStadt; Städte\n县\tKreis\n美国\tVereinigte Staaten von Amerika; USA\n"
    "*stop\tder; die; wie; viele; hat; von; in; den\n*units\t百万=Million\n",
    "es": "人口\tpoblación; habitantes\n城市\tciudad\n*stop\tla; de; cuántos; tiene; es\n",
    "vi": "人口\tdân số\n城市\tthành phố\n*stop\tcó; bao; nhiêu; của; là\n",
    "th": "人口\tประชากร\n美国\tสหรัฐ; สหรัฐอเมริกา\n*stop\tมี; เท่าไร; ของ\n",
    "ru": "人口\tнаселение\n城市\tгород\n*stop\tкакое; в\n",
    "ar": "人口\tسكان\n城市\tمدينة\n*stop\tكم; عدد; في\n",
    "hi": "人口\tजनसंख्या\n*stop\tकी; कितनी; है\n",
    "ko": "人口\t인구\n*stop\t는; 은; 의; 얼마\n",
}


class Kept:
    """What is looked up in a folder of files."""

    def __init__(self, folder: Path) -> None:
        self._names = dict(rows(folder))

    def __call__(self, keys: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return {key: self._names[key] for key in keys if key in self._names}


@pytest.fixture
def look_up(tmp_path: Path) -> Kept:
    for language, lines in FILES.items():
        (tmp_path / f"{language}.txt").write_text(lines, "utf-8")
    return Kept(tmp_path)


@pytest.mark.parametrize(
    ("question", "language", "names"),
    [
        ("Wie viele Einwohner hat die Stadt?", "de", {"einwohner": ["人口"], "stadt": ["城市"]}),
        ("Bevölkerung der Vereinigten Staaten von Amerika", "de", {"bevölkerung": ["人口"], "vereinigten staaten amerika": ["美国"]}),
        ("fünf Millionen Einwohner", "de", {"fünf": [], "millionen": ["百万"], "einwohner": ["人口"]}),
        ("¿Cuántos habitantes tiene la ciudad de Xilun?", "es", {"habitantes": ["人口"], "ciudad": ["城市"], "xilun": []}),
        ("Dân số của thành phố là bao nhiêu?", "vi", {"dân số": ["人口"], "thành phố": ["城市"]}),
        ("สหรัฐอเมริกามีประชากรเท่าไร", "th", {"สหรัฐอเมริกา": ["美国"], "ประชากร": ["人口"]}),
        ("Какое население в городах?", "ru", {"население": ["人口"], "городах": ["城市"]}),
        ("كم عدد السكان في المدينة؟", "ar", {"السكان": ["人口"], "المدينة": ["城市"]}),
        ("जनसंख्या कितनी है?", "hi", {"जनसंख्या": ["人口"]}),
        ("인구는 얼마", "ko", {"인구": ["人口"]}),
    ],
)  # fmt: skip
def test_a_question_names_things_in_its_own_language(
    look_up: Kept, question: str, language: str, names: dict[str, list[str]]
) -> None:
    said = foreign_question(question, look_up)
    assert said
    assert (said.language, dict(said.names)) == (language, names)


@pytest.mark.parametrize(
    "question",
    [
        "How many people live in the city of Xilun?",
        "县里有多少人口？",
        "人口は何人ですか",
        "DECnet",
        "",
        "?!",
        "2021",
        "\ud800",
        "🌉",
    ],
)
def test_other_questions_are_in_none_of_them(look_up: Kept, question: str) -> None:
    assert language_of(question, look_up) is None
    assert foreign_question(question, look_up) is None


@pytest.mark.parametrize("path", sorted(lexicon.FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_file_has_a_line_a_word_and_says_what_asks(path: Path) -> None:
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    assert all(len(parts) == 2 for parts in lines)
    words = [word for word, _ in lines if not word.startswith("*")]
    assert len(words) == len(set(words))
    assert all(re.fullmatch("[\u3400-\u9fff]+", word) for word in words)
    assert len(words) > 1_000
    silent = dict(lines)["*stop"].split("; ")
    assert len(silent) > 60
    assert all(name == " ".join(name.split()) and name for _, names in lines for name in names.split("; "))


def test_what_a_file_says_is_found(prepared_cache: Path) -> None:
    from retrieval.search.translations import Translations

    translations = Translations.open(prepared_cache)
    for question, name in [
        ("Wie hoch ist die Brücke?", "桥"),
        ("¿Cuándo se inauguró el hospital?", "医院"),
        ("Dân số của thành phố là bao nhiêu?", "人口"),
        ("Сколько жителей в городе?", "城市"),
        ("متى افتتح المستشفى الجديد؟", "医院"),
    ]:
        assert any(name in each for names in translations.of(question).names.values() for each in names), question
