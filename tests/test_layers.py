"""The arrow points one way: bot → retrieval, and inside retrieval from search down to values."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = [
    {"values", "errors", "commands", "own_files"},
    {"settings", "text", "passages", "articles", "encoders"},
    {"batches", "origins", "recent", "report", "shard"},
    {"index"},
    {"embedding", "indexing", "ready", "search"},
    {"derived", "manifest"},
    {"local"},
    {"location"},
    {"archive", "building"},
    {"copying", "rebuilding"},
    {"maintenance"},
    {"evaluation"},
]
FORBIDDEN = {"telegram", "asyncio", "typer", "rich", "prompt_toolkit", "bot"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "retrieval")


def layer_of(name: str) -> int | None:
    return next((level for level, names in enumerate(LAYERS) if name in names), None)


MODULES = sorted((ROOT / "retrieval").rglob("*.py"))


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_retrieval_imports_only_what_lies_below(path: Path) -> None:
    own = path.relative_to(ROOT / "retrieval").parts[0].removesuffix(".py")
    for name in imports(path):
        top, _, rest = name.partition(".")
        assert top not in FORBIDDEN, f"{path} imports {name}"
        if top == "retrieval" and own != "__init__":
            below, here = layer_of(rest.split(".")[0]), layer_of(own)
            assert here is not None, f"{own} has no layer"
            assert below is None or below <= here, f"{path} imports {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_bot_uses_the_public_names_only(path: Path) -> None:
    modules = [node.module for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    for module in modules:
        # the evaluation has public names of its own, so that a question starts without loading it
        assert module == "retrieval.evaluation" or not (module or "").startswith("retrieval."), (
            f"{path} imports from {module}"
        )
