"""Bytes flipped in every kind of file: what is answered is what was answered before, or an error in one line."""

import json
import os
import random
import shutil
import struct
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
import pytest

from retrieval import Archive, ArchiveError, ChuchuError, Settings, index_paths, remove_articles, verify_archive
from retrieval.encode.encoder import Vectors
from retrieval.errors import Part
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import faiss_file as vector_file
from retrieval.store.local import word_index
from retrieval.store.local.faiss_file import holds, reconstruction
from retrieval.store.local.signatures import Signatures, seals_of
from retrieval.store.local.vectors import VectorIndex
from retrieval.upkeep.verification import repair_archive
from tests.fakes import FakeEncoder
from tests.retrieval.test_durability import QUESTIONS, TEXTS, FirstHits, first_hits, flip, is_right, write_articles

pytestmark = pytest.mark.slow

FLIPS = 2
DERIVED = [
    "vectors.faiss", "words/*.term", "words/*.idx", "words/*.pos", "words/*.fast", "words/*.fieldnorm", "words/*.store",
]  # fmt: skip
UNREAD = ["words/meta.json", "words/.managed.json", "catalogue.sqlite-shm", "writer.json"]
"""Not under a checksum: a flipped byte may change nothing, but never an answer."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as a killed writer leaves it: with a log beside the catalogue, and its note on who is writing."""
    place = tmp_path_factory.mktemp("built")
    source = write_articles(place / "articles.jsonl", TEXTS)
    index_paths([source], place / "archive", FakeEncoder())
    with closing(Catalogue(place / "archive" / "catalogue.sqlite")) as held:
        held.manifest()
        remove_articles(place / "archive", ["a3"])
        index_paths([source], place / "archive", FakeEncoder())
        (place / "archive" / "writer.json").write_text('{"process": 1, "since": 1.5}', "utf-8")
        shutil.copytree(place / "archive", place / "killed")
    return place / "killed"


