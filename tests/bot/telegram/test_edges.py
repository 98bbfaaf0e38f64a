"""Settings, the log, the library: where the bot meets its machine."""

import logging
import sys

import pytest
from prometheus_client import generate_latest

from bot.settings import host_and_port, read_telegram_settings
from bot.telegram.chat_commands import file_name
from bot.telegram.services import Metrics, Redacting
from retrieval import SettingsError
from tests.bot.telegram.server import TOKEN


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CHUCHU_TELEGRAM_USERS", "12, @Ann @bob")
    monkeypatch.setenv("CHUCHU_TELEGRAM_API", "http://127.0.0.1:8081/")
    settings = read_telegram_settings()
    assert settings.users == {"12", "@ann", "@bob"}
    assert settings.api == "http://127.0.0.1:8081"
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(("name", "value"), [("TOKEN", "sesame"), ("QUEUE", "many"), ("PER_USER", "0")])
def test_bad_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("CHUCHU_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv(f"CHUCHU_TELEGRAM_{name}", value)
    with pytest.raises(SettingsError, match=f"CHUCHU_TELEGRAM_{name}") as raised:
        read_telegram_settings()
    assert "sesame" not in str(raised.value)


def test_host_and_port() -> None:
    assert host_and_port("LISTEN", "[::1]:80") == ("::1", 80)
    with pytest.raises(SettingsError, match="CHUCHU_TELEGRAM_LISTEN"):
        host_and_port("LISTEN", "8443")


def test_log_never_shows_the_token() -> None:
    formatter = Redacting(TOKEN)
    try:
        raise RuntimeError(f"cannot reach https://api/bot{TOKEN}/getMe")  # noqa: TRY301 the traceback is the point
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "url %s", (TOKEN.partition(":")[2],), sys.exc_info())
    line = formatter.format(record)
    assert "AAsecret" not in line
    assert "cannot reach https://api/bot…/getMe" in line


def test_no_line_of_the_log_begins_with_data() -> None:
    forged = "x\n2026-01-01 00:00:00,000 INFO bot: forged\r\u2028forged"
    try:
        raise RuntimeError(forged)  # noqa: TRY301 the traceback is the point
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "name %s", (forged,), sys.exc_info())
    first, *others = Redacting(TOKEN).format(record).split("\n")
    assert first.endswith("ERROR x: name x\\n2026-01-01 00:00:00,000 INFO bot: forged\\r\\u2028forged")
    assert others[0] == "  Traceback (most recent call last):"
    assert all(line.startswith("  ") for line in others)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\y.txt", "C__x_y.txt"),
        ("...", "file.txt"),
        (None, "file.txt"),
        ("a\x00b\u202e.txt", "ab.txt"),
        ("新闻.zip", "新闻.zip"),
        ("名" * 200 + ".zip", "名" * 48 + ".zip"),
    ],
)
def test_file_name_stays_in_its_folder(given: str | None, name: str) -> None:
    assert file_name(given) == name


def test_metrics_are_prometheus_text() -> None:
    metrics = Metrics()
    metrics.watch(waiting=lambda: 3)
    metrics.questions.labels("private").inc(2)
    metrics.outcomes.labels("answered").inc()
    for seconds in (0.01, 0.2, 99):
        metrics.seconds.observe(seconds)
    lines = generate_latest(metrics.registry).decode().splitlines()
    assert 'chuchu_questions_total{from="private"} 2.0' in lines
    assert 'chuchu_answer_seconds_bucket{le="0.25"} 2.0' in lines
    assert 'chuchu_answer_seconds_bucket{le="30.0"} 2.0' in lines
    assert 'chuchu_answer_seconds_bucket{le="+Inf"} 3.0' in lines
    assert "chuchu_waiting 3.0" in lines
