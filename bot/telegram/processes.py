"""The archive in several processes: in one, Python's lock holds all its questions together at about one core."""

import logging
import threading
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar, cast

from bot.telegram.child import Child, GoneError, Opener, value_of
from bot.telegram.library import Readable
from bot.telegram.line import Call, Line, Waiting
from bot.telegram.settings import TOGETHER
from retrieval import Answer, Article, Asked, Filters, Source

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


class Processes:
    """An archive opened by `count` processes, for many threads. They end with the last reference, or when closed.

    Questions that wait together are put together: embedded in one go, each costs half of what it costs by itself.
    """

    def __init__(self, opener: Opener, count: int) -> None:
        """Open the archive in each; raises what opening raises, and GoneError."""
        self._line = Line(TOGETHER)
        self._ending = weakref.finalize(self, self._line.close)
        children = [Child(opener) for _ in range(count)]
        try:
            for child in children:
                child.reply()
        except BaseException:
            for child in children:
                child.end()
            raise
        for child in children:  # no thread may hold this object: then its last reference would never go
            threading.Thread(target=_work, args=(child, self._line), daemon=True).start()

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        filters: Filters | None = None,
        as_of: date | None = None,
        is_literal: bool = False,
    ) -> Answer:
        """Answer a question."""
        return cast("Answer", self._outcome(Asked(question, k, filters or Filters(), as_of, is_literal)))

    def latest(self, n: int, filters: Filters | None = None, *, as_of: date | None = None) -> Sequence[Article]:
        """Return the newest articles."""
        return self._call(Readable.latest, n, filters, as_of=as_of)

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id."""
        return self._call(Readable.article, article_id)

    def sources(self) -> Sequence[Source]:
        """Return the outlets."""
        return self._call(Readable.sources)

    def stats(self) -> dict[str, object]:
        """Return what there is, in numbers."""
        return self._call(Readable.stats)

    def close(self) -> None:
        """End the processes: those that answer nothing now, the others when they have."""
        self._ending()

    def _call(self, method: Callable[Concatenate[Readable, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return cast("T", self._outcome((method.__name__, args, kwargs)))

    def _outcome(self, request: Asked | Call) -> object:
        try:
            return self._line.put(request).result()
        except CancelledError as error:
            raise GoneError("the archive was closed before the question's turn came") from error


def _work(child: Child, line: Line) -> None:
    """Put to a process what waits, until the line is closed."""
    while waiting := line.take():
        _put(child, waiting)
        del waiting  # an answer may hold long articles
    child.end()


def _put(child: Child, waiting: Sequence[Waiting]) -> None:
    """Put questions together; those that are left should the process die, one by one: one of them may be why."""
    if len(waiting) > 1:
        questions = [request for request, _ in waiting if isinstance(request, Asked)]
        with suppress(Exception):  # whatever it is, what is left is put by itself
            for (_, outcome), found in zip(waiting, child.ask(questions), strict=True):
                _settle(outcome, partial(value_of, found))
    for request, outcome in waiting:
        if not outcome.done():
            _settle(outcome, partial(_surely, child, partial(_alone, child, request)))


def _surely(child: Child, call: Callable[[], object]) -> object:
    """Make a call; again to a new process if that is gone, but once only: the call may be why."""
    try:
        return call()
    except GoneError as error:
        _log.warning("%s Another takes its place.", error)
    child.renew()
    return call()


def _alone(child: Child, request: Asked | Call) -> object:
    if not isinstance(request, Asked):
        return child.call(*request)
    (found,) = child.ask([request])
    return value_of(found)


def _settle(outcome: "Future[object]", job: Callable[[], object]) -> None:
    try:
        outcome.set_result(job())
    except Exception as error:  # noqa: BLE001 whoever waits for it is told
        outcome.set_exception(error)
