"""Whatever the terminal says is said in every language, with the same values filled in."""

import ast
import json
import pickle
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import ValidationError

from bot.cli import app, main
from bot.settings import TelegramSettings, WebSettings
from bot.terminal import commands_below
from bot.words import _CLAUSES, InterfaceLanguage, messages, say, terminal_language, translated
from retrieval import (
    ArchiveError,
    Article,
    ChuchuError,
    EnvSettings,
    Message,
    QuestionError,
    Settings,
    read_articles,
    setting_refused,
)
from retrieval.evaluation import EXPLAINED, MEASURES, Failure, read_questions
from retrieval.search.translations import DictionaryState
from retrieval.settings import _REASONS
from retrieval.store.milvus import ServerFailure
from tests.bot.words.test_words import _TO_SIMPLIFIED

ROOT = Path(__file__).parents[3]
LANGUAGES = [InterfaceLanguage.SIMPLIFIED, InterfaceLanguage.TRADITIONAL]
MODULES = [path for folder in ("retrieval", "bot") for path in sorted((ROOT / folder).rglob("*.py"))]
LOGS = {"_log.info", "_log.warning", "_log.error"}
SAYING = {"say", "_said", "Message", *LOGS}
BUGS = {"AttributeError", "KeyError", "OSError", "RuntimeError", "TypeError", "ValueError"}
"""What is raised with a text for whoever mends the program, or for who catches it to say more."""
CLAUSES = {"Skipped": 1, "Fault": 1, "Heads": 2}
STAGES = ("report", "progress", ".skipped", "._needs")
"""What is called with a clause, or a stage of long work, that somebody else says."""


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def is_said(node: ast.Call) -> bool:
    """Return whether people read what a call is given first: an error's text is among it."""
    name = called(node)
    return name in SAYING or (name.endswith("Error") and name not in BUGS)


def is_choice(node: ast.Assign) -> bool:
    """Return whether a name in a function stands for a text, or for one of two."""
    return isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant | ast.IfExp)


