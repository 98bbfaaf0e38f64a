"""Words of further languages: which language a question is in, and what its words are called in Chinese."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from retrieval import Archive, Settings, index_paths
from retrieval.search import lexicon
from retrieval.search.lexicon import foreign_question, language_of, rows
from tests.fakes import FakeEncoder

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
        ("Bevölkerung der Vereinigten Staaten von Amerika", "de", {"bevölkerung": ["人口"], "vereinigten staaten von amerika": ["美国"]}),
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


@pytest.mark.parametrize(
    "question",
    [
        "What is the α particle?",
        "Which company makes a 28 μm chip?",
        "Who is Путин?",
        "San Francisco mayor 2024",
        "Rio de Janeiro Olympics",
        "La Liga de España多少队",
        "Der Spiegel是什么？",
        "Peking opera",
        "Hur många invånare har Malmö?",
        "جمعیت شهر چقدر است؟",
    ],
)
def test_a_name_or_a_sign_of_another_language_makes_no_question_of_it(prepared_cache: Path, question: str) -> None:
    from retrieval.search.translations import open_store

    store = open_store(prepared_cache)
    assert language_of(question, store.look_up) is None
    store.close()


def test_accents_tell_what_asks_from_what_is_asked_about(prepared_cache: Path) -> None:
    from retrieval.search.translations import Translations

    translations = Translations.open(prepared_cache)
    assert [name for name in translations.of("Dân số Nhật Bản?").names["nhat ban"] if name == "日本"] == ["日本"]
    of_year = translations.of("Wie viele Einwohner hatte Köln im Jahr 2019?").names
    assert "今年" not in [name for names in of_year.values() for name in names], "dieses Jahr is no year"


def test_a_korean_archive_is_searched_by_the_words_as_they_are_typed(prepared_cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    texts = ["서울의 인구는 940만 명이다. 시장은 지난해 인구가 줄었다고 말했다.", "부산의 다리는 2003년에 열렸다."]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(cache=prepared_cache, reader="off"), FakeEncoder()) as archive:
        answer = archive.ask("서울의 인구는?")
    assert answer.hits[0].text.startswith("서울")
    assert answer.hits[0].explanation["words"] > 0
