"""How long the rest of a run will take."""

import math

_EVERY = 5.0
"""Seconds between two looks: about one batch, before which its articles are read and not yet embedded."""
_MEMORY = 60.0
"""Seconds after which what was measured counts a third: long against a batch, short against a run worth estimating."""


class Remaining:
    """Estimates the seconds left from how fast the share that is read has grown of late.

    What is read before the first batch is embedded runs ahead, and what was indexed before costs nearly nothing: the
    estimate begins anew with the first batch.
    """

    def __init__(self) -> None:
        self._is_embedding = False
        self._seen: tuple[float, float] | None = None
        self._share = self._seconds = 0.0
        self._end: float | None = None

    def left(self, seconds: float, share: float, *, is_embedding: bool) -> float | None:
        """Return the seconds left after so many, with this share of the whole done; None as long as nobody knows."""
        if self._seen is None or is_embedding != self._is_embedding:
            self._is_embedding, self._seen = is_embedding, (seconds, share)
            self._share = self._seconds = 0.0
            self._end = None
        elif seconds - self._seen[0] >= _EVERY:
            self._look(seconds - self._seen[0], share - self._seen[1])
            self._seen = (seconds, share)
            self._end = seconds + (1 - share) * self._seconds / self._share if self._share else None
        return None if self._end is None else max(0.0, self._end - seconds)

    def _look(self, seconds: float, share: float) -> None:
        kept = math.exp(-seconds / _MEMORY)
        self._share = kept * self._share + share
        self._seconds = kept * self._seconds + seconds
