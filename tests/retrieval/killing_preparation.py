"""Kill the preparation of the models and of the translations at random points, and see what is left.

`python -m tests.retrieval.killing_preparation 30` does it thirty times. What lies under its own name must be whole after
each kill, and once all is prepared a question's vector must be the one of the first time.
"""

import importlib
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.encode import cache, open_encoder
from retrieval.search.translations import open_store
from retrieval.settings import BUNDLED_MODEL
from tests.retrieval.killing import fork

LONGEST_S = 25.0  # all three take 15 s on two idle cores
ALL = 3
IMPORTED = ("onnx", "graph", "calibration", "inputs", "second", "paired")


def prepare(place: Path) -> None:
    """Prepare what is not prepared yet."""
    open_store(place).close()
    open_encoder(BUNDLED_MODEL, cache=place)


def check(place: Path) -> None:
    """Embed a question and look a word up, with what was prepared between kills; both must be as ever."""
    vector = open_encoder(BUNDLED_MODEL, cache=place).encode_queries(["第七座桥多长？"])[0]
    before = place / "vector"
    if before.exists():
        assert before.read_bytes() == vector.tobytes()
    before.write_bytes(vector.tobytes())
    store = open_store(place)
    assert store.look_up(["水库"])["水库"]
    store.close()


def kill_once(place: Path, seed: int) -> bool:
    """Let it prepare for a random time and kill it; return whether it was done before."""
    preparer = fork(lambda: prepare(place))
    time.sleep(random.Random(seed).random() * LONGEST_S)
    os.kill(preparer, signal.SIGKILL)
    status = os.waitpid(preparer, 0)[1]
    assert status in {0, signal.SIGKILL}, f"preparation {seed} failed as is said above"
    for folder in prepared(place):
        assert cache.is_sound(folder), folder
    return status == 0


def prepared(place: Path) -> list[Path]:
    """Return the folders under their own names."""
    return [path for path in place.iterdir() if path.is_dir() and path.suffix not in {".new", ".old"}]


def kill_often(times: int, seed: int) -> None:
    """Kill so often; whenever all is prepared, check it and begin anew."""
    for name in IMPORTED:
        importlib.import_module(f"retrieval.encode.{name}")  # once, before the first fork
    ended = 0
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for kill in range(times):
            ended += kill_once(place, seed + kill)
            if len(prepared(place)) == ALL or kill == times - 1:
                assert os.waitpid(fork(lambda: check(place)), 0)[1] == 0, f"kill {seed + kill} left what is said above"
                for path in prepared(place):
                    shutil.rmtree(path)
    print(f"{times - ended} kills, {ended} times it was done before")


if __name__ == "__main__":
    kill_often(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