def copied(built: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(built, place)
    return place


def places(path: Path) -> list[int]:
    """Return the first byte, the last one, and some between them."""
    size = path.stat().st_size
    return [0, size - 1, *random.Random(path.suffix).sample(range(size), FLIPS)]


def asked(folder: Path) -> FirstHits | str:
    try:
        return first_hits(folder)
    except ChuchuError as error:
        return str(error)


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_is_found_named_and_mended(built: Path, tmp_path: Path, name: str) -> None:
    expected = first_hits(copied(built, tmp_path / "sound"))
    path = next(built.glob(name)).relative_to(built)
    for place in places(built / path):
        folder = copied(built, tmp_path / "read")
        flip(folder / path, place)
        assert asked(folder) == expected, place
        folder = copied(built, tmp_path / "checked")
        flip(folder / path, place)
        found = verify_archive(folder)
        assert {fault.part for fault in found} == {Part.VECTORS if name == "vectors.faiss" else Part.WORDS}, place
        assert all(str(folder / path.parts[0]) in fault.what for fault in found), found
        assert repair_archive(folder).left == ()
        assert first_hits(folder) == expected, place


@pytest.mark.parametrize("name", UNREAD)
def test_what_has_no_checksum_changes_no_answer(built: Path, tmp_path: Path, name: str) -> None:
    expected = first_hits(copied(built, tmp_path / "sound"))
    for place in places(built / name):
        folder = copied(built, tmp_path / "read")
        flip(folder / name, place)
        assert asked(folder) == expected, place


@pytest.mark.parametrize("name", ["catalogue.sqlite", "catalogue.sqlite-wal"])
def test_the_catalogue_shows_nothing_wrong(built: Path, tmp_path: Path, name: str) -> None:
    expected = first_hits(copied(built, tmp_path / "sound"))
    for place in places(built / name):
        folder = copied(built, tmp_path / "read")
        flip(folder / name, place)
        answers = asked(folder)
        assert "\n" not in answers if isinstance(answers, str) else is_right(answers), place
        folder = copied(built, tmp_path / "checked")
        flip(folder / name, place)
        try:
            found = verify_archive(folder)
        except ChuchuError as error:
            assert "\n" not in str(error)  # noqa: PT017 not even its head is SQLite's
        else:
            assert found or answers == expected, place


def test_a_large_index_whose_rows_are_wrong_still_answers(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VectorIndex.__init__, "__kwdefaults__", {"flat_most": 40})
    monkeypatch.setattr(vector_file, "_MAPPED_FROM", 0)
    folder = copied(built, tmp_path / "large")
    (folder / "vectors.faiss").unlink()
    assert repair_archive(folder).left == ()
    index: Any = faiss.read_index(str(folder / "vectors.faiss"))
    data = (folder / "vectors.faiss").read_bytes()
    for number in range(index.nlist):
        rows = faiss.rev_swig_ptr(index.invlists.get_ids(number), index.invlists.list_size(number))
        if len(rows) > 2:  # fewer numbers stand elsewhere too
            flip(folder / "vectors.faiss", data.index(rows.tobytes()) + 4)  # in the upper half of a row's number
    assert is_right(first_hits(folder))
    assert {fault.part for fault in verify_archive(folder)} == {Part.VECTORS}


def test_tantivy_panics_in_one_line(built: Path, tmp_path: Path) -> None:
    folder = copied(built, tmp_path / "read")
    with Archive(folder, Settings(), FakeEncoder()) as archive:
        archive.ask(QUESTIONS[0])
        with pytest.raises(ChuchuError, match="--repair"), archive._reader.snapshot():
            raise PanicException("start <= orig_range.end")


def refooted(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change a file of tantivy's and give it the footer, with the checksum, that such a file would have."""
    length = struct.unpack("<I", data[-8:-4])[0]
    body, footer = change(data[: -8 - length]), json.loads(data[-8 - length : -8])
    written = json.dumps({**footer, "crc": zlib.crc32(body)}, separators=(",", ":")).encode()
    return body + written + struct.pack("<I", len(written)) + data[-4:]


FOREIGN: dict[str, Callable[[bytes], bytes]] = {
    "noise": lambda body: random.Random(len(body)).randbytes(len(body)),
    "half": lambda body: body[: len(body) // 2],
    "zeros": lambda body: bytes(len(body)),
}


@pytest.mark.parametrize("name", ["term", "idx", "fast", "fieldnorm", "store"])
def test_words_that_another_program_wrote_are_made_anew(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    expected = first_hits(built)
    monkeypatch.setattr(word_index, "_CHECKED_BYTES", 0)  # as where the words are large: nobody reads them on opening
    for how in (*FOREIGN, "pipe"):
        folder = copied(built, tmp_path / how)
        for path in (folder / "words").glob(f"*.{name}"):
            data = path.read_bytes()
            path.unlink()
            os.mkfifo(path) if how == "pipe" else path.write_bytes(refooted(data, FOREIGN[how]))
        with suppress(ArchiveError), closing(Signatures(folder / "words" / "signatures.sqlite")) as signatures:
            signatures.seal(seals_of(folder / "words", {}))  # so that nothing but reading them shows it
        verify_archive(folder)
        assert repair_archive(folder).left == (), how
        assert verify_archive(folder) == (), how
        assert first_hits(folder) == expected, how


@pytest.mark.parametrize("name", ["words", "vectors.faiss"])
@pytest.mark.parametrize("how", ["pipe", "file", "link"])
def test_what_is_no_file_or_folder_is_made_anew(built: Path, tmp_path: Path, name: str, how: str) -> None:
    expected = first_hits(built)
    folder = copied(built, tmp_path / "foreign")
    shutil.rmtree(folder / name) if name == "words" else (folder / name).unlink()
    if how == "pipe":
        os.mkfifo(folder / name)
    elif how == "file":
        (folder / name).write_bytes(b"foreign")
    else:
        (folder / name).symlink_to("nowhere")
    assert first_hits(folder) == expected
    assert repair_archive(folder).left == ()
    assert verify_archive(folder) == ()
    assert first_hits(folder) == expected


class PanicException(BaseException):
    """What tantivy's panic is called; a real one needs words of 32 MB that nobody checks on opening."""


class Spiky(FakeEncoder):
    """Gives each text a direction of its own, which texts of the usual kind hardly have a share in."""

    def _vector(self, text: str) -> Vectors:
        if "座桥" in text:
            return super()._vector(text)
        vector = np.zeros(self.dim, np.float32)
        vector[len(self.encoded) % self.dim] = 1
        self.encoded.append(text)
        return vector


def test_vectors_beyond_what_a_large_index_was_trained_on_are_no_fault(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VectorIndex.__init__, "__kwdefaults__", {"flat_most": 40})
    folder = copied(built, tmp_path / "large")
    (folder / "vectors.faiss").unlink()
    assert repair_archive(folder).left == ()
    trained = cast("Any", faiss.read_index(str(folder / "vectors.faiss"))).nlist
    texts = {f"b{n}": f"茶园里的第{n}家人去年收了{n}斤春茶，卖到了外县。\n" * 8 for n in range(90)}
    index_paths([write_articles(tmp_path / "more.jsonl", texts)], folder, Spiky())
    index: Any = faiss.read_index(str(folder / "vectors.faiss"))
    assert index.nlist == trained  # they were added to an index that was trained without them
    assert verify_archive(folder) == ()
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        ids, vectors = next(catalogue.vectors_since(0))
    stored = reconstruction(index)(np.arange(len(ids)))
    assert holds(index, stored, vectors.astype(np.float32)).all()
    assert not holds(index, stored, -vectors.astype(np.float32)).any()
