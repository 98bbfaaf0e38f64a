"""Blocks of every file of an archive zeroed, filled with noise, or flipped: each is found and repaired, or named."""

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Archive, ArchiveDamagedError, ArchiveError, Settings, index_paths, rebuild_archive, verify_archive
from retrieval.errors import Part
from retrieval.store.catalogue import Catalogue
from retrieval.upkeep.verification import repair_archive
from tests.fakes import FakeEncoder
from tests.retrieval.damaging import DAMAGES, TEXTS, blocks, built, check, spoil

PAGE = 16_384
SAMPLED = 2  # besides the last block of every kind of file, of every way of damaging; `python -m tests.retrieval.damaging` takes them all


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "archive")
    return tmp_path / "archive"


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_block_is_found_and_mended_or_named(whole: Path, tmp_path: Path, damage: str) -> None:
    every = list(blocks(whole))
    files = {Path(name).suffix: (name, start) for name, start in every}
    for number, (name, start) in enumerate([*files.values(), *random.Random(damage).sample(every, SAMPLED)]):
        folder = tmp_path / f"damaged {number}"
        shutil.copytree(whole, folder)
        if spoil(folder / name, start, damage):
            how, _ = check(folder)
            assert how in {"nothing was wrong", "repaired", "rebuilt"} or start < PAGE, (name, start, how)
        shutil.rmtree(folder, ignore_errors=True)  # the index may still tidy in it


def page_of(folder: Path, name: str) -> int:
    """Return where the topmost page of a table lies, that of its rows if there is but one."""
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return int((catalogue._connection.one(query, (name,))[0] - 1) * PAGE)


@pytest.mark.parametrize("damage", ["zeroed", "noisy"])
@pytest.mark.parametrize(
    "table", ["articles", "sqlite_autoindex_articles_1", "passages", "windows", "removals", "bands"]
)
def test_of_a_table_without_its_topmost_page_nothing_is_lost(folder: Path, table: str, damage: str) -> None:
    assert spoil(folder / "catalogue.sqlite", page_of(folder, table), damage)
    assert check(folder) == ("repaired", set())


@pytest.mark.parametrize("damage", ["zeroed", "noisy"])
def test_without_the_head_of_the_file_nothing_is_lost(folder: Path, damage: str) -> None:
    assert spoil(folder / "catalogue.sqlite", 0, damage)
    with pytest.raises(ArchiveError, match="--repair"):
        verify_archive(folder)
    assert check(folder) == ("repaired", set())
    assert (folder / "damaged.sqlite").exists()


def test_a_file_that_is_no_archive_is_left_alone(folder: Path) -> None:
    noise = random.Random(0).randbytes(5 * PAGE)
    (folder / "catalogue.sqlite").write_bytes(noise)
    with pytest.raises(ArchiveError, match="after moving that file away"):
        repair_archive(folder)
    assert (folder / "catalogue.sqlite").read_bytes() == noise
    assert not list(folder.glob("salvaged*"))


def test_an_article_whose_vectors_are_lost_is_embedded_again_or_named(folder: Path) -> None:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        number = next(number for number, name in catalogue.names().items() if name == "a7")
        entry = catalogue.entry(number)
        assert entry is not None
        with catalogue._connection.transaction():
            catalogue._connection.write("UPDATE windows SET vector = x'00' WHERE text_hash = ?", entry.hashes[:1])
    (fault,) = verify_archive(folder)
    assert (fault.part, fault.article) == (Part.ARTICLE, "a7")
    shutil.copytree(folder, folder.with_name("again"))
    assert repair_archive(folder.with_name("again")).taken_out == ("a7",)
    repaired = repair_archive(folder, encoder=FakeEncoder)
    assert (repaired.taken_out, repaired.left) == ((), ())
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        article = archive.article("a7")
        assert article is not None
        assert article.text == TEXTS["a7"]


@pytest.mark.parametrize("how", ["missing", "changed", "zeroed"])
def test_an_archive_without_its_manifest_is_made_anew_out_of_itself(folder: Path, tmp_path: Path, how: str) -> None:
    if how == "zeroed":
        spoil(folder / "catalogue.sqlite", page_of(folder, "manifest"), "zeroed")
    else:
        with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue, catalogue._connection.transaction():
            catalogue._connection.write(
                "DELETE FROM manifest" if how == "missing" else "UPDATE manifest SET value = '8' WHERE key = 'dim'"
            )
    (tmp_path / "new.txt").write_text("新的一篇文章，写的是河边的水厂。" * 20, "utf-8")
    before = (folder / "catalogue.sqlite").read_bytes()
    for work in (
        lambda: index_paths([tmp_path / "new.txt"], folder, FakeEncoder()),
        lambda: Archive(folder, Settings(), FakeEncoder()),
        lambda: repair_archive(folder),
    ):
        with pytest.raises(ArchiveDamagedError, match="--rebuild"):
            work()
    assert (folder / "catalogue.sqlite").read_bytes() == before
    assert Part.MANIFEST in {fault.part for fault in verify_archive(folder)}
    assert len(rebuild_archive(folder, FakeEncoder()).added) == len(TEXTS)
    assert verify_archive(folder) == ()
    assert index_paths([tmp_path / "new.txt"], folder, FakeEncoder()).added
