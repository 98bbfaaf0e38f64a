"""Chats that ask so many questions a second, or each as soon as it is answered, until all is asked."""

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

    `times` are seconds from question to answer. `measuring` are the CPU seconds of this process: the server and the
    chats, on the same cores as the bot.
    """

    seconds: float
    cpu: float
    measuring: float
    memories: list[Memory]
    answers: dict[str, int]
    times: list[float]
    refused: int


class Crowd:
    """Chats that ask in turn: so many questions a second, or each as soon as it is answered."""

    def __init__(self, world: World, asked: list[str], chats: int, rate: float) -> None:
        self.world, self.asked, self.chats, self.rate = world, asked, chats, rate
        self.next = 0
        self.open: dict[tuple[int, int], tuple[str, float]] = {}
        self.answers: dict[str, int] = {}
        self.seconds: list[float] = []
        self.seen = len(world.calls)
        self.began = time.perf_counter()
        if not rate:
            for chat in range(1, chats + 1):
                self.ask(chat)

    def ask(self, chat: int) -> None:
        """Let a chat ask the next question."""
        if self.next < len(self.asked):
            question = self.asked[self.next]
            self.next += 1
            with self.world.lock:
                self.open[chat, self.world.say(chat, question)] = question, time.perf_counter()

    def turn(self) -> bool:
        """Ask what is due, and go through the answers that came; return whether all is answered."""
        due = int((time.perf_counter() - self.began) * self.rate)
        while self.rate and self.next < min(due, len(self.asked)):
            self.ask(self.next % self.chats + 1)
        with self.world.lock:
            new = [given for name, given in self.world.calls[self.seen :] if name == "sendMessage"]
            self.seen = len(self.world.calls)
        for given in new:
            chat, number = int(given["chat_id"]), _replied(given)
            question, at = self.open.pop((chat, number), ("?", time.perf_counter()))
            self.answers[question] = self.answers.get(question, 0) + 1
            self.seconds.append(time.perf_counter() - at)
            if not self.rate:
                self.ask(chat)
        return len(self.answers) >= len(self.asked)

    def wait(self) -> None:
        """Wait for something to happen."""
        with self.world.changed:
            self.world.changed.wait(0.02 if self.rate else 1)


def load(index: Path, count: int, chats: int, rate: float) -> None:
    """Measure answers, times and memory; and, where nothing limits the chats, the encoder and the archive alone."""
    threads = os.cpu_count() or 1
    alones = () if rate else _ALONE
    before = [alone(what, index, _SAMPLE, threads) for what in alones]
    done = _under_load(
        lambda server, folder: bot(server, ["-m", "bot", "telegram", "--index", str(index)], folder), count, chats, rate
    )
    # the machine may have been busier before or after
    after = [alone(what, index, _SAMPLE, threads) for what in alones]
    _report(done, count, chats)
    for what, one, other in zip(alones, before, after, strict=True):
        each, cpu = (one.rate + other.rate) / 2, (one.cpu_ms + other.cpu_ms) / 2
        print(
            f"{what} alone, with {threads} threads, as in the bot: {each:.1f} a second, "
            f"{cpu:.1f} ms of CPU each; the bot's share {count / done.seconds / each:.0%}"
        )


def overhead(count: int, chats: int, rate: float) -> None:
    """Measure the bot's own share: the same with an archive that costs nothing."""
    _report(_under_load(fake_bot, count, chats, rate), count, chats)


def _under_load(
    start: Callable[[Server, Path], AbstractContextManager[Popen[bytes]]], count: int, chats: int, rate: float
) -> Load:
    world, asked = generous_world(), questions(count)
    first = questions(count + chats)[count:]  # none of those that count: whoever asks again is answered from a cache
    with tempfile.TemporaryDirectory() as folder, Server(world) as server, start(server, Path(folder)) as process:
        crowd = Crowd(world, first, chats, 0)
        wait_until(world, crowd.turn, 120)
        memories, cpu, own, began = [memory(process)], cpu_seconds(process), time.process_time(), time.perf_counter()
        crowd = Crowd(world, asked, chats, rate)
        while not crowd.turn() and time.perf_counter() - began < _GIVE_UP_S:
            crowd.wait()
            if len(crowd.answers) // 1000 >= len(memories):
                memories.append(memory(process))
        memories.append(memory(process))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(process) - cpu
        own = time.process_time() - own
    return Load(seconds, cpu, own, memories, crowd.answers, sorted(crowd.seconds), len(world.refusals))


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
    middle, late = (done.times[int(share * (len(done.times) - 1))] for share in (0.5, 0.95))
    print(f"seconds from question to answer: p50 {middle:.2f}, p95 {late:.2f}, longest {done.times[-1]:.2f}")
    print(f"MB of memory at the start, after each 1,000 questions, and at the end: {done.memories}")


def _replied(given: Json) -> int:
    return int(json.loads(given["reply_parameters"])["message_id"])
