"""Python modules run as programs in processes of their own, forked from one that has loaded what they are made of.

To load chuchu's modules takes 0.6 s of a processor, which is most of what a short command takes. A forked process has
its own environment, streams, signals and end, as one that was started has; what is read of the environment while Python
or a module starts (`PYTHON…`, the locale, `TMPDIR`) is that of the tests, so a program that is given others is started.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = (
    "bot.cli", "bot.json_output", "bot.output", "bot.repl", "retrieval.archive", "retrieval.ingest", "retrieval.read.texts",
    "retrieval.upkeep",
)  # fmt: skip
LOADED = {"bot": COMMANDS, "tests.bot.telegram.fake_bot": ("bot.telegram.app", "tests.bot.telegram.fakes")}
"""By module what it is made of."""
_AT_START = ("PYTHON", "LC_", "LANG", "TMPDIR", "OMP_", "OPENBLAS_")
_POLL_S = 0.01


def run(
    *arguments: str, environment: Mapping[str, str], stdin: str = "", timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot arguments` to its end, from the project's folder."""
    if any(environment.get(name) != os.environ.get(name) for name in {*environment, *os.environ} if _counts(name)):
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT, env=dict(environment), input=stdin, capture_output=True, text=True, check=False, timeout=timeout,
        )  # fmt: skip
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given, giving = os.pipe()
        writer = threading.Thread(target=_give, args=(giving, stdin.encode()))
        writer.start()
        try:
            process = start("bot", *arguments, environment=environment, streams=(given, out.fileno(), err.fileno()))
        finally:
            os.close(given)
        try:
            status = process.wait(timeout)
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
            raise
        writer.join()
        out.seek(0)
        err.seek(0)
        said, wrong = out.read().decode(), err.read().decode()
    return subprocess.CompletedProcess(["chuchu", *arguments], status, said, wrong)


def _counts(name: str) -> bool:
    return name.startswith(_AT_START) and name != "PYTHONPATH"


def _give(end: int, data: bytes) -> None:
    with os.fdopen(end, "wb") as stream:
        try:
            stream.write(data)
        except BrokenPipeError:
            return


class Forked:
    """A process that runs, with what `subprocess.Popen` has of the same name."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = int(line.recv(32))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            TimeoutError: it has not ended in so many seconds.
        """
        if self.returncode is None:
            self._line.settimeout(timeout)
            status = self._line.recv(32)
            assert status, "the process that forks has gone"
            self.returncode = os.waitstatus_to_exitcode(int(status))
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        try:
            return self.wait(_POLL_S)
        except TimeoutError:
            return None

    def send_signal(self, number: int) -> None:
        """Send a signal to a process that still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)


def start(module: str, *arguments: str, environment: Mapping[str, str], streams: tuple[int, int, int]) -> Forked:
    """Start `python -m module arguments` with these descriptors as its standard input, output and error."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    wanted = {"module": module, "arguments": arguments, "environment": dict(environment)}
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(wanted).encode())
        file.flush()
        socket.send_fds(_server(module)[0], [b"."], [*streams, theirs.fileno(), file.fileno()])
    theirs.close()
    return Forked(ours)


@cache
def _server(module: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the process that forks; it ends with this one, which holds the other end of its socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.forking", module, str(theirs.fileno())]
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return ours, process


def _serve(asked: socket.socket) -> tuple[str, Sequence[str]] | None:
    """Fork for each request; return in the forked process what it is to run, and None once nobody is left to ask."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while True:
        _, given, _, _ = socket.recv_fds(asked, 16, 5)
        if not given:
            return None
        if os.fork() == 0:
            asked.close()
            return _forked(*given)
        for descriptor in given:
            os.close(descriptor)


def _forked(stdin: int, stdout: int, stderr: int, line: int, file: int) -> tuple[str, Sequence[str]]:
    """Fork once more: the first waits, and sends how the second ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        for descriptor in (stdin, stdout, stderr, file):
            os.close(descriptor)
        with socket.socket(fileno=line) as told:
            told.send(str(child).encode())
            _, status = os.waitpid(child, 0)
            with suppress(OSError):
                told.send(str(status).encode())
        os._exit(0)
    with os.fdopen(os.dup(file), "rb") as written:
        written.seek(0)
        wanted = json.loads(written.read())
    for place, descriptor in enumerate((stdin, stdout, stderr)):
        os.dup2(descriptor, place)
    for descriptor in (stdin, stdout, stderr, line, file):
        if descriptor > 2:
            os.close(descriptor)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    return wanted["module"], wanted["arguments"]


def _load(names: Sequence[str]) -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in names:
        importlib.import_module(name)
    assert len([*Path("/proc/self/task").iterdir()]) == 1, "what has threads cannot be forked"
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load(LOADED[sys.argv[1]])
    if (asked_for := _serve(socket.socket(fileno=int(sys.argv[2])))) is not None:
        name, given = asked_for
        sys.argv = ["chuchu", *given]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
