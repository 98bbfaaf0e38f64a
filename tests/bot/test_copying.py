"""The command `copy`, as a person would run it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval import index_paths, open_archive
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "archive"
    index_paths([ROOT / "examples" / "archive"], folder, FakeEncoder())
    return folder


def test_ctrl_c_says_what_is_done_and_how_to_go_on(sample: Path, tmp_path: Path) -> None:
    # a job in the background of a shell begins with Ctrl-C ignored
    heard = "import signal, bot.cli; signal.signal(signal.SIGINT, signal.default_int_handler); bot.cli.main()"
    command = [sys.executable, "-c", heard, "copy", "--from", str(sample), "--to", str(tmp_path / "copy")]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        while writer.poll() is None and not (tmp_path / "copy" / "catalogue.sqlite").exists():
            time.sleep(0.001)
        writer.send_signal(signal.SIGINT)
        out, errors = writer.communicate(timeout=60)
    assert writer.returncode == 130, errors
    assert out.startswith(f"{tmp_path / 'copy'}: ")
    assert " added" in out
    assert errors.splitlines() == [
        "stopping after these articles; Ctrl-C again stops at once",
        "stopped: the same command goes on",
    ]
    assert subprocess.run([*command], cwd=ROOT, check=True, capture_output=True).stderr == b""
    with open_archive(tmp_path / "copy") as archive:
        assert archive.stats()["articles"] == 63
