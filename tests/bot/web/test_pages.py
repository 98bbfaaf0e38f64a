"""The pages as they leave the server."""

import json
import re
from dataclasses import replace
from datetime import datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from lxml import etree
from starlette.testclient import TestClient

from bot.telegram.state import Ratings
from bot.web import article_path
from bot.web.view import _moment
from retrieval import (
    Answer,
    Archive,
    Article,
    Compared,
    Difference,
    Filters,
    Hit,
    PartAnswer,
    Refusal,
    RefusalKind,
    Settings,
    index_paths,
)
from tests.bot.web.conftest import BRIDGE, EVIL, RECORDS, RoomMaker, client_of
from tests.fakes import FakeEncoder

VOID = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """A page taken apart: its elements, what is in which, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.append((self.open[-1], data))

    def text_of(self, tag: str) -> str:
        return "".join(data for inside, data in self.texts if inside == tag)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]


def get(reader: TestClient, address: str, status: int = 200, language: str = "en") -> Page:
    response = reader.get(address, headers={"accept-language": language})
    assert response.status_code == status, response.text
    return Page(response.text)


def asked(reader: TestClient, question: str, **limits: str) -> Page:
    query = "&".join(f"{name}={quote(value)}" for name, value in {"q": question, **limits}.items())
    return get(reader, f"/?{query}")


def test_an_answer_is_shown_with_its_words_lit_and_a_citation(reader: TestClient) -> None:
    page = asked(reader, "跃鲤大桥花了多少钱")
    assert "2.17亿元" in page.text_of("mark")
    links = [link["href"] for link in page.all("a", class_="title")]
    assert links[0].startswith("/a/news/bridge.txt?at=")
    times = [time["datetime"] for time in page.all("time")]
    assert "2023-05-02" in times


def test_a_citation_leads_to_the_passage_marked_in_its_article(reader: TestClient) -> None:
    link = next(each["href"] for each in asked(reader, "跃鲤大桥花了多少钱").all("a", class_="title"))
    page = get(reader, link.replace("&amp;", "&").partition("#")[0])
    assert len(page.all("mark", id="span")) == 1
    assert "2.17亿元" in page.text_of("mark")
    assert all(line in page.text_of("p") + page.text_of("mark") for line in BRIDGE.split("\n"))


def test_a_link_that_was_made_earlier_finds_the_passage_and_says_that_it_moved(reader: TestClient) -> None:
    first, last = quote("大桥一共花了2.17亿元"), quote("最早上桥的是一位退休船工。")
    page = get(reader, f"/a/news/bridge.txt?at=800-850&from={first}&to={last}")
    assert "2.17亿元" in page.text_of("mark")
    assert page.all("p", role="status")
    gone = get(reader, f"/a/news/bridge.txt?at=800-850&from={quote('从来没有的话')}&to={quote('这里没有')}")
    assert not gone.all("mark")
    assert gone.all("p", role="alert")


@pytest.mark.parametrize("query", ["at=5", "at=a-b", "at=9-2", "at=", f"at={'9' * 30}-{'9' * 30}", "from=x", "at=٣-٤"])
def test_an_address_that_was_spoilt_shows_the_article(reader: TestClient, query: str) -> None:
    assert get(reader, f"/a/news/bridge.txt?{query}").all("div", class_="text")


def test_chips_take_off_one_limit_each(reader: TestClient) -> None:
    page = asked(reader, "大桥花了多少钱", since="2022", source="青岚新闻网")
    chips = [link["href"] for link in page.all("a", rel="nofollow") if "aria-label" in link]
    assert len(chips) == 2
    assert any("since" not in chip and "source" in chip for chip in chips)
    assert any("since=2022" in chip and "source" not in chip for chip in chips)


def test_what_was_understood_of_a_question_is_a_chip_that_asks_literally(reader: TestClient) -> None:
    page = asked(reader, "据青岚新闻网2023年5月的报道，跃鲤大桥花了多少钱")
    chips = [unquote(link["href"]) for link in page.all("a", rel="nofollow") if "aria-label" in link]
    assert chips
    assert all("literal=1" in chip for chip in chips)
    since = next(chip for chip in chips if "until=" in chip and "since=" not in chip)
    left = [link for link in get(reader, since).all("a", rel="nofollow") if "aria-label" in link]
    assert len(left) == len(chips) - 1
    assert all("since=" not in link["href"] for link in left)


def test_a_limit_that_cannot_be_read_is_said_with_the_form_still_filled(reader: TestClient) -> None:
    page = get(reader, f"/?q={quote('大桥')}&since=irgendwann", 400)
    assert "irgendwann" in page.text_of("p")
    assert page.all("input", name="q")[0]["value"] == "大桥"
    in_chinese = get(reader, f"/?q={quote('大桥')}&since=irgendwann", 400, "zh-CN").text_of("p")
    assert "irgendwann" in in_chinese
    assert "is not" not in in_chinese


@pytest.mark.parametrize(
    "address", ["/", f"/?q={quote('渔港停了多少船')}", "/latest?n=100", "/sources", "/nowhere?lang=en"]
)
def test_nothing_of_an_article_becomes_markup(reader: TestClient, address: str) -> None:
    check_harmless(reader.get(address).text)


def test_a_hostile_article_is_words_in_every_place(reader: TestClient) -> None:
    address = next(
        link["href"] for link in asked(reader, "渔港停了多少船").all("a", class_="title") if "id=" in link["href"]
    )
    for more in ("", "&repairs=1&removed=1"):
        text = reader.get(address.partition("#")[0] + more).text
        check_harmless(text)
        assert "49" not in Page(text).text_of("h1"), "a template in an article is filled in"
        assert "javascript:" not in "".join(link["href"] for link in Page(text).all("a"))
    evil = next(each["id"] for each in RECORDS if EVIL in each["id"])
    check_harmless(reader.get("/compare", params={"a": evil, "b": "ferry"}).text)
    check_harmless(reader.get("/", params={"q": EVIL}).text)
    check_harmless(reader.get("/", params={"q": "x", "since": EVIL}).text)
    check_harmless(reader.get(f"/a/{quote(EVIL, safe='')}").text)


def check_harmless(text: str) -> None:
    page = Page(text)
    assert {element["src"].partition("?")[0] for element in page.all("script")} == {"/keys.js"}
    assert not page.all("img")
    assert not page.all("style")
    handlers = [
        name for _, attributes in page.elements for name in attributes if name.startswith("on") or name == "style"
    ]
    assert not handlers
    seen = [data for _, data in page.texts] + [
        attributes[name] for _, attributes in page.elements for name in ("title", "aria-label") if name in attributes
    ]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(seen))


def test_every_page_speaks_three_languages_and_remembers_which(reader: TestClient) -> None:
    assert get(reader, "/sources", language="zh-CN,zh;q=0.9").all("html")[0]["lang"] == "zh-Hans"
    assert get(reader, "/sources", language="zh-TW").all("html")[0]["lang"] == "zh-Hant"
    assert get(reader, "/sources", language="fr").all("html")[0]["lang"] == "en"
    assert get(reader, "/sources?lang=zh-hant").all("html")[0]["lang"] == "zh-Hant"
    assert get(reader, "/latest", language="fr").all("html")[0]["lang"] == "zh-Hant", "it was chosen"
    assert get(reader, "/latest?lang=nonsense", language="fr").all("html")[0]["lang"] == "zh-Hant"


def test_copies_are_linked_and_compared(reader: TestClient) -> None:
    page = get(reader, "/a/news/bridge.txt")
    compare = next(link["href"] for link in page.all("a") if link["href"].startswith("/compare"))
    both = get(reader, compare)
    assert both.text_of("mark") == "本报将继续关注。"


def test_citations_to_copy_stand_on_the_articles_page(reader: TestClient) -> None:
    said = get(reader, "/a/news/bridge.txt").text_of("pre")
    for expected in ("[N/OL]", "@article{", "TY  - NEWS", "https://news.example/bridge?a=1&b=2", "(2023年5月2日)"):
        assert expected in said
    assert "日期不詳" in get(reader, "/a/ferry").text_of("pre")


def test_sources_have_bars_that_add_up(reader: TestClient) -> None:
    page = get(reader, "/sources")
    counts = [int(data.rpartition(": ")[2]) for inside, data in page.texts if inside == "title" and ": " in data]
    assert sum(counts) == sum("published" in each for each in RECORDS)
    assert len(page.all("svg", role="img")) == 2, "what has no dates has no chart"


def test_what_is_rated_becomes_a_question_to_measure_with(reader: TestClient, rooms: RoomMaker) -> None:
    page = asked(reader, "跃鲤大桥花了多少钱")
    form = {each["name"]: each["value"] for each in page.all("input", type="hidden")[:4]}
    for rating in ("not-relevant", "right"):
        sent = reader.post(f"/rate?q={quote('跃鲤大桥花了多少钱')}", data={**form, "rating": rating})
        assert sent.status_code == 303
        assert sent.headers["location"].startswith("/?q=")
    reader.post("/rate", data={"question": "谁是市长", "rating": "unanswerable", "article": "", "quote": ""})
    decided = Ratings(rooms().settings.state).questions()
    assert [record["articles"] for record in decided] == [["news/bridge.txt"], []]
    assert len(reader.get("/evaluate/questions.jsonl").text.splitlines()) == 2
    report = reader.get("/evaluate/report")
    assert report.status_code == 200
    assert "success@1" in report.text
    assert "sha256-" in report.headers["content-security-policy"]
    assert "unsafe" not in report.headers["content-security-policy"]


def test_a_passage_over_several_lines_is_rated_as_the_archive_has_it(reader: TestClient, rooms: RoomMaker) -> None:
    form = {
        "question": "q",
        "article": "a",
        "quote": "一\r\n二",
        "rating": "right",
        "answered": "1",
    }  # as browsers send
    reader.post("/rate", data=form)
    assert Ratings(rooms().settings.state).all()[0].quote == "一\n二"


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x1c"])
def test_a_sign_that_ends_lines_elsewhere_is_rated_as_any_other(
    reader: TestClient, rooms: RoomMaker, sign: str
) -> None:
    for question in ("q", f"q{sign}r"):
        reader.post("/rate", data={"question": question, "article": "a", "quote": f"一{sign}二", "rating": "right"})
    assert [rated.quote for rated in Ratings(rooms().settings.state).all()] == [f"一{sign}二"] * 2
    assert reader.get("/evaluate").status_code == 200


def test_a_rating_that_was_written_half_spoils_none(reader: TestClient, rooms: RoomMaker) -> None:
    form = {"question": "q", "article": "a", "quote": "桥", "rating": "right"}
    reader.post("/rate", data=form)
    kept = rooms().settings.state / "ratings.jsonl"
    whole = kept.read_bytes()
    for most in range(len(whole)):
        kept.write_bytes(whole[:most])
        assert len(Ratings(kept.parent).all()) == (most == len(whole) - 1)
        reader.post("/rate", data={**form, "question": "r"})
        assert "r" in [rated.question for rated in Ratings(kept.parent).all()]


@pytest.mark.parametrize("spoilt", [{"rating": "best"}, {"rating": ""}, {"question": ""}])
def test_a_rating_that_says_nothing_is_not_kept(reader: TestClient, rooms: RoomMaker, spoilt: dict[str, str]) -> None:
    form = {"question": "q", "article": "a", "quote": "x", "rating": "right"}
    assert reader.post("/rate", data={**form, **spoilt}).status_code == 400
    assert not Ratings(rooms().settings.state).all()


def test_asking_alone_leaves_nothing_behind(rooms: RoomMaker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    room = rooms()
    reader = client_of(room)
    asked(reader, "跃鲤大桥花了多少钱")
    reader.get("/api/ask", params={"question": "跃鲤大桥花了多少钱"})
    assert not room.settings.state.exists()
    assert "跃鲤" not in caplog.text


def test_an_unknown_page_or_article_is_said(reader: TestClient) -> None:
    for address in ("/nowhere", "/a/none", "/a", "/compare?a=ferry&b=none", "/a/../../etc/passwd", "/style.css/x"):
        get(reader, address, 404)


class Fixed:
    """An archive that always gives the same answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def answer(self, _: object) -> Answer:
        return self._answer

    def close(self) -> None:
        pass


