import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_a_killed_writer_reported_is_there() -> None:
    command = [sys.executable, "-m", "tests.retrieval.killing", "6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "6 kills\n"
