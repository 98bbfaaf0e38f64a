"""Calls to the Bot API through aiohttp: 0.2 ms of processor time each, where httpx takes 0.7."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import (
    BytesPayload,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    TCPConnector,
    TraceConfig,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.route import Route

_CONNECT_S, _WRITE_S = 5.0, 20.0
_WAIT_S = 60.0  # for a connection while all are in use
_IDLE_S = 5.0  # then a connection is not used again: the server may be about to close it
_FORM = "application/x-www-form-urlencoded"
_UNSET = BaseRequest.DEFAULT_NONE


class Calls(BaseRequest):
    """Makes calls over at most `connections` at once, and none of them twice that changes anything.

    `leaving` is told right before the body of a call is written to its connection. Some milliseconds lie between a call
    and that moment. What a process that is killed then had only meant to send is known not to have left.
    """

    def __init__(
        self, route: Route, connections: int, read_timeout: float, leaving: Callable[[], None] = lambda: None
    ) -> None:
        self._route = route
        self._connections = connections
        self._read_timeout = read_timeout
        self._leaving = leaving
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for the next piece of a reply, unless a call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Make ready for calls."""
        if self._session is None:
            self._session = self._opened()

    async def shutdown(self) -> None:
        """Hang up."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _UNSET,
        write_timeout: Any = _UNSET,
        connect_timeout: Any = _UNSET,
        pool_timeout: Any = _UNSET,
    ) -> tuple[int, bytes]:
        """Make one call; return its status and body.

        Raises:
            TelegramError: it could not be made, or there was no reply. It shows no cause, for many of aiohttp's errors
                hold the address, and so the token.
        """
        if self._session is None:
            raise RuntimeError("initialize() comes before the first call")
        timeout = _timeout(
            _given(pool_timeout, _WAIT_S),
            _given(connect_timeout, _CONNECT_S),
            _given(write_timeout, _WRITE_S) if method == "POST" else None,
            _given(read_timeout, self._read_timeout),
        )
        body = _body(request_data) if request_data else None
        try:
            async with self._session.request(method, url, data=body, timeout=timeout, allow_redirects=False) as reply:
                return reply.status, await reply.read()
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (ClientError, OSError) as error:
            raise NetworkError(_told(error)) from None

    def _opened(self) -> ClientSession:
        trace = TraceConfig()

        async def tell(*_: object) -> None:
            self._leaving()

        # told before each piece of a body is written, the first of which takes the headers along
        trace.on_request_chunk_sent.append(tell)
        return ClientSession(
            connector=TCPConnector(limit=self._connections, keepalive_timeout=_IDLE_S, ssl=self._route.trust or True),
            proxy=self._route.proxy,
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            trace_configs=[trace],
        )


def _given(value: Any, default: float) -> float | None:
    """Return seconds, or None for as long as it takes."""
    seconds: float | None = default if value is _UNSET else value
    return seconds


def _timeout(wait: float | None, connect: float | None, write: float | None, read: float | None) -> ClientTimeout:
    """Return how long a call may take: as a whole if `write` is given, for what is fetched may be large."""
    found = None if wait is None or connect is None else wait + connect
    whole = None if found is None or write is None or read is None else found + write + read
    return ClientTimeout(total=whole, connect=found, sock_connect=connect, sock_read=read)


def _body(data: RequestData) -> BytesPayload | FormData:
    if not data.contains_files:
        return BytesPayload(urlencode(data.json_parameters).encode(), content_type=_FORM)
    form = FormData(quote_fields=False)  # the names of files are UTF-8, as browsers send them
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=kind)
    return form


def _told(error: Exception) -> str:
    """Name an error. Asked for more, those of others than the connector may show the address."""
    if isinstance(error, ClientConnectorError):
        return f"{type(error).__name__}: {error}"
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    return f"{type(error).__name__}{cause} {getattr(error, 'status', '')}".rstrip()
