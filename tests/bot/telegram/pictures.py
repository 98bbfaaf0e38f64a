"""Draw real answers as a phone shows them: `python -m tests.bot.telegram.pictures INDEX docs/telegram` (needs chromium)."""

import html
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.repl import Session
from retrieval import Archive, open_archive
from tests.bot.telegram.conftest import Chat
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import Json, World

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 390px; background: #d5e3d0; font: 15px/1.4 "Noto Sans", "Noto Sans CJK SC", sans-serif; }}
main {{ padding: 10px 10px 14px; }}
.said {{ background: #effdde; margin: 8px 0 8px 60px; padding: 7px 11px; border-radius: 14px 14px 4px 14px; }}
.told {{ background: #fff; margin: 8px 24px 3px 0; padding: 7px 11px; border-radius: 14px 14px 14px 4px; white-space: pre-wrap; }}
blockquote {{ margin: 2px 0; padding: 3px 8px; border-left: 3px solid #3390ec; background: #eef5fd; border-radius: 4px; }}
blockquote[expandable] {{ display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; }}
a {{ color: #3390ec; text-decoration: none; }}
.row {{ display: flex; gap: 3px; margin: 3px 24px 0 0; }}
.row span {{ flex: 1; text-align: center; background: #7d9a7faa; color: #fff; border-radius: 7px; padding: 5px 2px; font-size: 13px; }}
</style><main>{body}</main><script>document.title = document.querySelector("main").offsetHeight</script>"""

CONVERSATIONS: dict[str, tuple[str, list[str]]] = {
    "start-zh-hans": ("zh-hans", ["/start"]),
    "answer-zh-hans": ("zh-hans", ["青岚新闻网在2024年1月报道，县图书馆接待了多少读者？"]),
    "answer-zh-hant": ("zh-hant", ["蓑衣戲的老藝人仇阿苧能背下來的戲有幾齣？"]),
    "answer-en": ("en", ["/since 2021", "How many egrets were counted along the Yun River in 2022?"]),
    "claim-zh-hans": ("zh-hans", [">2023年，青岚县图书馆总分馆共接待读者51.2万人次，是2021年的两倍半。"]),
    "refusal-zh-hant": ("zh-hant", ["嵐埠汽車站是哪一年建成的？"]),
    "timeline-zh-hans": ("zh-hans", ["有哪些关于图书馆的新闻？"]),
    "sources-en": ("en", ["/sources"]),
    "watch-zh-hant": ("zh-hant", ["/watch 颱風 每週"]),
    "latest-zh-hans": ("zh-hans", ["/latest"]),
    "comparison-zh-hans": ("zh-hans", ["铜锣失窃案告破和竹器街重新开街，哪个更早？"]),
    "follow-up-zh-hans": ("zh-hans", ["沄江半程马拉松有多少人参加？", "冠军是谁？"]),
}
"""What is said in each picture, and in which language; what begins with > is forwarded."""


def drawn(question: str, answer: Json) -> str:
    """Draw a question, its answer and the buttons below."""
    rows = answer.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = "".join(
        '<div class="row">' + "".join(f"<span>{html.escape(each['text'])}</span>" for each in row) + "</div>"
        for row in rows
    )
    shown = (
        answer["html"].replace("</blockquote>\n", "</blockquote>").replace("\n<blockquote", "<blockquote")
    )  # a quotation ends its line by itself
    return f'<div class="said">{html.escape(question)}</div><div class="told">{shown}</div>{buttons}'


_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; }} main {{ padding: 12px; }}
pre {{ margin: 0; font: 14px/1.35 "Noto Sans Mono CJK SC", "WenQuanYi Micro Hei Mono", monospace; }}
</style><main><pre>{body}</pre></main><script>document.title = document.querySelector("main").offsetHeight</script>"""
TERMINALS = {
    "terminal-zh-hans": (60, ["新桥为什么比原来说的晚通车半年，还超了预算？"]),
    "terminal-zh-hant": (80, ["縣圖書館有多少藏書，哪一年開館？", "/since：２０２２年", "/help"]),
}
"""What is typed in each picture of `chuchu chat`, and the columns of the terminal."""


def typed(archive: Archive, columns: int, lines: list[str]) -> str:
    """Return what a conversation in the terminal shows, as HTML."""
    screen = Console(
        file=io.StringIO(), record=True, width=columns, force_terminal=True, markup=False, emoji=False, highlight=False
    )
    session = Session(archive, screen)
    for line in lines:
        screen.print(Text(f"chuchu> {line}"))
        session.reply(line)
    return screen.export_html(inline_styles=True, code_format="{code}")


def screenshot(page: str, picture: Path, width: int = 390) -> None:
    """Draw a page as a PNG that is as high as the page."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, "utf-8")
        chromium = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        measured = _run([*chromium, f"--window-size={width},800", "--dump-dom", source.as_uri()])
        height = measured.partition("<title>")[2].partition("<")[0]
        _run([*chromium, f"--window-size={width},{height}", f"--screenshot={picture}", source.as_uri()])


def _asked(chat: Chat, question: str) -> Json:
    number = chat.say(question.lstrip(">"), **({"forward_origin": _ORIGIN} if question.startswith(">") else {}))
    wait_until(chat.world, lambda: chat.answers_to(number), 120)
    return chat.answers_to(number)[0]


_ORIGIN = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "X"}


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=120, encoding="utf-8").stdout


def main() -> None:
    index, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with open_archive(index) as archive:
        for name, (columns, lines) in TERMINALS.items():
            os.environ["CHUCHU_LANG"] = name.removeprefix("terminal-")
            screenshot(_TERMINAL.format(body=typed(archive, columns, lines)), folder / f"{name}.png", 7 * columns + 40)
    with tempfile.TemporaryDirectory() as state, Server(World()) as server:
        environment = {
            **os.environ,
            "CHUCHU_TELEGRAM_TOKEN": TOKEN,
            "CHUCHU_TELEGRAM_API": server.url,
            "CHUCHU_TELEGRAM_STATE": state,
        }
        bot = subprocess.Popen([sys.executable, "-m", "bot", "telegram", "--index", str(index)], env=environment)
        try:
            wait_until(server.world, lambda: "zh" in server.world.commands, 120)
            for number, (name, (language, questions)) in enumerate(CONVERSATIONS.items(), 1):
                chat = Chat(server.world, number, language=language)
                body = "".join(drawn(question.lstrip(">"), _asked(chat, question)) for question in questions)
                screenshot(_PAGE.format(body=body), folder / f"{name}.png")
        finally:
            bot.terminate()
            bot.wait(30)


if __name__ == "__main__":
    main()
