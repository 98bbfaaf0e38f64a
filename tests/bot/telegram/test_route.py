"""The way to a server: proxies and certificates, as the environment names them."""

import asyncio
from base64 import b64encode
from pathlib import Path

import certifi
import pytest
from telegram.error import NetworkError

from bot.telegram.calls import Calls
from bot.telegram.route import Route
from retrieval import SettingsError
from tests.bot.telegram.scripted import OK, PATH, TEXT, Relay, Script, certify, listening, presenting, ready

API = "https://api.telegram.org"
OWN = "((('commonName', 'localhost'),),)"
"""Whom the certificate of these tests is for."""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names nothing."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def _vouching(server: str) -> set[str]:
    trust = Route.to(server).trust
    assert trust
    return {str(entry["subject"]) for entry in trust.get_ca_certs()}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return certify(tmp_path)


def test_proxy_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Route.to(API).proxy is None
    monkeypatch.setenv("ALL_PROXY", "one.example:1")
    assert Route.to(API).proxy == "http://one.example:1"
    monkeypatch.setenv("HTTPS_PROXY", "https://two.example:2")
    assert Route.to(API).proxy == "https://two.example:2"
    assert Route.to("http://bot.example").proxy == "http://one.example:1"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,.example")
    assert Route.to("http://bot.example:8081").proxy is None
    assert Route.to("https://127.0.0.1:8081").proxy is None
    assert Route.to(API).proxy == "https://two.example:2"


@pytest.mark.parametrize("proxy", ["socks5://me:word@proxy.example:1080", "socks5h://proxy.example", "http://"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_proxy_of_another_kind_is_told_in_a_line(name: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, proxy)
    kind = proxy.partition(":")[0]
    line = rf"^{name} is {kind}://…: .* http:// and https:// proxies only.*api\.telegram\.org into NO_PROXY\.$"
    with pytest.raises(SettingsError, match=line) as caught:
        Route.to(API)
    assert "word" not in str(caught.value)
    monkeypatch.setenv("NO_PROXY", "telegram.org")
    assert Route.to(API).proxy is None


def test_calls_without_encryption_are_handed_to_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(OK, OK)

    async def call() -> list[tuple[int, bytes]]:
        async with listening(script.serve) as port:
            monkeypatch.setenv("HTTP_PROXY", f"http://me:word@127.0.0.1:{port}")
            async with ready(Calls(Route.to("http://bot.example"), 1, 5)) as calls:
                return [await calls.do_request(f"http://bot.example{PATH}", "POST", TEXT) for _ in range(2)]

    assert asyncio.run(call()) == [(200, b"{}")] * 2
    assert len(script.heard) == 1
    assert script.heard[0].startswith(b"POST http://bot.example/bot1:secret/m HTTP/1.1\r\nHost: bot.example\r\n")
    assert script.heard[0].count(b"\r\nProxy-Authorization: Basic " + b64encode(b"me:word")) == 2


@pytest.mark.parametrize("kind", ["http", "https"])
def test_encrypted_calls_go_through_the_proxy(
    certificate: tuple[Path, Path], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(OK, OK)
    told: list[list[bytes]] = []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    async def call() -> list[bytes]:
        tls = presenting(certificate)
        async with listening(script.serve, tls) as port:
            relay = Relay(port)
            async with listening(relay.serve, tls if kind == "https" else None) as middle:
                monkeypatch.setenv("HTTPS_PROXY", f"{kind}://localhost:{middle}")
                route = Route.to("https://localhost")
                async with ready(Calls(route, 1, 5, lambda: told.append(list(relay.asked)))) as calls:
                    for _ in range(2):
                        assert await calls.do_request(f"https://localhost{PATH}", "POST", TEXT) == (200, b"{}")
                await asyncio.sleep(0.05)
            return relay.asked

    asked = asyncio.run(call())
    assert len(asked) == 1
    assert asked[0].startswith(b"CONNECT localhost:443 HTTP/1.1\r\n")
    assert b"secret" not in asked[0]
    assert told == [asked, asked], "once a call, and not before the proxy had connected"
    assert script.heard[0].count(b"POST /bot1:secret/m") == 2


def test_proxy_that_refuses_is_told_by_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    async def call() -> None:
        async with listening(Script(b"HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n").serve) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            async with ready(Calls(Route.to(API), 1, 5, lambda: told.append(1))) as calls:
                with pytest.raises(NetworkError, match=r"^ClientHttpProxyError 407$"):
                    await calls.do_request(f"{API}{PATH}", "POST", TEXT)

    asyncio.run(call())
    assert told == []


@pytest.mark.parametrize("is_trusted", [True, False])
def test_servers_are_trusted_by_their_certificates(
    certificate: tuple[Path, Path], is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(OK, OK)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    async def call() -> list[tuple[int, bytes]]:
        async with listening(script.serve, presenting(certificate)) as port:
            url = f"https://localhost:{port}"
            async with ready(Calls(Route.to(url), 1, 5)) as calls:
                return [await calls.do_request(f"{url}{PATH}", "POST", TEXT) for _ in range(2)]

    if is_trusted:
        assert asyncio.run(call()) == [(200, b"{}")] * 2
        assert len(script.heard) == 1
    else:
        with pytest.raises(NetworkError, match="CERTIFICATE_VERIFY_FAILED"):
            asyncio.run(call())
        assert script.heard == []


def test_machine_without_certificates_trusts_what_browsers_do(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert OWN not in _vouching(API)
    with monkeypatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(certificate[0]))
        assert OWN in _vouching(API)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert _vouching(API) == {OWN}, "who says whom to trust is not told of others"
    assert Route.to("http://127.0.0.1:8081").trust is None
