"""Updates made to break the bot: markup, control characters, forged buttons, broken records, names like paths."""

import random
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from benchmarks.telegram_bot.running import ADMIN, fake_bot, generous_world, is_reply, memory
from retrieval.text import simplified
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import Json, World

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
        self.world.send_file(ADMIN if self.random.random() < 0.3 else chat, name, b"PK\x03\x04" + bytes(1000))

    def _broken(self, _: int) -> None:
        kind = self.random.choice(["message", "callback_query", "inline_query", "broken_kind"])
        self.world.push(kind, self.random.choice([{}, [], None, 7, "x", {"message_id": "x"}, {"id": 1, "from": None}]))


def hostile(count: int) -> None:
    """Send hostile updates; say what the strict server refused, what leaked, and whether the bot still answers."""
    world = generous_world()
    with tempfile.TemporaryDirectory() as folder, Server(world) as server:
        with fake_bot(server, Path(folder)) as process:
            before, began = memory(process), time.perf_counter()
            _send(Hostile(world, 1), count)
            last = world.say(1, "still there?")
            wait_until(world, lambda: any(is_reply(message, last) for message in world.messages[1].values()), 300)
            with suppress(AssertionError):
                wait_until(world, lambda: None not in world.callbacks.values(), 60)
            seconds, after, alive = time.perf_counter() - began, memory(process), process.poll() is None
        log = (Path(folder) / "log").read_text("utf-8", "replace")
        escaped = [str(path) for path in Path(folder).rglob("*x.txt*") if path.is_file() and "files" not in path.parts]
    print(f"{count} hostile updates in {seconds:.0f} s; alive {alive}; memory {before.own} → {after.own} MB")
    _report(world, log, escaped)


def _send(sender: Hostile, count: int) -> None:
    for _ in range(count):
        sender.send()
        while len(sender.world.updates) > 500:
            time.sleep(0.01)


def _report(world: World, log: str, escaped: list[str]) -> None:
    unchanged = [refusal for refusal in world.refusals if "not modified" in refusal[2]]
    refused = [refusal for refusal in world.refusals if refusal not in unchanged]
    print(f"refused by the strict server: {len(refused)} {refused[:5]}; edits that changed nothing: {len(unchanged)}")
    silent = [number for number, given in world.callbacks.items() if given is None]
    print(f"answers that belong to another chat: {_leaks(world)}; buttons never acknowledged: {len(silent)}")
    errors = Counter(line.partition(":")[0] for line in log.splitlines() if "message left out" in line)
    print(f"files outside: {escaped}; the log has the token: {TOKEN in log}; errors: {dict(errors)}")


def _leaks(world: World) -> list[str]:
    return [
        message["text"][:300]
        for chat, said in world.messages.items()
        for message in said.values()
        if message["from"]["is_bot"] and "答：" in message["text"] and not _own(world, chat, message)
    ]


def _own(world: World, chat: int, message: Json) -> bool:
    """Return whether an answer that repeats its question, maybe in Traditional characters, repeats one of this chat."""
    repeated = simplified(message["text"].partition("答：")[2]).partition("。结尾")[0]
    squeezed = "".join(character for character in repeated if character.isalnum())
    return any(
        squeezed in "".join(character for character in other.get("text", "") if character.isalnum())
        for other in world.messages[chat].values()
        if not other["from"]["is_bot"]
    )
