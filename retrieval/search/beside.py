"""Work that runs beside the caller's: the words while the encoder computes and the vectors are searched."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_T = TypeVar("_T")
_U = TypeVar("_U")


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


def beside(other: Callable[[], _T], own: Callable[[], _U], *, waits: bool = True) -> tuple[_T, _U]:
    """Do `other` in another thread and `own` in this one; return what came of both.

    At the end `other` is done, whatever happened to `own`: it may use what is closed then. Where `own` does not leave
    Python's lock for long (`waits`), a second thread costs more than it brings, and this one does both. From the first
    time on, the process's threads switch every half millisecond.
    """
    if not waits:
        return other(), own()
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_S))
    future = _POOL.threads.submit(other)
    try:
        done = own()
    finally:
        wait([future])
    return future.result(), done
