"""Draw pages of the reading room as they are: `python -m tests.bot.web.pictures ADDRESS docs/pictures` (needs chromium).

ADDRESS is that of a running `chuchu serve` over the sample archive.
"""

import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

_DESK, _PHONE = {"width": 900, "height": 700}, {"width": 390, "height": 780}
PAGES: dict[str, tuple[dict[str, int], str, str]] = {
    "web-ask": (_DESK, "zh-CN", "/?q=" + quote("青岚新闻网在2024年1月报道，县图书馆接待了多少读者？")),
    "web-follow-up": (
        _DESK,
        "zh-CN",
        "/?q=" + quote("谁是馆长？") + "&after=" + quote("县图书馆有几个分馆？"),
    ),
    "web-parts": (_DESK, "zh-CN", "/?q=" + quote("县人民医院新住院楼启用和7路公交改走新桥，哪个更早？")),
    "web-article": (_DESK, "zh-CN", "/a/qinglan/2024-01-11-library.txt?at=0-120"),
    "web-timeline": (_DESK, "zh-TW", "/timeline?q=" + quote("圖書館")),
    "web-sources": (_DESK, "en-GB", "/sources"),
    "web-phone": (_PHONE, "zh-CN", "/?q=" + quote("2024年半程马拉松男子冠军是哪位？")),
}
"""What is drawn: the size of the screen, the reader's language, the address."""


def drawn(browser: Browser, address: str, size: dict[str, int], language: str, file: Path) -> None:
    """Draw what one reader sees first of a page, without scripts."""
    context = browser.new_context(viewport=size, locale=language, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=file)
    context.close()


def main() -> None:
    base, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, language, path) in PAGES.items():
            drawn(browser, base + path, size, language, folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
