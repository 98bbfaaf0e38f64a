"""The reading room as a browser shows it, with scripts and without."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from bot.web.site import listen, server_of
from tests.bot.web.conftest import EVIL, RoomMaker

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium"),
    # the driver leaves its pipes to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
QUESTION = "跃鲤大桥花了多少钱"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def address(rooms: RoomMaker) -> Iterator[str]:
    listening = listen("127.0.0.1", 0)
    server = server_of(rooms(), listening)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A tab of a reader of Simplified Chinese, in which nothing may fail."""
    context = browser.new_context(base_url=address, locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    tab, faults = context.new_page(), []
    tab.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    context.close()
    assert not faults


def ask(page: Any, question: str = QUESTION) -> None:
    page.goto("/")
    page.fill("#q", question)
    page.press("#q", "Enter")
    page.wait_for_selector(".hit")


def is_on_screen(page: Any, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    return bool(box) and 0 <= box["y"] < page.viewport_size["height"]


def test_ask_follow_a_citation_and_stand_before_the_sentence(page: Any) -> None:
    page.set_viewport_size({"width": 900, "height": 260})
    ask(page)
    assert page.locator("mark").count()
    page.click(".citation a.title")
    page.wait_for_selector("#span")
    assert page.url.endswith("#span")
    assert is_on_screen(page, "#span")
    assert page.evaluate("getComputedStyle(document.querySelector('#span')).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_take_a_chip_off(page: Any) -> None:
    page.goto(f"/?q={quote(QUESTION)}&since=2023&source={quote('青岚新闻网')}")
    assert page.locator(".chips a").count() == 2
    page.click(".chips a >> nth=0")
    page.wait_for_selector(".hit")
    assert page.locator(".chips a").count() == 1


def test_copy_a_citation(page: Any) -> None:
    page.goto("/a/news/bridge.txt")
    page.click("#cite summary")
    page.click("button.copy >> nth=0")
    page.wait_for_function("document.querySelector('button.copy').textContent === '已复制'")
    assert "跃鲤大桥通车[N/OL]" in page.evaluate("navigator.clipboard.readText()")


def test_keys_lead_to_the_question_and_through_the_passages(page: Any) -> None:
    ask(page)
    for key, expected in (("j", "hit-1"), ("j", "hit-2"), ("k", "hit-1")):
        page.locator("body").press(key) if expected == "hit-1" and key == "j" else page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == expected
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("j/k")
    assert page.input_value("#q") == "j/k"
    page.goto("/sources")
    page.keyboard.press("/")
    page.wait_for_selector("#q")


@pytest.mark.parametrize(
    "path", ["/", f"/?q={quote(QUESTION)}", "/a/news/bridge.txt", "/sources", "/latest", "/compare?a=copy&b=ferry"]
)
def test_nothing_is_wider_than_a_phone(page: Any, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    "path", [f"/?q={quote('渔港停了多少船')}", "/latest?n=50", "/sources", "/a?id=" + quote(f"../{EVIL}", safe="")]
)
def test_hostile_articles_do_nothing(page: Any, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("load")
    assert page.title() != "owned"
    assert page.locator("img").count() == 0


def test_everything_but_keys_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    ask(page)
    page.click(".citation a.title")
    page.wait_for_selector("#span")
    assert is_on_screen(page, "#span")
    page.click("#cite summary")
    assert page.is_visible("pre >> nth=0")
    assert page.locator("button.copy:visible").count() == 0
    page.go_back()
    page.click("button[value=right] >> nth=0")
    page.wait_for_selector("#rated")
    page.goto("/evaluate")
    assert "1 questions decided" in page.text_content("main")
    page.click("footer a[hreflang=zh-hant]")
    assert page.get_attribute("html", "lang") == "zh-Hant"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [f"/?q={quote(QUESTION)}&since=2020", "/a/news/bridge.txt?at=10-60", "/sources", "/evaluate"]
)
def test_text_stands_out_in_light_and_dark(browser: Any, address: str, scheme: str, path: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)
    assert page.evaluate(LEAST_CONTRAST) >= 4.5  # WCAG 2.2 AA, for text of any size
    context.close()


LEAST_CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    least = Math.min(least, (a + 0.05) / (b + 0.05));
  }
  return least;
}"""
