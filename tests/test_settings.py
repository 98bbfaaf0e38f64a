"""Settings come from the environment and the user's own file; a file that lies about in a folder is only named."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import TelegramSettings
from retrieval import EnvSettings, Settings, SettingsError, read_settings
from retrieval import settings as module
from tests.reaching import watch, why_not

ROOT = Path(__file__).parents[1]
VALUES = {
    "threads": "7", "milvus_timeout": "2", "milvus_consistency": "Bounded", "milvus_prefix": "theirs", "keep_days": "3",
    "oldest": "3", "per_user": "3", "per_chat": "3", "queue": "3", "workers": "3", "processes": "3", "timeout": "3",
    "send_rate": "3", "group_rate": "3", "log_questions": "true", "reader": "off", "threshold": "0.7", "news_every": "3", "index": "http://127.0.0.1:9911",
}  # fmt: skip
FIELDS = [(kind, name) for kind in (Settings, TelegramSettings) for name in kind.model_fields]
IDS = [f"{kind.__name__}.{name}" for kind, name in FIELDS]


def line(kind: type[EnvSettings], name: str) -> str:
    return f"{kind.model_config['env_prefix']}{name.upper()}={VALUES.get(name, 'theirs')}\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without settings, and a folder to stand in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in [name for name in os.environ if name.startswith("CHUCHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    module._name_foreign.cache_clear()
    yield tmp_path
    module._name_foreign.cache_clear()


def bare(kind: type[EnvSettings]) -> EnvSettings:
    """The settings that the environment gives alone."""
    return kind(_env_file=None)


def own_file(home: Path) -> Path:
    path = platformdirs.user_config_path("chuchu") / ".env"
    assert path.is_relative_to(home)
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=IDS)
def test_a_file_in_the_current_folder_sets_nothing(
    kind: type[EnvSettings], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    Path(".env").write_text(line(kind, name))
    assert kind() == kind() == bare(kind)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(said) == 1
    assert "CHUCHU_ENV_FILE=.env" in said[0]
    assert "\n" not in said[0]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=IDS)
def test_the_users_own_file_sets_everything(
    kind: type[EnvSettings], name: str, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    own_file(home).write_text(line(kind, name))
    assert kind() != bare(kind)
    other = home / "other.env"
    other.write_text(line(Settings, "model"))
    monkeypatch.setenv("CHUCHU_ENV_FILE", str(other))  # instead of it
    assert Settings().model == "theirs"
    assert getattr(kind(), name) == getattr(bare(kind), name) or name == "model"
    assert caplog.records == []


def test_the_environment_counts_more_than_any_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_file(home).write_text("CHUCHU_MODEL=file\nCHUCHU_THREADS=3\n")
    monkeypatch.setenv("CHUCHU_MODEL", "environment")
    assert (read_settings().model, read_settings().threads) == ("environment", 3)


@pytest.mark.parametrize("named", [".env", "./.env", "~/here/.env"])
def test_a_file_that_is_named_is_read(
    named: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Path(".env").write_text("CHUCHU_MODEL=theirs\n")
    monkeypatch.setenv("CHUCHU_ENV_FILE", named)
    assert Settings().model == "theirs"
    assert caplog.records == []


@pytest.mark.parametrize(
    ("named", "content"),
    [("none.env", None), ("..", None), ("~nobody-of-this-name/.env", None), ("wrong.env", b"CHUCHU_MODEL=\xff\n")],
)
def test_a_file_that_cannot_be_read_is_one_line(
    named: str, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content:
        Path(named).write_bytes(content)
    monkeypatch.setenv("CHUCHU_ENV_FILE", named)
    for kind in (Settings, TelegramSettings):
        with pytest.raises(SettingsError, match=named) as caught:
            kind()
        assert "\n" not in str(caught.value)
        assert "CHUCHU_ENV_FILE" in str(caught.value)


ours = st.builds(
    "{}{}{}{}={}".format,
    st.sampled_from(["", " ", "\t", "# a comment\n", "A=b\n\n", "A='two\nlines'\n"]),
    st.sampled_from(["", "export ", "export\t"]),
    st.sampled_from(["CHUCHU_", "chuchu_", "Chuchu_"]),
    st.sampled_from(["INDEX", "index", "TELEGRAM_API", "MILVUS_TOKEN"]),
    st.sampled_from(["theirs", "'theirs'", '"theirs"', "${HOME}", ""]),
)


@given(content=ours | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_whatever_the_file_holds_it_sets_nothing(content: str) -> None:
    Path(".env").write_text(content, "utf-8")
    assert Settings() == bare(Settings)


@given(content=ours)
def test_it_is_named_however_its_lines_are_written(content: str) -> None:
    assert module._OURS.search(content.encode())


@pytest.mark.parametrize("content", ["DATABASE_URL=postgres://x\n", "# CHUCHU_INDEX=x\n", "NOT_CHUCHU_INDEX=x\n", ""])
def test_another_programs_file_is_not_named(content: str, caplog: pytest.LogCaptureFixture) -> None:
    Path(".env").write_text(content)
    assert Settings() == bare(Settings)
    assert caplog.records == []


def test_a_pipe_for_a_file_is_not_waited_for() -> None:
    os.mkfifo(".env")
    assert Settings() == bare(Settings)


def test_whoever_stands_in_the_own_folder_is_told_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    own = own_file(home)
    own.write_text("CHUCHU_MODEL=own\n")
    monkeypatch.chdir(own.parent)
    assert Settings().model == "own"
    assert caplog.records == []


def test_without_a_home_nothing_below_the_current_folder_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", ".")
    for folder in ("chuchu", "here/.config/chuchu", "here/Library/Application Support/chuchu"):
        Path(folder).mkdir(parents=True)
        (Path(folder) / ".env").write_text("CHUCHU_MODEL=theirs\n")
    assert Settings() == bare(Settings)


REASON = why_not()


@pytest.mark.skipif(REASON is not None, reason=str(REASON))
@pytest.mark.parametrize(("named", "reached"), [({}, False), ({"CHUCHU_ENV_FILE": ".env"}, True)])
def test_a_command_does_not_go_where_a_folder_sends_it(home: Path, named: dict[str, str], *, reached: bool) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'chuchu[milvus]'")
    Path(".env").write_text("CHUCHU_INDEX=http://127.0.0.1:9911\nCHUCHU_MILVUS_TIMEOUT=1\n")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home), **named}
    done = watch([sys.executable, "-m", "bot", "ask", "新桥多长？"], environment, Path.cwd())
    assert done.returncode == 2
    assert bool(done.reached) == reached
    lines = done.stderr.splitlines()
    assert len(lines) == (1 if reached else 2), done.stderr
    assert lines[0].startswith("WARNING: .env in this folder is not read") != reached


def test_the_clusters_client_reads_no_file_either() -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'chuchu[milvus]'")
    Path(".env").write_text("HTTPS_PROXY=http://127.0.0.1:9911\n")
    code = """
import os
from retrieval import ArchiveError, Settings, open_archive
try:
    open_archive("http://127.0.0.1:1", Settings(milvus_timeout=0.1))
except ArchiveError:
    print(os.environ.get("HTTPS_PROXY"), os.environ.get("PYTHON_DOTENV_DISABLED"))
"""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "None None\n"
