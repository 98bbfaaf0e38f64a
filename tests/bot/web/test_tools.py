"""The protocol's own client against the tools: in this process, on standard input and output, and over HTTP."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from bot.web.api import tools_of
from bot.web.site import listen, served, server_of
from bot.words import InterfaceLanguage, translated
from tests.bot.web.conftest import BRIDGE, RoomMaker

if TYPE_CHECKING:
    import uvicorn

QUESTION = "跃鲤大桥花了多少钱"


async def call(server: Any, name: str, **values: Any) -> dict[str, Any]:
    async with Client(server) as client:
        result = await client.call_tool(name, values)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return dict(result.structured_content)


def check_answer(record: dict[str, Any]) -> None:
    assert record["verdict"] == "answered"
    first = record["hits"][0]
    assert first["quote"] in first["text"]
    assert first["quote"] in BRIDGE
    assert "2.17亿元" in first["quote"]
    assert (
        first["citation"] == "佘望舒，《跃鲤大桥通车》，青岚新闻网，2023年5月2日，https://news.example/bridge?a=1&b=2"
    )


def test_tools_ask_and_read(rooms: RoomMaker) -> None:
    server = tools_of(rooms().archive)

    async def run() -> None:
        async with Client(server) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} >= {
                "ask",
                "article",
                "timeline",
                "sources",
            }
        record = await call(server, "ask", question=QUESTION, k=2)
        check_answer(record)
        read = await call(server, "article", id=record["hits"][0]["article"]["id"])
        assert read["text"] == BRIDGE
        assert (await call(server, "timeline", topic="跃鲤大桥"))["stories"]
        assert {source["name"] for source in (await call(server, "sources"))["sources"]} >= {"青岚新闻网", "临澜日报"}
        assert (await call(server, "ask", question=QUESTION, since="2030"))["verdict"] != "answered"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("article", {"id": "none"}),
        ("ask", {"question": ""}),
        ("ask", {"question": "x", "since": "irgendwann"}),
        ("ask", {}),
    ],
)
def test_what_cannot_be_done_is_an_error_of_the_tool(rooms: RoomMaker, name: str, values: dict[str, str]) -> None:
    async def run() -> None:
        async with Client(tools_of(rooms().archive)) as client:
            assert (await client.call_tool(name, values)).is_error

    asyncio.run(run())


@pytest.fixture
def address(rooms: RoomMaker) -> Iterator[str]:
    """The address of a reading room that is really served."""
    listening = listen("127.0.0.1", 0)
    server: uvicorn.Server = server_of(rooms(), listening)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def test_tools_over_http(address: str) -> None:
    check_answer(asyncio.run(call(f"{address}/mcp", "ask", question=QUESTION)))


def test_tools_on_standard_input_and_output(tmp_path: Path, prepared_cache: Path) -> None:
    environment = os.environ | {"CHUCHU_CACHE": str(prepared_cache), "CHUCHU_WEB_STATE": str(tmp_path)}
    root = Path(__file__).parents[3]
    from retrieval import Settings, encoder_of, index_paths

    (tmp_path / "bridge.txt").write_text(BRIDGE, "utf-8")
    index_paths([tmp_path / "bridge.txt"], tmp_path / "index", encoder_of(Settings(cache=prepared_cache)))
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot", "mcp", "--index", str(tmp_path / "index")],
        env=environment | {"PYTHONPATH": str(root)},
        cwd=str(root),
    )
    record = asyncio.run(call(stdio_client(parameters), "ask", question="跃鲤大桥一共花了多少钱？"))
    assert record["hits"][0]["text"] in BRIDGE


def test_an_address_that_is_taken_is_said() -> None:
    from retrieval import SettingsError

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="--port") as refused:
        listen("127.0.0.1", taken.getsockname()[1])
    said = translated(refused.value.message, InterfaceLanguage.SIMPLIFIED)
    assert "不能用：地址已被占用。请换一个" in said


def test_the_room_is_served_beside_what_else_a_process_does(rooms: RoomMaker) -> None:
    async def run() -> int:
        listening = listen("127.0.0.1", 0)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
        async with served(rooms(), listening), httpx.AsyncClient() as client:
            status: int = (await client.get(f"{address}/latest")).status_code
            assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"{address}/latest")
        return status

    assert asyncio.run(run()) == 200
