"""No way into chuchu reaches anything, looks anything up, or leaves a file behind that is not chuchu's own.

Each runs as on a fresh machine: an empty home, none of the variables by which onnxruntime knows that it is only tested.
"""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pytest

from retrieval import Settings, open_archive
from tests.bot.telegram.conftest import Chat
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.world import World
from tests.reaching import Watch, Watched, why_not

ROOT = Path(__file__).parents[1]
REASON = why_not()
pytestmark = pytest.mark.slow
needs_watch = pytest.mark.skipif(REASON is not None, reason=str(REASON))

QUESTION = "新桥全长多少米？"
ARTICLE = "新桥昨天通车\n\n　　沄江上的新桥昨天通车。大桥全长三百四十米，连起河两岸的六个村。\n"
RECORD = {"id": "q", "question": QUESTION, "articles": ["bridge.txt"], "answers": ["三百四十米"]}
LONG_S = 13.0
"""onnxruntime's reports leave 9 s after its import."""

LIBRARY = f"""
from retrieval import open_archive
with open_archive("index") as archive:
    assert archive.ask({QUESTION!r}).answered
"""
COMMANDS = {
    "ask": ("ask", QUESTION),
    "ask --json": ("ask", QUESTION, "--json", "--since", "2020"),
    "chat": ("chat",),
    "doctor": ("doctor",),
    "index": ("index", "articles", "--json"),
    "index --rebuild": ("index", "--rebuild"),
    "eval": ("eval", "questions.jsonl", "--report", "report.html"),
}
WITHOUT_QUESTIONS = (
    ("show", "bridge.txt"), ("sources",), ("stats",), ("verify",), ("verify", "--repair"),
    ("copy", "--from", "index", "--to", "copy"), ("remove", "bridge.txt", "--index", "copy"),
    ("feedback", "export", "judged.jsonl"), ("--help",),
)  # fmt: skip
END = "——"
ONE_AFTER_ANOTHER = f"""
import sys
from bot.cli import main
for command in {WITHOUT_QUESTIONS!r}:
    sys.argv = ["chuchu", *command]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, command
    print("{END}")
"""


OWN = {"articles", "index", "copy", "questions.jsonl", "report.html", "judged.jsonl"}


@dataclass(frozen=True)
class Machine:
    """The folder `here` to stand in; an empty home, and a folder for what is temporary, below `place`."""

    here: Path
    place: Path
    cache: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        home, temporary = self.place / "home", self.place / "tmp"
        for folder in (home, temporary):
            folder.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHUCHU_CACHE": str(self.cache),
            "HOME": str(home), "TMPDIR": str(temporary), **self.more,
        }  # fmt: skip

    def start(self, *arguments: str, allowed: frozenset[int] = frozenset()) -> Watch:
        return Watch([sys.executable, *arguments], self.environment, self.here, allowed)

    def run(self, *arguments: str, stdin: str = "", allowed: frozenset[int] = frozenset()) -> Watched:
        return self.start(*arguments, allowed=allowed).finish(stdin)

    @property
    def foreign(self) -> list[Path]:
        """What others left below the home, for what is temporary, and in the folder where chuchu was called."""
        homes = [path for path in (self.place / "home").rglob("*") if path.is_file() and "chuchu" not in path.parts]
        return [
            *homes,
            *(self.place / "tmp").iterdir(),
            *(each for each in self.here.iterdir() if each.name not in OWN),
        ]


