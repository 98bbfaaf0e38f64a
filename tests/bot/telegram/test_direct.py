"""Calls over connections of the bot's own, against servers that behave well and badly."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.direct import DirectRequest, is_proxied
from tests.bot.telegram.server import TOKEN, Server

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Script:
    """A server that gives scripted replies; `heard` is what came over each of its connections."""

    def __init__(self, *replies: bytes, hangs_up: bool = False) -> None:
        self.replies = list(replies)
        self.hangs_up = hangs_up
        self.heard: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.heard)
        self.heard.append(b"")
        with suppress(asyncio.IncompleteReadError):
            while self.replies:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
                self.heard[number] += head + await reader.readexactly(size)
                writer.write(self.replies.pop(0))
                await writer.drain()
                if self.hangs_up:
                    break
        writer.close()


@asynccontextmanager
async def _calling(script: Script, patience: float = 5) -> AsyncIterator[Callable[[], Awaitable[tuple[int, bytes]]]]:
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    request = DirectRequest(url, 1, patience)
    data = RequestData([RequestParameter.from_input("text", "a b")])
    try:
        yield lambda: request.do_request(f"{url}/bot1:x/m", "POST", data)
    finally:
        await request.shutdown()
        server.close()


def test_one_connection_serves_many_calls() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    script = Script(_OK, chunked, b"HTTP/1.1 100 Continue\r\n\r\n" + _OK.replace(b"200 OK", b"429 Too Many"))

    async def call() -> list[tuple[int, bytes]]:
        async with _calling(script) as make:
            return [await make() for _ in range(3)]

    assert asyncio.run(call()) == [(200, b"{}"), (200, b"{}"), (429, b"{}")]
    assert len(script.heard) == 1
    assert script.heard[0].startswith(b"POST /bot1:x/m HTTP/1.1\r\n")
    assert script.heard[0].count(b"\r\n\r\ntext=a+b") == 3


@pytest.mark.parametrize("goodbye", [_OK, _OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")])
def test_connection_that_the_server_has_closed_is_not_used_again(goodbye: bytes) -> None:
    script = Script(goodbye, goodbye, hangs_up=True)

    async def call() -> list[tuple[int, bytes]]:
        async with _calling(script) as make:
            first = await make()
            await asyncio.sleep(0.05)
            return [first, await make()]

    assert asyncio.run(call()) == [(200, b"{}")] * 2
    assert len(script.heard) == 2


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", b"nonsense\r\n\r\n"])
def test_reply_that_is_none_ends_its_connection_only(reply: bytes) -> None:
    script = Script(reply, _OK, hangs_up=True)

    async def call() -> tuple[int, bytes]:
        async with _calling(script) as make:
            with pytest.raises(NetworkError, match="ProtocolError"):
                await make()
            return await make()

    assert asyncio.run(call()) == (200, b"{}")


def test_slow_reply_is_told_as_one_and_takes_no_place() -> None:
    script = Script(b"", _OK)

    async def call() -> tuple[int, bytes]:
        async with _calling(script, patience=0.1) as make:
            with pytest.raises(TimedOut):
                await make()
            return await make()

    assert asyncio.run(call()) == (200, b"{}")


def test_call_that_is_cancelled_takes_no_place() -> None:
    script = Script(b"", _OK)

    async def call() -> tuple[int, bytes]:
        async with _calling(script) as make:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(make(), 0.1)
            return await asyncio.wait_for(make(), 5)

    assert asyncio.run(call()) == (200, b"{}")


def test_leaving_is_told_once_and_before_the_server_knows(server: Server) -> None:
    told: list[int] = []

    def leaving() -> None:
        told.append(len(server.world.calls))

    async def call() -> None:
        request, nobody = DirectRequest(server.url, 1, 5, leaving), DirectRequest("http://127.0.0.1:1", 1, 5, leaving)
        assert (await request.do_request(f"{server.url}/bot{TOKEN}/getMe", "POST"))[0] == 200
        with pytest.raises(NetworkError, match="ConnectionRefusedError"):
            await nobody.do_request("http://127.0.0.1:1/", "POST")
        await request.shutdown()
        await nobody.shutdown()

    asyncio.run(call())
    assert told == [0], "never where there was no connection"


def test_files_are_sent_as_such() -> None:
    script = Script(_OK)

    async def call() -> None:
        server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        request = DirectRequest(url, 1, 5)
        data = RequestData([RequestParameter.from_input("certificate", InputFile(b"-----BEGIN", attach=False))])
        assert await request.do_request(f"{url}/bot1:x/setWebhook", "POST", data) == (200, b"{}")
        await request.shutdown()
        server.close()

    asyncio.run(call())
    assert b"multipart/form-data" in script.heard[0]
    assert b"-----BEGIN" in script.heard[0]


def test_proxy_on_the_way_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    api = "https://api.telegram.org"
    assert not is_proxied(api)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert is_proxied(api)
    assert not is_proxied("https://127.0.0.1:8081")
    assert not is_proxied("http://bot.example")

    async def call() -> None:
        request = DirectRequest(api, 1, 5)
        with pytest.raises(NetworkError, match=r"httpx\.ConnectError"):
            await request.do_request(f"{api}/bot1:x/getMe", "POST")
        await request.shutdown()

    asyncio.run(call())


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    own, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(own)]
    subprocess.run([openssl, *made, *names], check=True, capture_output=True)
    return own, key


@pytest.mark.parametrize("is_trusted", [True, False])
def test_servers_are_trusted_by_their_certificates(
    certificate: tuple[Path, Path], is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(_OK, _OK)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    async def call() -> list[tuple[int, bytes]]:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*certificate)
        server = await asyncio.start_server(script.serve, "localhost", 0, ssl=tls)
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        request = DirectRequest(url, 1, 5)
        try:
            return [await request.do_request(f"{url}/bot1:x/m", "POST") for _ in range(2)]
        finally:
            await request.shutdown()
            server.close()
            await asyncio.sleep(0.05)

    if is_trusted:
        assert asyncio.run(call()) == [(200, b"{}")] * 2
        assert len(script.heard) == 1
    else:
        with pytest.raises(NetworkError, match="CERTIFICATE_VERIFY_FAILED"):
            asyncio.run(call())
        assert script.heard == []
