"""One process that opens an archive and answers calls, one after another."""

import gc
import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

from bot.telegram import logs
from bot.telegram.library import Readable
from bot.telegram.line import Call
from retrieval import Answer, ArchiveError, Asked, ChuchuError


class Foreseeing(Readable, Protocol):
    """An archive that embeds questions together."""

    def foresee(self, questions: Sequence[Asked]) -> None:
        """Embed questions that will be asked next."""


Opener = Callable[[], Foreseeing]
Outcome = tuple[bool, object]
"""Whether a call failed, and its error or value."""

_log = logging.getLogger(__name__)
_END_WITHIN_S = 5.0


class GoneError(ArchiveError):
    """A process ended by itself: it was killed, or there was no memory left."""


class Child:
    """A process, and the pipe to it. Its log goes where the bot's goes."""

    def __init__(self, opener: Opener) -> None:
        """Start the process; the first `reply` is about opening the archive. `opener` has to pickle."""
        self._opener = opener
        self._start()

    def renew(self) -> None:
        """Start another process in the place of one that is gone; raises what opening the archive raises."""
        self.end()
        self._start()
        self.reply()

    def call(self, *call: *Call) -> object:
        """Call a method of the archive: its name, args, kwargs; raises what it raises, and GoneError."""
        self._send(call)
        return self.reply()

    def ask(self, questions: Sequence[Asked]) -> Iterator[Outcome]:
        """Put questions that are embedded together; yield what comes of each when it is there. Raises GoneError."""
        left = len(questions)
        try:
            self._send(list(questions))
            while left:
                outcome = self._received()
                left -= 1
                yield outcome
        finally:
            if left:
                self._pipe.close()  # what may still come answers nobody's next call

    def reply(self) -> object:
        """Wait for what came of the last call."""
        return value_of(self._received())

    def end(self) -> None:
        """Close the pipe, which ends the process."""
        self._pipe.close()
        self._process.join(_END_WITHIN_S)

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._opener))
        with theirs:  # open in the process alone, so that its end is the end of the pipe
            _start(process)
        self._pipe, self._process = pipe, process  # one that cannot be started leaves what is gone, to be renewed again

    def _send(self, request: object) -> None:
        try:
            self._pipe.send(request)
        except OSError as error:
            raise self._gone() from error

    def _received(self) -> Outcome:
        try:
            outcome: Outcome = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error
        return outcome

    def _gone(self) -> GoneError:
        self._process.join(_END_WITHIN_S)
        return GoneError(
            f"process {self._process.pid}, which answered questions, ended by itself ({self._process.exitcode}). "
            "If memory is short, set CHUCHU_TELEGRAM_PROCESSES to fewer."
        )


def value_of(outcome: Outcome) -> object:
    """Return what a call returned; raise what it raised."""
    is_error, value = outcome
    if is_error:
        raise value  # type: ignore[misc]  # it is an exception then
    return value


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
            request = pipe.recv()
            for outcome in _outcomes(archive, request):  # type: ignore[arg-type]  # an archive if no error
                pipe.send(outcome)
    gc.freeze()  # nothing is to be searched for garbage at the end


def _outcomes(archive: Foreseeing, request: Call | list[Asked]) -> Iterator[Outcome]:
    if isinstance(request, tuple):
        name, args, kwargs = request
        yield _outcome(partial(getattr(archive, name), *args, **kwargs))
        return
    if len(request) > 1:
        _outcome(partial(archive.foresee, request))  # should that fail, each question is asked all the same
    for asked in request:
        yield _outcome(partial(_asked, archive, asked))


def _asked(archive: Readable, asked: Asked) -> Answer:
    return archive.ask(asked.question, k=asked.k, filters=asked.filters, as_of=asked.as_of, is_literal=asked.is_literal)


def _outcome(job: Callable[[], object]) -> Outcome:
    """Return whether a job fails, and its value or error; one that is no ChuchuError may not cross, but its name."""
    try:
        return False, job()
    except ChuchuError as error:
        return True, error
    except Exception as error:  # noqa: BLE001 the bot is told; without the message, which may repeat people's words
        kind, frames = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s%s: (message left out)", frames, kind)
        return True, RuntimeError(kind)
