"""The errors a caller can tell apart, by what it does next.

ChuchuError                 the user can fix it: one line on stderr, exit 2
├── SettingsError           a setting or an option has a value that cannot be used
├── ArticleError            one article cannot be read: report it, skip it, go on
├── QuestionError           the question cannot be asked: too long, or empty
├── EncoderError            the model cannot be prepared or loaded
├── ShortageError           the machine has too little memory, or too few files may be open
│   └── DiskFullError           there is no space left
└── ArchiveError            the archive cannot be opened or written
    ├── ArchiveMissingError     nothing has been indexed there
    ├── ArchiveMismatchError    built with another model or another format
    ├── ArchiveLockedError      another process is writing
    └── ArchiveDamagedError     its files contradict each other
"""

import errno
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self


class Message(str):
    """A sentence in English that keeps its template and what fills it in, so that it can be said in other languages.

    Every part of the program may treat it as the English text that it is; whoever speaks to people looks its `template`
    up among the sentences of their language. A text without `fields` is its own template.
    """

    __slots__ = ("fields", "template")
    template: str
    fields: Mapping[str, Any]

    def __new__(cls, template: str, /, **fields: Any) -> Self:
        """Fill in a template."""
        said = super().__new__(cls, template.format(**fields) if fields else template)
        said.template, said.fields = template, fields
        return said


_MEMORY = "there is too little memory: end other programs, or raise the limit (ulimit -v)"
_FILES = "too few files may be open at once: close some, or raise the limit (ulimit -n)"
_OR = Message(" or in the folder for temporary files ({folder})", folder=os.environ.get("TMPDIR", "/tmp"))  # noqa: S108
_FULL = "there is no space left on the disk{where}: free some, and run the same command again"
_SPACE = Message(_FULL, where=_OR)
_BY_NUMBER = {
    errno.ENOMEM: _MEMORY,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: "a file may not grow any more: raise the limit (ulimit -f)",
}
_BY_WORDS = {
    "too many open files": _FILES,
    "no usable temporary directory": "no temporary folder can be written: free space there, or set TMPDIR to another",
    "no space left": _SPACE,
    "database or disk is full": Message(_FULL, where=""),
    "out of memory": _MEMORY,
    "cannot allocate": _MEMORY,
    "failed to allocate": _MEMORY,
    "unable to allocate": _MEMORY,
    "bad allocation": _MEMORY,
    "bad_alloc": _MEMORY,
    "failed to map segment": _MEMORY,
    "failed to spawn": _MEMORY,
    "can't start new thread": "no more threads may be started: end other programs, or raise the limits (ulimit -u, -v)",
}
"""What libraries say, whose errors carry no number."""
_UNGROWN = "SQLITE_IOERR_SHMSIZE"  # SQLite's word for a disk without room for what goes with its log
_UNCLEAR, _SQLITE_OPENS = "unable to open database file", 4  # it says no more of a file, a log and what goes with it


class ChuchuError(Exception):
    """Base of every error that the user can fix; its message is one line that says how, a template and its fields."""

    def __init__(self, template: str, /, **fields: Any) -> None:
        super().__init__(Message(template, **fields) if fields else _as_message(template))

    @property
    def message(self) -> Message:
        """The line, which can be said in other languages."""
        message: Message = self.args[0]
        return message


class SettingsError(ChuchuError):
    """A setting or an option has a value that cannot be used."""


class ArticleError(ChuchuError):
    """One article cannot be read; the others can."""


class QuestionError(ChuchuError):
    """The question cannot be asked."""


class EncoderError(ChuchuError):
    """The embedding model cannot be prepared or loaded."""


class ArchiveError(ChuchuError):
    """The archive cannot be opened or written."""


class ArchiveMissingError(ArchiveError):
    """Nothing has been indexed at the given place."""


class ArchiveMismatchError(ArchiveError):
    """The archive was built with another model or format than the settings ask for."""


class ArchiveLockedError(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveDamagedError(ArchiveError):
    """The archive's files contradict each other."""


class ShortageError(ChuchuError):
    """The machine has too little memory, or too few files may be open."""


class DiskFullError(ShortageError):
    """The disk has no space left."""


def shortage(error: BaseException) -> Message | None:
    """Return what the machine ran out of, and what to do, if that is what an error, or one behind it, comes from."""
    seen: BaseException | None = error
    while seen is not None:
        if said := _said(seen):
            return said
        seen = seen.__cause__ or seen.__context__
    return None


def raise_shortage(what: str, error: BaseException) -> None:
    """Return, unless an error says that the machine ran out of something: then `what`, a clause, failed for that.

    Raises:
        DiskFullError: it does, of space on the disk.
        ShortageError: it does, of something else.
    """
    if said := shortage(error):
        kind = DiskFullError if said.template == _FULL else ShortageError
        raise kind("{what}: {shortage}", what=what, shortage=said) from error


def _said(error: BaseException) -> Message | None:
    words = str(error).lower()
    if isinstance(error, MemoryError):
        return Message(_MEMORY)
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        said = _BY_NUMBER[error.errno]
        named = said is _SPACE and error.filename
        return Message(_FULL, where=Message(" of {file}", file=error.filename)) if named else _as_message(said)
    if getattr(error, "sqlite_errorname", None) == _UNGROWN:
        return Message(_FULL, where="")
    if _UNCLEAR in words and not _can_open(_SQLITE_OPENS):
        return Message(_FILES)
    return next((_as_message(said) for word, said in _BY_WORDS.items() if word in words), None)


def _as_message(text: str) -> Message:
    return text if isinstance(text, Message) else Message(text)


def _can_open(files: int) -> bool:
    opened = list[int]()
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(files))
    except OSError:
        return False
    finally:
        for handle in opened:
            os.close(handle)
    return True


def command(words: str, location: Path | str) -> str:
    """Return the command `chuchu words` for the archive at `location`."""
    return f"chuchu {words} --index {shlex.quote(str(location))}"


class Part(StrEnum):
    """The part of an archive that a fault is in, or the prepared model that reads it."""

    FILE = "catalogue"
    ARTICLE = "article"
    MANIFEST = "manifest"
    VECTORS = "vectors"
    WORDS = "words"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an archive: `what` is a clause a person understands, `article` the id where it is in one.

    `number` is the number of the article, by which it can be taken out even where its id is not to be believed.
    """

    part: Part
    what: str
    article: str | None = None
    number: int | None = None
