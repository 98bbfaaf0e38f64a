"""Text that would act on what shows it, and what a command wrote to a pipe or a terminal."""

import os
import re
import sys
import termios
import threading
import tty
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import pytest

from bot.streams import open_streams

_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
HOSTILE = "".join(
    character
    for character in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    or unicodedata.bidirectional(character) in _DIRECTIONS
    or character in "\u061c\u200e\u200f"
    or "\U000e0000" <= character <= "\U000e007f"
).translate({9: None, 10: None})
"""Unicode's controls, halves of characters, ends of lines, marks of direction and tags."""
FOUND = re.compile(f"[{re.escape(HOSTILE)}]")
SIGN = "\x1b[48;5;213m"
"""A colour that this project does not use."""
MARKUP = "[/b][link=http://evil]甲[/link]:smile:👨‍👩‍👧"
OWN = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[12]?K|\x1b\[[0-9]*A|\r")
"""What rich writes to a terminal: colours, the cursor, a line taken back."""


def batches(size: int) -> Iterator[str]:
    return (HOSTILE[start : start + size] for start in range(0, len(HOSTILE), size))


@dataclass
class Ends:
    """What a process wrote to standard output and error."""

    out: bytes = b""
    err: bytes = b""
    status: int = 0

    def check(self) -> None:
        for raw in (self.out, self.err):
            text = raw.decode("utf-8")
            assert SIGN not in text
            assert "\\u001b[2K" not in text, "a code of rich's own"
            assert not FOUND.search(OWN.sub("", text)), FOUND.findall(OWN.sub("", text))


def captured(call: Callable[[], object], *, terminal: bool) -> Ends:
    """Return what a call writes to pipes or to terminals, and with which status it leaves."""
    ends = Ends()
    with pytest.MonkeyPatch.context() as patch:
        readers = [_connect(name, ends, patch, terminal=terminal) for name in ("out", "err")]
        open_streams()
        try:
            call()
        except SystemExit as left:
            ends.status = int(left.code or 0)
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.close()
    for reader in readers:
        reader.join()
    return ends


def read_all(source: IO[bytes]) -> bytes:
    """Read until the other end of a pipe or a terminal is closed."""
    return b"".join(iter(lambda: _read(source), b""))


def _connect(name: str, ends: Ends, patch: pytest.MonkeyPatch, *, terminal: bool) -> threading.Thread:
    """Put one end of a pipe or a terminal in the place of a stream, and read all that comes out at the other."""
    read, write = os.openpty() if terminal else os.pipe()
    if terminal:
        tty.setraw(write)  # no line feed gets a carriage return
        termios.tcsetwinsize(write, (30, 60))
    patch.setattr(sys, f"std{name}", os.fdopen(write, "w", encoding="utf-8"))

    def drain() -> None:
        with os.fdopen(read, "rb", buffering=0) as source:
            setattr(ends, name, read_all(source))

    thread = threading.Thread(target=drain)
    thread.start()
    return thread


def _read(source: IO[bytes]) -> bytes:
    try:
        return source.read(65536)
    except OSError:  # how a terminal says that its other end is closed
        return b""
