"""The files of the word index: how they are opened, their seals, and which words stand in and around each passage."""

import functools
import json
import logging
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, Message
from retrieval.store.catalogue.connection import Connection, json_list
from retrieval.text.words import needle

_log = logging.getLogger(__name__)

_META = "meta.json"  # names the segments that are committed
_UNSEALED = (".managed.json", "signatures.sqlite")  # what tantivy may rewrite at any time, and what has seals inside
_BLOCK = 1 << 20

Seals = Mapping[str, tuple[int, int]]
"""Bytes and checksum of each file, by its name."""


def seals_of(folder: Path, before: Seals) -> dict[str, tuple[int, int]]:
    """Return the seals of the files in `folder`; those of segments are taken over from `before`."""
    found = {}
    for path in folder.iterdir():
        if path.is_file() and not path.name.startswith(_UNSEALED) and not path.name.endswith(".lock"):
            size = path.stat().st_size
            known = before.get(path.name, (-1, 0))
            found[path.name] = known if known[0] == size and path.name != _META else (size, _checksum(path))
    return found


def damaged_files(folder: Path, seals: Seals) -> Iterator[str]:
    """Yield what is wrong with the files of the index in `folder`.

    A writer that was killed may have committed after it sealed: files may then be gone, and new ones have no seal.
    """
    for name, seal in seals.items():
        try:
            if name != _META and not _is_sound(folder / name, seal):
                yield Message("{path} is not as it was written", path=folder / name)
        except FileNotFoundError:
            if _is_last_sealed(folder, seals):
                yield Message("{path} is missing", path=folder / name)
        except OSError as error:
            yield Message("{path} cannot be read ({reason})", path=folder / name, reason=error.strerror)
    if seals and not (folder / _META).exists():
        yield Message("{path} is missing", path=folder / _META)


def _is_last_sealed(folder: Path, seals: Seals) -> bool:
    """Return whether nothing was committed since the files were sealed."""
    return (folder / _META).exists() and _META in seals and _is_sound(folder / _META, seals[_META])


def sweep(folder: Path) -> None:
    """Delete the lists of deletions that a killed writer left uncommitted: the next commit would use their names.

    Only the holder of the archive's lock may call this.
    """
    if (folder / _META).exists():
        committed = set(_deletions(folder))
        for path in folder.glob("*.del"):
            if path.name not in committed:
                path.unlink()


