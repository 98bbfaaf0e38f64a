import json
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import ArchiveMismatchError, Settings, index_paths, remove_articles
from retrieval.store.catalogue import Catalogue
from retrieval.store.location import is_cluster, open_reader
from tests.fakes import FakeEncoder


def test_nothing_is_derived_from_a_catalogue_of_another_format(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.jsonl", tmp_path / "archive"
    path.write_text(json.dumps({"id": "a", "text": "新桥全长三百四十米，连起河两岸的六个村。"}), "utf-8")
    index_paths([path], folder, FakeEncoder())
    (folder / "vectors.faiss").unlink()
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        catalogue.write_manifest({**catalogue.manifest(), "format": "0"})
    with pytest.raises(ArchiveMismatchError, match="format 0"):
        index_paths([path], folder, FakeEncoder())
    with pytest.raises(ArchiveMismatchError, match="format 0"):
        remove_articles(folder, ["a"])
    with pytest.raises(ArchiveMismatchError, match="format 0"):
        open_reader(folder, Settings())
    assert not (folder / "vectors.faiss").exists()


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://host:19530", True),
        ("https://host", True),
        ("lite.db", True),
        (Path("lite.db"), True),
        ("index", False),
        (Path("http:/host"), False),
        ("/data/http", False),
    ],
)
def test_what_is_a_cluster(location: Path | str, expected: bool) -> None:
    assert is_cluster(location) is expected
