"""How the bot holds up: `python benchmarks/telegram_bot.py load|hostile|away [--index DIR]`, on loopback only.

load: chats that each ask as soon as they are answered, until all is asked; the real bot, archive and encoder.
hostile: updates made to break it, with a fake archive that quotes hostile articles.
away: the server is not there for a while; how long the answers take once it is back.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.bot.telegram.conftest import ROOT as TESTED  # noqa: E402
from tests.bot.telegram.server import TOKEN, Server, wait_until  # noqa: E402
from tests.bot.telegram.world import Json, World  # noqa: E402

assert TESTED == ROOT
_ENDLESS = "1000000"


@contextmanager
def bot(server: Server, command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bot, without limits of its own, until the block ends."""
    environment = {
        **os.environ,
        "CHUCHU_TELEGRAM_TOKEN": TOKEN,
        "CHUCHU_TELEGRAM_API": server.url,
        "CHUCHU_TELEGRAM_STATE": str(folder / "state"),
        "CHUCHU_TELEGRAM_ADMINS": "900001",
        **{f"CHUCHU_TELEGRAM_{name}": _ENDLESS for name in ("PER_USER", "PER_CHAT", "SEND_RATE", "GROUP_RATE")},
        "CHUCHU_TELEGRAM_QUEUE": "100000",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=log, stdout=log)
        try:
            wait_until(server.world, lambda: "zh" in server.world.commands, 120)
            yield process
        finally:
            process.terminate()
            process.wait(60)


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory in MB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def questions(count: int) -> list[str]:
    """Return so many different questions over the sample archive."""
    lines = (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [str(json.loads(line)["question"]) for line in lines]
    return [f"{asked[number % len(asked)]} ({number})" for number in range(count)]


def encoder_alone(asked: list[str]) -> float:
    """Return the questions a second that the encoder embeds, one at a time as the bot does."""
    from retrieval import Settings, encoder_of

    encoder = encoder_of(Settings())
    encoder.encode_queries(asked[:10])
    began = time.perf_counter()
    for question in asked:
        encoder.encode_queries([question])
    return len(asked) / (time.perf_counter() - began)


def archive_alone(index: Path, asked: list[str]) -> float:
    """Return the questions a second that the archive answers by itself, as many at a time as the bot asks."""
    from bot.telegram.parts import PASSAGES
    from retrieval import open_archive

    with open_archive(index) as archive, ThreadPoolExecutor(os.cpu_count()) as desk:
        archive.load()
        began = time.perf_counter()
        list(desk.map(lambda question: archive.ask(question, k=PASSAGES), asked))
        return len(asked) / (time.perf_counter() - began)


class Crowd:
    """Chats that each ask their next question when the last one is answered."""

    def __init__(self, world: World, asked: list[str], chats: int) -> None:
        self.world = world
        self.left = iter(asked)
        self.open: dict[tuple[int, int], str] = {}
        self.answers: dict[str, int] = {}
        self.seen = 0
        with world.lock:
            for chat in range(1, chats + 1):
                self.ask(chat)

    def ask(self, chat: int) -> None:
        """Let a chat ask the next question."""
        if question := next(self.left, None):
            self.open[chat, self.world.say(chat, question)] = question

    def listen(self) -> int:
        """Go through the answers that came since the last time; return how many questions are answered."""
        with self.world.lock:
            new = [given for name, given in self.world.calls[self.seen :] if name == "sendMessage"]
            self.seen = len(self.world.calls)
            for given in new:
                chat, number = int(given["chat_id"]), _replied(given)
                question = self.open.pop((chat, number), "?")
                self.answers[question] = self.answers.get(question, 0) + 1
                self.ask(chat)
        return len(self.answers)


def _replied(given: Json) -> int:
    return int(json.loads(given["reply_parameters"])["message_id"])


def load(index: Path, count: int, chats: int) -> None:
    """Measure throughput, memory, and that each question gets its own answer once."""
    asked = questions(count)
    world = World(per_second=10**9, per_group_minute=10**9)
    with tempfile.TemporaryDirectory() as folder, Server(world) as server:
        alone, answering = encoder_alone(asked[:300]), archive_alone(index, asked[:300])
        with bot(server, ["-m", "bot", "telegram", "--index", str(index)], Path(folder)) as process:
            crowd = Crowd(world, asked[:chats], chats)
            wait_until(world, lambda: crowd.listen() == chats, 120)
            before, began = memory(process), time.perf_counter()
            crowd = Crowd(world, asked, chats)
            crowd.seen = len(world.calls)
            memories: list[float] = []
            while len(crowd.answers) < count and time.perf_counter() - began < 1800:
                with world.changed:
                    world.changed.wait(1)
                crowd.listen()
                if len(crowd.answers) // 1000 > len(memories):
                    memories.append(round(memory(process)))
            seconds = time.perf_counter() - began
        # the machine may have been busier before or after
        alone = (alone + encoder_alone(asked[:300])) / 2
        answering = (answering + archive_alone(index, asked[:300])) / 2
    twice = sum(times != 1 for times in crowd.answers.values())
    print(f"{count} questions from {chats} chats in {seconds:.1f} s: {count / seconds:.1f} a second")
    print(f"encoder alone, one question at a time: {alone:.1f} a second; share {count / seconds / alone:.0%}")
    print(
        f"archive alone, as many at a time as cores: {answering:.1f} a second; share {count / seconds / answering:.0%}"
    )
    print(
        f"answered {len(crowd.answers)}, not once {twice}, "
        f"unknown {crowd.answers.get('?', 0)}, refused {len(world.refusals)}"
    )
    print(f"memory {before:.0f} MB at the start, then each 1,000 questions {memories}")


def away(seconds: float) -> None:
    """Ask before and while the server is away; say when each question was answered after its return."""
    world = World(per_second=10**9, per_group_minute=10**9)
    with tempfile.TemporaryDirectory() as folder, Server(world) as server:
        (Path(folder) / "catalogue.sqlite").touch()
        with bot(server, ["-m", "tests.bot.telegram.fake_bot", folder], Path(folder)):
            begun = [(chat, world.say(chat, "slow bridge")) for chat in range(1, 3)]
            time.sleep(1)
            server.stop()
            time.sleep(seconds)
            asked = [(chat, world.say(chat, "bridge")) for chat in range(3, 23)]
            server.start()
            back = time.perf_counter()
            wait_until(world, lambda: all(_answers(world, *each) for each in begun), 120)
            print(f"begun before: answered {time.perf_counter() - back:.1f} s after the server was back")
            wait_until(world, lambda: all(_answers(world, *each) for each in asked), 120)
            print(f"asked meanwhile: answered {time.perf_counter() - back:.1f} s after the server was back")
            time.sleep(2)
        times = Counter(_answers(world, *each) for each in begun + asked)
    print(f"away for {seconds:g} s; how often each question was answered: {dict(times)}")


def _answers(world: World, chat: int, number: int) -> int:
    with world.lock:
        return sum(
            message["from"]["is_bot"] and _is_reply(message, number) for message in world.messages[chat].values()
        )


_PIECES = [
    *("<b>", "</b>", "&", "&lt", "<a href='x'>", "\x00", "\x1b[31m", "\u202e", "\ufeff", "𝄞", "👩‍👩‍👧‍👦", "问题"),
    *("bridge", "ferry", "evil", "emoji", "long", "refuse", "nothing", "crash", "locked"),
    *("' OR 1=1 --", "{0.__class__}", "%s%n", "\n\n", "@chuchu_bot "),
]
_DATA = [
    "",
    "h",
    "h..0",
    "h.x.0",
    "a.x.999",
    "v.x.0.right",
    "x.x.0.since",
    "l.-.0.zz",
    "s.-.0.original",
    "\x00",
    "é" * 32,
]


class Hostile:
    """Sends updates of every kind that a person or a broken server could make up."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)  # noqa: S311 repeatable, not secret

    def text(self) -> str:
        """Return something nobody would ask."""
        if self.random.random() < 0.05:
            return "😀" * 2048
        return "".join(self.random.choices(_PIECES, k=self.random.randint(1, 12)))[:4096]

    def send(self) -> None:
        """Send one update."""
        act = self.random.choice(
            [
                self._say,
                self._say,
                self._group,
                self._command,
                self._press,
                self._press,
                self._inline,
                self._file,
                self._broken,
            ]
        )
        act(self.random.randint(1, 300))

    def _say(self, chat: int) -> None:
        self.world.say(chat, self.text())

    def _group(self, chat: int) -> None:
        self.world.say(-chat, "/ask " + self.text(), chat)

    def _command(self, chat: int) -> None:
        name = self.random.choice(
            ["start", "since", "until", "source", "help", "remove", "start a_x", "start p_x", "lang", "x" * 50]
        )
        self.world.say(chat, f"/{name} {self.text()}")

    def _press(self, chat: int) -> None:
        """Press a button that is there, forge one, or press one of another chat."""
        with self.world.lock:
            ours = [message for message in self.world.messages[chat].values() if message["from"]["is_bot"]]
            if not ours:
                return
            message = self.random.choice(ours)
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            real = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
            data = self.random.choice(real + self.random.choices(_DATA, k=2))
            other = self.random.random() < 0.2
            self.world.press(chat, message["message_id"], data, chat + other)

    def _inline(self, chat: int) -> None:
        self.world.inline(chat, self.text()[:256])

    def _file(self, chat: int) -> None:
        name = self.random.choice(["../../x.txt", "/etc/passwd", "a" * 3000, "\x00.zip", "bomb.zip", ""])
        self.world.send_file(900001 if self.random.random() < 0.3 else chat, name, b"PK\x03\x04" + bytes(1000))

    def _broken(self, _: int) -> None:
        kind = self.random.choice(["message", "callback_query", "inline_query", "broken_kind"])
        self.world.push(kind, self.random.choice([{}, [], None, 7, "x", {"message_id": "x"}, {"id": 1, "from": None}]))


def hostile(count: int) -> None:
    """Send hostile updates and count what the strict server refused, and whether the bot still answers."""
    world = World(per_second=10**9, per_group_minute=10**9)
    with tempfile.TemporaryDirectory() as folder, Server(world) as server:
        (Path(folder) / "catalogue.sqlite").touch()
        with bot(server, ["-m", "tests.bot.telegram.fake_bot", folder], Path(folder)) as process:
            before, began, sender = memory(process), time.perf_counter(), Hostile(world, 1)
            for number in range(count):
                sender.send()
                while len(world.updates) > 500:
                    time.sleep(0.01)
                if number % 1000 == 999:
                    print(f"{number + 1} sent, {memory(process):.0f} MB", flush=True)
            last = world.say(1, "still there?")
            wait_until(world, lambda: any(_is_reply(message, last) for message in world.messages[1].values()), 300)
            with suppress(AssertionError):
                wait_until(world, lambda: None not in world.callbacks.values(), 60)
            seconds, after = time.perf_counter() - began, memory(process)
            alive = process.poll() is None
        log = (Path(folder) / "log").read_text("utf-8", "replace")
        escaped = [
            path
            for path in Path(folder).rglob("*")
            if path.is_file() and "x.txt" in path.name and "files" not in path.parts
        ]
    refused = [refusal for refusal in world.refusals if "not modified" not in refusal[2]]
    leaks = [
        message["text"][:300]
        for chat, said in world.messages.items()
        for message in said.values()
        if message["from"]["is_bot"] and "答：" in message["text"] and not _own(world, chat, message)
    ]
    silent = [number for number, given in world.callbacks.items() if given is None]
    unknown = Counter(line for line in log.splitlines() if "message left out" in line or "Error" in line)
    print(f"{count} hostile updates in {seconds:.0f} s; alive {alive}; memory {before:.0f} → {after:.0f} MB")
    print(
        f"refused by the strict server: {len(refused)} {refused[:5]}; "
        f"edits that changed nothing: {len(world.refusals) - len(refused)}"
    )
    print(
        f"answers that belong to another chat: {leaks}; "
        f"buttons never acknowledged: {len(silent)}; files outside: {escaped}"
    )
    print(f"the log has the token: {TOKEN in log}; errors: {unknown.most_common(8)}")


def _is_reply(message: Json, number: int) -> bool:
    return bool(message.get("reply_to_message", {}).get("message_id") == number)


def _own(world: World, chat: int, message: Json) -> bool:
    """Tell whether an answer that repeats its question repeats one of this chat."""
    repeated = message["text"].partition("答：")[2].replace("結尾", "结尾").partition("。结尾")[0]
    squeezed = "".join(character for character in repeated if character.isalnum())
    return any(
        squeezed in "".join(character for character in other.get("text", "") if character.isalnum())
        for other in world.messages[chat].values()
        if not other["from"]["is_bot"]
    )


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["load", "hostile", "away"])
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    threading.current_thread().name = "benchmark"
    if given.what == "load":
        load(given.index, given.count or 5000, given.chats)
    elif given.what == "away":
        away(given.seconds)
    else:
        hostile(given.count or 10_000)


if __name__ == "__main__":
    main()