def shown(rooms: RoomMaker, answer: Answer) -> Page:
    room = rooms()
    room.archive._opener = lambda: Fixed(answer)  # type: ignore[assignment,return-value]
    return get(client_of(room), "/?q=x")


BRIDGE_HIT = Hit(1, 1.0, BRIDGE, (10, 30), (0, len(BRIDGE)), Article("news/bridge.txt", BRIDGE), answer=(15, 21))


def test_the_words_that_answer_come_first_and_are_lit(rooms: RoomMaker) -> None:
    page = shown(rooms, Answer("x", 0.9, Filters(), (BRIDGE_HIT,)))
    assert page.all("p", class_="short")
    said = BRIDGE[15:21]
    assert said in page.text_of("p")
    assert page.text_of("mark") == BRIDGE[10:30]
    assert [mark["class"] for mark in page.all("mark")] == ["highlight", "answer highlight", "highlight"]


def test_a_refusal_says_what_differs(rooms: RoomMaker) -> None:
    differs = (Difference("法国", "德国"), Difference("<2022>", None))
    refusal = Refusal(RefusalKind.UNKNOWN, articles=5, differs=differs)
    said = shown(rooms, Answer("x", 0.1, Filters(), (BRIDGE_HIT,), refusal)).text_of("p")
    assert "You asked about 法国; there it is 德国." in said
    assert "You asked about <2022>, which is not there." in said


