import asyncio
import threading
from functools import partial

import pytest

from bot.telegram.desk import BusyError, Desk, SlowError


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
        desk = Desk(2, 10, 30)
        tasks = [asyncio.create_task(desk.run(partial(job, number))) for number in range(5)]
        await asyncio.to_thread(both.wait, 10)
        assert (desk.running, desk.waiting) == (2, 3)
        gate.release(5)
        return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]
    assert sorted(began[:2]) == [0, 1]


def test_full_queue_refuses_and_says_how_many_wait() -> None:
    gate = threading.Event()

    async def run() -> None:
        desk = Desk(1, 2, 30)
        tasks = [asyncio.create_task(desk.run(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="3 questions") as refused:
            await desk.run(gate.wait)
        assert refused.value.waiting == 3, "two wait, and one is answered"
        gate.set()
        await asyncio.gather(*tasks)
        assert await desk.run(lambda: "free again") == "free again"

    asyncio.run(run())


def test_job_that_timed_out_keeps_its_slot_until_it_ends() -> None:
    gate = threading.Event()

    async def run() -> None:
        desk = Desk(1, 5, 0.05)
        with pytest.raises(SlowError):
            await desk.run(gate.wait)
        assert desk.running == 1
        next_one = asyncio.create_task(desk.run(lambda: "next"))
        await asyncio.sleep(0.1)
        assert not next_one.done()
        gate.set()
        assert await next_one == "next"
        assert desk.running == 0

    asyncio.run(run())


def test_errors_come_through() -> None:
    async def run() -> None:
        desk = Desk(1, 5, 5)
        with pytest.raises(ZeroDivisionError):
            await desk.run(lambda: 1 // 0)
        assert desk.running == 0

    asyncio.run(run())
