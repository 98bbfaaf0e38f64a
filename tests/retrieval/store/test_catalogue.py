from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import ArchiveError, ArchiveMissingError
from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.catalogue.rows import entry_seal, packed, unpacked
from retrieval.store.protocols import Entry
from retrieval.values import Article, Filters, Passage, PublishedFrom, Removed, Repair
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

TEXT = "桥修好了，全长三百四十米，连起两岸六个村，老人们都来看。" * 30


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def test_an_article_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    made = entry("a", TEXT, FakeEncoder())
    article = Article(
        "a", TEXT, "题", "网", "人", "2022-04-14", PublishedFrom.DATELINE, "http://x.example", "a.txt", "zh-Hans",
        (Removed("首页", "menu"),), (Repair((3, 4), "?", 0.9),),
    )  # fmt: skip
    catalogue.put_all([type(made)(article, made.passages, made.vectors, made.hashes, made.origin, made.content)])
    assert catalogue.article("a") == article


def test_passages_and_windows_lie_in_the_text(catalogue: Catalogue) -> None:
    made = entry("a", TEXT, FakeEncoder())
    catalogue.put_all([made])
    numbers = catalogue.allowed_passages(Filters())
    places = catalogue.places([int(number) for number in numbers])
    assert [place.span for place in places.values()] == [passage.span for passage in made.passages]
    rows = 0
    for number, passage in zip(places, made.passages, strict=True):
        spans, vectors = catalogue.windows([number])[number]
        assert tuple(spans) == passage.windows
        assert np.array_equal(vectors, unpacked(packed(made.vectors[rows : rows + len(spans)])))
        rows += len(spans)


def test_a_changed_article_replaces_the_old_one_and_leaves_a_trace(catalogue: Catalogue) -> None:
    encoder = FakeEncoder()
    catalogue.put_all([entry("a", TEXT, encoder)])
    before, sequence = catalogue.counts(), catalogue.sequence()
    catalogue.put_all([entry("a", TEXT.replace("桥", "路"), encoder)])
    assert catalogue.counts() == before
    assert catalogue.sequence() > sequence
    assert len(catalogue.removed_since(sequence)) == before["passages"]
    ((ids, _),) = catalogue.vectors_since(sequence)
    assert len(ids) == before["windows"]


def test_windows_that_ran_into_the_next_numbers_are_no_hindrance(catalogue: Catalogue) -> None:
    encoder, count = FakeEncoder(), WINDOWS_A_PASSAGE + 10
    text = "\n".join(f"第{number}座桥" for number in range(count))
    lines = list(accumulate(map(len, text.split("\n")), lambda stop, length: stop + 1 + length))
    windows = tuple((stop - len(line), stop) for line, stop in zip(text.split("\n"), lines, strict=True))
    long = Entry(
        Article("long", text), [Passage((0, len(text)), windows)], np.ones((count, encoder.dim), np.float16),
        [bytes(16)] * count, "/nowhere/long", b"digest",
    )  # fmt: skip
    catalogue.put_all([long])
    catalogue.put_all([entry("a", TEXT, encoder)])
    before = catalogue.counts()
    catalogue.put_all([entry("long", TEXT, encoder)])
    assert catalogue.counts()["windows"] == 2 * (before["windows"] - count)
    assert list(catalogue.faults()) == []


def test_remove_says_whether_it_was_there(catalogue: Catalogue) -> None:
    catalogue.put_all([entry("a", TEXT, FakeEncoder())])
    assert catalogue.remove_all(["a"])
    assert not catalogue.remove_all(["a"])
    assert catalogue.counts() == {"articles": 0, "passages": 0, "windows": 0}


def test_passage_numbers_are_never_used_twice(catalogue: Catalogue) -> None:
    encoder = FakeEncoder()
    catalogue.put_all([entry("a", TEXT, encoder)])
    first = set(catalogue.allowed_passages(Filters()))
    catalogue.remove_all(["a"])
    catalogue.put_all([entry("b", TEXT, encoder)])
    assert not first & set(catalogue.allowed_passages(Filters()))


def test_an_article_that_fails_half_way_leaves_nothing(catalogue: Catalogue) -> None:
    made = entry("a", TEXT, FakeEncoder())
    broken = type(made)(made.article, made.passages, made.vectors[:1], made.hashes, made.origin, made.content)
    with pytest.raises(IndexError):
        catalogue.put_all([entry("before", TEXT, FakeEncoder()), broken, entry("behind", TEXT, FakeEncoder())])
    assert catalogue.counts() == {"articles": 0, "passages": 0, "windows": 0}