def test_each_part_has_its_own_verdict(rooms: RoomMaker) -> None:
    parts = (
        PartAnswer("造价", "x", answered=True, confidence=0.9, hits=(BRIDGE_HIT,)),
        PartAnswer("市长", "y", answered=False, confidence=0.1),
    )
    page = shown(rooms, Answer("x", 0.1, Filters(), (BRIDGE_HIT,), parts=parts))
    assert page.text_of("dt") == "造价市长"
    assert BRIDGE[15:21] in page.text_of("q")
    assert "Of 2 things asked 1 are answered" in page.text_of("p")
    assert "does not say" in page.text_of("dd")


def test_a_copy_that_differs_says_so_on_the_answer(rooms: RoomMaker) -> None:
    copies = (Article("same", BRIDGE), Article("other", BRIDGE.replace("2.17", "3.5")))
    differs = {"other": (Difference("2.17亿元", "<3.5>亿元"),)}
    page = shown(rooms, Answer("x", 0.9, Filters(), (replace(BRIDGE_HIT, also_in=copies, differs=differs),)))
    assert len(page.all("span", class_="differs")) == 1
    assert "differs: 2.17亿元 / <3.5>亿元" in page.text_of("span")
    assert [link["href"] for link in page.all("a") if link["href"].startswith("/compare")] == [
        f"/compare?a=news%2Fbridge.txt&b={copy.id}" for copy in copies
    ]


