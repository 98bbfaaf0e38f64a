import asyncio
import threading
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from bot.live_archive import BusyError, LiveArchive, SlowError, Workers
from retrieval import Archive, ArchiveMissingError, Ask
from tests.bot.telegram.fakes import FakeArchive


def test_jobs_run_at_most_so_many_at_a_time_in_their_order() -> None:
    began: list[int] = []
    gate, both = threading.Semaphore(0), threading.Barrier(3)

    def job(number: int) -> int:
        began.append(number)
        if number < 2:
            both.wait(10)
        gate.acquire(timeout=10)
        return number

    async def run() -> list[int]:
        workers = Workers(2, 10, 30)
        tasks = [asyncio.create_task(workers.run(partial(job, number))) for number in range(5)]
        await asyncio.to_thread(both.wait, 10)
        assert (workers.running, workers.waiting) == (2, 3)
        gate.release(5)
        return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]
    assert sorted(began[:2]) == [0, 1]


def test_full_queue_refuses_and_says_how_many_wait() -> None:
    gate = threading.Event()

    async def run() -> None:
        workers = Workers(1, 2, 30)
        tasks = [asyncio.create_task(workers.run(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="3 questions") as refused:
            await workers.run(gate.wait)
        assert refused.value.waiting == 3, "two wait, and one is answered"
        gate.set()
        await asyncio.gather(*tasks)
        assert await workers.run(lambda: "free again") == "free again"

    asyncio.run(run())


def test_job_that_timed_out_keeps_its_slot_until_it_ends() -> None:
    gate = threading.Event()

    async def run() -> None:
        workers = Workers(1, 5, 0.05)
        with pytest.raises(SlowError):
            await workers.run(gate.wait)
        assert workers.running == 1
        next_one = asyncio.create_task(workers.run(lambda: "next"))
        await asyncio.sleep(0.1)
        assert not next_one.done()
        gate.set()
        assert await next_one == "next"
        assert workers.running == 0

    asyncio.run(run())


def test_errors_come_through() -> None:
    async def run() -> None:
        workers = Workers(1, 5, 5)
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        assert workers.running == 0

    asyncio.run(run())


def test_archive_that_stands_there_now_is_opened(tmp_path: Path) -> None:
    opened: list[FakeArchive] = []

    def opener() -> Archive:
        opened.append(FakeArchive())
        return cast("Archive", opened[-1])

    async def play() -> None:
        live = LiveArchive(tmp_path, opener, Workers(1, 10, 5))
        with pytest.raises(ArchiveMissingError, match="chuchu index"):
            await live.answer(Ask("q", 1))
        (tmp_path / "catalogue.sqlite").touch()
        await live.answer(Ask("q", 1))
        await live.answer(Ask("q", 1))
        assert len(opened) == 1
        (tmp_path / "new").touch()
        (tmp_path / "new").rename(tmp_path / "catalogue.sqlite")
        await live.answer(Ask("q", 1))
        assert len(opened) == 2
        (tmp_path / "catalogue.sqlite").unlink()
        with pytest.raises(ArchiveMissingError):
            await live.answer(Ask("q", 1))
        (tmp_path / "catalogue.sqlite").touch()
        assert (await live.answer(Ask("q", 1))).hits
        await live.reload()
        assert len(opened) == 4
        live.close()

    asyncio.run(play())
