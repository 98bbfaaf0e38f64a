"""What a question loads: the list of packages that `chuchu ask` may import, and the modules that it does without."""

import gc
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTICLE = "新桥昨天通车\n\n　　沄江上的新桥昨天通车。大桥全长三百四十米，连起河两岸的六个村。\n"

ALLOWED = {
    "annotated_doc", "annotated_types", "borax", "bot", "cachetools", "click", "colorama", "coverage", "dotenv", "faiss", "filelock",
    "flatbuffers", "jieba", "markdown_it", "mdurl", "numpy", "onnxruntime", "opencc", "packaging", "platformdirs",
    "pydantic", "pydantic_core", "pydantic_settings", "pygments", "retrieval", "rich", "shellingham", "tantivy",
    "typer", "typing_extensions", "typing_inspection",
}  # fmt: skip
"""Packages; those among the first that are not the project's own load the others."""
WITHOUT = {
    "retrieval.ingest", "retrieval.evaluation", "retrieval.upkeep", "retrieval.clean.names", "retrieval.repair", "watchfiles", "retrieval.encode.sentence_transformers", "bot.commands.evaluating", "bot.repl", "bot.telegram.app",
}  # fmt: skip
ASK = """
import json, sys
from bot.__main__ import main
sys.argv = ["chuchu", "ask", "新桥全长多少米？", "--json"]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


INTERRUPTED = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
wanted = sys.argv.pop()

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
if wanted == "the end":
    atexit.register(os.kill, os.getpid(), signal.SIGINT)
from bot.__main__ import main
sys.argv = ["chuchu", "doctor"]
main()
"""


@pytest.fixture(scope="module")
def asked(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], set[str]]:
    """The answer to a question, and the names of the modules that were loaded by then."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "bridge.txt").write_text(ARTICLE, "utf-8")
    environment = {"CHUCHU_CACHE": str(prepared_cache), "CHUCHU_INDEX": str(folder / "archive")}
    run(environment, "-m", "bot", "index", str(folder / "bridge.txt"))
    done = run(environment, "-c", ASK)
    return json.loads(done.stdout), set(json.loads(done.stderr.splitlines()[-1]))


def test_a_question_is_answered(asked: tuple[dict[str, object], set[str]]) -> None:
    assert asked[0]["hits"]


def test_a_question_imports_only_what_is_listed(asked: tuple[dict[str, object], set[str]]) -> None:
    packages = {name.partition(".")[0] for name in asked[1]} - set(sys.stdlib_module_names)
    unlisted = {name for name in packages - ALLOWED if not name.startswith(("_", "swig_runtime"))}
    assert unlisted == set()


def test_a_question_starts_without_what_writes_and_measures(asked: tuple[dict[str, object], set[str]]) -> None:
    assert asked[1] & WITHOUT == set()
    assert "retrieval.archive" in asked[1]


@pytest.mark.parametrize(
    "place",
    ["bot.cli", "typer", "rich.console", "retrieval.archive", "numpy.linalg", "bot.commands.serving", "the end"],
)
def test_ctrl_c_while_modules_load_ends_without_a_traceback(place: str, tmp_path: Path) -> None:
    done = _interrupted(place, CHUCHU_INDEX=str(tmp_path))
    assert (done.returncode, done.stderr) == (130, "chuchu: stopped\n")


def test_ctrl_c_while_modules_load_is_answered_in_the_terminals_language(tmp_path: Path) -> None:
    done = _interrupted("typer", CHUCHU_INDEX=str(tmp_path), CHUCHU_LANG="zh-Hans", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (130, "chuchu: 已停止\n")


def _interrupted(place: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", INTERRUPTED, place], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, **environment}, encoding="utf-8",
    )  # fmt: skip


def test_ctrl_c_stays_ignored_where_it_was() -> None:
    code = INTERRUPTED.replace("signal.default_int_handler", "signal.SIG_IGN")
    assert "archive" in run({}, "-c", code, "typer").stdout


def test_garbage_is_collected_again_once_all_is_loaded() -> None:
    code = "import bot.cli, gc; bot.cli.main = lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000)\n"
    assert run({}, "-c", f"{code}from bot.__main__ import main; main()").stdout.split() == ["True", "True"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system does not list a process's threads")
@pytest.mark.parametrize(("told", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "3"}, 3)])
def test_numpy_has_one_thread_unless_it_is_told_otherwise(
    told: dict[str, str], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    script = """
import os, sys
from bot.__main__ import main
sys.argv = ["chuchu", "--help"]
try:
    main()
except SystemExit:
    import numpy
    numpy.ones((600, 600)) @ numpy.ones((600, 600))
    print(len(os.listdir("/proc/self/task")), file=sys.stderr)
"""
    threads = min(threads, os.cpu_count() or 1)
    assert int(run(told, "-c", script).stderr.splitlines()[-1]) == threads


def test_importing_the_entry_changes_nothing() -> None:
    import_module("bot.__main__")
    assert gc.isenabled()


def test_what_writes_is_a_public_name_too() -> None:
    import retrieval

    assert all(getattr(retrieval, name) for name in retrieval._WRITING)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = retrieval.nothing  # type: ignore[attr-defined]