@pytest.mark.parametrize(
    ("written", "instead"), [("2.17亿元", "3.5亿元"), ("两千人", "两万人"), ("姚明", "易建联"), ("青岚县", "新平阳县")]
)
def test_a_copy_that_differs_says_so_on_the_article_below_its_passage(
    tmp_path: Path, rooms: RoomMaker, written: str, instead: str
) -> None:
    further = "".join(
        f"第{number}位老人说，他每天要到对岸的菜园去，从前等船等到天黑。" for number in "一二三四五六七八"
    )
    told = f"{BRIDGE}\n剪彩由青岚县请来的姚明主持，老船工都来了，桥上桥下站满了人。\n{further}"
    records = [{"id": "a", "text": told}, {"id": "b", "text": told.replace(written, instead)}]
    (tmp_path / "two.jsonl").write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in records), "utf-8")
    index_paths([tmp_path / "two.jsonl"], tmp_path / "archive", FakeEncoder())
    room = rooms()
    room.archive._opener = partial(Archive, tmp_path / "archive", Settings(), FakeEncoder())
    page = get(client_of(room), article_path("a", told, (0, len(told))))
    assert f"differs: {written} / {instead}" in " ".join(page.text_of("span").split())
    start = told.index("最早上桥")
    elsewhere = get(client_of(room), article_path("a", told[start : start + 12], (start, start + 12)))
    assert not elsewhere.all("span", class_="differs"), "it is told alike"


def test_a_topic_is_told_in_order_of_time_with_its_curve(reader: TestClient) -> None:
    page = get(reader, f"/timeline?q={quote('跃鲤大桥')}")
    assert page.all("a", class_="title")[0]["href"].startswith("/a/")
    assert page.all("svg", role="img")
    assert page.all("link", rel="alternate")[0]["href"].startswith("/feed?q=")
    newest = [time["datetime"] for time in page.all("time")]
    oldest = [each["datetime"] for each in get(reader, f"/timeline?q={quote('大桥')}&oldest_first=1").all("time")]
    assert newest
    assert oldest
    get(reader, "/timeline")
    get(reader, f"/timeline?q={quote('大桥')}&since=irgendwann", 400)


