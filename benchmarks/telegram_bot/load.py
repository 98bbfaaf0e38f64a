"""Chats that each ask as soon as they are answered, until all is asked."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from benchmarks.telegram_bot.alone import alone
from benchmarks.telegram_bot.running import Memory, bot, cpu_seconds, fake_bot, generous_world, memory, questions
from tests.bot.telegram.server import Server, wait_until
from tests.bot.telegram.world import Json, World

_GIVE_UP_S = 1800.0
_SAMPLE = 300  # questions that the encoder and the archive are asked by themselves, before and after
_ALONE = ("encoder", "archive")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: memory at the start, after each 1,000 questions, and at the end, CPU seconds of the bot.

    `measuring` are the CPU seconds of this process: the server and the chats, on the same cores as the bot.
    """

    seconds: float
    cpu: float
    measuring: float
    memories: list[Memory]
    answers: dict[str, int]
    refused: int


class Crowd:
    """Chats that each ask their next question when the last one is answered."""

    def __init__(self, world: World, asked: list[str], chats: int) -> None:
        self.world = world
        self.left = iter(asked)
        self.open: dict[tuple[int, int], str] = {}
        self.answers: dict[str, int] = {}
        self.seen = len(world.calls)
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


def load(index: Path, count: int, chats: int, processes: int) -> None:
    """Measure throughput and processor time beside those of the encoder and the archive, memory, and every answer."""
    threads = 1 if processes > 1 else os.cpu_count() or 1  # as the bot has them
    before = [alone(what, index, _SAMPLE, processes, threads) for what in _ALONE]
    done = _under_load(
        lambda server, folder: bot(server, ["-m", "bot", "telegram", "--index", str(index)], folder, processes),
        count,
        chats,
    )
    # the machine may have been busier before or after
    after = [alone(what, index, _SAMPLE, processes, threads) for what in _ALONE]
    _report(done, count, chats)
    for what, one, other in zip(_ALONE, before, after, strict=True):
        rate, cpu = (one.rate + other.rate) / 2, (one.cpu_ms + other.cpu_ms) / 2
        print(
            f"{what} alone, in {processes} processes of {threads} threads, as in the bot: {rate:.1f} a second, "
            f"{cpu:.1f} ms of CPU each; the bot's share {count / done.seconds / rate:.0%}"
        )


def overhead(count: int, chats: int) -> None:
    """Measure the bot's own share: the same with an archive that costs nothing."""
    _report(_under_load(fake_bot, count, chats), count, chats)


def _under_load(start: Callable[[Server, Path], AbstractContextManager[Popen[bytes]]], count: int, chats: int) -> Load:
    world, asked = generous_world(), questions(count)
    first = questions(count + chats)[count:]  # none of those that count: whoever asks again is answered from a cache
    with tempfile.TemporaryDirectory() as folder, Server(world) as server, start(server, Path(folder)) as process:
        crowd = Crowd(world, first, chats)
        wait_until(world, lambda: crowd.listen() == len(first), 120)
        memories, cpu, own, began = [memory(process)], cpu_seconds(process), time.process_time(), time.perf_counter()
        crowd = Crowd(world, asked, chats)
        while len(crowd.answers) < len(asked) and time.perf_counter() - began < _GIVE_UP_S:
            with world.changed:
                world.changed.wait(1)
            crowd.listen()
            if len(crowd.answers) // 1000 >= len(memories):
                memories.append(memory(process))
        memories.append(memory(process))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(process) - cpu
        own = time.process_time() - own
    return Load(seconds, cpu, own, memories, crowd.answers, len(world.refusals))


def _report(done: Load, count: int, chats: int) -> None:
    rate, each = count / done.seconds, 1e3 * done.cpu / count
    print(
        f"{count} questions from {chats} chats in {done.seconds:.1f} s: {rate:.1f} a second, {each:.1f} ms of CPU each"
    )
    cores = (os.cpu_count() or 1) * done.seconds
    print(
        f"of the processor the bot took {done.cpu / cores:.0%}, the server and the chats {done.measuring / cores:.0%}, "
        f"{1e3 * done.measuring / count:.1f} ms a question"
    )
    twice, unknown = sum(times != 1 for times in done.answers.values()), done.answers.get("?", 0)
    print(f"answered {len(done.answers)}, not once {twice}, unknown {unknown}, refused by the server {done.refused}")
    print(f"MB of memory at the start, after each 1,000 questions, and at the end: {done.memories}")


def _replied(given: Json) -> int:
    return int(json.loads(given["reply_parameters"])["message_id"])
