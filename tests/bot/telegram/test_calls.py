"""Calls to servers that behave well and badly."""

import asyncio
import io
import logging
import traceback
from pathlib import Path

import pytest
from telegram import InputFile
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.api import make_api
from bot.telegram.calls import Calls
from bot.telegram.journal import Journal
from bot.telegram.route import Route
from bot.telegram.sending import Pace
from bot.telegram.state import Database, Inbox
from tests.bot.telegram.scripted import OK, PATH, TEXT, Script, calling, listening, ready
from tests.bot.telegram.server import TOKEN, Server
from tests.bot.telegram.test_limits import Clock

NOBODY = "http://127.0.0.1:1"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"
NO_REPLIES = [b"", SHORT, b"nonsense\r\n\r\n"]


async def _times(script: Script, count: int) -> list[tuple[int, bytes]]:
    async with calling(script) as call:
        found = []
        for _ in range(count):
            found.append(await call())
            await asyncio.sleep(0.05)  # so that a server has hung up where it wants to
        return found


def test_one_connection_serves_many_calls() -> None:
    script = Script(OK, CHUNKED, b"HTTP/1.1 100 Continue\r\n\r\n" + OK.replace(b"200 OK", b"429 Too Many"))
    assert asyncio.run(_times(script, 3)) == [(200, b"{}"), (200, b"{}"), (429, b"{}")]
    assert len(script.heard) == 1
    assert script.heard[0].startswith(b"POST /bot1:secret/m HTTP/1.1\r\n")
    assert script.heard[0].count(b"\r\nContent-Type: application/x-www-form-urlencoded\r\n") == 3
    assert script.heard[0].count(b"\r\n\r\ntext=a+b") == 3


