"""The bot as people run it: `chuchu telegram` on a real archive, with the real encoder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Settings, encoder_of, index_paths
from tests.bot.telegram.conftest import ROOT, Chat
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import World


@pytest.fixture(scope="module")
def real(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("real")
    settings = Settings(cache=prepared_cache)
    index_paths([ROOT / "examples" / "archive" / "courier"], folder / "index", encoder_of(settings))
    with Server(World()) as server:
        environment = {
            **os.environ,
            "CHUCHU_CACHE": str(prepared_cache),
            "CHUCHU_TELEGRAM_TOKEN": TOKEN,
            "CHUCHU_TELEGRAM_API": server.url,
            "CHUCHU_TELEGRAM_STATE": str(folder / "state"),
            "CHUCHU_TELEGRAM_ADMINS": "900",
        }
        command = [sys.executable, "-m", "bot", "telegram", "--index", str(folder / "index")]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as bot:
            wait_until(server.world, lambda: "zh" in server.world.commands, 120)
            yield server
            bot.terminate()


def test_answer_is_verbatim_with_its_citation(real: Server) -> None:
    answer = Chat(real.world, 1).ask("How many egrets were counted along the Yun River in 2022?")
    assert "14,600 egrets" in answer["text"]
    assert "The Yun River Courier · 2022" in answer["text"]


def test_file_of_an_admin_is_found_without_a_restart(real: Server) -> None:
    chat = Chat(real.world, 900)
    text = '{"id": "n1", "title": "猎户座咖啡馆", "source": "测试报", "published": "2024-05-06", '
    text += '"text": "猎户座咖啡馆昨天开业，店主名叫柏舟，第一杯咖啡卖了四十二元，排队的有九十人。"}'
    sent = real.world.send_file(900, "new.jsonl", text.encode())
    wait_until(real.world, lambda: any("1 added" in answer["text"] for answer in chat.answers_to(sent)), 60)
    answer = chat.ask("猎户座咖啡馆的第一杯咖啡卖了多少钱？")
    assert "四十二元" in answer["text"]
    assert "测试报 · 2024-05-06" in answer["text"]
    assert "Removed: n1" in chat.ask("/remove n1")["text"]
    assert "四十二元" not in chat.ask("猎户座咖啡馆的第一杯咖啡卖了多少钱？")["text"]


def test_file_that_is_no_article_is_explained(real: Server) -> None:
    sent = real.world.send_file(900, "bomb.zip", b"PK\x03\x04" + bytes(500))
    chat = Chat(real.world, 900)
    wait_until(
        real.world,
        lambda: any("bomb.zip" in answer["text"] and "…" not in answer["text"] for answer in chat.answers_to(sent)),
        60,
    )
    assert "1 skipped" in chat.answers_to(sent)[0]["text"]
