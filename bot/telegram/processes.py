"""The archive in several processes: in one, Python's lock holds all its questions together at about one core."""

import gc
import logging
import multiprocessing
import signal
import traceback
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from typing import Concatenate, ParamSpec, TypeVar

from bot.telegram import logs
from bot.telegram.library import Readable
from retrieval import Answer, ArchiveError, Article, ChuchuError, Filters, Source

P = ParamSpec("P")
T = TypeVar("T")
Opener = Callable[[], Readable]

_log = logging.getLogger(__name__)
_END_WITHIN_S = 5.0


class GoneError(ArchiveError):
    """A process ended by itself: it was killed, or there was no memory left."""


class Child:
    """One process that opens an archive and answers one call at a time. Its log goes where the bot's goes."""

    def __init__(self, opener: Opener) -> None:
        """Start the process; the first `reply` is about opening the archive. `opener` has to pickle."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, opener))
        _start(self._process)
        theirs.close()  # open in the process alone, so that its end is the end of the pipe

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call a method of the archive; raises what it raises, and GoneError."""
        try:
            self._pipe.send((name, args, kwargs))
        except OSError as error:
            raise self._gone() from error
        return self.reply()

    def reply(self) -> object:
        """Wait for what came of the last call."""
        try:
            is_error, value = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error
        if is_error:
            raise value
        return value

    def end(self) -> None:
        """Close the pipe, which ends the process."""
        self._pipe.close()
        self._process.join(_END_WITHIN_S)

    def _gone(self) -> GoneError:
        self._process.join(_END_WITHIN_S)
        return GoneError(
            f"process {self._process.pid}, which answered questions, ended by itself ({self._process.exitcode}). "
            "If memory is short, set CHUCHU_TELEGRAM_PROCESSES to fewer."
        )


class Processes:
    """An archive opened by `count` processes, for as many threads. They end with the last reference, or when closed."""

    def __init__(self, opener: Opener, count: int) -> None:
        """Open the archive in each; raises what opening raises, and GoneError."""
        self._opener = opener
        self._idle: SimpleQueue[Child] = SimpleQueue()
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
        """Answer a question."""
        return self._call(Readable.ask, question, k=k, filters=filters, as_of=as_of, is_literal=is_literal)

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
        """Put a call to a process that is idle; to a new one if that is gone, but once only: the call may be why."""
        child = self._idle.get()
        try:
            try:
                return child.call(method.__name__, args, kwargs)  # type: ignore[return-value]
            except GoneError as error:
                if not self._ending.alive:
                    raise
                _log.warning("%s Another takes its place.", error)
            child = Child(self._opener)
            child.reply()
            return child.call(method.__name__, args, kwargs)  # type: ignore[return-value]
        finally:
            self._idle.put(child)
            if not self._ending.alive:
                _end(self._idle)


def _end(idle: SimpleQueue[Child]) -> None:
    """End the processes that answer nothing. They stay in the queue: a late call finds them gone and does not wait."""
    for child in [idle.get() for _ in range(idle.qsize())]:
        child.end()
        idle.put(child)


def _start(process: SpawnProcess) -> None:
    """Start a process that no Ctrl-C or SIGTERM to all reaches: the bot finishes first what it has begun."""
    resource_tracker.ensure_running()  # starting that would let the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, opener: Opener) -> None:
    """Answer calls until the bot closes the pipe, or is killed, which closes it too."""
    logs.configure("")
    with suppress(EOFError, ConnectionError):
        is_error, archive = opened = _outcome(opener)
        pipe.send(opened if is_error else (False, None))
        while not is_error:
            name, args, kwargs = pipe.recv()
            pipe.send(_outcome(partial(getattr(archive, name), *args, **kwargs)))
    gc.freeze()  # nothing is to be searched for garbage at the end


def _outcome(job: Callable[[], object]) -> tuple[bool, object]:
    """Return whether a job fails, and its value or error; one that is no ChuchuError may not cross, but its name."""
    try:
        return False, job()
    except ChuchuError as error:
        return True, error
    except Exception as error:  # noqa: BLE001 the bot is told; without the message, which may repeat people's words
        kind, frames = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s%s: (message left out)", frames, kind)
        return True, RuntimeError(kind)
