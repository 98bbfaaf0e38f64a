"""What happens to articles is told, and nothing that an archive does to itself among them."""

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest
from watchfiles import Change

from retrieval import ChuchuError, changed_files
from retrieval.read.walk import articles_only
from tests.permissions import bound_by_permissions


def heard(archive: Path, *paths: Path | str) -> list[bool]:
    told = articles_only(archive)
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


def test_links_in_a_circle_are_told_too(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "index").symlink_to("index")
    assert heard(tmp_path / "index", tmp_path / "loop.txt") == [True]


def test_what_the_library_passes_over_is_passed_over(tmp_path: Path) -> None:
    assert heard(tmp_path / "index", tmp_path / ".git" / "a.txt") == [False]


def test_a_cluster_has_no_files(tmp_path: Path) -> None:
    assert heard(Path("http://127.0.0.1:19530"), tmp_path / "catalogue.sqlite") == [True]


@contextmanager
def watching(folder: Path, *, follow_links: bool = False) -> Iterator[Callable[[Callable[[int], object]], object]]:
    """Watch a folder; yield a function that does something again and again until a change is seen, and returns that."""
    seen, stop = Queue[object](), threading.Event()

    def run() -> None:
        try:
            with bound_by_permissions():
                for change in changed_files([folder], folder / "archive", stop.is_set, follow_links=follow_links):
                    seen.put(change)
        except Exception as error:  # noqa: BLE001 it is for the test to see
            seen.put(error)

    def until_seen(act: Callable[[int], object]) -> object:
        for number in range(600):
            act(number)
            try:
                return seen.get(timeout=0.2)
            except Empty:
                continue
        return "nothing was seen"

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield until_seen
    finally:
        stop.set()
        thread.join()


def changed(change: object) -> set[str]:
    assert isinstance(change, set), change
    return {Path(path).name for _, path in change}


def test_what_appears_in_a_folder_that_appears_is_seen(tmp_path: Path) -> None:
    with watching(tmp_path) as until_seen:
        assert changed(until_seen(lambda number: (tmp_path / f"new{number}").mkdir()))
        for _ in range(3):  # until the new folders are watched, there is a change without a name
            if change := changed(until_seen(lambda number: (tmp_path / "new0" / "a.txt").write_text(str(number)))):
                break
        assert change == {"a.txt"}


def test_names_that_are_no_utf8_are_a_change(tmp_path: Path) -> None:
    (tmp_path / "d\udcff").mkdir()
    with watching(tmp_path) as until_seen:
        write = os.fsencode(tmp_path) + b"/\xff.txt"
        assert changed(until_seen(lambda _: Path(os.fsdecode(write)).write_text("x"))) == set()
        names = itertools.chain.from_iterable(
            changed(until_seen(lambda number: (tmp_path / "b.txt").write_text(str(number)))) for _ in range(3)
        )
        assert "b.txt" in names


def test_links_that_lead_out_are_not_watched_and_shut_folders_are_no_error(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside / "shut", outside):
        folder.mkdir(parents=True)
    (inside / "link").symlink_to(outside)
    (inside / "root").symlink_to("/")
    (inside / "shut").chmod(0)
    try:
        with watching(inside) as until_seen:

            def act(number: int) -> None:
                (outside / "far.txt").write_text(str(number))
                if number > 15:  # three seconds in which nothing is to be seen
                    (inside / "near.txt").write_text(str(number))

            assert changed(until_seen(act)) == {"near.txt"}
    finally:
        (inside / "shut").chmod(0o755)
    (inside / "root").unlink()
    with watching(inside, follow_links=True) as until_seen:
        assert changed(until_seen(lambda number: (outside / "far.txt").write_text(str(number)))) == {"far.txt"}


def test_a_folder_that_cannot_be_watched_by_its_name_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "d\udcff").mkdir()
    with pytest.raises(ChuchuError, match="without --watch"):
        next(changed_files([tmp_path / "d\udcff"], tmp_path / "archive", lambda: False))
