"""Small servers that say what a test wrote down for them."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.calls import Calls
from bot.telegram.route import Route

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PATH = "/bot1:secret/m"
TEXT = RequestData([RequestParameter.from_input("text", "a b")])
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Call = Callable[[], Awaitable[tuple[int, bytes]]]


class Script:
    """A server that gives scripted replies; `heard` is what came over each of its connections."""

    def __init__(self, *replies: bytes, hangs_up: bool = False) -> None:
        self.replies = list(replies)
        self.hangs_up = hangs_up
        self.heard: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.heard)
        self.heard.append(b"")
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self.replies:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
                self.heard[number] += head + await reader.readexactly(size)
                writer.write(self.replies.pop(0))
                await writer.drain()
                if self.hangs_up:
                    break
        writer.close()


class Relay:
    """A proxy that connects whoever asks it to `port` of this machine; `asked` are the requests for that."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        there, on = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pass_on(reader, on), _pass_on(there, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve on a port of this machine."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def ready(calls: Calls) -> AsyncIterator[Calls]:
    """Let calls be made."""
    await calls.initialize()
    try:
        yield calls
    finally:
        await calls.shutdown()


@asynccontextmanager
async def calling(script: Script, patience: float = 5) -> AsyncIterator[Call]:
    """Return what makes one call of a server over the one connection there may be."""
    async with listening(script.serve) as port, ready(Calls(Route(), 1, patience)) as calls:
        yield lambda: calls.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", TEXT)


def certify(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost that vouches for itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    own, key = folder / "cert.pem", folder / "key.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(own)]
    subprocess.run([openssl, *made, *names], check=True, capture_output=True)
    return own, key


def presenting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Return what a server with that certificate speaks."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    return tls
