"""Calls to Telegram: the moment in which one leaves, and the ways to its server."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr
from telegram.error import NetworkError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.settings import TelegramSettings
from bot.telegram.journal import Journal
from bot.telegram.pace import Pace
from bot.telegram.receiving import Health, JournalBot, Receiver, make_request
from bot.telegram.state import State
from retrieval import SettingsError
from tests.bot.telegram.server import TOKEN
from tests.bot.telegram.test_pace import Clock

TEXT = RequestData([RequestParameter.from_input("text", "bridge")])
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Script:
    """A server that gives one scripted reply to each request; `events` are what came and what left, in order."""

    def __init__(self, reply: bytes) -> None:
        self.reply, self.events = reply, list[str]()
        self.serving = set["asyncio.Task[None] | None"]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
                self.events.append(f"{head.split()[0].decode()} {(await reader.readexactly(size)).decode()}")
                writer.write(self.reply)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def leaving(self) -> None:
        self.events.append("leaves")


@asynccontextmanager
async def listening(script: Script) -> AsyncIterator[int]:
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*filter(None, script.serving))


def test_answer_leaves_once_and_right_before_its_body() -> None:
    async def call() -> list[str]:
        script = Script(OK)
        request = make_request(2, script.leaving)
        async with listening(script) as port:
            for _ in range(2):
                await request.do_request(f"http://127.0.0.1:{port}/", "POST", TEXT)
            await request.shutdown()
        return script.events

    assert asyncio.run(call()) == ["leaves", "POST text=bridge"] * 2


def test_what_reaches_nobody_has_not_left() -> None:
    async def call() -> list[str]:
        script = Script(OK)
        request = make_request(2, script.leaving)
        with pytest.raises(NetworkError):
            await request.do_request("http://127.0.0.1:9/", "POST", TEXT)
        await request.shutdown()
        return script.events

    assert asyncio.run(call()) == []


def test_asking_a_proxy_is_not_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    async def call() -> list[str]:
        script = Script(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        async with listening(script) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@127.0.0.1:{port}")
            request = make_request(2, script.leaving)
            with pytest.raises(NetworkError):
                await request.do_request("https://api.telegram.example/", "POST", TEXT)
            await request.shutdown()
        return script.events

    assert asyncio.run(call()) == ["CONNECT "]


@pytest.mark.parametrize("proxy", ["socks5://user:secret@127.0.0.1:9", "ftp://user:secret@127.0.0.1:9"])
def test_proxy_that_cannot_be_used_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(SettingsError, match="HTTPS_PROXY or ALL_PROXY names a proxy that cannot be used") as raised:
        make_request(1)
    assert "secret" not in str(raised.value)


# tornado leaves a socket open whose address is taken
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("wrong", ["taken", "nowhere", "no certificate", "no key"])
def test_webhook_that_cannot_be_served_is_explained(tmp_path: Path, wrong: str) -> None:
    here = tmp_path / "here.pem"
    here.write_text("no certificate")
    gone = tmp_path / "gone.pem"
    certificates = {"no certificate": (gone, None), "no key": (here, here)}

    async def serve() -> None:
        settings = TelegramSettings(token=SecretStr(TOKEN), api="http://127.0.0.1:9")
        journal = Journal(State(tmp_path, Clock()), 10)
        bot = JournalBot(settings, journal, Pace(30, 20, Clock()))
        receiver = Receiver(bot, journal, lambda: None)
        async with listening(Script(OK)) as port:
            cert, key = certificates.get(wrong, (None, None))
            with pytest.raises(SettingsError, match=r"CHUCHU_TELEGRAM_(LISTEN|CERTIFICATE) .* cannot be used"):
                await receiver.start_webhook(
                    "127.0.0.1" if wrong != "nowhere" else "198.51.100.1",
                    port,
                    "path",
                    cert,
                    key,
                    webhook_url="https://bot.example/path",
                    allowed_updates=[],
                    secret_token="secret",  # noqa: S106 nobody's
                )
        assert not receiver.running

    asyncio.run(serve())
    gc.collect()


def test_health_needs_a_call_that_worked_not_long_ago() -> None:
    clock = Clock()
    health = Health(clock)
    assert not health.is_well
    with health.call():
        pass
    assert health.is_well
    with pytest.raises(NetworkError), health.call():
        raise NetworkError("away")
    assert not health.is_well
    with health.call():
        clock.now += 1
    assert health.is_well
    clock.now += 90
    assert not health.is_well
