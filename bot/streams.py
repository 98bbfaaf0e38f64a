r"""Standard input, output and error, whatever they are connected to and whatever is written to them.

What archives, names, settings and other programs hold may be made to act on a terminal: an escape sequence sets its
title or its clipboard, a bidirectional control makes 2022 read as 2202. Standard output and error show such a
character as JSON writes it, `\u001b`, so that what is printed as JSON still parses to the same text. Only rich writes
past them, for its colours; `bot.output.Screen` shows what it is given in the same way.
"""

import codecs
import json
import logging
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from bot.words import translated
from retrieval import Message

_TAGS = "[\U000e0000-\U000e007f]" + "".join(f"(?<!\U0001f3f4.{{{place}}})" for place in range(1, 7))
"""Letters that nobody sees, but not the six behind a black flag that make it England's, Scotland's or Wales's."""
CONTROL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line feed, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of reading
    "\u2028\u2029"  # ends of lines and paragraphs
    "\u180e\u2061-\u2065\u206a-\u206f\ufff9-\ufffb\U0001d173-\U0001d17a"  # unseen marks
    "\ud800-\udfff]"  # halves of characters, as names that are not UTF-8 have
    f"|{_TAGS}"
)
"""A character that acts on what shows it, or hides in it."""
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_LINE_CONTROL = re.compile(f"{CONTROL.pattern}|[\t\n]|[{_UNSEEN}]+")
_UNSPACED = re.compile(
    "[\0-\u058f\u2000-\u206f\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Letters and signs of scripts that need no invisible spaces and joiners: Latin, Greek, Cyrillic, East Asian."""
_ESCAPING = "chuchu.escape"
"""How a stream writes what its alphabet has not."""


def shown(text: str) -> str:
    """Return text with control characters as JSON writes them; tabs, ends of lines and all else as they stand."""
    return CONTROL.sub(lambda found: _escaped(found[0]), text)


def shown_line(text: str) -> str:
    """Return a name or a message as one line: ends of lines are shown, too, and invisible characters that deceive.

    An invisible space or joiner does its work between letters of Arabic, Devanagari or Khmer and within an emoji, and
    is left there; next to Latin or Chinese it only makes two names look the same.
    """
    return _LINE_CONTROL.sub(_shown_in_line, text)


def _shown_in_line(found: re.Match[str]) -> str:
    text, start, end = found.string, *found.span()
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    works = found[0][0] in _UNSEEN and around and not _UNSPACED.search(around)
    return found[0] if works else _escaped(found[0])


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _escape_error(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _escaped(error.object[error.start : error.end]), error.end


class LineFormatter(logging.Formatter):
    """Writes a record's message as one line, and those of a traceback indented: no name in it begins a line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the library's name
        """Write a record without its traceback."""
        return shown_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 the library's name
        """Write a traceback."""
        return textwrap.indent(super().formatException(ei), "  ")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record in the terminal's language."""
        said = logging.makeLogRecord({**record.__dict__, "msg": translated(str(record.msg))})
        said.levelname = translated(record.levelname)
        said.args = tuple(map(_as_said, record.args)) if isinstance(record.args, tuple) else record.args
        return super().format(said)


def _as_said(value: object) -> object:
    said = getattr(value, "message", value)  # of an error, chuchu's or Telegram's
    return translated(said) if isinstance(said, Message) else value


class OutputError(OSError):
    """Standard output cannot be written."""


class _Output(TextIOWrapper):
    """Standard output, whose errors differ from those of files."""

    def write(self, text: str) -> int:
        with _as_output_error():
            return super().write(text)

    def flush(self) -> None:
        with _as_output_error():
            super().flush()


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.errno, error.strerror) from error


class Showing:
    """A stream that shows what it is given, control characters included, and is in all else the stream it wraps.

    Rich looks for `rich_proxied_file`, and writes there.
    """

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        """Write text so that none of it acts on what shows it, but let a bar of a library begin its line anew."""
        anew = text.startswith("\r")
        return self.rich_proxied_file.write("\r" * anew + shown(text[anew:]))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one text after another."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


def open_streams() -> None:
    """Let every stream be there and take or give any text: a closed one swallows, another alphabet gets escapes."""
    codecs.register_error(_ESCAPING, _escape_error)
    os.environ.setdefault("PYTHON_COLORS", "0")  # the colours of a traceback would be shown as escapes
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            mode = "r" if name == "stdin" else "w"
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 open to the end
        elif name == "stdout" and type(stream) is TextIOWrapper:
            buffered = stream.line_buffering
            stream = _Output(stream.detach(), stream.encoding, _ESCAPING, line_buffering=buffered)
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace" if name == "stdin" else _ESCAPING)
        setattr(sys, name, stream if name == "stdin" or isinstance(stream, Showing) else Showing(stream))


def finish_output() -> None:
    """Write what waits to be written; let go a stream that takes nothing, so that the process does not try again."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
