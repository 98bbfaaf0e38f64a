"""The three verbs of an adapter, as a process of its own.

    index TEXTS FOLDER      read JSON lines {"id", "text"}, write an index, print {"seconds"}, the loaded model's alone
    ask FOLDER QUESTION     print {"article"} of the first hit
    serve FOLDER            for each line of JSON, a question, print {"ms", "article"}

The model's folder is in the environment variable MODEL.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

Texts = list[tuple[str, str]]
"""Ids of articles and their paragraphs, in order; an article has several."""


class System(Protocol):
    """What is measured."""

    def index(self, texts: Texts, folder: Path) -> None:
        """Embed the paragraphs and write the index into a new folder."""

    def search(self, question: str) -> str:
        """Return the id of the best hit's article."""


def run(opened: Callable[[str, Path | None], System]) -> None:
    """Do what the command line says with the system that is opened with the model's folder, and its index if any."""
    verb, *rest = sys.argv[1:]
    model = os.environ["MODEL"]
    if verb == "index":
        _index(opened(model, None), Path(rest[0]), Path(rest[1]))
    elif verb == "ask":
        _reply({"article": opened(model, Path(rest[0])).search(rest[1])})
    else:
        _serve(opened(model, Path(rest[0])))


def articles(texts: Texts) -> dict[str, str]:
    """Put the paragraphs of each article together again."""
    parts: dict[str, list[str]] = {}
    for article, text in texts:
        parts.setdefault(article, []).append(text)
    return {article: "\n".join(paragraphs) for article, paragraphs in parts.items()}


def _index(system: System, path: Path, folder: Path) -> None:
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [(record["id"], part) for record in records for part in record["text"].split("\n") if part.strip()]
    begun = time.perf_counter()
    system.index(texts, folder)
    _reply({"seconds": time.perf_counter() - begun})


def _serve(system: System) -> None:
    for line in sys.stdin:
        begun = time.perf_counter()
        article = system.search(json.loads(line))
        _reply({"ms": 1e3 * (time.perf_counter() - begun), "article": article})


def _reply(record: dict[str, object]) -> None:
    print(json.dumps(record), flush=True)
