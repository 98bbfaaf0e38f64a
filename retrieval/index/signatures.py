"""What words stand in each passage, and in the title and lead of its article: looked up for the few that were found.

Beside them stand the seals of tantivy's files: by these a flipped byte is noticed.

tantivy tells in which passages a word stands. Asked the other way round, which of forty words stand in a hundred
passages, it would read on in every word's list: of 370,000 passages 6.6 ms. Here a passage is one row.
"""

import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index.connection import Connection, json_list
from retrieval.index.segments import Seals
from retrieval.text.words import needle

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
    return 2 * first - 1  # beside the first passage: most likely on the same page


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
        """Return the seals of the files beside this one; none if they were written before there were seals."""
        if not self._connection.rows("SELECT 1 FROM sqlite_master WHERE name = 'seals'"):
            return {}
        rows = self._connection.rows("SELECT name, size, checksum FROM seals")
        with self._connection.sealed():
            return {_name(name): (int(size), int(checksum)) for name, size, checksum in rows}

    def seal(self, seals: Seals) -> None:
        """Write the seals of the files beside this one, in place of all earlier ones."""
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
                raise ArchiveDamagedError(f"the signature of passage {row[0]} is not as it was written")
        return row


def _name(value: object) -> str:
    """Return the name of a file, and of one beside this one only."""
    if not isinstance(value, str) or Path(value).name != value:
        raise ValueError(f"{value!r} names no file")
    return value


def standing(
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
