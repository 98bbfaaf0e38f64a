import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import ArchiveDamagedError
from retrieval.store.milvus.rows import (
    PIECE,
    article_row,
    number_of,
    packed_text,
    partition_of,
    partitions_within,
    passage_rows,
    read_stored,
    unpacked_text,
    window_rows,
    word_number,
)
from retrieval.store.protocols import Entry, text_digest
from retrieval.text.dates import day_range
from retrieval.values import Article, Passage, PublishedFrom, Removed, Repair

TEXT = "新桥昨天通车。大桥全长三百四十米。"
ARTICLE = Article(
    "a",
    TEXT,
    title="通车",
    source="甲报",
    published="2022-04-14",
    published_from=PublishedFrom.META,
    removed=(Removed("责任编辑", "credit"),),
    repairs=(Repair((0, 2), "□桥", 0.9),),
)
PASSAGES = (Passage((0, 17), ((0, 7), (7, 17))),)


def entry(article: Article = ARTICLE, first: float = 0.5) -> Entry:
    vectors = np.array([[first, 0.25], [0.0, 1.0]], np.float16)
    hashes = [text_digest(TEXT[:7]), text_digest(TEXT[7:])]
    return Entry(article, PASSAGES, vectors, hashes, "/news/a.txt", b"\x01" * 16, (7, 3))


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_packed_and_unpacked(text: str) -> None:
    assert unpacked_text(packed_text(text)) == text


def test_long_texts_are_cut_into_pieces() -> None:
    text = "".join(map(chr, np.random.default_rng(0).integers(0x4E00, 0x9FFF, 60_000).tolist()))
    pieces = packed_text(text)
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= PIECE
    assert unpacked_text(pieces) == text


def test_a_row_holds_all_of_an_article() -> None:
    stored = read_stored(article_row(entry(), None))
    assert (stored.article, stored.passages) == (ARTICLE, PASSAGES)
    assert (stored.origin, stored.content) == ("/news/a.txt", b"\x01" * 16)


def test_a_flipped_character_is_noticed() -> None:
    row = article_row(entry(), None)
    body = row["body"][0]
    row["body"] = [body[:40] + ("A" if body[40] != "A" else "B") + body[41:]]
    with pytest.raises(ArchiveDamagedError, match="verify --repair"):
        read_stored(row)


def test_another_title_is_another_revision_of_the_same_article() -> None:
    rows = [article_row(item, None) for item in (entry(), entry(Article("a", TEXT)))]
    assert len({row["number"] for row in rows}) == 1
    assert len({row["revision"] for row in rows}) == 2
    # an article that tells no other's story has one of its own, and not that of its text before
    assert len({row["story"] for row in rows}) == 2


def test_embedded_again_it_has_the_same_keys_and_seals_of_its_own() -> None:
    made, again = ([*window_rows(item, article_row(item, None))] for item in (entry(), entry(first=0.5005)))
    assert [row["number"] for row in made] == [row["number"] for row in again]
    assert [row["seal"] == other["seal"] for row, other in zip(made, again, strict=True)] == [False, True]


def test_words_of_the_title_weigh_less_than_those_of_the_passage() -> None:
    row = next(passage_rows(entry(), article_row(entry(), None)))
    assert row["words"][word_number("大桥")] == 1.0
    assert word_number("大桥") in row["terms"]
    other = next(passage_rows(entry(Article("a", TEXT, title="县城")), article_row(entry(), None)))
    assert other["words"][word_number("县城")] == 0.25
    assert word_number("县城") not in other["terms"]


def test_windows_name_their_passage_and_keep_their_vectors() -> None:
    row = article_row(entry(), None)
    (passage,), windows = list(passage_rows(entry(), row)), list(window_rows(entry(), row))
    assert [window["passage"] for window in windows] == [passage["number"]] * 2
    assert [(window["start"], window["stop"]) for window in windows] == [(0, 7), (7, 17)]
    assert [window["vector"] for window in windows] == [[0.5, 0.25], [0.0, 1.0]]
    assert len({window["number"] for window in windows}) == 2


@given(st.text())
def test_keys_are_positive_and_their_parts_kept_apart(text: str) -> None:
    assert 0 <= number_of(text) < 1 << 63
    assert number_of(text, "a", "b") != number_of(text, "ab")


@given(st.integers(1, 3_652_059), st.integers(1, 3_652_059), st.integers(1, 3_652_059))
def test_a_day_inside_a_range_is_in_one_of_its_partitions(one: int, two: int, three: int) -> None:
    since, day, until = sorted((one, two, three))
    assert partitions_within([partition_of(day), "_default", "undated"], since, until) == [partition_of(day)]


def test_a_partition_is_a_year() -> None:
    assert partition_of(day_range("2022-12-31")[0]) == "y2022"
    assert partition_of(0) == "undated"
    assert partitions_within(["y2021", "y2022", "undated"], *day_range("2022")) == ["y2022"]