def constants(tree: ast.Module) -> dict[str, list[str]]:
    """Return the texts that names in a module stand for, those in tables too."""
    found = dict[str, list[str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (node in tree.body or is_choice(node)):
            texts = [each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)]
            names = [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
            strings = [text for text in texts if isinstance(text, str)]
            found.update(
                {name: strings if len(names) == 1 else strings[place : place + 1] for place, name in enumerate(names)}
            )
    return found


def said_in(path: Path) -> Iterator[str]:
    """Yield each sentence that a module hands on to be said."""
    tree = ast.parse(path.read_text("utf-8"))
    known = constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in said_by(node):
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
                elif isinstance(argument, ast.Name):
                    yield from known.get(argument.id, ())


def said_by(node: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call is given that is said as it stands: a sentence, a clause by its name, a stage."""
    is_stage = called(node).endswith(STAGES)
    place = 0 if is_said(node) or is_stage else CLAUSES.get(called(node))
    if place is not None:
        yield from node.args[place : place + 1]
    if is_said(node):
        for keyword in node.keywords:
            if keyword.arg in _CLAUSES:
                yield keyword.value
                yield from (keyword.value.body, keyword.value.orelse) if isinstance(keyword.value, ast.IfExp) else ()


def spoken() -> set[str]:
    found = {text for path in MODULES for text in said_in(path)}
    for command in commands_below(typer.main.get_command(app)):
        found |= {item.help for item in (command, *command.params) if getattr(item, "help", None)}
    found |= {str(each) for kind in (Failure, DictionaryState, ServerFailure) for each in kind}
    return {*found, *EXPLAINED.values(), *_REASONS.values(), *removal_reasons()} - {
        "",
        "{what}: {shortage}",
        "%s",
        "{name}: {error}",
        "{said}",
        "{error}",
    }


def removal_reasons() -> set[str]:
    """Return why lines are taken out of articles: all that cleaning gives, or asks for, as a reason."""
    found = set[str]()
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "retrieval" / "clean").rglob("*.py"))]
    known = {name: texts for tree in trees for name, texts in constants(tree).items() if name.isupper()}
    for tree in trees:
        for node in ast.walk(tree):
            given = list[ast.expr]()
            if isinstance(node, ast.keyword) and node.arg == "reason":
                given = [node.value]
            elif isinstance(node, ast.Call) and called(node) in {"Removed", "_as_boilerplate", "dict.fromkeys"}:
                given = node.args[1:2]
            elif isinstance(node, ast.Compare) and ast.unparse(node.left).endswith(".reason"):
                given = node.comparators
            elif isinstance(node, ast.FunctionDef) and node.name.endswith("_reason"):
                given = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
            elif isinstance(node, ast.Tuple) and "LineKind." in ast.unparse(node):
                given = node.elts[1:2]
            for part in (part for each in given for part in ast.walk(each)):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
                elif isinstance(part, ast.Name):
                    found.update(known.get(part.id, ()))
    return found - {""}


def test_a_page_of_the_sample_gives_reasons_that_are_known() -> None:
    page = ROOT / "examples" / "archive"
    given = {removed.reason for item in read_articles([page]) if isinstance(item, Article) for removed in item.removed}
    assert {"menu", "copyright", "byline"} <= given <= removal_reasons()


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} - {"s"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there(language: InterfaceLanguage) -> None:
    assert sorted(spoken() - messages(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_filled_in(language: InterfaceLanguage) -> None:
    for english, other in messages(language).items():
        assert blanks(other) == blanks(english), english
        assert other.strip()


SENTENCE = re.compile("[a-z]{2,} [a-z]{2,}")
PRINTS = ("typer.echo", ".write", ".print", "_log.", "Skipped", "Fault", "PlainTextResponse", "refused")


def handed_on(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a node raises, prints, or gives to whoever says it."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and called(node.exc) not in BUGS:
        yield from node.exc.args
    elif isinstance(node, ast.Yield) and node.value:
        yield node.value
    elif isinstance(node, ast.Call) and (is_said(node) or any(each in called(node) for each in PRINTS)):
        yield from node.args


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_is_printed_as_it_stands(path: Path) -> None:
    printed = [
        given.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and called(node).endswith(("typer.echo", "screen.print", "console().print"))
        for given in node.args
        if isinstance(given, ast.Constant) and SENTENCE.search(str(given.value))
    ]
    assert printed == [], "say it in the terminal's language: say(…)"


def is_filled_in(given: ast.expr) -> bool:
    """Return whether a sentence in English has values in it."""
    if not isinstance(given, ast.JoinedStr):
        return False
    said = "".join(str(part.value) for part in given.values if isinstance(part, ast.Constant))
    return bool(SENTENCE.search(re.sub("<[^>]*>", "", said)))


def test_no_sentence_that_is_filled_in_already_is_raised_or_printed() -> None:
    filled = [
        f"{path.relative_to(ROOT)}:{given.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for given in handed_on(node)
        if is_filled_in(given)
    ]
    assert filled == [], "give the template, and its values by name, so that it can be said in other languages"


@pytest.mark.parametrize(
    "source", ['raise ArchiveError(f"{x} is not there")', 'typer.echo(f"{n} more are there", err=True)',
               'Skipped(path, f"{n} of them are gone")', 'def f():\n yield f"{path} is missing here"',
               '_log.warning(f"{x} is not there")'],
)  # fmt: skip
def test_such_a_sentence_is_found(source: str) -> None:
    assert any(is_filled_in(given) for node in ast.walk(ast.parse(source)) for given in handed_on(node))


def test_every_measure_is_explained() -> None:
    assert set(EXPLAINED) == set(MEASURES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["", "[1] 2", '{"a', '"\n"', r'"\x"', r'"\u1"', '{"a" 1}', "[1 2]", "{a: 1}", '{"a": 1,}', "[1,]"]
)
def test_what_is_wrong_with_json_is_said(text: str, language: InterfaceLanguage) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert caught.value.msg in messages(language)


def test_both_have_the_same_sentences() -> None:
    simplified, traditional = map(messages, LANGUAGES)
    assert simplified.keys() == traditional.keys()
    for english, said in simplified.items():
        assert _TO_SIMPLIFIED.convert(said) == said, english


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, InterfaceLanguage.SIMPLIFIED),
        ({"LANG": "zh_TW.UTF-8"}, InterfaceLanguage.TRADITIONAL),
        ({"LANG": "zh_HK"}, InterfaceLanguage.TRADITIONAL),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, InterfaceLanguage.ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, InterfaceLanguage.ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, InterfaceLanguage.SIMPLIFIED),
        ({"LC_ALL": "C", "CHUCHU_LANG": "zh-Hant"}, InterfaceLanguage.TRADITIONAL),
        ({"LANG": "zh_CN.UTF-8", "CHUCHU_LANG": "en"}, InterfaceLanguage.ENGLISH),
        ({}, InterfaceLanguage.ENGLISH),
    ],
)
def test_the_language_is_the_settings_or_the_locales(environment: dict[str, str], language: InterfaceLanguage) -> None:
    assert terminal_language(environment) is language


def test_an_error_is_said_whole_and_names_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_LANG", "zh-Hans")
    inner = QuestionError("the question has {count:,} characters; ask in at most {most:,}", count=3000, most=2000)
    outer = QuestionError("question {id}: {error}", id="empty", error=inner)
    assert str(outer) == "question empty: the question has 3,000 characters; ask in at most 2,000"
    assert translated(outer.message) == "问题 empty：问题有 3,000 字；请控制在 2,000 字以内"
    denied = ArchiveError("{folder} cannot be written: {reason}. Free space, and run the same command again.",
                          folder="read", reason="Permission denied")  # fmt: skip
    assert translated(denied.message) == "read 不能写入：没有权限。请腾出空间，再运行同一条命令。"


def test_what_nobody_translated_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_LANG", "zh-Hans")
    assert say("{count} new {things}", count=1, things="{things}") == "1 new {things}"
    assert translated("100 % {of} it") == "100 % {of} it"
    assert str(ChuchuError("{not a field}")) == "{not a field}"


def test_a_message_travels_between_processes() -> None:
    message = Message("{count} new", count=1)
    again = pickle.loads(pickle.dumps(message))  # noqa: S301
    assert (again, again.template, again.fields) == ("1 new", "{count} new", {"count": 1})


@pytest.mark.parametrize("settings", [WebSettings, TelegramSettings, Settings])
@pytest.mark.parametrize("value", ["x", "-1", ""])
def test_a_value_that_cannot_be_used_is_refused_in_chinese(settings: type[EnvSettings], value: str) -> None:
    for field in settings.model_fields:
        try:
            settings.model_validate({field: value})
        except ValidationError as error:
            said = translated(setting_refused(error, "CHUCHU_").message, InterfaceLanguage.SIMPLIFIED)
            assert not SENTENCE.search(said), said
            assert said.startswith(f"CHUCHU_{field.upper()}：")


_QUESTION: dict[str, object] = {"id": "q", "question": "?", "articles": ["a"]}
_FIELDS: list[dict[str, object]] = [
    {"articles": "a"}, {"articles": [""]}, {"question": " "}, {"id": None}, {"as_of": "yesterday"}, {"as_of": []},
    {"as_of": "2022-01-01T12:30"}, {"answers": {}}, {"articles": [], "answers": ["x"]}, {"parts": [[]]},
    {"articles": [], "parts": [["a"]]},
]  # fmt: skip
_ASKED_WRONGLY = [
    "{",
    "[]",
    *(json.dumps(_QUESTION | fields) for fields in _FIELDS),
    *(json.dumps({name: value for name, value in _QUESTION.items() if name != left}) for left in _QUESTION),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", _ASKED_WRONGLY)
def test_a_question_record_is_refused_in_chinese(line: str, language: InterfaceLanguage, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(f"{line}\n", "utf-8")
    with pytest.raises(QuestionError) as caught:
        read_questions(file)
    said = translated(caught.value.message, language)
    assert said.startswith(f"{file}:1：")
    assert not SENTENCE.search(said.removeprefix(str(file))), said


_WRONG_LINES = [
    "", "nothing", "--nothing", "ask", "ask x y", "ask x y z", "ask -k", "ask x -k two", "ask x -k 0", "ask x --nothing", "ask x --sicne 1",
    "ask x --json=1", "ask x --index=", "watch", "watch nothing", "watch add", "watch add x --every year", "feedback", "feedback export",
    "eval", "eval nothing.jsonl", "index", "index nothing", "serve --port 99999999", "serve --port x", "copy", "remove", "show", "read",
    "ask x --since nothing", "ask x --as-of nothing", "ask x --index nothing", "eval x --fail-under nothing",
]  # fmt: skip


@pytest.mark.parametrize("line", _WRONG_LINES)
def test_a_wrong_command_line_is_answered_in_chinese(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUCHU_LANG", "zh-Hans")
    monkeypatch.setattr(sys, "argv", ["chuchu", *line.split()])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    said = f"{printed.out}{printed.err}"
    assert left.value.code
    assert re.search("[\u4e00-\u9fff]", said)
    assert not SENTENCE.search(re.sub(r"chuchu( [a-z]+)*|\[[^\]]*\]|<[^>]*>|-[a-z-]+ [a-z]+", "", said)), said