@pytest.mark.parametrize("goodbye", [OK, OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")])
def test_connection_that_the_server_has_closed_is_not_used_again(goodbye: bytes) -> None:
    script = Script(goodbye, goodbye, hangs_up=True)
    assert asyncio.run(_times(script, 2)) == [(200, b"{}")] * 2
    assert len(script.heard) == 2


@pytest.mark.parametrize("reply", NO_REPLIES)
def test_reply_that_is_none_ends_its_connection_only(reply: bytes) -> None:
    script = Script(reply, OK, hangs_up=True)

    async def call_twice() -> tuple[int, bytes]:
        async with calling(script) as call:
            with pytest.raises(NetworkError, match=r"^(ServerDisconnected|ClientPayload|ClientResponse)Error\b"):
                await call()
            return await call()

    assert asyncio.run(call_twice()) == (200, b"{}")


def test_call_whose_connection_breaks_is_not_made_again() -> None:
    script = Script(OK, b"", OK)

    async def call_twice() -> None:
        async with calling(script) as call:
            await call()
            script.hangs_up = True
            with pytest.raises(NetworkError):
                await call()

    asyncio.run(call_twice())
    assert [heard.count(b"POST") for heard in script.heard] == [2]
    assert script.replies == [OK]


def test_address_that_a_server_points_to_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\n{}"
    assert asyncio.run(_times(Script(moved), 1)) == [(302, b"{}")]


def test_slow_reply_is_told_as_one_and_takes_no_place() -> None:
    async def call_twice() -> tuple[int, bytes]:
        async with calling(Script(b"", OK), patience=0.1) as call:
            with pytest.raises(TimedOut, match="SocketTimeoutError"):
                await call()
            return await call()

    assert asyncio.run(call_twice()) == (200, b"{}")


def test_call_may_be_given_longer_than_others() -> None:
    async def reply_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.3)
        writer.write(OK)
        writer.close()

    async def call() -> tuple[int, bytes]:
        async with listening(reply_late) as port, ready(Calls(Route(), 1, 0.05)) as calls:
            assert calls.read_timeout == 0.05
            return await calls.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", TEXT, read_timeout=5)

    assert asyncio.run(call()) == (200, b"{}")


def test_call_that_is_cancelled_takes_no_place() -> None:
    async def call_twice() -> tuple[int, bytes]:
        async with calling(Script(b"", OK)) as call:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(call(), 0.1)
            return await asyncio.wait_for(call(), 5)

    assert asyncio.run(call_twice()) == (200, b"{}")


def test_calls_wait_for_a_connection_as_long_as_they_may() -> None:
    script = Script(b"", OK)

    async def call() -> None:
        async with listening(script.serve) as port, ready(Calls(Route(), 1, 5)) as calls:
            url = f"http://127.0.0.1:{port}{PATH}"
            first = asyncio.create_task(calls.do_request(url, "POST", TEXT))
            await asyncio.sleep(0.05)
            with pytest.raises(TimedOut, match="ConnectionTimeoutError"):
                await calls.do_request(url, "POST", TEXT, pool_timeout=0.05, connect_timeout=0.05)
            second = asyncio.create_task(calls.do_request(url, "POST", TEXT))
            first.cancel()
            assert await second == (200, b"{}")

    asyncio.run(call())
    assert [heard.count(b"POST") for heard in script.heard] == [1, 1]


def test_call_before_and_after_is_a_mistake() -> None:
    async def call() -> None:
        calls = Calls(Route(), 1, 5)
        with pytest.raises(RuntimeError, match="initialize"):
            await calls.do_request(NOBODY, "POST")
        async with ready(calls):
            await calls.initialize()
        await calls.shutdown()
        with pytest.raises(RuntimeError, match="initialize"):
            await calls.do_request(NOBODY, "POST")

    asyncio.run(call())


def test_leaving_is_told_once_and_before_the_server_knows(server: Server) -> None:
    told: list[int] = []

    async def call() -> None:
        async with ready(Calls(Route(), 1, 5, lambda: told.append(len(server.world.calls)))) as calls:
            assert (await calls.do_request(f"{server.url}/bot{TOKEN}/getMe", "POST", TEXT))[0] == 200
            with pytest.raises(NetworkError, match=r"ClientConnectorError: Cannot connect to host 127\.0\.0\.1:1 "):
                await calls.do_request(f"{NOBODY}{PATH}", "POST", TEXT)

    asyncio.run(call())
    assert told == [0], "never where there was no connection"
    assert len(server.world.calls) == 1


def test_leaving_is_told_once_there_is_a_connection() -> None:
    script = Script(OK)
    heard: list[list[bytes]] = []

    async def call() -> None:
        leaving = Calls(Route(), 1, 5, lambda: heard.append(list(script.heard)))
        async with listening(script.serve) as port, ready(leaving) as calls:
            await calls.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", TEXT)

    asyncio.run(call())
    assert heard == [[b""]], "the server had taken the connection, and heard nothing yet"


def test_call_that_cannot_be_noted_does_not_leave() -> None:
    script = Script(OK)

    def fail() -> None:
        raise LookupError("the disk is full")

    async def call() -> None:
        async with listening(script.serve) as port, ready(Calls(Route(), 1, 5, fail)) as calls:
            with pytest.raises(NetworkError, match=r"^ClientConnectionError \(LookupError\)$"):
                await calls.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", TEXT)
            await asyncio.sleep(0.05)

    asyncio.run(call())
    assert script.heard == [b""]


def test_files_are_sent_as_such() -> None:
    script = Script(OK)
    large = b"x" * 3_000_000  # aiohttp warns of a body of more than 1 MiB that is sent in one piece
    name = '桥“a"b'.encode().decode()
    fields = {"chat_id": 5, "certificate": InputFile(large, filename=name, attach=False)}
    held = InputFile(io.BytesIO(b"-----BEGIN"), filename="key.pem", read_file_handle=False)

    async def call() -> None:
        parameters = [RequestParameter.from_input(name, value) for name, value in [*fields.items(), ("key", held)]]
        async with listening(script.serve) as port, ready(Calls(Route(), 1, 5)) as calls:
            data = RequestData(parameters)
            assert await calls.do_request(f"http://127.0.0.1:{port}{PATH}", "POST", data) == (200, b"{}")

    asyncio.run(call())
    assert b"multipart/form-data; boundary=" in script.heard[0]
    assert b'form-data; name="chat_id"\r\n\r\n5\r\n' in script.heard[0]
    assert 'name="certificate"; filename="桥“a\\"b"\r\n'.encode() in script.heard[0]
    assert b"\r\n\r\n" + large + b"\r\n" in script.heard[0]
    assert b'filename="key.pem"' in script.heard[0]
    assert b"-----BEGIN" in script.heard[0]


def test_large_file_is_fetched_whole() -> None:
    large = bytes(range(256)) * 80_000  # 20 MB, as large as Telegram gives
    script = Script(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(large) + large)

    async def fetch() -> bytes:
        async with listening(script.serve) as port, ready(Calls(Route(), 1, 5)) as calls:
            return await calls.retrieve(f"http://127.0.0.1:{port}/file/bot1:secret/documents/file_1.zip")

    assert asyncio.run(fetch()) == large
    assert script.heard[0].startswith(b"GET /file/bot1:secret/documents/file_1.zip HTTP/1.1\r\n")


@pytest.mark.parametrize("reply", [*NO_REPLIES, b"slow", b"nobody", b"no pool", b"no address", b"no way"])
def test_no_message_holds_the_token(reply: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    script = Script(b"" if b" " in reply or reply == b"slow" else reply, hangs_up=reply in NO_REPLIES)
    way = Route(proxy=NOBODY) if reply == b"no way" else Route()
    pool = 0.0001 if reply == b"no pool" else 5

    async def call() -> TelegramError:
        async with listening(script.serve) as port, ready(Calls(way, 1, 0.1)) as calls:
            servers = {b"nobody": NOBODY, b"no address": "ftp://x"}
            url = f"{servers.get(reply, f'http://127.0.0.1:{port}')}{PATH}"
            held = asyncio.create_task(calls.do_request(url, "POST", read_timeout=5)) if pool < 1 else None
            await asyncio.sleep(0.05)
            with pytest.raises(NetworkError) as caught:
                await calls.do_request(url, "POST", TEXT, pool_timeout=pool, connect_timeout=pool)
            if held:
                held.cancel()
            return caught.value

    error = asyncio.run(call())
    assert str(error)
    shown = "".join(traceback.format_exception(error)) + caplog.text
    assert "secret" not in shown
    assert "/bot" not in shown.replace("/bot/", "")


def test_bot_that_cannot_begin_hangs_up(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(tmp_path)
    journal = Journal(Inbox(database, Clock()), 10)

    async def begin() -> None:
        pace = Pace(30, 20, Clock())
        wrong, away = make_api(server.url, "42:wrong", pace, journal), make_api(NOBODY, TOKEN, pace, journal)
        with pytest.raises(InvalidToken):
            await wrong.initialize()
        for _ in range(2):
            with pytest.raises(NetworkError, match="Cannot connect"):
                await away.initialize()
        for api in (wrong, away):
            with pytest.raises(RuntimeError, match="initialize"):
                await api.request.do_request(NOBODY, "POST")

    asyncio.run(begin())
    database.close()
    assert "Unclosed" not in caplog.text
