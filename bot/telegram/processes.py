"""The archive in several processes: in one, Python's lock holds all its questions together at about one core."""

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from queue import SimpleQueue
from typing import Concatenate, ParamSpec, TypeVar, cast

from bot.telegram.child import Child, GoneError, Opener, value_of
from bot.telegram.library import Readable
from bot.telegram.settings import TOGETHER
from retrieval import Answer, Article, Asked, Filters, Source

P = ParamSpec("P")
T = TypeVar("T")
_Waiting = tuple[Asked, "Future[Answer]"]

_log = logging.getLogger(__name__)


class Processes:
    """An archive opened by `count` processes, for many threads. They end with the last reference, or when closed.

    Questions that wait together are put together: embedded in one go, each costs half of what it costs by itself.
    """

    def __init__(self, opener: Opener, count: int) -> None:
        """Open the archive in each; raises what opening raises, and GoneError."""
        self._idle: SimpleQueue[Child] = SimpleQueue()
        self._waiting: deque[_Waiting] = deque()
        self._taking = threading.Lock()
        self._ending = weakref.finalize(self, _end, self._idle)
        try:
            children = []
            for _ in range(count):
                children.append(Child(opener))
                self._idle.put(children[-1])
            for child in children:
                child.reply()
        except BaseException:
            self.close()
            raise

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        filters: Filters | None = None,
        as_of: date | None = None,
        is_literal: bool = False,
    ) -> Answer:
        """Answer a question.

        Every thread that asks leaves its question with the others, then waits for a process and puts to it what waits
        by then: its own question is among these, or another thread has put it already.
        """
        answer = Future[Answer]()
        self._waiting.append((Asked(question, k, filters or Filters(), as_of, is_literal), answer))
        with self._lent() as child:
            self._put(child, self._next())
        return answer.result()

    def foresee(self, questions: Sequence[Asked]) -> None:
        """Do nothing: the processes foresee by themselves."""

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
        """End the processes; one that answers still, when it has."""
        self._ending()

    def _call(self, method: Callable[Concatenate[Readable, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._lent() as child:
            return cast("T", self._surely(child, partial(child.call, method.__name__, args, kwargs)))

    @contextmanager
    def _lent(self) -> Iterator[Child]:
        """Wait for a process that is idle."""
        child = self._idle.get()
        try:
            yield child
        finally:
            self._idle.put(child)
            if not self._ending.alive:
                _end(self._idle)

    def _next(self) -> list[_Waiting]:
        """Take the first that wait, no more than leave as many to each process that is idle."""
        with self._taking:
            share = -(-len(self._waiting) // (1 + self._idle.qsize()))
            return [self._waiting.popleft() for _ in range(min(share, TOGETHER))]

    def _put(self, child: Child, waiting: Sequence[_Waiting]) -> None:
        """Put questions together; those that are left should the process die, one by one: one of them may be why."""
        if len(waiting) > 1:
            with suppress(GoneError):
                for (_, answer), outcome in zip(waiting, child.ask([asked for asked, _ in waiting]), strict=True):
                    _settle(answer, partial(value_of, outcome))
        for asked, answer in waiting:
            if not answer.done():
                _settle(answer, partial(self._surely, child, partial(_alone, child, asked)))

    def _surely(self, child: Child, call: Callable[[], object]) -> object:
        """Make a call; again to a new process if that is gone, but once only: the call may be why."""
        try:
            return call()
        except GoneError as error:
            if not self._ending.alive:
                raise
            _log.warning("%s Another takes its place.", error)
        child.renew()
        return call()


def _alone(child: Child, asked: Asked) -> object:
    (outcome,) = child.ask([asked])
    return value_of(outcome)


def _settle(answer: "Future[Answer]", job: Callable[[], object]) -> None:
    try:
        answer.set_result(cast("Answer", job()))
    except Exception as error:  # noqa: BLE001 whoever asked is told
        answer.set_exception(error)


def _end(idle: SimpleQueue[Child]) -> None:
    """End the processes that answer nothing. They stay in the queue: a late call finds them gone and does not wait."""
    for child in [idle.get() for _ in range(idle.qsize())]:
        child.end()
        idle.put(child)
