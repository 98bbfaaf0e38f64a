"""What `docs/deploy` names is there: files, settings, and the command that tells whether the bot is well."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import TelegramSettings
from retrieval import Settings
from tests.bot.telegram.conftest import ROOT, StartBot
from tests.bot.telegram.test_faults import free_port

_DEPLOY = ROOT / "docs" / "deploy"
_DOCKERFILE = (_DEPLOY / "Dockerfile").read_text("utf-8")
_UNIT = (_DEPLOY / "chuchu-telegram.service").read_text("utf-8")
_SETTINGS = {f"CHUCHU_{name}".upper() for name in Settings.model_fields} | {
    f"CHUCHU_TELEGRAM_{name}".upper() for name in TelegramSettings.model_fields
}


@pytest.mark.parametrize("text", [_DOCKERFILE, _UNIT], ids=["Dockerfile", "unit"])
def test_settings_exist(text: str) -> None:
    named = set(re.findall(r"CHUCHU_[A-Z_]+", text))
    assert {"CHUCHU_INDEX", "CHUCHU_TELEGRAM_STATE", "CHUCHU_TELEGRAM_TOKEN"} <= named <= _SETTINGS


def test_image_copies_what_there_is_and_nothing_is_left_out_of_its_context() -> None:
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", _DOCKERFILE, re.MULTILINE) for name in line.split()]
    ignored = (_DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split("\n")
    assert len(copied) > 4
    assert all((ROOT / name).exists() for name in copied)
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied)


def test_health_is_told_by_the_images_own_command(start_bot: StartBot) -> None:
    command = json.loads(re.findall(r"HEALTHCHECK.*CMD \\\n\s*(\[.*\])", _DOCKERFILE)[0])
    port = free_port()
    check = [sys.executable, *(part.replace("9464", str(port)) for part in command[1:])]
    assert subprocess.run(check, check=False, capture_output=True, timeout=20).returncode == 1
    with start_bot(monitor=f"127.0.0.1:{port}") as _:
        assert subprocess.run(check, check=False, capture_output=True, timeout=20).returncode == 0


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze to read the unit")
    unit = tmp_path / "chuchu-telegram.service"
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", _UNIT), "utf-8")
    found = subprocess.run([analyze, "verify", unit], check=False, capture_output=True, text=True, timeout=30)
    assert (found.returncode, found.stderr) == (0, "")
