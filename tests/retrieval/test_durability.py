"""What becomes of an archive whose files are damaged, lost, foreign, full or not to be written."""

import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import (
    Archive,
    ArchiveDamagedError,
    ArchiveError,
    ChuchuError,
    Settings,
    command,
    index_paths,
    remove_articles,
)
from retrieval.errors import Part
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import sound_entries
from retrieval.store.local.writer import LocalWriter
from retrieval.upkeep.verification import repair_archive, verify_archive
from tests.fakes import FakeEncoder
from tests.permissions import open_to_all

TEXTS = {
    f"a{n}": f"沄江上的第{n}座新桥昨天通车，全长{n * 37}米，连起河两岸的{n + 3}个村。\n" * 8
    + f"老船工说，第{n}座桥等了{n}年。"
    for n in range(1, 25)
}
QUESTIONS = ("第七座桥多长？", "老船工等了几年？", "新桥连起多少个村？")
ROOT = Path(__file__).parents[2]


def write_articles(path: Path, texts: dict[str, str]) -> Path:
    records = (
        json.dumps({"id": name, "title": name, "text": text}, ensure_ascii=False) for name, text in texts.items()
    )
    path.write_text("\n".join(records), "utf-8")
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    index_paths([write_articles(folder / "articles.jsonl", TEXTS)], folder / "archive", FakeEncoder())
    return folder / "archive"


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "archive")
    return tmp_path / "archive"


FirstHits = list[list[tuple[str, str | None, str]]]


def first_hits(folder: Path) -> FirstHits:
    """Return id, title and text of what is answered."""
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        answers = [archive.ask(question) for question in QUESTIONS]
    return [[(hit.article.id, hit.article.title, hit.text) for hit in answer.hits] for answer in answers]


@pytest.fixture(scope="module")
def expected(sound: Path) -> FirstHits:
    """What is answered as long as nothing is damaged."""
    return first_hits(sound)


def is_right(answers: FirstHits) -> bool:
    return all(title == name and text in TEXTS[name] for hits in answers for name, title, text in hits)


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << place % 8
    path.write_bytes(bytes(data))


def test_a_sound_archive_has_no_faults(folder: Path) -> None:
    assert verify_archive(folder) == ()
    remove_articles(folder, ["a3"])
    assert verify_archive(folder) == ()
    found = repair_archive(folder)
    assert (found.found, found.taken_out, found.left) == ((), (), ())


