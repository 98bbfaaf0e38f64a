"""What is typed in `chuchu chat`: commands as people write them, judgements, and an answer that fits a small terminal."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from prompt_toolkit import PromptSession
from rich.cells import chop_cells, set_cell_size
from rich.console import Console

from bot import output, repl
from bot.repl import Session, as_command
from retrieval import Answer, Article, Filters, Hit, PartAnswer
from retrieval.values import Story, Timeline
from tests.bot.telegram.fakes import FakeArchive


def session(screen: Console | None = None) -> Session:
    return Session(FakeArchive(), screen or Console(file=io.StringIO(), width=100))  # type: ignore[arg-type]


def said(talk: Session) -> str:
    file = talk.screen.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize("word", ["exit", "Quit", "/quit", "/exit", "／ｑｕｉｔ", "退出", "離開", " 退出 ", "/退出"])
def test_words_that_leave(word: str) -> None:
    assert not session().reply(word)


@pytest.mark.parametrize("word", ["help", "HELP", "帮助", "幫助", "/help", "／help", "／ＨＥＬＰ"])
def test_words_that_help(word: str) -> None:
    talk = session()
    assert talk.reply(word)
    assert "/right" in said(talk)


@pytest.mark.parametrize("question", ["退出的人有多少？", "help was sent to whom?", "谁帮助了他们？", "2022/04 的降雨"])
def test_questions_that_hold_such_words_are_questions(question: str) -> None:
    assert as_command(question) == question


def test_arguments_of_commands_stay_as_they_are() -> None:
    assert as_command("／ＳＯＵＲＣＥ　Ａ社Ｂ報") == "/source Ａ社Ｂ報"


@pytest.mark.parametrize("sign", ["", " ", "：", ":", "　", "，", "： "])
@pytest.mark.parametrize("command", ["/since", "／ｓｉｎｃｅ", "/No-Answer", "/no－answer", "/ask"])
def test_commands_are_heard_however_they_are_parted(command: str, sign: str) -> None:
    name = {"/since": "/since", "／ｓｉｎｃｅ": "/since", "/ask": "/ask"}.get(command, "/no-answer")
    assert as_command(f"{command}{sign}２０２２年４月") == f"{name} ２０２２年４月"


def test_an_outlet_is_found_by_a_part_of_its_name_in_any_script() -> None:
    talk = session()
    for name in ("/source 青嵐新聞網", "/source：青嵐新聞"):
        talk.filters = Filters()
        talk.reply(name)
        assert talk.filters.source == "青岚新闻网"
    talk.reply("/source 人民网")
    assert talk.filters.source == "青岚新闻网"
    assert "人民网" in said(talk)


def test_a_question_may_be_asked_with_its_command() -> None:
    talk = session()
    talk.reply("/ask：bridge")
    assert talk.answer is not None
    assert talk.answer.question == "bridge"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_help_stands_behind_its_commands(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_LANG", language)
    screen = Console(file=io.StringIO(), width=60, height=20, force_terminal=True, color_system=None, markup=False)
    talk = session(screen)
    talk.reply("/help")
    _, *lines = said(talk).splitlines()
    for line in lines:
        command, explained = set_cell_size(line, 21), line[len(chop_cells(line, 21)[0]) :]
        assert command.startswith("  ")
        assert command[-1] == " " or not explained.strip(), line
        assert explained[:1].strip(), line


def test_judgements_become_a_question_set(tmp_path: Path) -> None:
    talk, file = session(), tmp_path / "questions.jsonl"
    for line in ("/right", "bridge", "/right", "refuse this", "/no-answer", "ferry", "/wrong １", f"/save {file}"):
        talk.reply(line)
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(record["question"], record["articles"]) for record in records] == [
        ("bridge", ["bridge"]),
        ("refuse this", []),
    ]
    assert "ask something first" in said(talk), "there is nothing to judge before a question"


def test_saving_replaces_no_file_but_its_own(tmp_path: Path) -> None:
    talk, file, other = session(), tmp_path / "questions.jsonl", tmp_path / "other"
    other.write_text("mine", "utf-8")
    for line in ("bridge", "/right", f"/save {other}", f"/save {file}", "ferry", "/right", f"/save {file}"):
        talk.reply(line)
    assert other.read_text("utf-8") == "mine"
    assert "is there already" in said(talk)
    assert len(file.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x.jsonl", f"{'x' * 300}.jsonl", "x\0y.jsonl"])
def test_a_name_that_no_file_can_have_is_said_and_ends_nothing(name: str) -> None:
    talk = session()
    for line in ("bridge", "/right"):
        talk.reply(line)
    assert talk.reply(f"/save {name}")
    assert "cannot be written" in said(talk)


def test_a_judgement_that_contradicts_the_last_one_replaces_it(tmp_path: Path) -> None:
    talk, file = session(), tmp_path / "questions.jsonl"
    for line in ("bridge", "/right", "/no-answer", f"/save {file}"):
        talk.reply(line)
    assert json.loads(file.read_text("utf-8"))["articles"] == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("question", ["bridge", "long", "emoji", "refuse bridge", "reprint ferry"])
def test_an_answer_fits_a_small_terminal(question: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_LANG", language)
    screen = Console(file=io.StringIO(), width=60, height=20, force_terminal=True, color_system=None, markup=False)
    talk = session(screen)
    talk.reply(question)
    lines = said(talk).splitlines()
    assert len(lines) < 20, "the prompt takes one"
    first = output.citation(talk.answer.hits[0].article, whole=False).plain if talk.answer else ""
    assert first[:20] in said(talk)


@pytest.mark.parametrize("sentences", [0, 1, 3, 7, 20])
@pytest.mark.parametrize("rank", [1, 2])
def test_the_words_that_answer_are_on_the_screen(sentences: int, rank: int) -> None:
    before, behind = "前面还有一句话，说的是别的事情，和问题没有多大关系。", "后面又是一句。"
    text = before * sentences + "据介绍，馆里现有藏书1.2万册，来自各方捐赠。" + behind * 9
    begin = text.index("1.2万册")
    article = Article("library", text, title="县图书馆", source="临澜日报")
    hit = Hit(rank, 1.0, text, (0, len(text)), (0, len(text)), article, answer=(begin, begin + 5))
    screen = Console(file=io.StringIO(), width=60, height=20, force_terminal=True, color_system=None, markup=False)
    output.print_short([hit], screen, is_stated=rank > 1)
    assert isinstance(screen.file, io.StringIO)
    above = screen.file.getvalue().partition("「县图书馆」")[0]
    assert "1.2万册" in "".join(above.split())
    assert len(above.splitlines()) <= (5 if rank == 1 else 2)
    assert above.startswith(f"{rank}  ")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_several_things_asked_fit_a_small_terminal_each_with_its_words(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUCHU_LANG", language)
    article = Article(
        "bridge", "大桥通车，来了很多人。" * 90, title="四十九年后，青岚人换了一座桥" * 2, source="临澜日报"
    )
    hit = Hit(1, 1.0, article.text, (0, 900), (0, len(article.text)), article)
    parts = [
        PartAnswer("什么时候通车", "x", answered=True, confidence=0.9, hits=(hit,)),
        PartAnswer("花了多少钱", "y", answered=True, confidence=0.9, hits=(replace(hit, answer=(0, 4)),)),
        PartAnswer("谁是市长", "z", answered=False, confidence=0.1),
    ]
    found = Answer("x", 0.9, Filters(), (hit, hit, hit), parts=tuple(parts))
    screen = Console(file=io.StringIO(), width=60, height=20, force_terminal=True, color_system=None, markup=False)
    output.print_verdict(found, screen)
    output.print_short(found.hits, screen, is_stated=True)
    assert isinstance(screen.file, io.StringIO)
    lines = screen.file.getvalue().splitlines()
    assert len(lines) < 20, "the prompt takes one"
    for number, part in enumerate(parts, 1):
        assert any(line.startswith(f"{number}) {part.name}: ") for line in lines)


def test_ctrl_c_at_the_prompt_only_clears_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter((KeyboardInterrupt(), "bridge", KeyboardInterrupt(), EOFError()))

    def prompt(_self: object, _text: str) -> str:
        item = next(typed)
        if isinstance(item, BaseException):
            raise item
        return str(item)

    monkeypatch.setattr(PromptSession, "prompt", prompt)
    talk = session()
    repl._converse(talk, tmp_path / "history")
    assert talk.answer is not None
    assert "stopped" not in said(talk)


@pytest.mark.parametrize("question", ["refuse this", "filtered this", "old bridge", "bridge"])
def test_nothing_is_slanted(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_LANG", "zh-Hans")
    screen = Console(file=io.StringIO(), width=60, force_terminal=True, color_system="standard", markup=False)
    talk = session(screen)
    talk.reply(question)
    part = PartAnswer("谁是市长", "z", answered=False, confidence=0.1)
    output.print_verdict(Answer("x", 0.9, Filters(), (), parts=(part,), widened=Filters(since="2022")), screen)
    styles = re.findall("\x1b\\[([0-9;]*)m", said(talk))
    assert styles
    assert not any("3" in style.split(";") for style in styles), "Chinese has no slanted letters"


def test_how_many_name_a_topic_is_said_once() -> None:
    hits = [Hit(n, 1.0, f"第{n}天。", (0, 4), (0, 4), Article(str(n), f"第{n}天。")) for n in (1, 2, 3)]
    stories = tuple(Story(hit.article, hit.text, (), hit) for hit in hits)
    timeline = Timeline("大桥", stories, 3, counted=(3, 3))
    talk = session()
    output.print_count(timeline, talk.screen)
    for story in stories:
        output.print_timeline(timeline, talk.screen, [story])
    assert said(talk).count("“大桥”") == 1
    assert [said(talk).count(hit.text) for hit in hits] == [1, 1, 1]


def test_one_story_is_said_as_one() -> None:
    hit = Hit(1, 1.0, "大桥通车。", (0, 5), (0, 5), Article("1", "大桥通车。"))
    talk = session()
    output.print_count(Timeline("大桥", (Story(hit.article, hit.text, (), hit),), 1), talk.screen)
    assert said(talk) == "One story in one article.\n"
