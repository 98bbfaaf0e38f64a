import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Settings, repair_prepared, verify_prepared
from retrieval.encode import cache
from retrieval.errors import EncoderError


def _build(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "weights.bin").write_bytes(b"weights" * 100)
    (folder / "shape.json").write_text("{}")


def _refuse(_folder: Path) -> None:
    raise AssertionError("built although it was complete")


def test_builds_once(tmp_path: Path) -> None:
    folder = cache.prepared(tmp_path / "deep" / "model", _build)
    assert cache.prepared(folder, _refuse) == folder
    assert (folder / "inner" / "weights.bin").read_bytes() == b"weights" * 100
    assert cache.verify(folder) == []
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model", "model.lock"]


@pytest.mark.parametrize(
    "damage", ["truncated", "deleted", "no manifest", "broken manifest", "other format", "emptied"]
)
def test_damage_that_shows_is_mended_on_the_next_use(tmp_path: Path, damage: str) -> None:
    folder = cache.prepared(tmp_path / "model", _build)
    manifest, weights = folder / "manifest.json", folder / "inner" / "weights.bin"
    match damage:
        case "truncated":
            weights.write_bytes(b"wei")
        case "deleted":
            weights.unlink()
        case "no manifest":
            manifest.unlink()
        case "broken manifest":
            manifest.write_text('{"format": 1, "files": [')
        case "other format":
            manifest.write_text(manifest.read_text().replace(f'"format": {cache.FORMAT}', '"format": 0'))
        case "emptied":
            manifest.write_text("[]")
    assert not cache.is_complete(folder)
    cache.prepared(folder, _build)
    assert cache.is_sound(folder)


def test_a_flipped_bit_is_found_by_verify_alone(tmp_path: Path) -> None:
    folder = cache.prepared(tmp_path / "model", _build)
    (folder / "inner" / "weights.bin").write_bytes(b"weighty" * 100)
    assert cache.prepared(folder, _refuse) == folder
    assert cache.verify(folder) == ["inner/weights.bin"]
    cache.prepared(folder, _build, whole=cache.is_sound)
    assert cache.verify(folder) == []


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def prepared(place: Path) -> Path:
    return cache.prepared(place, _build, whole=cache.is_unchanged)


def test_a_flipped_bit_is_mended_on_the_next_use(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "model")
    flip(folder / "inner" / "weights.bin")
    assert cache.is_complete(folder)
    prepared(folder)
    assert cache.is_sound(folder)


def noted(read: list[str], checksum: Callable[[Path], str]) -> Callable[[Path], str]:
    def reading(path: Path) -> str:
        read.append(path.name)
        return checksum(path)

    return reading


@pytest.mark.parametrize("stamp", ["lost", "broken", "older"])
def test_what_was_compared_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamp: str) -> None:
    folder, read = prepared(tmp_path / "model"), list[str]()
    checksum = cache._checksum
    monkeypatch.setattr(cache, "_checksum", noted(read, checksum))
    assert prepared(folder) == folder
    assert read == []
    if stamp == "lost":
        (folder / "checked.json").unlink()
    elif stamp == "broken":
        flip(folder / "checked.json")
    else:
        (folder / "shape.json").touch()
    for _ in range(2):
        assert prepared(folder) == folder
        assert sorted(read) == ["shape.json", "weights.bin"]


def test_what_cannot_be_stamped_is_compared_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, read = prepared(tmp_path / "model"), list[str]()
    (folder / "checked.json").unlink()
    (folder / "checked.json").mkdir()
    checksum = cache._checksum
    monkeypatch.setattr(cache, "_checksum", noted(read, checksum))
    assert [prepared(folder), prepared(folder)] == [folder, folder]
    assert len(read) == 4


def test_what_is_damaged_is_named_and_discarded(tmp_path: Path) -> None:
    sound, spoilt = prepared(tmp_path / "sound"), prepared(tmp_path / "spoilt")
    times = (spoilt / "inner" / "weights.bin").stat()
    flip(spoilt / "inner" / "weights.bin")  # as a disk does it, leaving the time alone
    os.utime(spoilt / "inner" / "weights.bin", ns=(times.st_atime_ns, times.st_mtime_ns))
    settings = Settings(cache=tmp_path)
    said = f"{spoilt / 'inner' / 'weights.bin'} is not as it was written"
    assert [(fault.part, fault.what) for fault in verify_prepared(settings)] == [("model", said)]
    assert len(repair_prepared(settings)) == 1
    assert verify_prepared(settings) == ()
    assert (sound.exists(), spoilt.exists()) == (True, False)


def test_a_folder_that_is_not_there_fails_verification(tmp_path: Path) -> None:
    assert cache.verify(tmp_path / "nowhere") == ["manifest.json"]


def test_a_failing_build_leaves_nothing_that_counts(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        _build(folder)
        raise EncoderError("no weights")

    with pytest.raises(EncoderError, match="no weights"):
        cache.prepared(tmp_path / "model", fail)
    assert not (tmp_path / "model").exists()
    assert cache.is_sound(cache.prepared(tmp_path / "model", _build))
    assert not (tmp_path / "model.new").exists()


_KILLED = """
import os, signal, sys
from pathlib import Path
from retrieval.encode import cache
def build(folder):
    (folder / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
cache.prepared(Path(sys.argv[1]), build)
"""


def test_killed_half_way_it_starts_over(tmp_path: Path) -> None:
    place = tmp_path / "model"
    done = subprocess.run([sys.executable, "-c", _KILLED, place], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert not place.exists()
    assert (tmp_path / "model.new" / "half").exists()
    cache.prepared(place, _build)
    assert cache.is_sound(place)
    assert not (place / "half").exists()
    assert not (tmp_path / "model.new").exists()


_RIVAL = """
import os, sys, time
from pathlib import Path
from retrieval.encode import cache
def build(folder):
    with open(sys.argv[2], "a") as log:
        log.write("built\\n")
    (folder / "file").write_text("content")
    time.sleep(0.5)
cache.prepared(Path(sys.argv[1]), build)
assert cache.is_sound(Path(sys.argv[1]))
"""


def test_of_several_processes_one_builds_and_the_others_use_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", _RIVAL, str(tmp_path / "model"), str(log)]
    rivals = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    assert [(rival.communicate()[1], rival.returncode) for rival in rivals] == [(b"", 0)] * 3
    assert log.read_text() == "built\n"


def test_a_place_that_cannot_be_written_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    with pytest.raises(EncoderError, match=r"cannot prepare the model in .*file: .*Set CHUCHU_CACHE=…") as caught:
        cache.prepared(occupied / "model", _build)
    assert "\n" not in str(caught.value)


def test_what_is_complete_is_used_without_writing(tmp_path: Path) -> None:
    folder = cache.prepared(tmp_path / "model", _build)
    lock = tmp_path / "model.lock"
    lock.unlink()
    lock.mkdir()  # whoever tried to lock, fails: also for root, whom permissions do not stop
    assert cache.prepared(folder, _refuse) == folder
    os.truncate(folder / "shape.json", 0)
    with pytest.raises(EncoderError, match="CHUCHU_CACHE"):
        cache.prepared(folder, _build)
