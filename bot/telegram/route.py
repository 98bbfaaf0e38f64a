"""How a server is reached: through which proxy, and who may vouch for it."""

import os
import ssl
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi

from retrieval import SettingsError


@dataclass(frozen=True, slots=True)
class Route:
    """The way to a server; `proxy` None: directly, `trust` None: nothing on it is encrypted."""

    proxy: str | None = None
    trust: ssl.SSLContext | None = None

    @classmethod
    def to(cls, server: str) -> Self:
        """Find the way to a server by the environment.

        Raises:
            SettingsError: a proxy is named that cannot be used.
        """
        proxy = _proxy_to(server)
        is_encrypted = any(urlsplit(address).scheme == "https" for address in (server, proxy or ""))
        return cls(proxy, _trust() if is_encrypted else None)


def _proxy_to(server: str) -> str | None:
    """Return the proxy's address. aiohttp itself would pass by ALL_PROXY, and by https:// proxies with a warning."""
    parts, proxies = urlsplit(server), getproxies()
    names = [name for name in (parts.scheme, "all") if proxies.get(name)]
    if not names or proxy_bypass(parts.netloc):
        return None
    found = proxies[names[0]]
    proxy = found if "://" in found else f"http://{found}"
    if urlsplit(proxy).scheme not in {"http", "https"} or not urlsplit(proxy).hostname:
        kind = proxy.partition("://")[0]  # no more of it: a password may stand there
        raise SettingsError(
            f"{names[0].upper()}_PROXY is {kind}://…: the bot goes through http:// and https:// proxies only. "
            f"Name one of these, or put {parts.hostname} into NO_PROXY."
        )
    return proxy


def _trust() -> ssl.SSLContext:
    """Trust what the machine trusts and, unless `SSL_CERT_FILE` or `SSL_CERT_DIR` say whom to trust, what browsers do.

    A company's own authority is known to the machine only, and some Pythons on macOS do not find the machine's.
    """
    file, folder = (os.environ.get(f"SSL_CERT_{name}") or None for name in ("FILE", "DIR"))
    context = ssl.create_default_context(cafile=file, capath=folder)
    if not (file or folder):
        context.load_verify_locations(certifi.where())
    return context
