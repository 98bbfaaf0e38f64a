"""Chats that each ask as soon as they are answered, until all is asked."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from benchmarks.telegram_bot.running import ROOT, bot, cpu_seconds, fake_bot, generous_world, memory
from tests.bot.telegram.server import Server, wait_until
from tests.bot.telegram.world import Json, World

_GIVE_UP_S = 1800.0
_SAMPLE = 300  # questions that the encoder and the archive are asked by themselves, before and after


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: seconds, CPU seconds of the bot, memory at the start and after each 1,000 questions."""

    seconds: float
    cpu: float
    memories: list[tuple[int, int]]
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


def questions(count: int) -> list[str]:
    """Return so many different questions over the sample archive."""
    lines = (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [str(json.loads(line)["question"]) for line in lines]
    return [f"{asked[number % len(asked)]} ({number})" for number in range(count)]


def load(index: Path, count: int, chats: int) -> None:
    """Measure throughput beside the encoder's in the same run, memory, and that each question is answered once."""
    asked = questions(count)
    before = _encoder_alone(asked[:_SAMPLE]), _archive_alone(index, asked[:_SAMPLE])
    done = _under_load(
        lambda server, folder: bot(server, ["-m", "bot", "telegram", "--index", str(index)], folder), asked, chats
    )
    # the machine may have been busier before or after
    after = _encoder_alone(asked[:_SAMPLE]), _archive_alone(index, asked[:_SAMPLE])
    _report(done, count, chats)
    alone, answering = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    rate = count / done.seconds
    print(f"encoder alone, one question at a time: {alone:.1f} a second; share {rate / alone:.0%}")
    print(f"archive alone, as many at a time as cores: {answering:.1f} a second; share {rate / answering:.0%}")


def overhead(count: int, chats: int) -> None:
    """Measure the bot's own share: the same with an archive that costs nothing."""
    _report(_under_load(fake_bot, questions(count), chats), count, chats)


def _under_load(
    start: Callable[[Server, Path], AbstractContextManager[Popen[bytes]]], asked: list[str], chats: int
) -> Load:
    world = generous_world()
    with tempfile.TemporaryDirectory() as folder, Server(world) as server, start(server, Path(folder)) as process:
        crowd = Crowd(world, asked[:chats], chats)
        wait_until(world, lambda: crowd.listen() == min(chats, len(asked)), 120)
        memories, cpu, began = [memory(process)], cpu_seconds(process), time.perf_counter()
        crowd = Crowd(world, asked, chats)
        while len(crowd.answers) < len(asked) and time.perf_counter() - began < _GIVE_UP_S:
            with world.changed:
                world.changed.wait(1)
            crowd.listen()
            if len(crowd.answers) // 1000 >= len(memories):
                memories.append(memory(process))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(process) - cpu
    return Load(seconds, cpu, memories, crowd.answers, len(world.refusals))


def _report(done: Load, count: int, chats: int) -> None:
    rate, each = count / done.seconds, 1e3 * done.cpu / count
    print(
        f"{count} questions from {chats} chats in {done.seconds:.1f} s: {rate:.1f} a second, {each:.1f} ms of CPU each"
    )
    twice, unknown = sum(times != 1 for times in done.answers.values()), done.answers.get("?", 0)
    print(f"answered {len(done.answers)}, not once {twice}, unknown {unknown}, refused by the server {done.refused}")
    print(f"MB of memory, its own and of mapped files, at the start and after each 1,000 questions: {done.memories}")


def _encoder_alone(asked: list[str]) -> float:
    """Return the questions a second that the encoder embeds, one at a time as the bot does."""
    from retrieval import Settings, encoder_of

    encoder = encoder_of(Settings())
    encoder.encode_queries(asked[:10])
    began = time.perf_counter()
    for question in asked:
        encoder.encode_queries([question])
    return len(asked) / (time.perf_counter() - began)


def _archive_alone(index: Path, asked: list[str]) -> float:
    """Return the questions a second that the archive answers by itself, as many at a time as the bot asks."""
    from bot.telegram.parts import PASSAGES
    from retrieval import open_archive

    with open_archive(index) as archive, ThreadPoolExecutor(os.cpu_count()) as desk:
        archive.load()
        began = time.perf_counter()
        list(desk.map(lambda question: archive.ask(question, k=PASSAGES), asked))
        return len(asked) / (time.perf_counter() - began)


def _replied(given: Json) -> int:
    return int(json.loads(given["reply_parameters"])["message_id"])
