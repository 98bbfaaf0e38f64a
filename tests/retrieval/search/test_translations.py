"""A question's words in the other language: by a small dictionary made here, and by the one that is installed."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from retrieval.search import lexicon
from retrieval.search import translations as cedict
from retrieval.search import translations as store
from retrieval.search.lexicon import english_key
from retrieval.search.terms import Terms
from retrieval.search.translations import Meaning, Translations, read_meanings
from retrieval.store.protocols import Term
from retrieval.values import Filters

ENTRIES = """# CC-CEDICT
超級碗 超级碗 [Chao1 ji2 Wan3] /Super Bowl (American football championship game)/
超級 超级 [chao1 ji2] /super-/ultra-/
碗 碗 [wan3] /bowl; cup/CL:隻|只[zhi1],個|个[ge4]/
城市 城市 [cheng2 shi4] /city; town/CL:座[zuo4]/
市 市 [shi4] /market/city/
贏得 赢得 [ying2 de2] /to win; to gain/
圖書館 图书馆 [tu2 shu1 guan3] /library/
資源縣 资源县 [Zi1 yuan2 Xian4] /Ziyuan county in Guilin 桂林[Gui4 lin2], Guangxi/
婁底 娄底 [Lou2 di3] /Loudi prefecture-level city in Hunan/
資源 资源 [zi1 yuan2] /natural resource (such as water or minerals)/resource/
圕 圕 [tuan1] /variant of 圖書館|图书馆[tu2 shu1 guan3]/
"""


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Translations:
    path = tmp_path / "cedict.gz"
    path.write_bytes(gzip.compress(ENTRIES.encode()))
    monkeypatch.setattr(store, "find_dictionary", lambda: path)
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    return Translations.open(tmp_path / "cache")


def forms(translations: Translations, question: str) -> dict[str, list[tuple[str, ...]]]:
    return {word: list(those) for word, those in translations.of(question).forms.items()}


def test_meanings_are_the_glosses_without_asides_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "cedict.gz"
    path.write_bytes(gzip.compress(ENTRIES.encode()))
    found = list(read_meanings(path))
    assert Meaning("超级碗", ("super", "bowl"), 0) in found
    assert Meaning("碗", ("cup",), 0) in found
    assert Meaning("赢得", ("gain",), 0) in found
    assert not [meaning for meaning in found if meaning.chinese == "圕" or "variant" in meaning.english]


def test_the_longest_phrase_is_looked_up_whole(translations: Translations) -> None:
    found = forms(translations, "Who won the Super Bowl?")
    assert found["super"] == found["bowl"] == [("超级", "级碗")]


def test_inflected_words_find_their_stem(translations: Translations) -> None:
    assert ("城市",) in forms(translations, "Which cities are there?")["cities"]
    assert ("赢得",) in forms(translations, "winning")["winning"]


def test_a_character_alone_counts_by_its_first_meaning_only(translations: Translations) -> None:
    assert forms(translations, "market") == {"market": [("市",)]}
    assert ("市",) not in forms(translations, "city")["city"]


def test_names_are_found_as_they_are_spelt_in_english(translations: Translations) -> None:
    found = forms(translations, "How many people volunteered in Ziyuan County and in Loudi?")
    assert found["ziyuan"] == [("资源", "源县")]
    assert found["loudi"] == [("娄底",)]
    assert "ziyuan" not in forms(translations, "What resources are there?")


def test_chinese_words_are_looked_up_in_either_script(translations: Translations) -> None:
    for question in ("图书馆在哪里", "圖書館在哪裡"):
        found = forms(translations, question)
        assert found["图书馆"] == found["图书"] == [("library",)]


def test_a_language_that_the_dictionary_does_not_know_gets_nothing(translations: Translations) -> None:
    assert forms(translations, "Où est la bibliothèque ?") == {}
    assert forms(translations, "図書館はどこですか").get("どこ") is None


def test_without_a_dictionary_nothing_is_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "find_dictionary", lambda: None)
    assert forms(Translations.open(tmp_path), "Super Bowl") == {}
    assert not list(tmp_path.iterdir())


def test_a_prepared_file_is_used_again(
    translations: Translations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(store, "read_meanings", unread)
    assert forms(Translations.open(tmp_path / "cache"), "library")["library"] == [("图书", "书馆")]


@pytest.mark.usefixtures("translations")
def test_without_a_place_to_prepare_it_nothing_is_translated_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    assert forms(Translations.open(tmp_path / "file"), "library") == {}
    assert "CHUCHU_CACHE" in caplog.text


@pytest.mark.usefixtures("translations")
def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    path = next((tmp_path / "cache").glob("*/translations.sqlite"))
    path.write_bytes(b"\0" * path.stat().st_size)
    assert forms(Translations.open(tmp_path / "cache"), "library") == {"library": [("图书", "书馆")]}
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_the_installed_dictionary_is_read(request: pytest.FixtureRequest) -> None:
    # asked for here: where a module's tests name this folder, the reader reads in all of them
    opened = store.open_store(request.getfixturevalue("prepared_cache"))
    library = english_key(["library"])
    meanings = opened.look_up([library, "人口"])
    assert "图书馆" in meanings[library]
    assert "population" in meanings["人口"]
    assert opened._connection.execute("SELECT count(*) FROM names").fetchone()[0] > 100_000
    opened.close()
    assert cedict.english_words("the library's") == ["library"]


class Misread:
    """The words of an archive in which every Chinese word stands in text of a wrong encoding alone."""

    def __len__(self) -> int:
        return 100

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        return [Term(word, 0 if word.isascii() else 9, is_written=word.isascii()) for word in question_words]

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        raise NotImplementedError

    def signatures(self, passages: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        raise NotImplementedError


def test_what_is_no_writing_translates_nothing(translations: Translations) -> None:
    terms = Terms.of("Which cities have a library?", Misread(), translations)
    assert terms.searched
    assert all(term.word.isascii() for term in terms.searched)
