"""Where questions wait and are answered: a bounded queue before a bounded executor."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Too many questions wait already; `waiting` tells how many would come first."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} questions are waiting")
        self.waiting = waiting


class SlowError(Exception):
    """A question took longer than it may."""


class Desk:
    """Runs CPU work off the event loop, `workers` jobs at a time; where processes do it, most of these wait for one."""

    def __init__(self, workers: int, waiting: int, timeout: float) -> None:
        """Let at most `waiting` jobs wait, and each take at most `timeout` seconds once it runs."""
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="desk")
        self._slots = asyncio.Semaphore(workers)
        self._most = waiting
        self._timeout = timeout
        self.waiting = 0
        self.running = 0

    async def run(self, job: Callable[[], T]) -> T:
        """Run a job when its turn comes; the first to come is the first to be served.

        Raises:
            BusyError: too many wait already.
            SlowError: it took too long. It keeps its slot until it really ends.
        """
        if self.waiting >= self._most:
            raise BusyError(self.waiting + self.running)
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, job)
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._timeout)
        except TimeoutError:
            if future.done():
                return future.result()
            raise SlowError(f"a question took longer than {self._timeout:g} s") from None

    def _ended(self, future: "asyncio.Future[T]") -> None:
        self.running -= 1
        self._slots.release()
        if not future.cancelled():
            future.exception()  # nobody may be waiting for it any more

    def close(self) -> None:
        """Stop taking jobs; the ones that run are not waited for."""
        self._executor.shutdown(wait=False, cancel_futures=True)
