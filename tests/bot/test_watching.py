"""What happens to articles is told, and nothing that an archive does to itself among them."""

from pathlib import Path

import pytest
from watchfiles import Change

from bot.watching import Articles


def heard(archive: Path, *paths: Path | str) -> list[bool]:
    told = Articles(archive)
    return [told(Change.modified, str(path)) for path in paths]


def test_an_archives_own_files_are_not_articles(tmp_path: Path) -> None:
    own = (
        "",
        "catalogue.sqlite",
        "catalogue.sqlite-wal",
        "vectors.faiss",
        "vectors.new",
        "words/meta.json",
        "writer.lock",
    )
    assert not any(heard(tmp_path / "index", *(tmp_path / "index" / name for name in own)))
    assert heard(tmp_path / "index", tmp_path / "index" / "a.txt", tmp_path / "a.txt") == [True, True]


def test_a_folder_whose_name_begins_alike_is_another(tmp_path: Path) -> None:
    assert heard(tmp_path / "index", tmp_path / "index-articles" / "words", tmp_path / "index2.txt") == [True, True]


def test_the_archive_is_known_by_every_name_that_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in (f"{tmp_path}/./index/writer.lock", "index/writer.lock", tmp_path / "linked" / "index" / "writer.lock"):
        assert heard(Path("index"), name) == [False]


def test_what_the_library_passes_over_is_passed_over(tmp_path: Path) -> None:
    assert heard(tmp_path / "index", tmp_path / ".git" / "a.txt") == [False]


def test_a_cluster_has_no_files(tmp_path: Path) -> None:
    assert heard(Path("http://127.0.0.1:19530"), tmp_path / "catalogue.sqlite") == [True]
