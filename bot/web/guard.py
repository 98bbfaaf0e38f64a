"""What stands before every page: who is let in, how much may be asked, and what browsers may do with the answer."""

import hmac
import ipaddress
from hashlib import sha256
from time import monotonic
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from bot.live_archive import Buckets
from bot.settings import WebSettings
from bot.web.view import chosen_language
from bot.words import translated
from retrieval import Message, SettingsError

COOKIE = "chuchu"
MOST_BODY = 64 * 1024  # bytes; the longest question has 2,000 characters
_MOST_ADDRESS = 12_000  # characters: a question of 1,300 Chinese characters, each nine when escaped
_LOGINS_AT_ONCE, _LOGINS_S = 5, 10.0  # tries, and seconds until the next one
_OPEN = frozenset({"/login", "/style.css", "/keys.js", "/icon.svg", "/healthz"})
"""What is shown to those who are not let in."""
_MACHINES = ("/api/", "/mcp")
_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'none'"),
        *("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # to other sites no address goes, for questions stand in ours; with no-referrer forms would come without an origin
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-cache",
}
_SEALS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address can be reached from this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_open(host: str, settings: WebSettings) -> None:
    """Refuse to be open to other machines without a token.

    Raises:
        SettingsError: it would be.
    """
    if not is_loopback(host) and settings.token is None:
        raise SettingsError(
            "--host {host} lets other machines in: set CHUCHU_WEB_TOKEN to what readers must know (16 characters at "
            "least), or leave --host out",
            host=host,
        )


class Guard:
    """Wraps the reading room: lets in, counts, refuses; and puts the same headers on everything that leaves it."""

    def __init__(self, app: ASGIApp, settings: WebSettings, host: str) -> None:
        """Guard a room that listens on `host`.

        Without a token it answers to this machine's names only: a page elsewhere whose name leads here (DNS rebinding)
        would otherwise read the archive.
        """
        self._app = app
        self._token = settings.token.get_secret_value().encode() if settings.token else None
        named = {urlsplit(settings.url).hostname} if settings.url else set()
        self._hosts = None if self._token else {"localhost", "127.0.0.1", "[::1]", host.lower(), *named}
        self._requests = Buckets(settings.per_minute, settings.per_minute / 60, monotonic)
        self._logins = Buckets(_LOGINS_AT_ONCE, 1 / _LOGINS_S, monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def seal(message: Event) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_headers(message["headers"])
            await send(message)

        request = Request(scope)
        request.state.guard = self
        await (self._refusal(request) or self._app)(scope, receive, seal)

    def _refusal(self, request: Request) -> Response | None:
        """Return why a request is not answered."""
        host = request.headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if self._hosts is not None and name not in self._hosts:
            return _refused(request, Message("this is not my name; set CHUCHU_WEB_URL to the address in use"), 400)
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > _MOST_ADDRESS:
            return _refused(request, Message("this address is too long"), 414)
        caller = request.client.host if request.client else ""
        is_login = request.method == "POST" and request.url.path == "/login"
        if wait := (self._logins if is_login else self._requests).take(caller):
            seconds = int(wait) + 1
            said = Message("too many requests; come back in {seconds} s", seconds=seconds)
            return _refused(request, said, 429, {"Retry-After": str(seconds)})
        if request.method not in {"GET", "HEAD"} and not _is_same_origin(request, host):
            return _refused(request, Message("this was sent by another site"), 403)
        if self.knows(request) or request.url.path in _OPEN:
            return None
        if request.url.path.startswith(_MACHINES):
            return JSONResponse(
                {"error": "send the token: Authorization: Bearer …"}, 401, {"WWW-Authenticate": "Bearer"}
            )
        wanted = request.url.path + ("?" + request.url.query if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)

    def knows(self, request: Request) -> bool:
        """Return whether whoever sent a request has the token, in the header or in the cookie of a login."""
        if self._token is None:
            return True
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        is_bearer = kind.lower() == "bearer" and self.is_token(given.strip())
        return is_bearer or hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self.cookie.encode())

    def is_token(self, given: str) -> bool:
        """Return whether somebody gave the token; how long it takes says nothing of it."""
        digests = (sha256(value).digest() for value in (given.encode(), self._token or b""))
        return self._token is not None and hmac.compare_digest(*digests)

    @property
    def cookie(self) -> str:
        """What a browser keeps after a login: from it the token cannot be found, and with the token it changes."""
        return hmac.new(self._token or b"", b"chuchu reading room", sha256).hexdigest()


def _refused(request: Request, said: Message, status: int, headers: dict[str, str] | None = None) -> Response:
    """Return a refusal in the reader's language, as plain text."""
    return PlainTextResponse(translated(said, chosen_language(request)) + "\n", status, headers)


def _is_same_origin(request: Request, host: str) -> bool:
    """Return whether a form was sent by a page of ours, or by no browser."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site in {"cross-site", "same-site"}:
        return False
    return origin is None or urlsplit(origin).netloc.lower() == host


def _with_headers(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers with ours, but those that a page has set itself."""
    there = {name.lower() for name, _ in given}
    return [*given, *((name, value) for name, value in _SEALS if name not in there)]
