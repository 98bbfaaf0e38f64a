"""Articles in groups of a size that is worth one call."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_T = TypeVar("_T")


def batches(items: Iterable[_T], windows: Callable[[_T], int], most: int) -> Iterator[list[_T]]:
    """Yield items in order, in lists that end as soon as they have `most` windows; the last one may have fewer."""
    batch: list[_T] = []
    count = 0
    for item in items:
        batch.append(item)
        count += windows(item)
        if count >= most:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