@pytest.mark.parametrize("topic", ["跃鲤大桥", "渔港", EVIL, "没有的事情"])
def test_a_feed_is_well_formed_whatever_it_tells_of(reader: TestClient, topic: str) -> None:
    response = reader.get("/feed", params={"q": topic})
    assert response.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(response.content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{atom}feed"
    for entry in feed.iter(f"{atom}entry"):
        assert datetime.fromisoformat(entry.findtext(f"{atom}updated")).tzinfo
        assert entry.findtext(f"{atom}id").startswith("http://127.0.0.1:8350/a")
    assert reader.get("/feed").status_code == 400


@pytest.mark.parametrize(
    "published", ["2023", "2023-05", "2023-05-02", "2023-05-02T07:30", "2023-05-02T07:30:09+08:00", "2023-05-02T07:30Z"]
)
def test_a_date_of_any_precision_is_a_moment_in_a_feed(published: str) -> None:
    moment = datetime.fromisoformat(_moment(published))
    assert moment.tzinfo
    assert moment.isoformat().startswith(published.rstrip("Z")[:16])


def test_a_question_may_lean_on_the_one_before(reader: TestClient) -> None:
    before = asked(reader, "跃鲤大桥花了多少钱？")
    (kept,) = before.all("input", name="after")
    assert kept["value"] == "跃鲤大桥花了多少钱？"
    page = asked(reader, "什么时候通车的？", after=kept["value"])
    (chip,) = [
        link for link in page.all("a", rel="nofollow") if "Taken from before: 跃鲤大桥" in link.get("aria-label", "")
    ]
    assert page.all("input", name="after")[0]["value"] == "跃鲤大桥什么时候通车的？"
    alone = get(reader, chip["href"])
    assert "Taken from before" not in str(alone.elements)
    assert alone.all("input", name="q")[0]["value"] == "什么时候通车的？"
    assert "Taken" not in str(asked(reader, "渡輪幾點開出頭班？", after=kept["value"]).elements), "it stands by itself"


def test_a_limit_that_was_guessed_and_let_nothing_through_can_be_put_back(rooms: RoomMaker) -> None:
    page = shown(rooms, Answer("x", 0.9, Filters(), (BRIDGE_HIT,), widened=Filters(source="碧汐日報")))
    (chip,) = [link for link in page.all("a", rel="nofollow") if link.get("aria-label", "").startswith("Only 碧汐日報")]
    assert f"source={quote('碧汐日報')}&literal=1" in chip["href"]
    assert page.text_of("del") == "碧汐日報"


def test_a_quotation_in_a_line_runs_over_the_ends_of_its_lines(rooms: RoomMaker) -> None:
    hit = replace(BRIDGE_HIT, highlight=(0, len(BRIDGE)), answer=None)
    page = shown(rooms, Answer("x", 0.9, Filters(), (hit,), parts=(PartAnswer("桥", "x", True, 0.9, (hit,)),)))
    assert "跃鲤大桥昨天通车。 大桥一共花了2.17亿元" in page.text_of("q")
    assert "\\n" not in page.text_of("q")


def test_what_comes_of_a_comparison_stands_above_its_parts(rooms: RoomMaker) -> None:
    outcome = Compared("earlier", ("2019-03-01", "2019-04-11"), winner=0, difference="41", unit="days")
    page = shown(rooms, Answer("x", 0.9, Filters(), (BRIDGE_HIT,), outcome=outcome))
    assert "The former is earlier by 41 days: 2019-03-01 / 2019-04-11." in page.text_of("p")


def test_a_request_for_a_topic_is_answered_with_its_curve_and_timeline(reader: TestClient) -> None:
    page = asked(reader, "有哪些关于跃鲤大桥的新闻？")
    assert page.all("svg", role="img")
    assert any(link["href"].startswith(f"/timeline?q={quote('跃鲤大桥')}") for link in page.all("a", class_="more"))
    assert "stories in" in page.text_of("p")
