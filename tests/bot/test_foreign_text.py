"""Nothing that an archive, a name or a setting holds acts on what shows it: each command, in a pipe and on a terminal."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import json_output
from bot.cli import main
from retrieval import open_archive
from tests.bot.hostile import FOUND, HOSTILE, MARKUP, OWN, SIGN, batches, captured, read_all

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CASES = ROOT.resolve().parent / "shared" / "data" / "cases" / "faults"


def write_articles(folder: Path) -> None:
    """Write records, pages, files and members that hold all of `HOSTILE` in every field."""
    with (folder / "records.jsonl").open("w", encoding="utf-8") as lines:
        for number, batch in enumerate(batches(150)):
            said = f"{number}{SIGN}{MARKUP}{batch}"
            text = f"第{number}号公告：大桥{said}全长三百四十米。\n\n工程一共花了{number}千万元。"
            fields = dict.fromkeys(("id", "title", "source", "author"), said) | {
                "url": f"http://x/{said}",
                "text": text,
            }
            lines.write(json.dumps(fields) + "\n")
        lines.write('{"id": 1}\n')
    with zipfile.ZipFile(folder / "members.zip", "w") as members:
        for number, batch in enumerate(batches(30)):
            name = f"[b]{number}{batch.encode('utf-8', 'ignore').decode()}{SIGN}".replace("\0", "")
            members.writestr(f"f{name}.txt", "")
            (folder / f"f{name}.txt").write_text("" if number % 2 else f"第{number}座大桥昨天通车。" * 5, "utf-8")
    (folder / f"page{SIGN}.html").write_text(
        f"<html><head><title>大桥&#27;[48;5;213m&#155;31m&#8238;</title><meta name=author content='&#27;]0;PWNED&#7;'></head>"
        f"<body><h1>大桥&#27;[48;5;213m</h1><p>{'大桥今天&#27;[2J通车&#155;2J，全长三百四十米。' * 5}</p></body></html>"
    )


def change(archive: Path, columns: str, value: str) -> None:
    catalogue = sqlite3.connect(archive / "catalogue.sqlite")
    with catalogue:
        catalogue.execute(f"UPDATE articles SET {columns}", (value,))  # noqa: S608
    catalogue.close()


@pytest.fixture(scope="module")
def folder(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    (made / "articles").mkdir()
    write_articles(made / "articles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUCHU_CACHE", str(prepared_cache))
        patch.setattr(sys, "argv", ["chuchu", "index", str(made / "articles"), "--index", str(made / "archive")])
        with pytest.raises(SystemExit):
            main()
    with open_archive(made / "archive") as archive:
        ids = [hit.article.id for hit in archive.ask("大桥全长多少米？", k=30).hits]
    (made / "ids.json").write_text(json.dumps(ids))
    with (made / "questions.jsonl").open("w", encoding="utf-8") as lines:
        for number, article in enumerate([*ids[::4], SIGN]):
            said = f"{number}<script>alert(1)</script>{SIGN}{MARKUP}\u202e\x9b"
            fields: dict[str, object] = {"id": said, "question": f"大桥多长？{said}", "articles": []}
            if number % 2:
                fields |= {"articles": [article], "answers": [f"<img src=x onerror=alert(1)>{said}"]}
            lines.write(json.dumps(fields) + "\n")
    stored = HOSTILE.encode("utf-8", "ignore").decode() + SIGN  # what an archive from elsewhere may hold
    change(made / "archive", "title = ?1, author = ?1, url = ?1, path = ?1, source = number % 3 || ?1", stored)
    shutil.copytree(made / "archive", made / f"damaged[/b]{SIGN}")
    change(made / f"damaged[/b]{SIGN}", "text = text || ?1", stored)
    return made


SHOWN = "48;5;213m"
COMMANDS = {
    "index": ("index {articles} --source " + SIGN, 0, SHOWN),
    "index json": ("index {articles} --json", 0, SHOWN),
    "no articles": ("index {folder}/no" + SIGN, 2, SHOWN),
    "ask": ("ask 大桥全长多少米？ -k 100 --explain", 0, SHOWN),
    "ask json": ("ask 大桥全长多少米？ -k 100 --json", 0, SHOWN),
    "ask of another outlet": (f"ask 大桥 --source {SIGN}", 0, SHOWN),
    "ask since no day": (f"ask 大桥 --since {SIGN}\u202e", 2, SHOWN),
    "ask with a wrong option": (f"ask 大桥 --{SIGN}", 2, SHOWN),
    "ask nowhere": (f"ask 大桥 --index {{folder}}/[/b]{SIGN}", 2, SHOWN),
    "show": ("show {id}", 0, SHOWN),
    "show json": ("show {id} --json", 0, SHOWN),
    "show none": (f"show {SIGN}\x9b", 2, SHOWN),
    "sources": ("sources", 0, SHOWN),
    "sources json": ("sources --json", 0, SHOWN),
    "stats": ("stats", 0, ""),
    "remove none": (f"remove {SIGN}\u202e", 2, SHOWN),
    "verify": (f"verify --index {{folder}}/damaged[/b]{SIGN}", 2, SHOWN),
    "verify json": (f"verify --json --index {{folder}}/damaged[/b]{SIGN}", 2, SHOWN),
    "doctor": ("doctor", 0, SHOWN),
    "copy": (f"copy --from {{folder}}/archive --to {{new}}/copied{SIGN}", 0, SHOWN),
    "eval": ("eval {folder}/questions.jsonl", 0, SHOWN),
    "eval json": ("eval {folder}/questions.jsonl --json", 0, SHOWN),
    "eval no questions": (f"eval {SIGN}.jsonl", 2, SHOWN),
    "eval below what measure": (f"eval {{folder}}/questions.jsonl --fail-under {SIGN}=1", 2, SHOWN),
    "chat": ("chat", 0, SHOWN),
    "an unknown command": (f"{SIGN}\x9b", 2, SHOWN),
    "a setting": ("stats", 2, SHOWN),
}
CHAT = f"大桥多长？{SIGN}\n/open 1\n/more\n/source {SIGN}\n/sources\n/{SIGN}\n/since {SIGN}\n" + json.dumps(
    {"question": HOSTILE}
)


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_writes_a_control(
    name: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    prepared_cache: Path,
    tmp_path: Path,
    *,
    terminal: bool,
) -> None:
    line, status, said = COMMANDS[name]
    places = {
        "folder": str(folder), "articles": str(folder / "articles"), "new": str(tmp_path),
        "id": json.loads((folder / "ids.json").read_text())[0],
    }  # fmt: skip
    monkeypatch.setenv("CHUCHU_CACHE", str(prepared_cache))
    monkeypatch.setenv("CHUCHU_INDEX", str(folder / "archive"))
    if name == "doctor":
        monkeypatch.setenv("CHUCHU_MODEL", SIGN)
    if name == "a setting":
        monkeypatch.setenv("CHUCHU_THREADS", SIGN)
    monkeypatch.setattr(sys, "argv", ["chuchu", *(word.format(**places) for word in line.split(" "))])
    monkeypatch.setattr(sys, "stdin", io.StringIO(CHAT))
    ends = captured(main, terminal=terminal)
    ends.check()
    assert ends.status == status, ends
    plain = OWN.sub("", (ends.out + ends.err).decode()).replace("\n", "").replace(" ", "")
    assert said in plain
    if status == 2:
        assert OWN.sub("", ends.err.decode()).splitlines()[-1].startswith("chuchu: ")
        assert b"Traceback" not in ends.err


def test_a_conversation_on_a_terminal(folder: Path, prepared_cache: Path) -> None:
    environment = {**os.environ, "CHUCHU_CACHE": str(prepared_cache), "CHUCHU_INDEX": str(folder / "archive")}
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "bot", "chat"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with os.fdopen(ours, "r+b", buffering=0) as terminal:
            terminal.write("大桥全长多少米？\r/sources\r/quit\r".encode())
            said = read_all(terminal)
    assert process.returncode == 0
    assert SIGN.encode() not in said
    assert b"\\u001b[48;5;213m" in said
    assert b"\\u001b[?" not in said, "a code of the prompt's own"


def test_json_of_an_archive_is_its_exact_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_archive(folder / "archive") as archive:
        for article_id in json.loads((folder / "ids.json").read_text()):
            monkeypatch.setattr(
                sys, "argv", ["chuchu", "show", article_id, "--json", "--index", str(folder / "archive")]
            )
            with pytest.raises(SystemExit):
                main()
            article = archive.article(article_id)
            assert article is not None
            assert json.loads(capsys.readouterr().out) == json_output.whole_article(article)


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases of faults are not on this machine")
@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_the_cases_of_faults(
    monkeypatch: pytest.MonkeyPatch, prepared_cache: Path, tmp_path: Path, *, terminal: bool
) -> None:
    monkeypatch.setenv("CHUCHU_CACHE", str(prepared_cache))
    monkeypatch.setenv("CHUCHU_INDEX", str(tmp_path / "archive"))
    commands = [
        ("index", str(CASES / "terminal.zip"), str(CASES / "markup")),
        ("sources",),
        ("ask", "暴雨", "-k", "30"),
    ]
    for command in (*commands, ("ask", "暴雨", "-k", "30", "--json")):
        monkeypatch.setattr(sys, "argv", ["chuchu", *command])
        ends = captured(main, terminal=terminal)
        ends.check()
        assert ends.status == 0
        if command == ("sources",):
            assert "日报[/b" in ends.out.decode()
            assert "link=http://evil.example" in ends.out.decode()  # as a name: brackets at its ends are no part of it


class Tags(HTMLParser):
    """Notes the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_report_of_an_evaluation_shows_and_runs_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, prepared_cache: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    monkeypatch.setenv("CHUCHU_CACHE", str(prepared_cache))
    arguments = [str(folder / "questions.jsonl"), "--index", str(folder / "archive"), "--report", str(page)]
    monkeypatch.setattr(sys, "argv", ["chuchu", "eval", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    text = page.read_text("utf-8")
    assert not FOUND.search(text)
    assert SHOWN in text
    tags = Tags()
    tags.feed(text)
    assert not tags.tags & {"script", "img", "a", "iframe", "link", "object"}
    assert not {name for name in tags.attributes if name.startswith("on") or name in {"src", "href"}}
