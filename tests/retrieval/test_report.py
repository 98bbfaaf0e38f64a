import gzip
import zipfile
from pathlib import Path

import pytest

from retrieval.origins import Reading
from retrieval.read import read
from retrieval.values import Draft, Skipped


def shares(*paths: Path) -> list[float | None]:
    reading = Reading(paths)
    return [reading.note(found) for found in read(paths)]


def test_files_count_once_the_next_one_begins(tmp_path: Path) -> None:
    for name, length in (("a", 100), ("b", 300), ("c", 100)):
        (tmp_path / f"{name}.txt").write_text("x" * length)
    (tmp_path / ".hidden").write_text("x" * 1000)
    assert shares(tmp_path) == [0.2, 0.8, 1.0]


def test_of_a_file_with_many_articles_the_texts_count(tmp_path: Path) -> None:
    lines = ['{"text": "' + "x" * 90 + '"}'] * 10
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    found = shares(tmp_path / "many.jsonl")
    assert found == sorted(found, key=lambda share: share or 0)
    assert found[0] == pytest.approx(0.1, abs=0.03)
    assert found[-1] == pytest.approx(0.9, abs=0.04)


def test_what_lies_in_an_archive_counts_for_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as packed:
        for name in ("one.txt", "two.txt"):
            packed.writestr(name, "x" * 5000)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"x" * 5000))
    one, two, three = (share or 0.0 for share in shares(tmp_path))
    assert 0.4 < one < 0.6
    assert 0.9 < two < 1
    assert three == 1.0


def test_nothing_is_known_of_standard_input_or_of_what_is_gone(tmp_path: Path) -> None:
    assert Reading([Path("-")]).note(Draft("stdin#1", "text", "stdin")) is None
    (tmp_path / "a.txt").write_text("x" * 10)
    reading = Reading([tmp_path])
    assert reading.note(Skipped(str(tmp_path / "gone.txt"), "No such file or directory")) == 0.0
