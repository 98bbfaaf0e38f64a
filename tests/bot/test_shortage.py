"""Too little memory, too few open files, a full disk: each is said as what it is, and nothing is called damaged."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import EncoderError, shortage

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ARTICLE = "新桥昨天通车\n\n　　沄江上的新桥昨天通车。大桥全长三百四十米，连起河两岸的六个村。\n"
MB = 1 << 20


@pytest.fixture(scope="module")
def environment(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("shortage")
    (folder / "bridge.txt").write_text(ARTICLE, "utf-8")
    environment = {**os.environ, "CHUCHU_CACHE": str(prepared_cache), "CHUCHU_INDEX": str(folder / "archive")}
    done = chuchu(environment, "index", str(folder / "bridge.txt"))
    assert done.returncode == 0, done.stderr
    return environment


def chuchu(
    environment: dict[str, str], *arguments: str, limited: Callable[[], None] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, preexec_fn=limited, input=given
    )


def limit(kind: int, most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (most, most))


@pytest.mark.parametrize("files", [8, 14, 20, 26, 32])
@pytest.mark.parametrize("command", ["ask", "index"])
def test_too_few_open_files_are_said(environment: dict[str, str], command: str, files: int) -> None:
    words = Path(environment["CHUCHU_INDEX"]) / "words"
    before = sorted(words.glob("*.term"))
    asked = [str(words.parents[1] / "bridge.txt")] if command == "index" else ["新桥全长多少米？"]
    done = chuchu(environment, command, *asked, limited=limit(resource.RLIMIT_NOFILE, files))
    assert done.returncode in {0, 2}, done.stderr
    if done.returncode:
        assert done.stderr.splitlines()[-1].endswith("close some, or raise the limit (ulimit -n)"), done.stderr
    assert "damaged" not in done.stderr
    assert sorted(words.glob("*.term")) == before  # and is not made anew for that


# with a little more than what is refused, libraries of C and Rust end the process in their own ways, now and then
@pytest.mark.parametrize("megabytes", [100, 440, 500, 515])
def test_too_little_memory_is_said(environment: dict[str, str], megabytes: int) -> None:
    done = chuchu(environment, "ask", "新桥全长多少米？", limited=limit(resource.RLIMIT_AS, megabytes * MB))
    assert done.returncode == 2
    assert done.stderr == f"chuchu: {megabytes} MB of memory are too little to begin: raise the limit (ulimit -v)\n"


def test_a_full_folder_for_temporary_files_is_said(environment: dict[str, str]) -> None:
    given = '{"text": "' + "新桥昨天通车。" * 200_000 + '"}'
    done = chuchu(environment, "index", "-", limited=limit(resource.RLIMIT_FSIZE, MB), given=given)
    assert done.returncode == 2
    assert done.stderr == "chuchu: a file may not grow any more: raise the limit (ulimit -f)\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_standard_output_is_said(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "stats"],
            cwd=ROOT,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "chuchu: standard output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "no space left on the disk or in the folder for temporary files"),
        (OSError(28, "No space left on device", "/x/y"), "no space left on the disk of /x/y:"),
        (OSError(24, "Too many open files"), "ulimit -n"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"), "TMPDIR"),
        (RuntimeError("can't start new thread"), "threads"),
        (ImportError("libx.so: failed to map segment from shared object"), "memory"),
        (RuntimeError("std::bad_alloc"), "memory"),
        (MemoryError(), "memory"),
        (ValueError("12 is too large"), None),
        (FileNotFoundError(2, "No such file or directory", "/x"), None),
    ],
)
def test_what_ran_out_is_told_from_other_errors(error: Exception, said: str | None) -> None:
    wrapped = EncoderError("x")
    wrapped.__cause__ = error
    for raised in (error, wrapped):
        found = shortage(raised)
        assert (found is None) == (said is None)
        assert said is None or said in (found or "")
