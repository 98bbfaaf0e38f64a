"""One HTTP/1.1 connection that is kept open from call to call."""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import h11

_READ_AT_ONCE = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens; `tls` None: without encryption."""

    host: str
    port: int
    tls: ssl.SSLContext | None


class Connection:
    """A connection over which one call after another is made."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.CLIENT)
        self._used = time.monotonic()

    @classmethod
    async def open(cls, place: Place) -> Self:
        """Connect.

        Raises:
            OSError: nobody listens there, or its certificate is not trusted.
        """
        return cls(*await asyncio.open_connection(place.host, place.port, ssl=place.tls))

    async def call(
        self, request: h11.Request, body: bytes, patience: float | None, leaving: Callable[[], None]
    ) -> tuple[int, bytes]:
        """Make one call, waiting at most `patience` seconds for each piece of the reply; return its status and body.

        `leaving` is told right before the call is written.

        Raises:
            OSError: the connection broke; as TimeoutError, the server took too long.
            h11.ProtocolError: the reply is no HTTP, or ends too early.
        """
        pieces = (request, h11.Data(body), h11.EndOfMessage())
        written = b"".join(self._http.send(piece) or b"" for piece in pieces)
        leaving()
        self._writer.write(written)
        async with asyncio.timeout(patience):
            await self._writer.drain()
        status, found = 0, bytearray()
        while not isinstance(event := await self._event(patience), h11.EndOfMessage):
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                found += event.data
        self._used = time.monotonic()
        return status, bytes(found)

    def is_ready(self, idle_s: float) -> bool:
        """Make ready for the next call; return False if there cannot be one, or none was made for `idle_s` seconds."""
        if self._http.our_state is self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        is_fresh = time.monotonic() - self._used < idle_s
        return is_fresh and self._http.our_state is h11.IDLE and not self._reader.at_eof()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def _event(self, patience: float | None) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            async with asyncio.timeout(patience):
                self._http.receive_data(await self._reader.read(_READ_AT_ONCE))
        return event
