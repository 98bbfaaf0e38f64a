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
from pathlib import Path

_MEMORY = "there is too little memory: end other programs, or raise the limit (ulimit -v)"
_FILES = "too few files may be open at once: close some, or raise the limit (ulimit -n)"
_OR = f" or in the folder for temporary files ({os.environ.get('TMPDIR', '/tmp')})"  # noqa: S108
_NO_SPACE = "there is no space left on the disk"
_SPACE = f"{_NO_SPACE}{_OR}: free some, and run the same command again"
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
    "database or disk is full": _SPACE.replace(_OR, ""),
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
    """Base of every error that the user can fix; its message is one line that says how."""


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


def shortage(error: BaseException) -> str | None:
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
        kind = DiskFullError if said.startswith(_NO_SPACE) else ShortageError
        raise kind(f"{what}: {said}") from error


def _said(error: BaseException) -> str | None:
    words = str(error).lower()
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        named = f" of {error.filename}" if error.filename else _OR
        return _BY_NUMBER[error.errno].replace(_OR, named)
    if getattr(error, "sqlite_errorname", None) == _UNGROWN:
        return _SPACE.replace(_OR, "")
    if _UNCLEAR in words and not _can_open(_SQLITE_OPENS):
        return _FILES
    return next((said for word, said in _BY_WORDS.items() if word in words), None)


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
