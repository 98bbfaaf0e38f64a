"""The moment in which a call leaves this machine."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

Hook = Callable[[httpx.Request], Awaitable[None]]


def when_leaving(tell: Callable[[], None]) -> Hook:
    """Return a hook for httpx that calls `tell` right before the body of a request is written to its connection.

    Some milliseconds lie between a call and that moment. What a process that is killed then had only meant to send is
    known not to have left.
    """

    async def trace(event: str, _: Mapping[str, Any]) -> None:
        if event.endswith("send_request_body.started"):
            tell()

    async def hook(request: httpx.Request) -> None:
        request.extensions = {**request.extensions, "trace": trace}

    return hook
