"""Where calls wait for a process, and questions for each other."""

import threading
from collections import deque
from concurrent.futures import Future

from retrieval import Asked

Call = tuple[str, tuple[object, ...], dict[str, object]]
"""A method of the archive by its name, and what it is given."""
Waiting = tuple[Asked | Call, "Future[object]"]


class Line:
    """Questions in the order in which they came, taken by several workers, and before them other calls.

    These take no time. Safe to use from several threads.
    """

    def __init__(self, most: int) -> None:
        """Let at most `most` questions be taken together."""
        self._most = most
        self._waiting: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._idle = 0
        self._is_closed = False

    def put(self, request: Asked | Call) -> "Future[object]":
        """Let a call wait; return what will come of it. It is cancelled if the line is closed before its turn."""
        outcome = Future[object]()
        with self._changed:
            if self._is_closed:
                outcome.cancel()
            else:
                stand = self._waiting.append if isinstance(request, Asked) else self._waiting.appendleft
                stand((request, outcome))
                self._changed.notify()
        return outcome

    def take(self) -> list[Waiting]:
        """Wait for a call, or for questions that came one after another; nothing once the line is closed.

        Of the questions as many are left to each idle worker as are taken.
        """
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            self._idle -= 1
            if self._is_closed:
                return []
            share = min(self._most, -(-len(self._waiting) // (1 + self._idle)))
            first = self._waiting.popleft()
            others = share - 1 if isinstance(first[0], Asked) else 0  # behind a question there are only questions
            return [first, *(self._waiting.popleft() for _ in range(others))]

    def close(self) -> None:
        """Let nothing be taken any more."""
        with self._changed:
            self._is_closed = True
            for _, outcome in self._waiting:
                outcome.cancel()
            self._waiting.clear()
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._waiting)
