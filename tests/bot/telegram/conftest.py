"""A Bot API server, and the real bot as a process that talks to it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests import forking
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import Json, World

ROOT = Path(__file__).parents[3]


class Bot:
    """A running bot; its log goes into a file."""

    def __init__(self, folder: Path, api: str, settings: dict[str, str]) -> None:
        self.folder = folder
        self.log = folder / "log"
        (folder / "catalogue.sqlite").touch()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHUCHU_")},
            "CHUCHU_TELEGRAM_TOKEN": TOKEN,
            "CHUCHU_TELEGRAM_API": api,
            "CHUCHU_TELEGRAM_STATE": str(folder / "state"),
            "CHUCHU_TELEGRAM_PER_USER": "6000",
            "CHUCHU_TELEGRAM_PER_CHAT": "6000",
            **settings,
        }
        self.process: forking.Forked | None = None

    def start(self) -> None:
        with self.log.open("ab") as log, Path(os.devnull).open() as nothing:
            streams = nothing.fileno(), log.fileno(), log.fileno()
            module, folder = "tests.bot.telegram.fake_bot", str(self.folder)
            self.process = forking.start(module, folder, environment=self.environment, streams=streams)

    def end(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(30)

    @property
    def logged(self) -> str:
        return self.log.read_text("utf-8", "replace")


StartBot = Callable[..., AbstractContextManager[Bot]]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(World()) as running:
        yield running


@contextmanager
def running_bot(folder: Path, server: Server, settings: dict[str, str]) -> Iterator[Bot]:
    """Start a bot, wait until it polls, and end it."""
    folder.mkdir(parents=True, exist_ok=True)
    bot = Bot(folder, server.url, settings)
    bot.start()
    try:
        wait_until(server.world, lambda: "zh" in server.world.commands, 120)  # the last that it sets when it begins
        yield bot
    finally:
        if bot.process and bot.process.poll() is None:
            bot.end()


@pytest.fixture
def start_bot(tmp_path: Path, server: Server) -> StartBot:
    def start(**settings: str) -> AbstractContextManager[Bot]:
        named = {f"CHUCHU_TELEGRAM_{name.upper()}": value for name, value in settings.items()}
        return running_bot(tmp_path / "bot", server, named)

    return start


class Chat:
    """One chat with the bot, as a person sees it."""

    def __init__(self, world: World, number: int, user: int | None = None, language: str = "en") -> None:
        self.world, self.number, self.language = world, number, language
        self.user = user or max(number, 1)

    def say(self, text: str, **more: object) -> int:
        return self.world.say(self.number, text, self.user, **{"language": self.language, **more})

    def ask(self, text: str, **more: object) -> Json:
        """Say something and return the bot's answer to it."""
        return self.answer_to(self.say(text, **more))

    def answer_to(self, number: int) -> Json:
        wait_until(self.world, lambda: self.answers_to(number))
        return self.answers_to(number)[0]

    def answers_to(self, number: int) -> list[Json]:
        with self.world.lock:
            return [
                message
                for message in self.world.messages[self.number].values()
                if message["from"]["is_bot"] and message.get("reply_to_message", {}).get("message_id") == number
            ]

    def press(self, message: Json, label: str) -> str:
        """Press the button with a label, wait until that is done, and return the notice that was shown.

        What an answer shows behind "More…" is looked for there.
        """
        if not any(label in each for each in labels(message)) and any("More" in each for each in labels(message)):
            self.press_data(message, data_of(message, "More"))
        return self.press_data(message, data_of(message, label))

    def press_data(self, message: Json, data: str, user: int | None = None) -> str:
        number = self.world.press(self.number, message["message_id"], data, user or self.user, self.language)
        wait_until(self.world, lambda: self.world.callbacks[number] is not None)
        return str((self.world.callbacks[number] or {}).get("text", ""))


def labels(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def data_of(message: Json, label: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    found = [button["callback_data"] for row in rows for button in row if label in button["text"]]
    assert found, f"no button says {label!r}, but {labels(message)}"
    return str(found[0])
