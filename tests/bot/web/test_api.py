"""The API: the command line's records, as the description says."""

from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from starlette.testclient import TestClient

from bot import json_output
from bot.web.api import ROUTES, AskRequest, description
from retrieval import Archive, Settings
from tests.bot.web.conftest import EVIL, RoomMaker
from tests.fakes import FakeEncoder

QUESTION = "跃鲤大桥花了多少钱"


def check(record: object, name: str) -> None:
    """Hold a record to the description."""
    jsonschema.validate(record, {"$ref": f"#/components/schemas/{name}", "components": description()["components"]})


def without_times(record: Any) -> Any:
    return {name: value for name, value in record.items() if name != "timing_ms"}


def test_an_answer_is_the_command_lines(reader: TestClient, rooms: RoomMaker, folder: str) -> None:
    record = reader.get("/api/ask", params={"question": QUESTION, "k": 2, "since": "2022"}).json()
    with Archive(folder, Settings(reader="off"), FakeEncoder()) as archive:
        expected = json_output.answer(archive.ask(QUESTION, k=2, since="2022"))
    assert without_times(record) == without_times(expected)
    check(record, "Answer")
    assert record["hits"][0]["article"]["id"] == "news/bridge.txt"
    posted = reader.post("/api/ask", json={"question": QUESTION, "k": 2, "since": "2022"}).json()
    assert without_times(posted) == without_times(record)


@pytest.mark.parametrize("question", ["今天的渔港", "zzz", "你好", "水库蓄水多少", EVIL])
def test_every_answer_is_as_described(reader: TestClient, question: str) -> None:
    check(reader.get("/api/ask", params={"question": question}).json(), "Answer")


def test_an_article_and_the_sources_are_as_described(reader: TestClient) -> None:
    record = reader.get("/api/articles/news/bridge.txt").json()
    check(record, "WholeArticle")
    hit = reader.get("/api/ask", params={"question": QUESTION}).json()["hits"][0]
    assert record["text"][slice(*hit["span"])] == hit["text"]
    evil = reader.get("/api/articles/" + quote(f"../{EVIL}", safe=""))
    check(evil.json(), "WholeArticle")
    assert evil.headers["content-type"] == "application/json"
    assert reader.get("/api/articles/none").status_code == 404
    check(reader.get("/api/articles/none").json(), "Error")
    check(reader.get("/api/timeline", params={"topic": "跃鲤大桥"}).json(), "Timeline")
    for source in reader.get("/api/sources").json():
        check(source, "Source")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"question": ""},
        {"question": "x" * 2001},
        {"question": "   "},
        {"k": 0},
        {"k": 101},
        {"k": "many"},
        {"since": "irgendwann"},
        {"as_of": "irgendwann"},
        {"since": "2023", "until": "2022"},
        {"literal": "perhaps"},
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(reader: TestClient, spoilt: dict[str, Any]) -> None:
    values = {"question": QUESTION, **spoilt}
    for response in (reader.get("/api/ask", params=values), reader.post("/api/ask", json=values)):
        assert response.status_code == 400
        check(response.json(), "Error")
        assert "\n" not in response.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 50_000])
def test_a_body_that_is_no_question_is_refused(reader: TestClient, body: bytes) -> None:
    assert reader.post("/api/ask", content=body).status_code == 400


def test_the_description_names_every_route_and_every_field(reader: TestClient) -> None:
    described = reader.get("/api/openapi.json").json()
    routes = {route.path.replace(":path", "") for route in ROUTES} - {"/api/openapi.json"}
    assert described["paths"].keys() == routes
    named = {parameter["name"] for parameter in described["paths"]["/api/ask"]["get"]["parameters"]}
    assert (
        named == AskRequest.model_fields.keys() == described["components"]["schemas"]["Question"]["properties"].keys()
    )
