"""See what a process and its children try to reach, also what native code does: a seccomp filter hands every call to us.

A packet leaves a process by `connect`, or by a send that names an address. The filter is put on the thread that starts the
process, which inherits it; it needs no rights, no namespace and no tool. A call that names a place not allowed is noted
and refused as where there is no network, so that nothing leaves while we look.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst, "Userspace Notification".
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MACHINES = {
    "x86_64": (0xC000003E, 317, {42: "connect", 44: "sendto", 46: "sendmsg", 307: "sendmmsg", 425: "io_uring_setup"}),
    "aarch64": (
        0xC00000B7,
        277,
        {203: "connect", 206: "sendto", 211: "sendmsg", 269: "sendmmsg", 425: "io_uring_setup"},
    ),
}
"""The architecture as seccomp names it, the number of `seccomp`, and the calls that are handed to us."""
_NO_NEW_PRIVILEGES, _SET_FILTER, _NEW_LISTENER = 38, 1, 8
_ALLOW, _NOTIFY, _CONTINUE = 0x7FFF0000, 0x7FC00000, 1
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_LOOPBACK_MAPPED = bytes(10) + b"\xff\xff\x7f"
_ABOUT_USERS = (b"/var/run/nscd/", b"/run/systemd/userdb/")
"""Sockets of this machine that the C library asks about users; without them it looks up hosts where we see it."""


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


@dataclass(slots=True)
class Watched:
    """What a process did: its exit status, what it wrote, and the places that it tried to reach."""

    returncode: int = 0
    stdout: str = ""
    stderr: str = ""
    reached: list[str] = field(default_factory=list)


def why_not() -> str | None:
    """Return why this machine cannot watch a process, or None."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return f"no filter of calls is written for {platform.system()} on {platform.machine()}"
    try:
        done = watch(["true"], {}, Path("/"))
    except OSError as error:
        return f"this machine lets nobody watch the calls of a process: {error}"
    return None if done.returncode == 0 else "a watched process does not run here"


class Watch:
    """A process under watch; `finish` waits for its end."""

    def __init__(
        self, command: Sequence[str], environment: dict[str, str], folder: Path, allowed: frozenset[int] = frozenset()
    ) -> None:
        """Start it in `folder`; it may reach the ports of this machine that are `allowed`.

        Raises:
            OSError: the system does not let us.
        """
        self._allowed, self._reached = allowed, list[str]()
        started: list[Any] = []
        starter = threading.Thread(target=self._start, args=(command, environment, folder, started))
        starter.start()
        starter.join()
        if isinstance(started[0], OSError):
            raise started[0]
        self._listener, self.process = started
        self._watching = threading.Thread(target=self._look, daemon=True)
        self._watching.start()

    def finish(self, stdin: str = "", timeout: float = 120) -> Watched:
        """Give it what is left of its input, wait for its end, and return what it did."""
        try:
            stdout, stderr = self.process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            self.end()
            raise
        self._watching.join(timeout)
        os.close(self._listener)
        return Watched(self.process.returncode, stdout, stderr, self._reached)

    def end(self) -> None:
        """Kill it, if it has not ended."""
        self.process.kill()
        with self.process:  # closes its pipes
            pass

    def _start(self, command: Sequence[str], environment: dict[str, str], folder: Path, started: list[Any]) -> None:
        try:
            started.append(_filtered())
            started.append(
                subprocess.Popen(
                    command, cwd=folder, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            )  # fmt: skip
        except OSError as error:
            started[:] = [error]

    def _look(self) -> None:
        """Answer calls until the last process that inherited the filter has ended; older kernels do not say when."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        while True:
            events = [event for _, event in poll.poll(200)]
            if any(event & select.POLLHUP for event in events) or (not events and self.process.returncode is not None):
                return
            if not events:
                continue
            call = bytearray(80)
            with suppress(OSError):  # the process ended meanwhile
                fcntl.ioctl(self._listener, _RECEIVE, call)
                answer = self._answer(call)
                fcntl.ioctl(self._listener, _SEND, bytearray(answer))

    def _answer(self, call: bytearray) -> bytes:
        number, process, _, what, _, _, *arguments = struct.unpack("=QIIiIQ6Q", call)
        name = _MACHINES[platform.machine()][2][what]
        if name == "io_uring_setup":  # the ring would connect unseen
            return struct.pack("=Qqii", number, 0, -errno.ENOSYS, 0)
        try:
            address = _address(process, name, arguments)
        except OSError:  # its memory may not be read, or it has ended
            address = bytes(2) + b"somewhere"
        place = _place(address)
        if not address or self._may(address):
            return struct.pack("=QqiI", number, 0, 0, _CONTINUE)
        if not any(address[2:].startswith(own) for own in _ABOUT_USERS):
            self._reached.append(f"{name} {place} by {_thread(process)}")
        return struct.pack("=Qqii", number, 0, -errno.ENETUNREACH, 0)

    def _may(self, address: bytes) -> bool:
        family, port = int.from_bytes(address[:2], "little"), int.from_bytes(address[2:4], "big")
        if family == socket.AF_INET:
            return address[4] == 127 and port in self._allowed
        if family == socket.AF_INET6:
            return address[8:21] == _LOOPBACK_MAPPED and port in self._allowed
        return family == socket.AF_NETLINK or address == bytes(16)  # the latter takes a connection apart


def watch(
    command: Sequence[str],
    environment: dict[str, str],
    folder: Path,
    allowed: frozenset[int] = frozenset(),
    stdin: str = "",
) -> Watched:
    """Run a command to its end, and return what it did and what it tried to reach."""
    return Watch(command, environment, folder, allowed).finish(stdin)


def _filtered() -> int:
    """Put the filter on this thread and what it starts; return where its calls are handed out."""
    architecture, seccomp, calls = _MACHINES[platform.machine()]
    instructions = [(_LOAD, 0, 0, 4), (_EQUALS, 0, len(calls) + 1, architecture), (_LOAD, 0, 0, 0)]
    instructions += [(_EQUALS, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    instructions += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _NOTIFY)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    given = _Filter(len(instructions), ctypes.addressof(program))
    listener = int(libc.syscall(seccomp, _SET_FILTER, _NEW_LISTENER, ctypes.byref(given)))
    if listener < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return listener


def _address(process: int, name: str, arguments: Sequence[int]) -> bytes:
    """Return the address that a call names, as it lies in memory; nothing if it names none."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:

        def read(start: int, length: int) -> bytes:
            return os.pread(memory.fileno(), length, start)

        if name in {"sendmsg", "sendmmsg"}:
            start, length = struct.unpack("=QI", read(arguments[1], 12))
        else:
            start, length = arguments[1:3] if name == "connect" else arguments[4:6]
        return read(start, min(length, 128)) if start else b""


def _place(address: bytes) -> str:
    family = int.from_bytes(address[:2], "little")
    port = int.from_bytes(address[2:4], "big")
    if family == socket.AF_INET:
        return f"{socket.inet_ntop(family, address[4:8])}:{port}"
    if family == socket.AF_INET6:
        return f"[{socket.inet_ntop(family, address[8:24])}]:{port}"
    return f"family {family}: {address[2:].rstrip(bytes(1))!r}"


def _thread(number: int) -> str:
    try:
        return Path(f"/proc/{number}/comm").read_text("utf-8").strip()
    except OSError:
        return "a thread that has ended"
