"""The systems, and how each is run: a process a verb."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.environment import ROOT

OURS = "chuchu"
TORCH = "sentence-transformers"
NAMES = (OURS, TORCH, "txtai hybrid", "LangChain script")
_ENCODERS = {OURS: "chuchu_encoder", TORCH: "torch_encoder"}
_SCRIPTS = dict(zip(NAMES, ("chuchu", "torch_script", "txtai_script", "langchain_script"), strict=True))


@dataclass(frozen=True, slots=True)
class Served:
    """What a process answered: milliseconds and articles by question, and its resident memory at the end in MB."""

    ms: list[float]
    articles: list[str]
    resident: float


@dataclass(frozen=True, slots=True)
class System:
    """A system; `cache` is where chuchu prepares its model, `model` the folder that the others load."""

    name: str
    python: Path
    model: Path
    cache: Path

    def index(self, texts: Path, folder: Path) -> tuple[float, float]:
        """Index texts into a new folder; return seconds of the process, and those without loading anything."""
        begun = time.perf_counter()
        output = self._run(self._adapter("index", str(texts), str(folder)))
        return time.perf_counter() - begun, float(_replies(output)[-1]["seconds"])

    def ask(self, folder: Path, question: str) -> float:
        """Ask one question in a new process, as a person would; return its seconds."""
        own = [str(self.python), "-m", "bot", "ask", question, "--index", str(folder)]
        begun = time.perf_counter()
        self._run(own if self.name == OURS else self._adapter("ask", str(folder), question))
        return time.perf_counter() - begun

    def serve(self, folder: Path, questions: Sequence[str]) -> Served:
        """Put questions one after another to one process; the first is put once before, unmeasured."""
        return self._serve(self._adapter("serve", str(folder)), questions)

    def embed(self, folder: Path, questions: Sequence[str]) -> Served | None:
        """Have questions embedded one after another by the encoder alone; None where that is not measured."""
        if self.name not in _ENCODERS:
            return None
        module = f"benchmarks.peers.adapters.{_ENCODERS[self.name]}"
        return self._serve([str(self.python), "-m", module, "serve", str(folder)], questions)

    def _serve(self, command: Sequence[str], questions: Sequence[str]) -> Served:
        process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with process:
            assert process.stdin
            assert process.stdout
            answered = []
            for question in (questions[0], *questions):
                process.stdin.write(json.dumps(question) + "\n")
                process.stdin.flush()
                answered.append(_reply(process.stdout.readline, self.name))
            resident = _resident(process.pid)
            process.stdin.close()
        return Served([item["ms"] for item in answered[1:]], [item["article"] for item in answered[1:]], resident)

    def _adapter(self, *arguments: str) -> list[str]:
        return [str(self.python), "-m", f"benchmarks.peers.adapters.{_SCRIPTS[self.name]}", *arguments]

    def _environment(self) -> dict[str, str]:
        quiet = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONUTF8": "1"}
        as_started = {"OPENBLAS_NUM_THREADS": "1"} if self.name == OURS else {}  # the command sets it for itself
        return {**os.environ, **quiet, **as_started, "MODEL": str(self.model), "CHUCHU_CACHE": str(self.cache)}

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), check=False, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            sys.exit(f"bench: {self.name} failed: {' '.join(command)}\n{done.stderr[-2000:]}")
        return done.stdout


def _replies(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def _reply(readline: Any, name: str) -> dict[str, Any]:
    """Read on to the next reply: some libraries print."""
    while line := readline():
        if line.startswith("{"):
            return dict(json.loads(line))
    sys.exit(f"bench: {name} ended before it answered")


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MB; `ps` knows it on every Unix."""
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)  # noqa: S607 wherever it lies
    return int(done.stdout) / 1024
