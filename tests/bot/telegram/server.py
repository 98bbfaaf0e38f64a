"""A Bot API server on loopback, over real HTTP, in a thread of its own."""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.bot.telegram.world import ApiError, Json, World

TOKEN = "42:AAsecret-of-the-test-bot"  # noqa: S105 nobody's
Fault = str
"""What goes wrong with one call: 401, 500, 502, 429, nonsense, close, slow."""


class Server:
    """Serves a world; `poll_faults` are used up by the next getUpdates, `faults` by other calls than that and getMe."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults: deque[Fault] = deque()
        self.poll_faults: deque[Fault] = deque()
        self.port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http: HTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._poll: asyncio.Future[None] | None = None
        self._news = asyncio.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, on the same port as before if there was one."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """Be away: connections are closed, what is known stays."""
        assert self._loop
        assert self._thread
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    async def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._news = asyncio.Event()
        self._poll = None
        loop = self._loop
        self.world.on_update = lambda: loop.call_soon_threadsafe(self._news.set)
        sockets = bind_sockets(self.port, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        routes = [
            (r"/bot([^/]+)/(\w+)", _Method, {"server": self}),
            (r"/file/bot([^/]+)/(.+)", _File, {"server": self}),
        ]
        self._http = HTTPServer(Application(routes))
        self._http.add_sockets(sockets)
        hooks = asyncio.create_task(self._deliver())
        ready.set()
        await self._stopping.wait()
        self.world.on_update = lambda: None
        hooks.cancel()
        self._http.stop()
        await self._http.close_all_connections()

    async def updates(self, given: Json) -> list[Json]:
        """Long polling; a second poll at the same time ends the first with 409, as Telegram does."""
        if self.world.webhook["url"]:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        if "allowed_updates" in given:
            self.world.allowed = set(json.loads(given["allowed_updates"])) or None
        loop = asyncio.get_running_loop()
        if self._poll and not self._poll.done():
            self._poll.set_exception(ApiError(409, "Conflict: terminated by other getUpdates request"))
        mine = self._poll = loop.create_future()
        until = time.monotonic() + float(given.get("timeout", 0))
        try:
            while True:
                found = self.world.confirm(int(given.get("offset", 0)))
                if found or time.monotonic() >= until:
                    return found
                self._news.clear()
                news = asyncio.ensure_future(self._news.wait())
                await asyncio.wait({mine, news}, timeout=until - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                if mine.done():
                    mine.result()
        finally:
            if not mine.done():
                mine.cancel()

    def forget_poll(self) -> None:
        """Let a poll go whose caller has hung up."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(ApiError(400, "nobody listens"))

    async def _deliver(self) -> None:
        """Deliver updates to a webhook one after another, again and again until one is taken."""
        client = AsyncHTTPClient()
        while True:
            url, waiting = self.world.webhook["url"], self.world.updates
            if not url or not waiting:
                self._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 0.2)
                continue
            update = waiting[0]
            secret = self.world.webhook["secret_token"]
            headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
            try:
                await client.fetch(url, method="POST", headers=headers, body=json.dumps(update))
            except (HTTPClientError, OSError):
                await asyncio.sleep(0.2)
                continue
            self.world.confirm(update["update_id"] + 1)


class _Method(RequestHandler):
    def initialize(self, server: Server) -> None:
        self._server = server

    def prepare(self) -> None:
        self._parameters = _parameters(self.request)

    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        try:
            if token != TOKEN:
                raise ApiError(401, "Unauthorized")  # noqa: TRY301 as every refusal of the world
            is_poll = method.lower() == "getupdates"
            if method.lower() != "getme" and await self._fault(
                self._server.poll_faults if is_poll else self._server.faults
            ):
                return
            if is_poll:
                result: Any = await self._server.updates(self._parameters)
            else:
                result = self._server.world.call(method, self._parameters)
            self._finish({"ok": True, "result": result})
        except ApiError as error:
            self.set_status(error.code)
            body: Json = {"ok": False, "error_code": error.code, "description": error.description}
            if error.retry_after is not None:
                body["parameters"] = {"retry_after": error.retry_after}
            self._finish(body)

    def _finish(self, body: Json) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def on_connection_close(self) -> None:
        self._server.forget_poll()

    async def _fault(self, faults: deque[Fault]) -> bool:
        """Let a call fail as the test asked for, before anything was done; return whether it has been answered."""
        if not faults:
            return False
        fault = faults.popleft()
        if fault == "slow":
            await asyncio.sleep(0.5)
            return False
        if fault == "429":
            raise ApiError(429, "Too Many Requests: retry after 1", 1)
        if fault == "401":
            raise ApiError(401, "Unauthorized")
        if fault == "close":
            self.detach().close()
        elif fault == "nonsense":
            self.finish("<html>It works!</html>")
        else:
            self.set_status(int(fault))
            self.finish("<html>bad gateway</html>")
        return True


class _File(RequestHandler):
    def initialize(self, server: Server) -> None:
        self._server = server

    def get(self, token: str, path: str) -> None:
        found = dict(self._server.world.files.values())
        if token != TOKEN or path not in found:
            self.set_status(404)
        else:
            self.write(found[path])


def _parameters(request: HTTPServerRequest) -> Json:
    if request.headers.get("Content-Type", "").startswith("application/json"):
        given: Json = json.loads(request.body)
        return given
    return {name: values[-1].decode() for name, values in request.arguments.items()}


def wait_until(world: World, condition: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is so that a call by the bot can bring about."""
    end = time.monotonic() + seconds
    with world.changed:
        while not condition():
            left = end - time.monotonic()
            assert left > 0, f"did not come about in {seconds} s; the last calls: {[c[0] for c in world.calls[-10:]]}"
            world.changed.wait(min(left, 0.5))