def total_bytes(folder: Path) -> int:
    """Return how large everything in a folder is, of which files may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _deletions(folder: Path) -> Iterator[str]:
    for segment in json.loads((folder / _META).read_text("utf-8"))["segments"]:
        if segment["deletes"]:
            yield f"{segment['segment_id'].replace('-', '')}.{segment['deletes']['opstamp']}.del"


def _is_sound(path: Path, seal: tuple[int, int]) -> bool:
    return path.stat().st_size == seal[0] and _checksum(path) == seal[1]


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
    return checksum


_TABLES = """
CREATE TABLE signatures (
    key INTEGER PRIMARY KEY, context INTEGER NOT NULL, signature TEXT NOT NULL, checksum INTEGER NOT NULL
);
"""
_SEALS = """
CREATE TABLE IF NOT EXISTS seals (name TEXT PRIMARY KEY, size INTEGER NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID
"""
_OF = """
SELECT p.key / 2, p.signature, p.checksum, c.signature, c.checksum
FROM json_each(?) asked CROSS JOIN signatures p ON p.key = 2 * asked.value JOIN signatures c ON c.key = p.context
"""
_ALL = """
SELECT p.key / 2, p.signature, p.checksum, c.signature, c.checksum
FROM signatures p JOIN signatures c ON c.key = p.context WHERE p.key > ? AND p.key % 2 = 0 ORDER BY p.key LIMIT 1000
"""
_PUT = "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)"

Row = tuple[int, int, str, int]
_Joined = tuple[int, str, int, str, int]


def passage_row(number: int, first: int, signature: str) -> Row:
    """Return the row of a passage; `first` is the first passage of its article."""
    return _key(number), _context(first), signature, zlib.crc32(signature.encode())


def context_row(first: int, signature: str) -> Row:
    """Return the row of the title and lead of the article whose first passage this is."""
    return _context(first), _context(first), signature, zlib.crc32(signature.encode())


def _key(passage: int) -> int:
    return 2 * passage


def _context(first: int) -> int:
    return 2 * first - 1  # next to the first passage: most likely on the same page


class Signatures:
    """The file of an archive's signatures. Safe to read from several threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open `path`.

        Raises:
            ArchiveError: it is missing or cannot be used.
        """
        self._connection = Connection(path, create=create, tables=_TABLES, archive=path.parent.parent)
        self._file = path.stat().st_ino

    @property
    def is_replaced(self) -> bool:
        """Whether another file, or none, lies in this one's place."""
        path = self._connection.path
        return not path.exists() or path.stat().st_ino != self._file

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def put(self, rows: Iterable[Row]) -> None:
        """Write rows over those that have their numbers."""
        with self._connection.transaction():
            self._connection.write_many(_PUT, rows)

    def remove(self, passages: Sequence[int]) -> None:
        """Remove the rows of passages and, since an article goes as a whole, of their articles."""
        gone = [(key,) for passage in passages for key in (_key(passage), _context(passage))]
        with self._connection.transaction():
            self._connection.write_many("DELETE FROM signatures WHERE key = ?", gone)

    def seals(self) -> Seals:
        """Return the seals of the files next to this one; none if they were written before there were seals."""
        if not self._connection.rows("SELECT 1 FROM sqlite_master WHERE name = 'seals'"):
            return {}
        rows = self._connection.rows("SELECT name, size, checksum FROM seals")
        with self._connection.sealed():
            return {_name(name): (int(size), int(checksum)) for name, size, checksum in rows}

    def seal(self, seals: Seals) -> None:
        """Write the seals of the files next to this one, in place of all earlier ones."""
        with self._connection.transaction():
            self._connection.write(_SEALS)
            self._connection.write("DELETE FROM seals")
            rows = ((name, *seal) for name, seal in seals.items())
            self._connection.write_many("INSERT INTO seals VALUES (?, ?, ?)", rows)

    def passages(self) -> NDArray[np.int64]:
        """Return the numbers of the passages whose rows are as they were written, ascending."""
        found, last = [], 0
        while rows := self._connection.rows(_ALL, (_key(last),)):
            last = rows[-1][0]
            for row in rows:
                with suppress(ArchiveDamagedError):
                    found.append(self._checked(row)[0])
        return np.array(found, np.int64)

    def of(self, passages: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out.

        Raises:
            ArchiveDamagedError: a row is not as it was written.
        """
        rows = map(self._checked, self._connection.rows(_OF, (json_list(passages),)))
        return {number: (own, context) for number, own, _, context, _ in rows}

    def _checked(self, row: _Joined) -> _Joined:
        with self._connection.sealed():
            if (zlib.crc32(row[1].encode()), zlib.crc32(row[3].encode())) != (row[2], row[4]):
                raise ArchiveDamagedError("the signature of passage {number} is not as it was written", number=row[0])
        return row


def _name(value: object) -> str:
    """Return the name of a file, and of one next to this one only."""
    if not isinstance(value, str) or Path(value).name != value:
        raise ValueError(f"{value!r} names no file")
    return value


def words_in_signatures(
    signatures: Iterable[tuple[str, str]], words: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which words stand in which passages, and which in the title or lead of their articles.

    `signatures` are those of each passage, as `Signatures.of` gives them. Both flags are of shape (passages, words).
    """
    needles, about = [needle(word) for word in words], dict[str, list[bool]]()
    own, context = list[list[bool]](), list[list[bool]]()
    for signature, head in signatures:
        if head not in about:
            about[head] = [wanted in head for wanted in needles]
        own.append([wanted in signature for wanted in needles])
        context.append(about[head])
    shape = len(own), len(words)
    return np.array(own, np.bool_).reshape(shape), np.array(context, np.bool_).reshape(shape)


def opened(folder: Path) -> tantivy.Index:
    """Open an index; one that may not be written, where tantivy cannot lock, by way of links to its files."""
    if not is_closed(folder):
        return tantivy.Index.open(str(folder))
    with TemporaryDirectory(prefix="chuchu-") as links:
        for path in folder.iterdir():
            if not path.name.endswith(".lock"):
                (Path(links) / path.name).symlink_to(path.absolute())
        return tantivy.Index.open(links)


def is_closed(folder: Path) -> bool:
    """Return whether a folder may not be written."""
    return not os.access(folder, os.W_OK)


def is_withheld(folder: Path) -> bool:
    """Return whether this user may not read the words that another user made; said once."""
    try:
        (folder / _META).open("rb").close()
    except PermissionError:
        _say_withheld(folder)
        return True
    except OSError:  # there are none, or they are damaged
        return False
    return False


@functools.cache
def _say_withheld(folder: Path) -> None:
    _log.warning(
        "%s may not be read by this user, so that less is found. Its owner opens it to whoever may read the archive "
        "with the next chuchu index",
        folder,
    )


def is_foreign(path: Path) -> bool:
    """Return whether what lies there is no file: a pipe would be waited for. Files may vanish meanwhile."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def identity(folder: Path) -> tuple[int, int] | None:
    """Distinguish what is committed in a folder from what was there at other times; None where nothing is."""
    try:
        found = (folder / _META).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
