"""The errors a caller can tell apart, by what it does next.

ChuchuError                 the user can mend it: one line on stderr, exit 2
├── SettingsError           a setting or an option has a value that cannot be used
├── ArticleError            one article cannot be read: report it, skip it, go on
├── QuestionError           the question cannot be asked: too long, or empty
├── EncoderError            the model cannot be prepared or loaded
└── ArchiveError            the archive cannot be opened or written
    ├── ArchiveMissingError     nothing has been indexed there
    ├── ArchiveMismatchError    built with another model or another format
    ├── ArchiveLockedError      another process is writing
    └── ArchiveDamagedError     its files contradict each other
"""

import shlex
from pathlib import Path


class ChuchuError(Exception):
    """Base of every error that the user can mend; its message is one line that says how."""


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


def command(words: str, location: Path | str) -> str:
    """Return the command `chuchu words` for the archive at `location`."""
    return f"chuchu {words} --index {shlex.quote(str(location))}"
