import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import tantivy
from tantivy import Query

from retrieval import index_paths
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import LocalReader
from retrieval.store.local.signatures import Signatures, identity, seals_of, words_in_signatures
from retrieval.store.local.word_documents import context_of
from retrieval.store.local.word_index import WordIndex
from retrieval.store.protocols import NO_WRITING
from retrieval.text.dates import day_range
from retrieval.text.words import words
from retrieval.values import Filters
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

STORIES = {
    "bridge": "新桥全长三百四十米，连起河两岸的六个村。",
    "library": "图书馆去年接待读者三十一万人次。",
    "tea": "春茶每斤卖到八百元，比去年涨了两成。",
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    for year, (name, text) in enumerate(STORIES.items(), 2020):
        catalogue.put_all([entry(name, text, FakeEncoder(), published=str(year), source=f"{name}报", title="沄江新闻")])
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


def test_words_that_a_killed_writer_began_are_made_anew_without_a_word(
    tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    updated(tmp_path, catalogue).close()
    (tmp_path / "words" / "signatures.sqlite").write_bytes(b"")
    assert found(updated(tmp_path, catalogue), "桥多长")[0] == 1
    assert not caplog.messages


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


PUBLISHED = ("2020", "2020-02", "2020-01-31", "2020-02-29T08:00", "2020-12-31", "2019", "2021-01", None)
RANGES = (
    *(
        ("2020-01-31", "2020-01-31"),
        ("2020-01-20", "2020-02-03"),
        ("2020-02-10", "2020-02-12"),
        ("2019-12-30", "2020-01-01"),
    ),
    *(("2020-12-30", "2021-02"), ("2020-02", "2020-02"), ("2020", "2020"), ("2019-06-05", None), (None, "2020-02-01")),
    *((None, "0001-01-20"), ("9999-12-20", None)),
)


@pytest.mark.parametrize(("since", "until"), RANGES)
def test_a_range_lets_through_what_may_have_been_published_in_it(
    tmp_path: Path, since: str | None, until: str | None
) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    for number, published in enumerate(PUBLISHED):
        values = {"source": "甲报", **({"published": published} if published else {})}
        catalogue.put_all([entry(f"a{number}", f"第{number}座桥通车了。", FakeEncoder(), **values)])
    index = updated(tmp_path, catalogue)
    first, last = day_range(since)[0] if since else 0, day_range(until)[1] if until else 10**7
    days = [day_range(published) if published else (10**8, 0) for published in PUBLISHED]
    expected = {place + 1 for place, (begin, end) in enumerate(days) if begin <= last and end >= first}
    assert set(found(index, "桥通车", filters=Filters(since=since, until=until))) == expected
    assert set(catalogue.allowed_passages(Filters(since=since, until=until)).tolist()) == expected
    assert set(catalogue.allowed_passages(Filters(since=since, until=until, source="甲报")).tolist()) == expected


QUESTIONS = ("桥多长", "沄江的图书馆去年有多少读者", "春茶每斤八百元", "三十一万人次 340米", "没有的事", "x" * 9)


def test_a_word_stands_in_its_passage_and_in_the_context(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    for number, article, span, _ in catalogue.passages_since(0):
        inside, about = set(words(article.text[slice(*span)])), set(words(context_of(article)))
        for question in QUESTIONS:
            asked = list(dict.fromkeys(words(question)))
            for passages in ([number], [1, 2, 3]):
                own, context = words_in_signatures(index.signatures(passages).values(), asked)
                assert own[passages.index(number)].tolist() == [word in inside for word in asked]
                assert context[passages.index(number)].tolist() == [word in about for word in asked]


def test_more_words_than_one_score_can_tell_apart(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    many = list(dict.fromkeys(words(" ".join(STORIES.values()))))
    assert len(many) > 50
    assert not words_in_signatures(index.signatures([1, 2, 3]).values(), many)[0].all(axis=1).any()
    own = list(dict.fromkeys(words(STORIES["tea"])))
    assert words_in_signatures(index.signatures([3]).values(), own)[0].all()


def test_a_passage_that_is_gone_has_no_signature(tmp_path: Path, catalogue: Catalogue) -> None:
    assert list(updated(tmp_path, catalogue).signatures([3, 99])) == [3]
    assert [part.tolist() for part in words_in_signatures([("", "")], ["春茶"])] == [[[False]], [[False]]]


def test_of_too_frequent_words_the_rarer_ones_are_searched_for(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = updated(tmp_path, catalogue)
    assert set(found(index, "去年 春茶")) == {2, 3}
    monkeypatch.setattr("retrieval.store.protocols._MOST_READ", 1)
    assert found(index, "去年 春茶") == [3]
    assert set(found(index, "去年")) == {2, 3}


def test_changes_are_replayed(tmp_path: Path, catalogue: Catalogue) -> None:
    index = updated(tmp_path, catalogue)
    catalogue.put_all([entry("bridge", "老桥拆了，改建水厂。", FakeEncoder())])
    catalogue.remove_all(["tea"])
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


def test_a_folder_in_which_something_still_writes_is_made_anew(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    updated(tmp_path, catalogue)
    remove, times = shutil.rmtree, iter(range(3))

    def removed_and_written(folder: Path, *, ignore_errors: bool = False) -> None:
        remove(folder, ignore_errors=ignore_errors)
        if next(times, None) is not None:
            folder.mkdir()
            (folder / "late").touch()

    monkeypatch.setattr("retrieval.store.local.word_index.shutil.rmtree", removed_and_written)
    other = WordIndex(tmp_path / "words", "another")
    other.update(catalogue)
    assert found(other, "春茶") == [3]
    assert not (tmp_path / "words" / "late").exists()


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
    catalogue.remove_all(["tea"])
    index.update(catalogue)
    assert found(index, "春茶 每斤") == []


def test_a_reader_does_not_use_words_that_were_added_to(tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text(STORIES["tea"], "utf-8")
    index_paths([tmp_path / "tea.txt"], tmp_path / "index", FakeEncoder())
    _forged(tmp_path / "index" / "words", _added)
    with closing(LocalReader(tmp_path / "index")) as reader, reader.snapshot() as indexes:
        assert indexes.words.is_usable
        assert len(indexes.words) == 1


Forge = Callable[[tantivy.Index, tantivy.IndexWriter], None]


def _added(index: tantivy.Index, writer: tantivy.IndexWriter) -> None:
    for _ in range(5):
        document = tantivy.Document(passage=1, source="")
        document.add_text("words", " ".join(words("春茶") * 9))
        writer.add_document(document)


def _replaced(index: tantivy.Index, writer: tantivy.IndexWriter) -> None:
    writer.delete_documents_by_query(Query.term_set_query(index.schema, "passage", [3]))


def _forged(folder: Path, forge: Forge) -> None:
    index = tantivy.Index.open(str(folder))
    with index.writer(15_000_000, 1) as writer:
        forge(index, writer)
        writer.commit()
    with closing(Signatures(folder / "signatures.sqlite")) as signatures:
        signatures.seal(seals_of(folder, {}))  # so that the files look as they were written


@pytest.mark.parametrize("forge", [_added, _replaced])
def test_words_with_other_passages_than_the_catalogue_are_made_anew(
    tmp_path: Path, catalogue: Catalogue, forge: Forge
) -> None:
    folder = tmp_path / "words"
    updated(tmp_path, catalogue).close()
    _forged(folder, forge)
    again = WordIndex(folder, "archive")
    assert again.is_usable
    assert found(again, "春茶") != [3]
    again.compare(catalogue)
    assert found(again, "春茶") == []
    again.update(catalogue)
    assert found(again, "春茶") == [3]
    before = identity(folder)
    again.update(catalogue)
    assert identity(folder) == before


FIGURES = "601236 沄江证券 12.34 56.78 90.12 34.56 78.90 12.30 去年 45.67 89.01 23.45 67.89 10.11"


def test_what_is_no_writing_is_found_and_makes_no_word_more_frequent(tmp_path: Path, catalogue: Catalogue) -> None:
    catalogue.put_all([entry("shares", FIGURES, FakeEncoder())])
    index = updated(tmp_path, catalogue)
    terms = {term.word: term.passages for term in index.terms(["去年", "春茶", "601236", "没有", NO_WRITING])}
    assert terms == {"去年": 2, "春茶": 1, "601236": 1, "没有": 0, NO_WRITING: 1}
    assert found(index, "601236") == [4]
    assert found(index, "去年的春茶")[0] == 3
    assert 4 in found(index, "去年")


def test_what_is_no_writing_takes_no_passage_of_writing_away(tmp_path: Path, catalogue: Catalogue) -> None:
    before = list(updated(tmp_path, catalogue).search(updated(tmp_path, catalogue).terms(["去年", "春茶"]), 2))
    for number in range(20):
        catalogue.put_all([entry(f"shares {number}", f"{FIGURES} {number}", FakeEncoder())])
    index = updated(tmp_path, catalogue)
    assert list(index.search(index.terms(["去年", "春茶"]), 2))[:2] == before
