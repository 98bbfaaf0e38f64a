"""Inflating streams that know how much they took and gave."""

import gzip
import io
from collections.abc import Callable
from typing import IO, Protocol

from retrieval.articles.readers.limits import MB, Budget, UnreadableError

# Past the first 32 MB, text that inflates more than this many times is a bomb: prose deflates to a third, tables that
# repeat themselves to a fiftieth, zeros to a thousandth.
_BOMB_FROM, _BOMB_RATIO = 32 * MB, 200
SPENT = "inflates to more than the limit"


class _Inflated(Protocol):
    """A stream of inflated bytes."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Metered(io.RawIOBase):
    """An inflating stream that ends with an error when it gives too much."""

    def __init__(self, stream: _Inflated, budget: Budget, consumed: Callable[[], int], packed: IO[bytes]) -> None:
        self._stream, self._budget, self._consumed, self._packed = stream, budget, consumed, packed
        self._given = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Read, and count what was given.

        Raises:
            UnreadableError: the budget is spent, or far more was given than consumed.
        """
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        self._budget.left -= len(data)
        if self._budget.left < 0:
            raise UnreadableError(SPENT)
        if self._given > _BOMB_FROM and self._given > _BOMB_RATIO * self._consumed():
            raise UnreadableError("a bomb: inflates more than 200-fold")
        return len(data)

    def close(self) -> None:
        """Close the streams within, too."""
        self._stream.close()
        self._packed.close()
        super().close()


class Counted(io.RawIOBase):
    """A stream that cannot seek, read through a buffer that knows how far it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Read, and count what was taken."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        """Count the bytes read so far."""
        return self._position

    def seekable(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Close the stream within, too."""
        self._stream.close()
        super().close()


def inflated(packed: "io.BufferedReader[Counted]") -> _Inflated:
    """Undo the compression that the first bytes tell of."""
    head = packed.peek(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if head.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(packed)
    if head.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.LZMAFile(packed)
    return packed
