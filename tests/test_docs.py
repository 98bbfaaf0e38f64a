"""What README and docs/ name is there: files that are linked, commands with their options, settings; and short enough."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.settings import TelegramSettings, WebSettings
from retrieval import EnvSettings, Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)?(?:#([^)\s]+))?\)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```|^( {4,}\S.*)$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )*chuchu [^`]+)`")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*chuchu (\S.*)$", re.MULTILINE)
MODULE = re.compile(r"`([\w/]+\.py)`")
VARIABLE = re.compile(r"`(CHUCHU_(?:WEB_|TELEGRAM_)?[A-Z_]+[A-Z])(?:=[^`]*)?`")
ELSEWHERE = {"CHUCHU_ENV_FILE", "CHUCHU_LANG", "CHUCHU_TEST_EMULATOR"}
"""Variables that are no setting of a class."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), anchor


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_modules_that_are_named_are_there(page: Path) -> None:
    there = [f"/{named(path)}" for folder in ("bot", "retrieval", "benchmarks", "tests") for path in files(folder)]
    for module in MODULE.findall(page.read_text("utf-8")):
        assert any(path.endswith(f"/{module}") for path in there), module


def files(folder: str) -> Iterator[Path]:
    return (ROOT / folder).rglob("*.py")


def commands(page: Path) -> Iterator[list[str]]:
    text = page.read_text("utf-8")
    code = [*("".join(found) for found in BLOCK.findall(text)), *INLINE.findall(text)]
    for line in COMMAND.findall("\n".join(code)):
        said = re.split(r"\s{2,}|\s#\s|[|;]| && |\.\s", line)[0]
        try:
            yield shlex.split(said.replace("'", ""))
        except ValueError:
            yield said.split()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_are_there_with_their_options(page: Path) -> None:
    for words in commands(page):
        command = typer.main.get_command(app)
        while getattr(command, "commands", None) and words and not words[0].startswith("-"):
            if not re.fullmatch("[a-z-]+", words[0].rstrip(":,")):
                break
            assert words[0].rstrip(":,") in command.commands, words  # type: ignore[attr-defined]
            command = command.commands[words.pop(0).rstrip(":,")]  # type: ignore[attr-defined]
        known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
        given = {word.partition("=")[0].rstrip(":,.") for word in words if re.match("--?[a-z]", word)}
        assert given <= known, words


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_settings_are_there(page: Path) -> None:
    kinds: dict[str, type[EnvSettings]]
    kinds = {"CHUCHU_": Settings, "CHUCHU_WEB_": WebSettings, "CHUCHU_TELEGRAM_": TelegramSettings}
    known = {f"{prefix}{name}".upper() for prefix, kind in kinds.items() for name in kind.model_fields}
    assert set(VARIABLE.findall(page.read_text("utf-8"))) <= known | ELSEWHERE


def test_the_readme_is_read_in_two_screens() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 100
