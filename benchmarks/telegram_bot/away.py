"""The server is not there for a while; how long the answers take once it is back."""

import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.telegram_bot.running import fake_bot, generous_world, is_reply
from tests.bot.telegram.server import Server, wait_until
from tests.bot.telegram.world import World


def away(seconds: float) -> None:
    """Ask before and while the server is away; say when each question was answered after its return."""
    world = generous_world()
    with tempfile.TemporaryDirectory() as folder, Server(world) as server:
        with fake_bot(server, Path(folder)):
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
        return sum(message["from"]["is_bot"] and is_reply(message, number) for message in world.messages[chat].values())
