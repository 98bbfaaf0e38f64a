"""The watch sees whatever leaves a process, so that seeing nothing means something."""

import os
import sys
from pathlib import Path

import pytest

from tests.reaching import watch, why_not

REASON = why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))

LOOKUP = "socket.getaddrinfo('example.invalid', 80)"
INNER = "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 9))"


def run(code: str, tmp_path: Path, *allowed: int) -> list[str]:
    python = (
        f"import socket, subprocess, sys, threading\ntry:\n    {code}\nexcept OSError as error:\n    print(error)\n"
    )
    done = watch([sys.executable, "-c", python], {"PATH": os.environ["PATH"]}, tmp_path, frozenset(allowed))
    assert done.returncode == 0, done.stderr
    return done.reached


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        (LOOKUP, ":53 by"),
        ("socket.socket().connect(('192.0.2.1', 443))", "connect 192.0.2.1:443 by"),
        ("socket.socket().connect(('127.0.0.1', 9))", "connect 127.0.0.1:9 by"),
        (INNER, "connect [2001:db8::1]:9 by"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.2', 9))", "sendto 192.0.2.2:9 by"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.3', 9))", "sendmsg 192.0.2.3:9 by"),
        ("socket.socket(socket.AF_UNIX).connect('/run/none.socket')", "connect family 1: b'/run/none.socket' by"),
        (f'subprocess.run([sys.executable, "-c", "import socket; {INNER}"])', "connect [2001:db8::1]:9 by"),
        (f"each = threading.Thread(target=lambda: {INNER}); each.start(); each.join()", "connect [2001:db8::1]:9 by"),
    ],
)
def test_what_is_tried_is_seen(code: str, seen: str, tmp_path: Path) -> None:
    assert any(seen in reached for reached in run(code, tmp_path))


@pytest.mark.parametrize(
    "code",
    [
        "print(1)",
        "one, other = socket.socketpair(); one.sendall(b'x'); one.sendmsg([b'x']); print(other.recv(2))",
        "socket.socket().bind(('127.0.0.1', 0))",
    ],
)
def test_what_stays_in_the_machine_is_not(code: str, tmp_path: Path) -> None:
    assert run(code, tmp_path) == []


def test_a_port_that_is_allowed_is_reached(tmp_path: Path) -> None:
    code = f"""served = socket.create_server(('127.0.0.1', {47_113}))
    with socket.create_connection(('127.0.0.1', {47_113})):
        print(served.accept())"""
    assert run(code, tmp_path, 47_113) == []
    assert run(code, tmp_path) == ["connect 127.0.0.1:47113 by python"]
