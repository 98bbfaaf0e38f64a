import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import ArchiveDamagedError, ArchiveMissingError
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import Derived
from retrieval.store.local import signatures as flags
from retrieval.store.local.signatures import Signatures, context_row, passage_row
from retrieval.store.local.word_index import WordIndex
from retrieval.text.words import needle, signature, words, words_found
from retrieval.upkeep.verification import faults
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

MIXED = "2022年4月14日，《沄江》大橋Bridge 3.5公里，カメラを１２台；the Old-Town library's 17.1萬 元。"


@pytest.mark.parametrize("text", [MIXED, "春茶\n每斤八百元", "Only English words, 12,000 of them", "", "，。"])
def test_every_word_of_a_text_stands_in_its_signature(text: str) -> None:
    said = signature(text)
    assert [word for word in words(text) if needle(word) not in said] == []


@given(st.text(alphabet=sorted({*MIXED, *"县市0123456789一二百万年"}), max_size=40))
def test_no_text_has_a_word_that_its_signature_misses(text: str) -> None:
    assert words_found([text], words(text)) == [[True] * len(words(text))]


def test_words_do_not_run_over_what_stands_between_them() -> None:
    wanted = ["oldbridge", "カメ", "新桥", "old", "bridge", "メラ橋", "ラ桥"]
    assert words_found(["新，桥 oldbridge カメラ橋"], wanted) == [[True] * 2 + [False] * 5]


@pytest.fixture
def signatures(tmp_path: Path) -> Signatures:
    made = Signatures(tmp_path / "words" / "signatures.sqlite", create=True)
    made.put([context_row(4, signature("春茶")), passage_row(4, 4, signature("每斤八百元")), passage_row(5, 4, "")])
    return made


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words").mkdir()
    return tmp_path / "words"


def test_a_passage_and_the_head_of_its_article_are_told_apart(signatures: Signatures) -> None:
    found = signatures.of([4, 5, 6])
    own, context = flags.words_in_signatures(found.values(), ["每斤", "春茶", "没有"])
    assert list(found) == [4, 5]
    assert own.tolist() == [[True, False, False], [False] * 3]
    assert context.tolist() == [[False, True, False], [False, True, False]]
    assert signatures.passages().tolist() == [4, 5]


def test_an_article_goes_with_its_passages(signatures: Signatures) -> None:
    signatures.remove([4, 5])
    assert signatures.passages().tolist() == []
    signatures.put([passage_row(4, 4, "")])
    assert signatures.of([4]) == {}
    assert signatures.passages().tolist() == []


@pytest.mark.parametrize(("key", "sound"), [(8, [5]), (7, [])])
def test_a_flipped_byte_is_noticed_and_told_with_what_mends_it(
    signatures: Signatures, folder: Path, key: int, sound: list[int]
) -> None:
    with closing(sqlite3.connect(folder / "signatures.sqlite")) as connection:
        connection.execute("UPDATE signatures SET signature = '每斤九百元' WHERE key = ?", (key,))
        connection.commit()
    assert signatures.passages().tolist() == sound
    with pytest.raises(ArchiveDamagedError, match=f"chuchu verify --repair --index {folder.parent}"):
        signatures.of([4])


@pytest.mark.parametrize("spoil", ["gone", "garbage"])
def test_words_without_their_signatures_are_made_anew(tmp_path: Path, folder: Path, spoil: str) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.put_all([entry("tea", "春茶每斤卖到八百元。", FakeEncoder())])
    path = folder / "signatures.sqlite"
    for _ in range(2):
        with closing(WordIndex(folder, "archive")) as index:
            index.update(catalogue)
            assert flags.words_in_signatures(index.signatures([1]).values(), ["春茶"])[0].tolist() == [[True]]
        path.unlink()
        if spoil == "garbage":
            path.write_bytes(b"x" * 5000)


def test_a_reader_sees_signatures_that_were_made_anew_in_their_place(tmp_path: Path, folder: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.put_all([entry("tea", "春茶每斤卖到八百元。", FakeEncoder())])
    with closing(WordIndex(folder, "archive")) as writer:
        writer.update(catalogue)
    with closing(WordIndex(folder, "archive")) as reader:
        for path in folder.iterdir():
            path.unlink()
        catalogue.put_all([entry("bridge", "新桥全长三百四十米。", FakeEncoder())])
        with closing(WordIndex(folder, "archive")) as writer:
            writer.update(catalogue)
        reader.reload()
        assert flags.words_in_signatures(reader.signatures([2]).values(), ["新桥"])[0].tolist() == [[True]]


def test_signatures_of_what_the_words_do_not_cover_yet_are_no_fault(tmp_path: Path, folder: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.write_manifest({"archive": "ab" * 16, "dim": "64"})
    catalogue.put_all([entry("tea", "春茶每斤卖到八百元。", FakeEncoder())])
    with closing(Derived(tmp_path, catalogue.manifest())) as derived:
        derived.update(catalogue)
    catalogue.put_all([entry("bridge", "新桥全长三百四十米。", FakeEncoder())])
    with closing(Signatures(folder / "signatures.sqlite")) as killed:
        killed.put([context_row(2, signature("")), passage_row(2, 2, signature("新桥"))])
        assert list(faults(tmp_path, catalogue)) == []
        killed.put([context_row(9, signature("")), passage_row(9, 9, signature("茶"))])
        assert ["has 1 that" in fault.what for fault in faults(tmp_path, catalogue)] == [True]
        killed.remove([9, 1])
        assert ["lacks 1 passages" in fault.what for fault in faults(tmp_path, catalogue)] == [True]


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "begun"])
def test_signatures_that_are_not_there_are_told_by_the_archives_folder(folder: Path, content: bytes | None) -> None:
    path = folder / "signatures.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArchiveMissingError, match=f"no archive in {folder.parent}[.] "):
        Signatures(path)
