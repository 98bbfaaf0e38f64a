"""Standard input, output and error, whatever they are connected to."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path


def open_streams() -> None:
    """Let every stream be there and take or give any text: a closed one swallows, another alphabet gets escapes."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 open to the end
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace" if name == "stdin" else "backslashreplace")


def give_up_output() -> None:
    """Let go what standard output could not take, so that the end of the process does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
