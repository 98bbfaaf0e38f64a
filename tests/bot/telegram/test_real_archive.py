"""The bot as people run it: `chuchu telegram` on a real archive, with the real encoder."""

import io
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from retrieval import Encoder, Settings, encoder_of, index_paths
from tests.bot.telegram.conftest import ROOT, Chat, labels
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import World

pytestmark = pytest.mark.slow

EGRETS = "How many egrets were counted along the Yun River in 2022?"


@dataclass(frozen=True)
class Real:
    """A bot on a real archive below `folder`, which is otherwise empty."""

    world: World
    folder: Path
    encoder: Encoder
    process: subprocess.Popen[bytes]

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def logged(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def send(self, name: str, content: bytes) -> str:
        """Send a file as an admin; return what is said of it in the end."""
        chat, sent = Chat(self.world, 900), self.world.send_file(900, name, content)

        def said() -> str:
            return next((answer["text"] for answer in chat.answers_to(sent)), "Indexing")

        wait_until(self.world, lambda: not said().startswith("Indexing"), 120)
        return said()

    @property
    def peak_mb(self) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


@pytest.fixture(scope="module")
def real(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    folder = tmp_path_factory.mktemp("real")
    encoder = encoder_of(Settings(cache=prepared_cache))
    index_paths([ROOT / "examples" / "archive" / "courier"], folder / "index", encoder)
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
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as bot,
        ):
            wait_until(server.world, lambda: "zh" in server.world.commands or bot.poll() is not None, 120)
            yield Real(server.world, folder, encoder, bot)
            bot.terminate()


@contextmanager
def writer(index: Path) -> Iterator[None]:
    """Another process that holds the archive's writer lock."""
    program = f"""
import pathlib
from retrieval.store.lock import writing
with writing(pathlib.Path({str(index)!r})):
    print("held", flush=True)
    input()
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()


def zipped(**members: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return body.getvalue()


def test_answer_is_verbatim_with_its_citation(real: Real) -> None:
    answer = Chat(real.world, 1).ask(EGRETS)
    assert "14,600 egrets" in answer["text"]
    assert "The Yun River Courier · 2022" in answer["text"]
    assert "I am quite sure" in Chat(real.world, 1).press(answer, "Why")
    with closing(sqlite3.connect(real.folder / "state" / "bot.sqlite")) as memory:
        kept = str(memory.execute("SELECT body FROM answers").fetchall())
    assert "highlight" in kept
    assert "egrets" not in kept, "what was asked is forgotten"


def test_start_offers_questions_that_the_archive_answers(real: Real) -> None:
    chat = Chat(real.world, 7)
    offered = labels(chat.ask("/start"))
    assert len(offered) == 3
    for question in offered:
        greeting = chat.ask("/start")
        assert labels(greeting) == offered, "always the same"
        chat.press(greeting, question)
        wait_until(real.world, lambda greeting=greeting: chat.answers_to(greeting["message_id"]))  # type: ignore[misc]
        answer = chat.answers_to(greeting["message_id"])[0]
        assert "does not say" not in answer["text"]
        assert answer["html"].startswith(f"<b>{question[:20]}"), "the question stands above its answer"
        chat.press(answer, "Older")
        assert question[:20] in answer["text"]


def test_file_of_an_admin_is_found_without_a_restart(real: Real) -> None:
    chat = Chat(real.world, 900)
    text = '{"id": "n1", "title": "猎户座咖啡馆", "source": "测试报", "published": "2024-05-06", '
    text += '"text": "猎户座咖啡馆昨天开业，店主名叫柏舟，第一杯咖啡卖了四十二元，排队的有九十人。"}'
    assert "1 added" in real.send("new.jsonl", text.encode())
    answer = chat.ask("猎户座咖啡馆的第一杯咖啡卖了多少钱？")
    assert "四十二元" in answer["text"]
    assert "测试报 · 2024-05-06" in answer["text"]
    assert "Removed: n1" in chat.ask("/remove n1")["text"]
    assert "四十二元" not in chat.ask("猎户座咖啡馆的第一杯咖啡卖了多少钱？")["text"]


def test_file_that_is_no_article_is_explained(real: Real) -> None:
    assert "1 skipped" in real.send("broken.zip", b"PK\x03\x04" + bytes(500))


def test_zip_bomb_is_skipped_and_questions_are_answered(real: Real) -> None:
    before = real.peak_mb
    bomb = zipped(**{"bomb.txt": bytes(400 * 2**20)})
    assert len(bomb) < 2**19
    assert "1 skipped" in real.send("bomb.zip", bomb)
    assert "1 skipped" in real.send("nested.zip", zipped(**{"a.zip": zipped(**{"b.zip": zipped(**{"c.zip": bomb})})}))
    assert real.peak_mb - before < 300
    assert "14,600 egrets" in Chat(real.world, 2).ask(EGRETS)["text"]


def test_files_with_names_like_paths_stay_where_they_belong(real: Real) -> None:
    text = "这座灯塔建于一九零八年，塔高二十三米，守塔人一共换过七位，最后一位名叫沈禾。".encode()
    escaping = zipped(**{"../../../escaped.txt": text, "/escaped.txt": text + "。".encode() * 3})
    assert "added" in real.send("../../../escaped.zip", escaping)
    assert "added" in real.send("/escaped.txt", text + "今年重新粉刷。".encode())
    found = [path.relative_to(real.folder) for path in real.folder.rglob("*escaped*")]
    assert {path.parts[:2] for path in found} == {("state", "files")}
    outside = [Path("/escaped.txt"), *(folder / "escaped.txt" for folder in real.folder.parents)]
    assert not any(path.exists() for path in outside)
    assert "沈禾" in Chat(real.world, 3).ask("最后一位守塔人叫什么名字？")["text"]


def test_archive_that_another_process_writes_is_read_and_not_written(real: Real) -> None:
    with writer(real.index):
        assert "14,600 egrets" in Chat(real.world, 4).ask(EGRETS)["text"]
        assert "is being written by process" in real.send("later.txt", "这是一篇后来的文章。".encode() * 5)
    assert "1 added" in real.send("later.txt", "这是一篇后来的文章。".encode() * 5)


def test_latest_and_asof_on_a_real_archive(real: Real) -> None:
    chat = Chat(real.world, 5)
    assert "The Yun River Courier · 202" in chat.ask("/latest")["text"]
    chat.ask("/asof 1999-01-01")
    assert "nothing within" in chat.ask("/latest")["text"]
    assert "14,600 egrets" not in chat.ask(EGRETS)["text"]


def test_topic_is_listed_in_order_of_time(real: Real) -> None:
    chat = Chat(real.world, 8)
    listed = chat.ask("/timeline Yun River")
    heading, *lines = listed["text"].splitlines()
    assert re.fullmatch(r"Yun River: \d+ stories in \d+ articles", heading)
    days = [found[0] for line in lines if (found := re.search(r"20\d\d(?:-\d\d){0,2}", line))]
    assert days == sorted(days, reverse=True)
    chat.press(listed, "1")
    chat.press(listed, "Back")
    assert listed["text"].splitlines()[0] == heading


def test_archive_that_is_replaced_or_deleted_is_noticed(real: Real) -> None:
    chat, other = Chat(real.world, 6), real.folder / "other"
    record = real.folder / "record.jsonl"
    record.write_text('{"id": "w", "text": "望潮镇的钟楼有八口铜钟，最重的一口重三吨半，每年只敲一次。"}', "utf-8")
    index_paths([record], other, real.encoder)
    real.index.rename(real.folder / "old")
    assert "cannot be read at the moment" in chat.ask("最重的铜钟有多重？")["text"]
    other.rename(real.index)
    assert "三吨半" in chat.ask("最重的铜钟有多重？")["text"]
    assert "14,600" not in chat.ask(EGRETS)["text"]
    real.index.rename(other)
    (real.folder / "old").rename(real.index)
    assert "14,600 egrets" in chat.ask(EGRETS)["text"]
    assert "there is no archive in" in real.logged
    assert "was replaced; opening the new one" in real.logged
    assert "Traceback" not in real.logged
