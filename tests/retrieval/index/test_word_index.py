import json
from pathlib import Path

import pytest

from retrieval.index.catalogue import Catalogue
from retrieval.index.words import WordIndex
from retrieval.text.words import words
from retrieval.values import Filters
from tests.fakes import FakeEncoder
from tests.retrieval.index.builders import entry

STORIES = {
    "bridge": "新桥全长三百四十米，连起河两岸的六个村。",
    "library": "图书馆去年接待读者三十一万人次。",
    "tea": "春茶每斤卖到八百元，比去年涨了两成。",
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    for year, (name, text) in enumerate(STORIES.items(), 2020):
        catalogue.put(entry(name, text, FakeEncoder(), published=str(year), source=f"{name}报", title="沄江新闻"))
    return catalogue


def updated(tmp_path: Path, catalogue: Catalogue) -> WordIndex:
    index = WordIndex(tmp_path / "words", "archive")
    index.update(catalogue)
    return index


def found(index: WordIndex, text: str, **options: object) -> list[int]:
    return list(index.search(index.terms(words(text)), 10, **options))  # type: ignore[arg-type]


def test_the_passage_with_the_words_comes_first(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    assert [found(index, text)[0] for text in ("桥多长", "圖書館讀者", "春茶")] == [1, 2, 3]


def test_rarer_words_stand_in_fewer_passages(tmp_path: Path, catalogue: Catalogue) -> None:
    terms = {term.word: term.passages for term in updated(tmp_path, catalogue).terms(["去年", "春茶", "没有"])}
    assert terms == {"去年": 2, "春茶": 1, "没有": 0}


def test_a_title_finds_its_passages(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    terms = index.terms(words("沄江 图书馆"))
    assert len(index) == 3
    assert next(iter(index.search(terms, 5))) == 2


def test_filters_hold_inside_the_search(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    assert set(found(index, "去年")) == {2, 3}
    assert found(index, "去年", filters=Filters(since="2022")) == [3]
    assert found(index, "去年", filters=Filters(until="2021")) == [2]
    assert found(index, "去年", filters=Filters(source="tea报")) == [3]
    assert found(index, "去年", within=[1, 2]) == [2]


def test_changes_are_replayed(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    catalogue.put(entry("bridge", "老桥拆了，改建水厂。", FakeEncoder()))
    catalogue.remove("tea")
    reader = WordIndex(tmp_path / "words", "archive")
    index.update(catalogue)
    assert reader.covered() < catalogue.sequence()
    reader.reload()
    assert reader.covered() == catalogue.sequence()
    assert found(reader, "水厂") == [4]
    assert found(reader, "春茶 每斤") == []
    assert len(reader) == 2


def test_another_archives_index_is_made_anew(tmp_path: Path, catalogue: Catalogue) -> None:
    updated(tmp_path, catalogue)
    other = WordIndex(tmp_path / "words", "another")
    assert found(other, "春茶") == []
    other.update(catalogue)
    assert found(other, "春茶") == [3]


def test_a_damaged_folder_is_made_anew(tmp_path: Path, catalogue: Catalogue) -> None:
    updated(tmp_path, catalogue)
    (tmp_path / "words" / "meta.json").write_text("nonsense")
    again = WordIndex(tmp_path / "words", "archive")
    again.update(catalogue)
    assert found(again, "春茶") == [3]


def test_deletions_that_a_killed_writer_left_are_no_hindrance(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    (segment,) = (tmp_path / "words").glob("*.term")
    stamp = json.loads((tmp_path / "words" / "meta.json").read_text())["opstamp"]
    for number in range(stamp, stamp + 20):
        segment.with_suffix(f".{number}.del").write_bytes(b"half")
    catalogue.remove("tea")
    index.update(catalogue)
    assert found(index, "春茶 每斤") == []
