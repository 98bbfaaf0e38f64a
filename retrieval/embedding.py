"""Windows → vectors beside the work of the thread that reads and writes: a batch is embedded while others wait."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Encoder

AHEAD = 1
"""Batches embedded while one is written. Writing takes a quarter of the time of embedding, so the encoder hardly waits;
more would be more to lose when killed."""

Vectors16 = dict[bytes, NDArray[np.float16]]
"""Vectors by the digest of their text."""
Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class _Job(Generic[Batch]):
    batch: Batch
    texts: Mapping[bytes, str]
    vectors: "Future[Vectors16]"


class Embedding(Generic[Batch]):
    """Embeds the new texts of one batch after another in a thread of its own, and gives them back in their order.

    One thread: encoders use all cores by themselves, and some must not be called twice at once.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._jobs: deque[_Job[Batch]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, batch: Batch, texts: Mapping[bytes, str]) -> Iterator[tuple[Batch, Vectors16]]:
        """Add a batch; yield those that are to be written before there is room for the next one.

        Of its `texts`, those that an earlier batch brings are not embedded again.
        """
        self._submit(batch, texts)
        while len(self._jobs) > AHEAD:
            yield self._next()

    def _submit(self, batch: Batch, texts: Mapping[bytes, str]) -> None:
        coming = {digest for job in self._jobs for digest in job.texts}
        fresh = {digest: text for digest, text in texts.items() if digest not in coming}
        self._jobs.append(_Job(batch, fresh, self._pool.submit(embed, self._encoder, fresh)))

    def rest(self, is_stopped: Callable[[], bool]) -> Iterator[tuple[Batch, Vectors16]]:
        """Yield the batches that are left; once it is stopped, only those that are begun."""
        while self._jobs:
            if is_stopped():
                self._drop()
            if self._jobs:
                yield self._next()

    def _drop(self) -> None:
        while self._jobs and self._jobs[-1].vectors.cancel():
            self._jobs.pop()

    def _next(self) -> tuple[Batch, Vectors16]:
        job = self._jobs.popleft()
        return job.batch, job.vectors.result()


def embed(encoder: Encoder, texts: Mapping[bytes, str]) -> Vectors16:
    """Return the vectors of texts by their digests."""
    if not texts:
        return {}
    vectors = encoder.encode_passages(list(texts.values())).astype(np.float16)
    return dict(zip(texts, vectors, strict=True))
