"""Whatever the terminal says is said in every language, with the same values filled in."""

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import retrieval.errors
from bot.cli import app
from bot.terminal import commands_below
from bot.words import InterfaceLanguage, messages, say, terminal_language, translated
from retrieval import ArchiveError, ChuchuError, Message, QuestionError
from retrieval.evaluation import EXPLAINED, MEASURES, Failure
from retrieval.read.files import UnreadableError
from tests.bot.words.test_words import _TO_SIMPLIFIED

ROOT = Path(__file__).parents[3]
LANGUAGES = [InterfaceLanguage.SIMPLIFIED, InterfaceLanguage.TRADITIONAL]
MODULES = [
    path
    for folder in ("retrieval", "bot")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"telegram", "web"} & set(path.relative_to(ROOT).parts)
]
ERRORS = {
    name for name, kind in vars(retrieval.errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
}
SAYING = {"say", "Message", "_log.warning", *ERRORS, UnreadableError.__name__}
CLAUSES = {"Skipped": 1, "Fault": 1}


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def constants(tree: ast.Module) -> dict[str, list[str]]:
    """Return the texts that names of a module stand for, those in tables too."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
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
        if not isinstance(node, ast.Call) or not node.args:
            continue
        place = 0 if called(node) in SAYING else CLAUSES.get(called(node))
        if place is None or len(node.args) <= place:
            continue
        argument = node.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value
        elif isinstance(argument, ast.Name):
            yield from known.get(argument.id, ())


def spoken() -> set[str]:
    found = {text for path in MODULES for text in said_in(path)}
    for command in commands_below(typer.main.get_command(app)):
        found |= {item.help for item in (command, *command.params) if getattr(item, "help", None)}
    return {*found, *EXPLAINED.values(), *Failure, *map(str, Failure)} - {
        "",
        "{what}: {shortage}",
        "%s",
        "{name}: {error}",
        "{said}",
    }


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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_error_is_raised_with_a_text_that_is_filled_in_already(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call) and node.args]
    filled = [node.lineno for node in calls if called(node) in SAYING and isinstance(node.args[0], ast.JoinedStr)]
    assert filled == [], "give the template, and its values by name, so that it can be said in other languages"


def test_every_measure_is_explained() -> None:
    assert set(EXPLAINED) == set(MEASURES)


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
