import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import _check_dashes
from retrieval import SettingsError
from tests import forking

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ARTICLE = """新桥昨天通车

2023-03-14 09:12 来源：沄江晚报

　　沄江上的新桥昨天通车。大桥全长三百四十米，连起河两岸的六个村，工程一共花了一千二百万元。
　　八十岁的老船工说，以后过河再也不用等船了，孩子们上学也近了一半的路。
"""


class Chuchu:
    """Runs the command as a person would."""

    def __init__(self, cache: Path, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "CHUCHU_CACHE": str(cache), "CHUCHU_INDEX": str(folder / "archive")}

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return forking.run(*arguments, environment={**self.environment, **environment}, stdin=stdin)

    def json(self, *arguments: str) -> Any:
        done = self(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def chuchu(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Chuchu:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "articles").mkdir()
    (folder / "articles" / "bridge.txt").write_text(ARTICLE, "utf-8")
    made = Chuchu(prepared_cache, folder)
    done = made("index", str(folder / "articles"))
    assert done.returncode == 0, done.stderr
    return made


def failed(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error that the user can fix."""
    assert done.returncode == 2, done
    assert done.stderr.startswith("chuchu: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_index_says_what_it_did(chuchu: Chuchu) -> None:
    again = chuchu("index", str(chuchu.folder / "articles"))
    assert "1 unchanged" in again.stdout
    assert again.stderr == ""


def test_ask_shows_the_passage_and_its_citation(chuchu: Chuchu) -> None:
    done = chuchu("ask", "新桥全长多少米？")
    assert done.returncode == 0
    assert "大桥全长三百四十米" in done.stdout
    assert "沄江晚报 · 2023-03-14" in done.stdout
    assert done.stderr == ""


def test_ask_json_has_the_fields_of_the_interface(chuchu: Chuchu) -> None:
    answer = chuchu.json("ask", "新橋花了多少錢？")
    assert set(answer) >= {"question", "answered", "confidence", "reason", "filters", "hits", "timing_ms"}
    assert set(answer["filters"]) >= {"since", "until", "source"}
    hit = answer["hits"][0]
    assert set(hit) >= {"rank", "score", "text", "highlight", "span", "article", "also_in"}
    article = {"id", "title", "source", "author", "published", "published_from", "url", "path", "language"}
    assert set(hit["article"]) >= article
    whole = chuchu.json("show", hit["article"]["id"])
    assert whole["text"][slice(*hit["span"])] == hit["text"]
    assert "一千二百万元" in hit["text"][slice(*hit["highlight"])]


def test_explain_shows_what_the_score_is_made_of(chuchu: Chuchu) -> None:
    assert "words" in chuchu("ask", "新桥全长多少米？", "--explain").stdout


def test_show_sources_and_stats(chuchu: Chuchu) -> None:
    assert "老船工" in chuchu("show", "bridge.txt").stdout
    assert chuchu.json("sources")[0]["name"] == "沄江晚报"
    assert chuchu.json("stats")["articles"] == 1
    assert "沄江晚报" in chuchu("sources").stdout
    assert "articles" in chuchu("stats").stdout


def test_chat_answers_questions_from_a_pipe(chuchu: Chuchu) -> None:
    lines = '新桥全长多少米？\n{"question": "谁以后不用等船了？"}\n/open 1\n/quit\n还有吗？\n'
    done = chuchu("chat", stdin=f"{'长' * 5000}\n{lines}")
    assert done.returncode == 0
    assert "大桥全长三百四十米" in done.stdout
    assert "? 谁以后不用等船了？" in done.stdout
    assert done.stdout.replace("\n", "").count("长" * 10) == 20, "200 characters say which question it was"
    assert "还有吗" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "{folder}/nowhere"), "nowhere"),
        (("index", "{folder}/empty"), "no article"),
        (("ask", "新桥多长？", "--index", "{folder}/articles"), "chuchu index"),
        (("ask", "新桥多长？", "--index", "{folder}/nowhere"), "chuchu index"),
        (("ask", "   "), "empty"),
        (("ask", "x" * 100_000), "100,000"),
        (("ask", "新桥多长？", "--since", "irgendwann"), "irgendwann"),
        (("ask", "新桥多长？", "--since", "2023", "--until", "2022"), "since 2023 and until 2022"),
        (("show", "nowhere.txt"), "nowhere.txt"),
        (("remove", "nowhere.txt"), "nowhere.txt"),
        (("chat", "--index", "{folder}/nowhere"), "chuchu index"),
        (("index", "{folder}/articles", "--index", "{folder}/articles/bridge.txt"), "--index"),
    ],
)
def test_wrong_input_gets_one_line_that_says_what(chuchu: Chuchu, arguments: tuple[str, ...], said: str) -> None:
    (chuchu.folder / "empty").mkdir(exist_ok=True)
    assert said in failed(chuchu(*(argument.format(folder=chuchu.folder) for argument in arguments)))


def test_an_index_that_is_none(chuchu: Chuchu) -> None:
    folder = chuchu.folder / "none"
    folder.mkdir()
    (folder / "catalogue.sqlite").write_text("my shopping list")
    for command in (("ask", "新桥多长？"), ("index", str(chuchu.folder / "articles"))):
        assert "catalogue.sqlite" in failed(chuchu(*command, "--index", str(folder)))
    assert (folder / "catalogue.sqlite").read_text() == "my shopping list"


def test_a_wrong_setting(chuchu: Chuchu) -> None:
    assert "CHUCHU_THREADS" in failed(chuchu("stats", CHUCHU_THREADS="many"))
    assert "CHUCHU_INDEX is ''" in failed(chuchu("stats", CHUCHU_INDEX=""))


def test_a_binary_file_is_skipped_and_said(chuchu: Chuchu) -> None:
    folder = chuchu.folder / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(ARTICLE, "utf-8")
    (folder / "bad.txt").write_bytes(bytes(range(256)) * 40)
    done = chuchu("index", str(folder), "--index", str(chuchu.folder / "other"))
    assert done.returncode == 0
    assert "1 added, 1 skipped" in done.stdout
    assert "bad.txt" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", b"\xff"),
        ("remove", b"\xff"),
        ("ask", "桥", "--since", b"\xff"),
        ("ask", "桥", "--as-of", b"4\xff"),
        ("watch", "remove", b"\xff"),
    ],
)
def test_bytes_that_are_no_text_are_one_line(chuchu: Chuchu, arguments: tuple[str | bytes, ...]) -> None:
    command: list[str | bytes] = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=chuchu.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("chuchu: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("redirected", "said"),
    [
        (">&-", ""),
        ("<&- >/dev/null", ""),
        (">/dev/full", "chuchu: standard output cannot be written: No space left on device\n"),
    ],
)
def test_output_that_nobody_takes_is_no_fault(chuchu: Chuchu, redirected: str, said: str) -> None:
    for command in ("show bridge.txt", "sources --json", "--help"):
        line = f"{sys.executable} -m bot {command} {redirected}"
        done = subprocess.run(
            ["sh", "-c", line], cwd=ROOT, env=chuchu.environment, capture_output=True, text=True, check=False
        )
        assert done.stderr == said


@pytest.mark.parametrize(
    ("command", "status"),
    [("show bridge.txt", 0), ("stats --json", 0), ("ask --help", 0), ("show nowhere", 2), ("nosuch", 2)],
)
@pytest.mark.parametrize("both", [False, True], ids=["| true", "2>&1 | true"])
def test_a_reader_that_leaves_changes_no_exit_status(
    chuchu: Chuchu, command: str, status: int, tmp_path: Path, *, both: bool
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with (tmp_path / "errors").open("wb") as errors, Path(os.devnull).open("rb") as nothing:
        streams = nothing.fileno(), writing, writing if both else errors.fileno()
        process = forking.start("bot", *command.split(), environment=chuchu.environment, streams=streams)
    os.close(writing)
    assert process.wait(60) == status
    said = (tmp_path / "errors").read_bytes()
    assert said == b"" if status == 0 else b"Traceback" not in said


def test_another_alphabet_gets_escapes(chuchu: Chuchu) -> None:
    done = chuchu("sources", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u6c84\\u6c5f" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nosuch",), "No such command 'nosuch'. See: "),
        (("ask",), "Missing argument 'question'. See: "),
        (("ask", "新桥多长？", "-k", "0"), "'-k'"),
        (("ask", "新桥多长？", "--nosuch"), "--nosuch"),
        (("ask", "新桥多长？", "--index", ""), "'--index': it is empty"),
        (("index", ""), "it is empty"),
        (("show", "a", "b"), "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_gets_one_line(chuchu: Chuchu, arguments: tuple[str, ...], said: str) -> None:
    line = failed(chuchu(*arguments))
    assert said in line
    assert line.endswith(f" See: chuchu {arguments[0]}".removesuffix(" nosuch") + " --help\n")


@pytest.mark.parametrize(
    ("option", "written"),
    [
        ("－k", "-k"), ("－k３", "-k3"), ("—k", "-k"), ("——index", "--index"), ("—json", "--json"), ("−−json", "--json"),
        ("－－ｊｓｏｎ", "--json"), ("--ｊｓｏｎ", "--json"), ("–source=晚报", "--source"), ("——as—of", "--as-of"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "arguments", [("ask", "新桥多长？", "{}"), ("ask", "{}", "3", "新桥多长？"), ("index", "x", "{}")]
)
def test_an_option_with_other_dashes_is_named(arguments: tuple[str, ...], option: str, written: str) -> None:
    with pytest.raises(SettingsError) as raised:
        _check_dashes([argument.format(option) for argument in arguments])
    assert str(raised.value) == f"no such option: {option}; write {written}. See: chuchu {arguments[0]} --help"


@pytest.mark.parametrize(
    "word", ["——他说了什么？", "—", "-", "一k", "—5度", "ー", "a—b", "–index.txt", "－", "--index", "-k"]
)
def test_a_question_may_begin_with_a_dash(word: str) -> None:
    _check_dashes(["ask", word])
    _check_dashes(["ask", "--", "－k"])


def test_a_full_width_option_gets_one_line(chuchu: Chuchu) -> None:
    assert "－k" in failed(chuchu("ask", "新桥多长？", "－k", "3"))


def test_ctrl_c_is_told(chuchu: Chuchu) -> None:
    # a job in the background of a shell begins with Ctrl-C ignored
    heard = "import signal, bot.cli; signal.signal(signal.SIGINT, signal.default_int_handler); bot.cli.main()"
    with subprocess.Popen(
        [sys.executable, "-c", heard, "chat"], cwd=ROOT, env=chuchu.environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("新桥多长？\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "chuchu: stopped\n")


def test_ctrl_c_while_a_thread_starts_ends_the_process(chuchu: Chuchu) -> None:
    code = """
import threading
import bot.cli
start = threading.Thread.start
def interrupted(self):
    start(self)
    if self.name.startswith("parallel"):
        raise KeyboardInterrupt
threading.Thread.start = interrupted
bot.cli.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", "新桥全长多少米？"],
        cwd=ROOT, env=chuchu.environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "chuchu: stopped\n")


def test_no_arguments_get_the_help(chuchu: Chuchu) -> None:
    done = chuchu()
    assert "telegram" in done.stdout + done.stderr
    assert "chuchu: " not in done.stderr


def test_prune_asks_before_much_is_removed(chuchu: Chuchu, tmp_path: Path) -> None:
    def index(*arguments: str) -> subprocess.CompletedProcess[str]:
        return chuchu("index", *arguments, "--index", str(tmp_path / "archive"))

    folder = tmp_path / "新[b]闻\n\u202e"
    (folder / "sub").mkdir(parents=True)
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"{number}{ARTICLE}", "utf-8")
        (folder / "sub" / f"{number}.txt").write_text(f"{number}号{ARTICLE}", "utf-8")
    assert "8 added" in index(str(folder)).stdout
    (folder / "0.txt").unlink()
    assert "1 removed" in index("--prune", str(folder)).stdout, "what follows --prune is a path"
    shutil.rmtree(folder / "sub")
    refused = index(str(folder), "--prune", "--json")
    line = failed(refused)
    assert "the files of 4 articles" in line
    assert line.endswith("run the same command with --prune=all\n")
    assert json.loads(refused.stdout)["removed"] == 0
    assert "4 removed" in index(str(folder), "--prune=all").stdout
    assert "'--prune'" in failed(index(str(folder), "--prune=some"))
    assert "--prune does not exist" in failed(index("--", "--prune", str(folder)))


def test_standard_input_cannot_be_watched(chuchu: Chuchu) -> None:
    assert "--watch" in failed(chuchu("index", "-", "--watch", stdin=ARTICLE))


def test_links_are_followed_when_asked(chuchu: Chuchu, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "here.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "there.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "news" / "there.txt").symlink_to(tmp_path / "there.txt")
    command = ("index", str(tmp_path / "news"), "--index", str(tmp_path / "archive"))
    done = chuchu(*command)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "there.txt: a link that leads out of the folder; --follow-links follows it" in done.stderr
    assert "1 added, 1 unchanged" in chuchu(*command, "--follow-links").stdout


def test_an_outlet_is_named_by_any_of_its_names(chuchu: Chuchu) -> None:
    for name in ("沄江晚报", "沄江晚報", "沄江"):
        found = chuchu.json("ask", "新桥多长？", "--source", name)
        assert (found["answered"], found["filters"]["source"]) == (True, "沄江晚报")
        assert len(chuchu.json("timeline", "新桥", "--source", name)["stories"]) == 1
    assert chuchu.json("ask", "新桥多长？", "--source", "人民网")["filters"]["source"] == "人民网"
