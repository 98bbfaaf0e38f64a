"""Work that runs beside the caller's: the words while the encoder computes and the vectors are searched."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")
_POOL = ThreadPoolExecutor(thread_name_prefix="beside")


@contextmanager
def beside(work: Callable[[], _T]) -> Iterator["Future[_T]"]:
    """Run `work` in another thread; at the end it is done, whatever happened here: it may use what is closed then."""
    future = _POOL.submit(work)
    try:
        yield future
    finally:
        wait([future])
