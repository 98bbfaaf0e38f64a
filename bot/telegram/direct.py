"""Calls to the Bot API over connections of the bot's own: 0.35 ms of processor time each, where httpx takes 0.9."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.connection import Connection, Place
from bot.telegram.leaving import when_leaving

_CONNECT_S = 5.0
_WAIT_S = 60.0  # for a connection while all are in use
_IDLE_S = 5.0  # then a connection is not used again: the server may be about to close it
_FORM = "application/x-www-form-urlencoded"


class DirectRequest(HTTPXRequest):
    """Makes calls to one server itself; those that send files, or all if a proxy stands between, it leaves to httpx.

    `leaving` is told right before the body of a call leaves.
    """

    def __init__(
        self, server: str, connections: int, read_timeout: float, leaving: Callable[[], None] = lambda: None
    ) -> None:
        hooks = {"event_hooks": {"request": [when_leaving(leaving)]}}
        super().__init__(connections, read_timeout=read_timeout, pool_timeout=_WAIT_S, httpx_kwargs=hooks)
        self._place = None if is_proxied(server) else _place(server)
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[Connection] = []
        self._leaving = leaving

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *others: Any,
        **timeouts: Any,
    ) -> tuple[int, bytes]:
        """Make one call; return its status and body.

        Raises:
            TelegramError: it could not be made, or there was no reply.
        """
        if self._place is None or (request_data and request_data.contains_files):
            return await super().do_request(url, method, request_data, read_timeout, *others, **timeouts)
        patience = self.read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        form = urlencode(request_data.json_parameters).encode() if request_data else b""
        try:
            async with self._connection(self._place) as connection:
                return await connection.call(_request(urlsplit(url), method, form), form, patience, self._leaving)
        except TimeoutError as error:
            raise TimedOut from error
        except (OSError, h11.ProtocolError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error

    async def shutdown(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().close()
        await super().shutdown()

    @asynccontextmanager
    async def _connection(self, place: Place) -> AsyncIterator[Connection]:
        """Lend a connection; whatever goes wrong on it ends it."""
        async with asyncio.timeout(_WAIT_S):
            await self._slots.acquire()
        try:
            connection = await self._opened(place)
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
        finally:
            self._slots.release()

    async def _opened(self, place: Place) -> Connection:
        """Return the connection that was used last, or a new one."""
        while self._idle:
            if (connection := self._idle.pop()).is_ready(_IDLE_S):
                return connection
            connection.close()
        async with asyncio.timeout(_CONNECT_S):
            return await Connection.open(place)


def is_proxied(server: str) -> bool:
    """Tell whether the environment names a proxy on the way to a server."""
    parts = urlsplit(server)
    return bool({parts.scheme, "all"} & getproxies().keys()) and not proxy_bypass(parts.netloc)


def _place(server: str) -> Place:
    parts = urlsplit(server)
    tls = httpx.create_ssl_context() if parts.scheme == "https" else None
    return Place(parts.hostname or "", parts.port or (443 if tls else 80), tls)


def _request(url: SplitResult, method: str, form: bytes) -> h11.Request:
    target = f"{url.path}?{url.query}" if url.query else url.path
    headers = [("Host", url.netloc), ("User-Agent", BaseRequest.USER_AGENT), ("Content-Length", str(len(form)))]
    return h11.Request(method=method, target=target, headers=[*headers, ("Content-Type", _FORM)])