def test_short_articles_are_written_together(tmp_path: Path) -> None:
    made = [entry(f"a{n}", f"第{n * 7919}号桥{n}米，{n * 31}人走过。", FakeEncoder()) for n in range(60)]
    one_by_one, together = (Catalogue(tmp_path / f"{name}.sqlite", create=True) for name in ("one", "all"))
    for each in made:
        one_by_one.put_all([each])
    together.put_all(made)
    assert [together.article(f"a{n}") for n in range(60)] == [one_by_one.article(f"a{n}") for n in range(60)]
    written = [(tmp_path / f"{name}.sqlite-wal").stat().st_size for name in ("one", "all")]
    assert written[1] < written[0] / 10


def test_articles_are_removed_together(tmp_path: Path) -> None:
    made, ids = (
        [entry(f"a{n}", f"第{n * 7919}号桥{n}米，{n * 31}人走过。", FakeEncoder()) for n in range(60)],
        list[list[str]](),
    )
    for name, parts in (("one", 60), ("all", 1)):
        catalogue = Catalogue(tmp_path / f"{name}.sqlite", create=True)
        catalogue.put_all(made)
        catalogue.fold()
        ids += [catalogue.remove_all([f"a{n}" for n in range(60)][part::parts]) for part in range(parts)]
        assert catalogue.counts() == {"articles": 0, "passages": 0, "windows": 0}
    assert [name for part in ids[:60] for name in part] == ids[60] == [f"a{n}" for n in range(60)]
    written = [(tmp_path / f"{name}.sqlite-wal").stat().st_size for name in ("one", "all")]
    assert written[1] < written[0] / 5


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since="2022"), {"april", "year"}),
        (Filters(since="2022-05"), {"year"}),
        (Filters(until="2022-04-13"), {"old", "year"}),
        (Filters(since="2022-04-14", until="2022-04-14"), {"april", "year"}),
        (Filters(source="甲报"), {"april"}),
        (Filters(source="乙报"), set()),
    ],
)
def test_filters(catalogue: Catalogue, filters: Filters, expected: set[str]) -> None:
    encoder = FakeEncoder()
    catalogue.put_all([entry("old", TEXT, encoder, published="2020-01-01")])
    catalogue.put_all([entry("april", TEXT, encoder, published="2022-04-14T17:37", source="甲报")])
    catalogue.put_all([entry("year", TEXT, encoder, published="2022")])
    catalogue.put_all([entry("undated", TEXT, encoder)])
    places = catalogue.places([int(number) for number in catalogue.allowed_passages(filters)])
    articles = catalogue.articles([place.article for place in places.values()])
    assert {article.id for article in articles.values()} == expected


def test_an_entry_comes_back_and_is_put_again_as_it_is(catalogue: Catalogue) -> None:
    catalogue.put_all([entry("a", TEXT, FakeEncoder())])
    first = catalogue.entry(1)
    assert first is not None
    catalogue.put_all([first])
    second = catalogue.entry(2)
    assert second is not None
    assert np.array_equal(second.vectors, first.vectors)
    assert entry_seal(second) == entry_seal(first)


def test_sources_and_dates_are_those_of_their_articles(catalogue: Catalogue) -> None:
    encoder = FakeEncoder()
    assert catalogue.dates() == (None, None, 0)
    told = [
        ("甲报", "2022-01"),
        ("甲报", "2022-01-01"),
        ("甲报", None),
        ("乙报", None),
        (None, "2019"),
        ("甲报", "2023-05-06"),
    ]
    for number, (source, published) in enumerate(told):
        values = {"source": source, "published": published}
        catalogue.put_all([entry(f"a{number}", f"{number}{TEXT}", encoder, **{k: v for k, v in values.items() if v})])
    assert catalogue.dates() == ("2019", "2023-05-06", 2)
    assert catalogue.sources() == [
        ("甲报", 4, "2022-01", "2023-05-06"),
        (None, 1, "2019", "2019"),
        ("乙报", 1, None, None),
    ]


def test_known_vectors_are_found_by_the_text(catalogue: Catalogue) -> None:
    made = entry("a", TEXT, FakeEncoder())
    catalogue.put_all([made])
    known = catalogue.known_vectors([*made.hashes, b"never seen"])
    assert set(known) == set(made.hashes)


def test_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match="chuchu index"):
        Catalogue(tmp_path / "catalogue.sqlite")


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\x01" * 5000])
def test_a_file_that_is_no_catalogue(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="cannot be used as an archive"):
        Catalogue(path)
    assert path.read_bytes() == content
