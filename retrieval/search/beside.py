"""Work that runs beside the caller's: the words while the encoder computes and the vectors are searched."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")


class _Pool:
    """Threads that wait for work; a process that was forked has threads of its own."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self.threads = ThreadPoolExecutor(thread_name_prefix="beside")


_POOL = _Pool()
_SWITCH_S = 0.0005
"""After how long a thread that runs Python lets another one that waits: the encoder's, which has just computed. With
Python's own 5 ms it waited for all that the words still had to do, 6 % of a warm question."""


@contextmanager
def beside(work: Callable[[], _T]) -> Iterator["Future[_T]"]:
    """Run `work` in another thread; at the end it is done, whatever happened here: it may use what is closed then.

    From the first time on, the process's threads switch every half millisecond.
    """
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_S))
    future = _POOL.threads.submit(work)
    try:
        yield future
    finally:
        wait([future])
