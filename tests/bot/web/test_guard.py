"""Who is let in, how much may be asked, and what browsers may do."""

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.settings import WebSettings, read_web_settings
from bot.web.guard import MOST_BODY, check_open, is_loopback
from retrieval import SettingsError
from tests.bot.web.conftest import RoomMaker, client_of

TOKEN = "a token of 16 characters, at least"  # noqa: S105
PAGES = ["/", "/latest", "/sources", "/evaluate", "/a/ferry", "/nowhere", "/evaluate/questions.jsonl"]
MACHINES = ["/api/ask?question=x", "/api/sources", "/api/articles/ferry", "/api/openapi.json"]


@pytest.fixture
def closed(rooms: RoomMaker) -> TestClient:
    return client_of(rooms(token=TOKEN), "0.0.0.0")  # noqa: S104


@pytest.mark.parametrize("address", PAGES)
def test_without_the_token_no_page_is_shown(closed: TestClient, address: str) -> None:
    for headers in (
        {},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Basic {TOKEN}"},
        {"cookie": "chuchu=x"},
    ):
        response = closed.get(address, headers=headers)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/login?next=%2F")
        assert not response.content


@pytest.mark.parametrize("address", MACHINES)
def test_programs_need_the_token_in_the_header(closed: TestClient, address: str) -> None:
    assert closed.get(address).status_code == 401
    assert closed.get(address, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_login_lets_a_browser_in_and_leads_on(closed: TestClient) -> None:
    assert closed.post("/login?next=%2Flatest", data={"token": "something else"}).status_code == 401
    assert closed.get("/latest").status_code == 303
    response = closed.post("/login?next=%2Flatest", data={"token": TOKEN})
    assert (response.status_code, response.headers["location"]) == (303, "/latest")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert TOKEN not in cookie
    assert closed.get("/latest").status_code == 200


@pytest.mark.parametrize(
    "way", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_login_leads_to_no_other_site(closed: TestClient, way: str) -> None:
    response = closed.post("/login", params={"next": way}, data={"token": TOKEN})
    assert response.headers["location"] == "/"


def test_guessing_the_token_is_slow(closed: TestClient) -> None:
    statuses = [closed.post("/login", data={"token": f"guess {n}"}).status_code for n in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    assert closed.get("/login").status_code == 200


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.9.1", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.7", "news.example", "localhost.evil.example", "")),  # noqa: S104
    ],
)
def test_another_machine_needs_a_token(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local
    check_open(host, WebSettings(token=SecretStr(TOKEN)))
    if is_local:
        check_open(host, WebSettings())
    else:
        with pytest.raises(SettingsError, match="CHUCHU_WEB_TOKEN"):
            check_open(host, WebSettings())


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8350", "127.0.0.1.evil.example", "localhost.evil.example:1", ""]
)
def test_without_a_token_no_foreign_name_is_answered(rooms: RoomMaker, host: str) -> None:
    open_room = client_of(rooms(url="https://news.example/room"))
    assert open_room.get("/sources", headers={"host": host}).status_code == 400
    for known in ("localhost:8350", "127.0.0.1", "[::1]:9", "news.example"):
        assert open_room.get("/sources", headers={"host": known}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_a_form_of_another_site_is_refused(reader: TestClient, headers: dict[str, str]) -> None:
    form = {"question": "q", "article": "a", "quote": "x", "rating": "right"}
    assert reader.post("/rate", data=form, headers=headers).status_code == 403
    assert reader.post("/rate", data=form, headers={"origin": "http://127.0.0.1:8350"}).status_code == 303


def test_everything_has_the_headers(reader: TestClient) -> None:
    answers = [reader.get(address) for address in (*PAGES, *MACHINES, "/style.css", "/keys.js", "/healthz")]
    answers += [reader.get("/", headers={"host": "evil.example"}), reader.post("/rate", content=b"x" * (MOST_BODY + 1))]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_requests_are_bounded(reader: TestClient, rooms: RoomMaker) -> None:
    assert reader.get("/?q=" + "x" * 13_000).status_code == 414
    assert reader.post("/api/ask", content=b" " * (MOST_BODY + 1)).status_code == 413
    assert reader.post("/api/ask", content=iter([b" " * 40_000] * 2)).status_code == 413
    assert reader.get("/?q=" + "x" * 2_001).status_code == 400
    hasty = client_of(rooms(per_minute=5))
    statuses = [hasty.get("/healthz").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert int(hasty.get("/healthz").headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("TOKEN", "short"), ("URL", "news.example"), ("URL", "ftp://x"), ("PER_MINUTE", "0"), ("QUEUE", "x")],
)
def test_a_setting_that_cannot_be_used_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CHUCHU_WEB_{name}", value)
    with pytest.raises(SettingsError, match=f"CHUCHU_WEB_{name}: ") as refused:
        read_web_settings()
    assert value == "0" or f"'{value}'" not in str(refused.value)