@pytest.fixture(scope="module")
def here(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, and what it was made of."""
    folder, place = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("first")
    (folder / "articles").mkdir()
    (folder / "articles" / "bridge.txt").write_text(ARTICLE, "utf-8")
    (folder / "questions.jsonl").write_text(json.dumps(RECORD), "utf-8")
    machine = Machine(folder, place, prepared_cache)
    done = machine.run("-m", "bot", "index", "articles")
    assert (done.returncode, done.reached, machine.foreign) == (0, [], []), done
    return folder


@pytest.fixture
def machine(here: Path, prepared_cache: Path, tmp_path: Path) -> Machine:
    return Machine(here, tmp_path, prepared_cache)


@pytest.fixture(scope="module")
def long_chat(
    here: Path, prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Machine, Watch, float]]:
    """A conversation that has begun, and when."""
    machine = Machine(here, tmp_path_factory.mktemp("long"), prepared_cache)
    talking = machine.start("-m", "bot", "chat")
    assert talking.process.stdin
    talking.process.stdin.write(f"{QUESTION}\n")
    talking.process.stdin.flush()
    yield machine, talking, time.monotonic()
    talking.end()


@pytest.fixture(scope="module")
def long_bot(here: Path, prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Serving"]:
    """A bot that has begun, and when."""
    with Server(World()) as server:
        settings = {"CHUCHU_TELEGRAM_TOKEN": TOKEN, "CHUCHU_TELEGRAM_API": server.url}
        machine = Machine(here, tmp_path_factory.mktemp("bot"), prepared_cache, settings)
        bot = machine.start("-m", "bot", "telegram", allowed=frozenset({server.port}))
        yield Serving(machine, server, bot, time.monotonic())
        bot.end()


@dataclass(frozen=True)
class Serving:
    machine: Machine
    server: Server
    bot: Watch
    begun: float


@needs_watch
@pytest.mark.usefixtures("long_chat", "long_bot")  # what takes long runs meanwhile
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_reaches_nothing(machine: Machine, name: str) -> None:
    done = machine.run("-m", "bot", *COMMANDS[name], stdin=f"{QUESTION}\n" if name == "chat" else "")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert (done.reached, machine.foreign) == ([], [])


@needs_watch
def test_commands_that_ask_nothing_reach_nothing(machine: Machine) -> None:
    done = machine.run("-c", ONE_AFTER_ANOTHER)
    assert done.returncode == 0, done.stderr
    *written, rest = done.stdout.split(f"{END}\n")
    silent = [command for command, text in zip(WITHOUT_QUESTIONS, written, strict=True) if not text]
    assert (silent, rest) == ([("feedback", "export", "judged.jsonl")], "")
    assert (done.reached, machine.foreign) == ([], [])


BODY = "沄江上的新桥昨天通车，大桥全长三百四十米，连起河两岸的六个村。" * 3
POINTING = """<!DOCTYPE doc SYSTEM "http://192.0.2.1/own.dtd" [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;
<!ENTITY web SYSTEM "http://192.0.2.1/web"><!ENTITY near SYSTEM "file://{secret}">]>"""
FEED = """<?xml version="1.0"?><?xml-stylesheet href="http://192.0.2.1/own.xsl" type="text/xsl"?>{pointing}
<rss version="2.0" xmlns:i="http://www.w3.org/2001/XInclude"><channel><item><title>新桥</title><description>{body}
{entities}<i:include href="http://192.0.2.1/x"/><i:include parse="text" href="file://{secret}"/></description></item></channel></rss>"""
PAGE = """{pointing}<html><head><base href="http://192.0.2.1/"><link rel="stylesheet" href="http://192.0.2.1/own.css">
<link rel="canonical" href="http://192.0.2.1/a"><meta http-equiv="refresh" content="0;url=http://192.0.2.1/"></head>
<body><img src="http://192.0.2.1/a.png"><iframe src="file://{secret}"></iframe><p>{body}{entities}</p></body></html>"""
WORD = """<?xml version="1.0"?>{pointing}<w:document
xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{body}{entities}</w:t></w:r></w:p>
</w:body></w:document>"""
MAIL = """From: a@example.invalid\nSubject: =?utf-8?q?x?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b
Content-Type: message/external-body; access-type=URL; URL="http://192.0.2.1/m"\n\n--b\nContent-Type: text/html; charset=utf-8\n
{page}\n--b--\n"""


@needs_watch
@pytest.mark.parametrize(("pointing", "entities"), [("", ""), (POINTING, "&web;&near;")], ids=["links", "entities"])
def test_articles_that_point_elsewhere_are_not_followed(machine: Machine, pointing: str, entities: str) -> None:
    """Indexing reads what lies there, and nothing that it names on the web or on this machine."""
    secret, folder = machine.place / "secret.txt", machine.place / "pointing"
    secret.write_text("密码是芝麻开门", "utf-8")
    folder.mkdir()
    known = {"pointing": pointing.format(secret=secret), "entities": entities, "body": BODY, "secret": secret}
    page = PAGE.format(**known)
    texts = {"feed.xml": FEED.format(**known), "page.html": page, "mail.eml": MAIL.format(page=page)}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "own.md").write_text(
        f"# 新桥\n\n![](http://192.0.2.1/a.png)\n\n<iframe src='file://{secret}'/>\n\n{BODY}\n"
    )
    with zipfile.ZipFile(folder / "word.docx", "w") as made:
        made.writestr("word/document.xml", WORD.format(**known))
        made.writestr("[Content_Types].xml", f"{known['pointing']}<Types>{entities}</Types>")
    done = machine.run("-m", "bot", "index", str(folder), "--index", str(machine.place / "archive"), "--json")
    assert (done.returncode, done.reached) == (0, []), done
    with open_archive(machine.place / "archive", Settings()) as archive:
        kept = {entry.article.id: entry.article.text for entry in archive._reader.entries()}
    read = {"page.html", "mail.eml", "own.md"} if pointing else {*texts, "own.md", "word.docx"}
    assert {article_id.partition("#")[0] for article_id in kept} == read, done.stdout
    assert all("三百四十米" in text and "芝麻" not in text for text in kept.values())


@needs_watch
@pytest.mark.parametrize("module", ["retrieval", "retrieval.encode.onnx", "bot.cli", "bot.telegram.app"])
def test_every_import_asks_first(machine: Machine, module: str) -> None:
    done = machine.run("-c", f"import {module}, onnxruntime{LIBRARY}")
    assert done.returncode == 0, done.stderr
    assert (done.reached, machine.foreign) == ([], [])


@needs_watch
def test_an_archive_in_a_cluster_reaches_its_server_only(machine: Machine, milvus_server: str) -> None:
    machine.more["CHUCHU_MILVUS_PREFIX"] = f"quiet{os.getpid()}"
    port = frozenset({int(milvus_server.rpartition(":")[2])})
    for command in (("index", "articles"), ("ask", QUESTION)):
        done = machine.run("-m", "bot", *command, "--index", milvus_server, allowed=port)
        assert done.returncode == 0, done.stderr
        assert (done.reached, machine.foreign) == ([], [])


@needs_watch
def test_the_bot_reaches_its_server_only(long_bot: Serving) -> None:
    world, bot = long_bot.server.world, long_bot.bot
    wait_until(world, lambda: "zh" in world.commands or bot.process.poll() is not None, 60)
    assert "三百四十米" in Chat(world, 7).ask(QUESTION)["text"]
    time.sleep(max(0.0, long_bot.begun + LONG_S - time.monotonic()))
    bot.process.send_signal(signal.SIGTERM)
    done = bot.finish()
    assert done.returncode == 0, done.stderr
    assert (done.reached, long_bot.machine.foreign) == ([], [])


@needs_watch
def test_a_long_conversation_reaches_nothing(long_chat: tuple[Machine, Watch, float]) -> None:
    machine, talking, begun = long_chat
    time.sleep(max(0.0, begun + LONG_S - time.monotonic()))
    done = talking.finish(f"{QUESTION}\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("三百四十米") >= 2
    assert (done.reached, machine.foreign) == ([], [])


@pytest.mark.skipif(
    sys.platform != "linux" or tuple(map(int, version("onnxruntime").split(".")[:2])) < (1, 29),
    reason="this onnxruntime sends no reports",
)
def test_onnxruntime_alone_would_leave_a_file(tmp_path: Path) -> None:
    machine = Machine(tmp_path, tmp_path, tmp_path)
    subprocess.run([sys.executable, "-c", "import onnxruntime"], env=machine.environment, check=True)
    assert machine.foreign


@pytest.mark.parametrize(("switched_off", "warned"), [("", True), ("1", False)])
def test_whoever_imports_onnxruntime_first_is_warned(tmp_path: Path, switched_off: str, *, warned: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import onnxruntime, retrieval"], capture_output=True, text=True, check=True,
        env=Machine(tmp_path, tmp_path, tmp_path, {"ORT_DISABLE_TELEMETRY": switched_off}).environment,
    )  # fmt: skip
    assert ("ORT_DISABLE_TELEMETRY=1" in done.stderr) == warned
