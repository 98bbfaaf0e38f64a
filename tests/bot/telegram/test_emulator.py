"""A conversation through the npm package telegram-test-api, which knows a handful of the Bot API's methods."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.telegram.completing import completing
from tests.bot.telegram.conftest import ROOT, Bot
from tests.bot.telegram.server import TOKEN

Json = dict[str, Any]
_FOLDER = Path(os.environ.get("CHUCHU_TEST_EMULATOR", ROOT))
_START = """
const found = require('telegram-test-api'), Server = found.default ?? found;
new Server({port: Number(process.argv[1]), host: '127.0.0.1', storeTimeout: 600}).start().then(() => console.log('up'));
"""


class Emulator:
    """The emulator as its one person sees it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        person = {"id": 1, "first_name": "P", "is_bot": False, "language_code": "en"}
        self._common: Json = {
            "from": person,
            "chat": {"id": 1, "type": "private", "first_name": "P"},
            "botToken": TOKEN,
        }

    def say(self, text: str) -> Json:
        """Say something and return the bot's answer."""
        seen = len(self._messages())
        message = {**self._common, "text": text, "date": int(time.time())}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._post("sendCommand" if "entities" in message else "sendMessage", message)
        self.wait_until(lambda: len(self._messages()) > seen)
        return self._messages()[-1]

    def press(self, label: str) -> Json:
        """Press a button of the last answer, wait until it shows something else, and return it."""
        answer = self._messages()[-1]
        rows = answer["message"]["reply_markup"]["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if label in button["text"])
        message = {"message_id": answer["messageId"], "chat": self._common["chat"]}
        self._post("sendCallback", {**self._common, "message": message, "data": data})
        before = answer["message"]["text"]
        self.wait_until(lambda: self._messages()[-1]["message"]["text"] != before)
        return self._messages()[-1]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, f"did not come about; what was said: {self._messages()}"
            time.sleep(0.1)

    def _messages(self) -> list[Json]:
        found = self._post("getUpdatesHistory", {"token": TOKEN})["result"]
        return [each for each in found if "chat_id" in each.get("message", {})]

    def _post(self, path: str, body: Json) -> Json:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(body).encode(), headers)  # noqa: S310 loopback
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            found: Json = json.load(answer)
            return found


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    node = shutil.which("node")
    if node is None or not (_FOLDER / "node_modules" / "telegram-test-api").is_dir():
        pytest.skip("needs node, `npm install --prefix DIR telegram-test-api`, and CHUCHU_TEST_EMULATOR=DIR")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    command = [node, "-e", _START, str(port)]
    with subprocess.Popen(command, cwd=_FOLDER, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        yield Emulator(port)
        process.terminate()


def test_conversation_through_an_emulator_that_knows_little(emulator: Emulator, tmp_path: Path) -> None:
    with completing(emulator.url) as url:
        bot = Bot(tmp_path, url, {})
        bot.start()
        try:
            emulator.wait_until(lambda: "is answering" in bot.logged)
            assert "<b>大桥一共花了2.17亿元" in emulator.say("bridge ferry")["message"]["text"]
            assert "「渡輪開航」" in emulator.press("›")["message"]["text"]
            assert "<blockquote" not in emulator.press("Article")["message"]["text"]
            assert "<blockquote expandable>" in emulator.press("Back")["message"]["text"]
            assert "/since" in emulator.say("/help")["message"]["text"]
            emulator.say("/lang")
            assert "介面語言" in emulator.press("繁體中文")["message"]["text"]
            assert "文章庫裡沒有答案" in emulator.say("refuse this")["message"]["text"]
        finally:
            left = bot.end()
    assert left == 0
    assert "Traceback" not in bot.logged
