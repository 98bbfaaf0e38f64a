"""A disk without a byte left: articles are removed nevertheless, or a line says what that takes and nothing is lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import FakeEncoder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ARTICLES = 40
ON_A_SMALL_DISK = ["unshare", "--user", "--map-root-user", "--mount", "--"]
"""Anybody may mount a disk of memory for a process of theirs alone, where the system lets them."""


def _can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    script = "mount -t tmpfs -o size=1m none /mnt"
    return subprocess.run([*ON_A_SMALL_DISK, "sh", "-c", script], capture_output=True, check=False).returncode == 0


needs_disk = pytest.mark.skipif(not _can_mount(), reason="this system lets nobody mount a small disk of their own")


def write_articles(folder: Path, lines: int) -> None:
    """Write articles of about so many lines each, a file an article."""
    folder.mkdir(exist_ok=True)
    for number in range(ARTICLES):
        sentences = (f"第{number}座桥的第{line}段有{number * 31 + line}米，连起{line}个村。" for line in range(lines))
        (folder / f"a{number}.txt").write_text(f"第{number}座桥\n\n" + "\n".join(sentences), "utf-8")


def fill(disk: Path) -> None:
    """Leave no byte."""
    for block in (1 << 12, 1):
        with (disk / "filler").open("ab", buffering=0) as file:
            try:
                while file.write(b"x" * block):
                    pass
            except OSError:
                continue


def work(disk: Path, how: str, lines: int) -> dict[str, object]:
    """Index on the disk, fill it, and remove three articles in one way; return what came of it."""
    from retrieval import Archive, ChuchuError, Settings, index_paths, remove_articles, verify_archive

    articles, archive = disk.parent / "articles", disk / "archive"
    write_articles(articles, lines)
    index_paths([articles], archive, FakeEncoder())
    if how == "old":  # an archive of a version that kept nothing in reserve
        (archive / "catalogue.reserve").unlink()
    fill(disk)
    said, gone = "", [f"a{number}.txt" for number in (1, 2, 30)]
    try:
        if how.startswith("prune"):
            for name in gone:
                (articles / name).unlink()
            if how == "prune and add":
                (articles / "new.txt").write_text("新桥\n\n" + "新桥昨天通车，全长三百四十米。\n" * 9, "utf-8")
                for number in range(50, 90):
                    shutil.copy(articles / "a5.txt", articles / f"a{number}.txt")
            index_paths([articles], archive, FakeEncoder(), prune=True)
        else:
            remove_articles(archive, gone)
    except ChuchuError as error:
        said = f"{type(error).__name__}: {error}"
    with Archive(archive, Settings(), FakeEncoder()) as opened:
        there = [name for name in gone if opened.article(name)]
        others = all(opened.article(f"a{number}.txt") for number in range(ARTICLES) if f"a{number}.txt" not in gone)
        hits = [hit.article.id for hit in opened.ask("第1座桥的第3段有34米").hits]
    on_full = [str(fault) for fault in verify_archive(archive) if fault.part not in {"words", "vectors"}]
    (disk / "filler").unlink()
    if how.startswith("prune"):
        index_paths([articles], archive, FakeEncoder(), prune=True)
    else:
        there and remove_articles(archive, gone)
        for name in gone:
            (articles / name).unlink()
        index_paths([articles], archive, FakeEncoder())
    faults = [*on_full, *map(str, verify_archive(archive))]
    return {"said": said, "there": there, "others": others, "hits": hits, "faults": faults}


def run(tmp_path: Path, how: str, *, lines: int, megabytes: int) -> dict[str, object]:
    """Run `work` in a process that has a disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size={megabytes}m none "$1" && exec \'{sys.executable}\' -m {__name__} "$@"'
    command = [*ON_A_SMALL_DISK, "sh", "-c", script, "sh", str(disk), how, str(lines)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@needs_disk
@pytest.mark.parametrize("lines", [8, 60])
@pytest.mark.parametrize("how", ["remove", "prune", "prune and add"])
def test_articles_are_removed_from_a_full_disk(tmp_path: Path, how: str, lines: int) -> None:
    found = run(tmp_path, how, lines=lines, megabytes=40)
    assert (found["there"], found["others"], found["faults"]) == ([], True, [])
    assert found["hits"]
    assert "a1.txt" not in found["hits"]  # type: ignore[operator]
    assert not found["said"] or how == "prune and add"


@needs_disk
def test_what_removing_takes_is_said_where_nothing_was_reserved(tmp_path: Path) -> None:
    found = run(tmp_path, "old", lines=8, megabytes=40)
    assert (found["others"], found["faults"]) == (True, [])
    assert "Free as much, and run the same command again." in str(found["said"])
    assert found["there"] == ["a1.txt", "a2.txt", "a30.txt"]
    assert found["hits"][0] == "a1.txt"  # type: ignore[index]


if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
