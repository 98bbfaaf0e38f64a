import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def test_what_a_killed_writer_reported_is_there() -> None:
    command = [sys.executable, "-m", "tests.retrieval.killing", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "4 kills\n"


def test_killed_at_any_step_an_archive_is_sound_and_goes_on() -> None:
    # every step takes half an hour: python -m tests.retrieval.killing_steps
    command = [sys.executable, "-m", "tests.retrieval.killing_steps", "131"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    kills = [int(line.split()[1]) for line in done.stdout.splitlines()]
    assert len(kills) == 5
    assert min(kills) > 0
