"""The arrow points one way, bot → retrieval and inside it from search down to values; a name stands for one thing."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = [
    {"values", "errors"},
    {"settings", "text"},
    {"encode", "passages"},
    {"repair"},
    {"clean"},
    {"read"},
    {"store"},
    {"search"},
    {"origins"},
    {"archive", "ingest"},
    {"upkeep"},
    {"evaluation"},
]
FORBIDDEN = {"telegram", "asyncio", "typer", "rich", "prompt_toolkit", "bot"}
SAME_NAME = {"__init__", "__main__", "settings", "protocols"}
"""File names that may stand more than once; beside them what stands in both kinds of store."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for base in ("bot", "retrieval") for path in sorted((ROOT / base).rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def public() -> dict[str, str]:
    """Return the module of each public name of `retrieval`."""
    return {
        alias.name: node.module or ""
        for node in ast.walk(tree("retrieval"))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def imports(module: str) -> Iterator[str]:
    """Yield the modules that a module imports, wherever it does; a public name stands for the module that has it."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                root = public().get(alias.name, node.module) if node.module == "retrieval" else node.module
                yield name if name in MODULES else root


def layer_of(module: str) -> int | None:
    top = module.split(".")[1:2]
    return next((level for level, names in enumerate(LAYERS) if top and top[0] in names), None)


RETRIEVAL = [module for module in MODULES if module.startswith("retrieval.")]


def test_there_are_modules_to_look_at() -> None:
    assert len(RETRIEVAL) > 20
    assert public()["open_archive"] == "retrieval.archive"


def lies_below(name: str, module: str) -> bool:
    """Return whether a module of retrieval may import a name."""
    here, below = layer_of(module), layer_of(name) if name.startswith("retrieval.") else None
    if here is None or name.split(".", maxsplit=1)[0] in FORBIDDEN:
        return False
    return below is None or below < here or name.split(".")[:2] == module.split(".")[:2]


def test_retrieval_imports_only_what_lies_below() -> None:
    assert [module for module in RETRIEVAL if layer_of(module) is None] == []
    assert [(module, name) for module in RETRIEVAL for name in imports(module) if not lies_below(name, module)] == []


def circle_from(start: str, graph: dict[str, set[str]]) -> list[str] | None:
    """Return a way from a module back to it."""
    waiting, came = [start], dict[str, str]()
    while waiting:
        here = waiting.pop()
        for name in sorted(graph[here]):
            if name == start:
                way = [here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return [start, *way]
            if name in graph and name not in came:
                came[name] = here
                waiting.append(name)
    return None


def test_no_imports_go_in_circles() -> None:
    graph = {
        module: {name for name in imports(module) if name != module} for module in MODULES if module != "retrieval"
    }
    circles = [circle for module in graph if (circle := circle_from(module, graph))]
    assert not circles


def test_the_bot_uses_the_public_names_only() -> None:
    own = [
        (module, node.module)
        for module in MODULES
        if module.startswith("bot")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("retrieval.")
    ]
    # the evaluation has public names of its own, so that a question starts without loading it
    assert [(module, name) for module, name in own if name != "retrieval.evaluation"] == []


def test_a_file_name_stands_for_one_thing() -> None:
    places = defaultdict(list)
    for path in MODULES.values():
        places[path.stem].append(path.parent.relative_to(ROOT).as_posix())
    stores = {"retrieval/store/catalogue", "retrieval/store/local", "retrieval/store/milvus"}
    assert not {
        name: folders
        for name, folders in places.items()
        if len(folders) > 1 and name not in SAME_NAME and not (set(folders) <= stores and len(folders) == 2)
    }


def test_a_public_type_name_stands_for_one_thing() -> None:
    places = defaultdict(list)
    for module in MODULES:
        for node in tree(module).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert not {name: modules for name, modules in places.items() if len(modules) > 1}


def given(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module gives."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def test_a_name_of_a_module_is_given_once() -> None:
    named = {module: Counter(name for node in tree(module).body for name in given(node)) for module in MODULES}
    assert not [f"{module}.{name}" for module, names in named.items() for name, times in names.items() if times > 1]
