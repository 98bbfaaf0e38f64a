"""The bot as a process of its own, on loopback, without limits of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.resident import kilobytes
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import Json, World

ROOT = Path(__file__).parents[2]
ADMIN = 900001
_ENDLESS = "1000000"


def questions(count: int) -> list[str]:
    """Return so many different questions over the sample archive."""
    lines = (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [str(json.loads(line)["question"]) for line in lines]
    return [f"{asked[number % len(asked)]} ({number})" for number in range(count)]


def generous_world() -> World:
    """Return what a Bot API server knows, one that never says 429."""
    return World(per_second=10**9, per_group_minute=10**9)


@contextmanager
def fake_bot(server: Server, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bot on an archive that answers at once with what was asked."""
    (folder / "catalogue.sqlite").touch()
    with bot(server, ["-m", "tests.bot.telegram.fake_bot", str(folder)], folder) as process:
        yield process


@contextmanager
def bot(server: Server, command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bot until the block ends; its log goes into `folder`."""
    environment = {
        **os.environ,
        "CHUCHU_TELEGRAM_TOKEN": TOKEN,
        "CHUCHU_TELEGRAM_API": server.url,
        "CHUCHU_TELEGRAM_STATE": str(folder / "state"),
        "CHUCHU_TELEGRAM_ADMINS": str(ADMIN),
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


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of a process and its children: their own, of mapped files, and all with what they share counted once (PSS).

    Mapped files the system may take back.
    """

    own: int
    mapped: int
    pss: int


def memory(process: subprocess.Popen[bytes]) -> Memory:
    """Return the resident memory of a process and its children."""
    pids = _family(process.pid)
    own, mapped = (sum(kilobytes(name, pid) for pid in pids) // 1024 for name in ("RssAnon", "RssFile"))
    return Memory(own, mapped, sum(kilobytes("Pss", pid, "smaps_rollup") for pid in pids) // 1024)


def cpu_seconds(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> float:
    """Return the CPU time that a process and its children have used."""
    ticks = [int(ticks) for pid in _family(process.pid) for ticks in _stat(pid)[11:13]]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    others = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [pid, *(other for other in others if _stat(other)[1:2] == [str(pid)])]


def _stat(pid: int) -> list[str]:
    """Return what the system says of a process behind its name, nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def is_reply(message: Json, number: int) -> bool:
    """Return whether a message replies to another, by its number."""
    return bool(message.get("reply_to_message", {}).get("message_id") == number)