def test_an_archive_whose_first_run_was_killed_is_sound(sound: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    with closing(Catalogue(sound / "catalogue.sqlite")) as made, closing(LocalWriter(tmp_path / "archive")) as writer:
        writer.write_manifest(made.manifest())
        writer.put_all(list(sound_entries(made)))  # and nothing after it: what was to be derived is not
    assert verify_archive(tmp_path / "archive") == ()
    assert first_hits(tmp_path / "archive") == first_hits(sound)


def test_a_damaged_name_of_a_column_is_told_in_a_line(folder: Path) -> None:
    path = folder / "catalogue.sqlite"
    place = path.read_bytes().index(b"CREATE TABLE articles") + len("CREATE TABLE articles (\n    nu")
    data = bytearray(path.read_bytes())
    data[place] = 0xE7
    path.write_bytes(data)
    for act in (first_hits, verify_archive, repair_archive):
        with pytest.raises(ArchiveError) as raised:
            act(folder)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("seed", range(24))
def test_a_flipped_byte_in_the_catalogue_shows_nothing_wrong_and_is_mended(
    folder: Path, expected: FirstHits, seed: int
) -> None:
    path = folder / "catalogue.sqlite"
    flip(path, random.Random(seed).randrange(path.stat().st_size))
    try:
        answers = first_hits(folder)
    except ChuchuError:
        answers = []
    assert is_right(answers)
    try:
        found = verify_archive(folder)
    except ArchiveError:
        return  # not even its head is SQLite's: named, and not to be repaired
    assert found or answers == expected
    try:
        repaired = repair_archive(folder)
    except ArchiveDamagedError as error:
        assert "--rebuild" in str(error)  # noqa: PT017 most flips can be repaired, those in the manifest by this only
        return
    assert repaired.left == ()
    assert is_right(first_hits(folder))
    assert set(repaired.taken_out) <= set(TEXTS)


def test_an_article_that_was_taken_out_is_indexed_again(folder: Path, sound: Path) -> None:
    path = folder / "catalogue.sqlite"
    place = path.read_bytes().index("第7座桥等了".encode())
    flip(path, place + 2)
    with Archive(folder, Settings(), FakeEncoder()) as archive, pytest.raises(ArchiveDamagedError) as damaged:
        archive.article("a7")
    assert str(damaged.value).endswith(
        f"(article 'a7' is not as it was written). Run: {command('verify --repair', folder)}"
    )
    assert [(fault.part, fault.article) for fault in verify_archive(folder)] == [(Part.ARTICLE, "a7")]
    assert repair_archive(folder).taken_out == ("a7",)
    report = index_paths([sound.parent / "articles.jsonl"], folder, FakeEncoder())
    assert (report.added, len(report.unchanged)) == (["a7"], len(TEXTS) - 1)
    assert first_hits(folder) == first_hits(sound)


@pytest.mark.parametrize("name", ["vectors.faiss", "words/*.term", "words/*.idx", "words/*.fast", "words/*.fieldnorm"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "lost"])
def test_damage_to_what_is_derived_is_found_and_mended(folder: Path, sound: Path, name: str, damage: str) -> None:
    path = next(folder.glob(name))
    if damage == "flipped":
        flip(path, path.stat().st_size // 3)
    elif damage == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        path.unlink()
    found = verify_archive(folder)
    assert {fault.part for fault in found} == {Part.VECTORS if name == "vectors.faiss" else Part.WORDS}
    assert repair_archive(folder).left == ()
    assert first_hits(folder) == first_hits(sound)


@pytest.mark.parametrize("name", ["vectors.faiss", "words"])
def test_what_another_archive_derived_is_not_believed(folder: Path, sound: Path, tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"
    index_paths([write_articles(tmp_path / "b.jsonl", {"b": TEXTS["a2"]})], other, FakeEncoder())
    shutil.rmtree(folder / "words") if name == "words" else (folder / name).unlink()
    (other / name).rename(folder / name)
    assert verify_archive(folder)
    assert first_hits(folder) == first_hits(sound)
    assert repair_archive(folder).left == ()


def test_what_a_newer_catalogue_derived_is_not_believed(folder: Path, sound: Path, tmp_path: Path) -> None:
    index_paths(
        [write_articles(tmp_path / "b.jsonl", {"b1": "全新的灯塔。" * 40, "b2": "旧渡口。" * 40})],
        folder,
        FakeEncoder(),
    )
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(sound / "catalogue.sqlite", folder / "catalogue.sqlite")
    assert verify_archive(folder)
    assert first_hits(folder) == first_hits(sound)
    index_paths(
        [write_articles(tmp_path / "c.jsonl", {"c1": "山上的茶园。" * 40, "c2": "新医院。" * 40})],
        folder,
        FakeEncoder(),
    )
    assert verify_archive(folder) == ()
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        with archive._reader.snapshot() as indexes:
            assert [term.passages for term in indexes.words.terms(["灯塔", "茶园"])] == [0, 1]
        assert archive.ask("茶园").hits[0].article.id == "c1"


LIMITED = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from retrieval import ChuchuError, index_paths
from tests.fakes import FakeEncoder
try:
    index_paths([Path(sys.argv[1])], Path(sys.argv[2]), FakeEncoder())
except ChuchuError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("most", [0, 60_000, 250_000])
def test_a_full_disk_is_told_and_keeps_what_was_written(sound: Path, tmp_path: Path, most: int) -> None:
    arguments = [str(sound.parent / "articles.jsonl"), str(tmp_path / "archive"), str(most)]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Error" in done.stdout, done.stderr
    assert "Traceback" not in done.stderr
    report = index_paths([sound.parent / "articles.jsonl"], tmp_path / "archive", FakeEncoder())
    assert len(report.added) + len(report.unchanged) == len(TEXTS)
    assert verify_archive(tmp_path / "archive") == ()
    assert first_hits(tmp_path / "archive") == first_hits(sound)


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from tests.fakes import FakeEncoder
from retrieval import Archive, ArchiveError, Settings, index_paths
folder = Path(sys.argv[1])
index_paths([folder.parent / "articles.jsonl"], folder.parent / "first", FakeEncoder())  # imports what nobody may not
os.setgid(65534)
os.setuid(65534)
with Archive(folder, Settings(_env_file=None, reader="off"), FakeEncoder()) as archive:
    print(archive.ask("第七座桥多长？").hits[0].article.id)
try:
    index_paths([folder.parent / "articles.jsonl"], folder, FakeEncoder())
except ArchiveError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become nobody")
def test_a_folder_that_cannot_be_written_is_read(folder: Path, sound: Path) -> None:
    with open_to_all() as place:
        archive = Path(shutil.copytree(folder, place / "archive"))
        archive.chmod(0o755)
        write_articles(place / "articles.jsonl", TEXTS)
        done = subprocess.run(
            [sys.executable, "-c", UNPRIVILEGED, str(archive)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    assert lines[0] == first_hits(sound)[0][0][0]
    assert "cannot be written" in lines[1], done.stderr


CLOSED = """
import os, sys
from pathlib import Path
from retrieval import ArchiveError, Settings, open_archive, verify_archive
verify_archive(Path(sys.argv[1]))  # imports what nobody may not
os.setgid(65534)
os.setuid(65534)
for look in (lambda folder: open_archive(folder, Settings(_env_file=None)), verify_archive):
    try:
        look(Path(sys.argv[2]))
    except ArchiveError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become nobody")
def test_a_folder_that_cannot_be_looked_into_is_named(folder: Path, sound: Path) -> None:
    with open_to_all() as place:
        archive = Path(shutil.copytree(folder, place / "archive"))
        archive.chmod(0o700)
        done = subprocess.run(
            [sys.executable, "-c", CLOSED, str(sound), str(archive)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    said = f"{archive} cannot be read: Permission denied. Fix its permissions, or name another folder with --index."
    assert done.stdout.splitlines() == [said, said], done.stderr
