"""Writing the archive in a folder, whose lock is held meanwhile."""

import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import ArchiveError, DiskFullError, Message, ShortageError, raise_shortage
from retrieval.store import read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.local import Derived
from retrieval.store.lock import clear, deriving, finish_swap, writing
from retrieval.store.protocols import Entry

_log = logging.getLogger(__name__)
_DERIVE_EVERY_S = 3.0  # a reader sees what a writer did within this time and its own next question
_RESERVE, _LEAST_RESERVE = 4 << 20, 128 << 10
"""Bytes kept for removing articles, no more than the catalogue has, which is the most that a removal writes; and for
what SQLite opens with it. Of 2,000 articles, removing one of a page writes 1 MB, one of 3,000 lines 2 MB."""
_FULL = 1 << 20  # bytes left on a disk that tantivy fails on without saying why


class Reserve:
    """Space on the archive's disk that is held to be given back when articles are to be removed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "catalogue.reserve"

    def keep(self, catalogue_bytes: int) -> None:
        """Take the space, where it is not taken.

        Raises:
            DiskFullError: there is not as much.
            ArchiveError: the folder cannot be written.
        """
        try:
            wanted = min(_RESERVE, catalogue_bytes) + _LEAST_RESERVE
            with self._path.open("ab") as file:
                if file.tell() < wanted:
                    file.write(os.urandom(wanted - file.tell()))  # zeros take no space on some disks
        except OSError as error:
            error.filename = error.filename or self._path.parent
            raise_shortage(Message("{path} cannot be written", path=self._path), error)
            raise ArchiveError(
                "{path} cannot be written: {reason}. Fix its permissions.", path=self._path, reason=error.strerror
            ) from error

    def give_back(self) -> bool:
        """Free the space; return whether some was taken."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True


class LocalWriter(Catalogue):
    """The catalogue of a folder whose lock is held; now and then it derives what readers are to see.

    On a full disk nothing is added, and articles are removed in the space that was reserved for that.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reserve = Reserve(folder)
        self._derived: Derived | None = None
        self._derived_at = time.monotonic()
        self._has_grown = False
        try:
            super().__init__(folder / "catalogue.sqlite", create=True)
        except DiskFullError as error:
            if not self._reserve.give_back():
                raise self._needs("changing the archive", _RESERVE) from error
            super().__init__(folder / "catalogue.sqlite", create=True)

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with, and derive: of an archive with articles nothing is ever missing."""
        super().write_manifest(values)
        if self._derived is None:
            self.derive()

    def put_all(self, entries: Sequence[Entry]) -> None:
        """Write articles, each whole or not at all, in place of older ones with the same ids.

        Raises:
            DiskFullError: they would leave no space to remove any.
        """
        self._reserve.keep(self.total_bytes())
        self._has_grown = True
        super().put_all(entries)
        self._reserve.keep(self.total_bytes())
        if time.monotonic() - self._derived_at > _DERIVE_EVERY_S:
            self.derive()

    def remove_all(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles, on a disk that is full in ever smaller parts; return the ids that were there.

        Raises:
            DiskFullError: not even what was reserved, and what can be made anew, is enough for one; nothing is lost.
        """
        try:
            return super().remove_all(article_ids)
        except DiskFullError as error:
            half = len(article_ids) // 2
            if half:
                return [*self.remove_all(article_ids[:half]), *self.remove_all(article_ids[half:])]
            if not self._make_room():
                raise self._needs(
                    Message("removing {id}", id=article_ids[0]), self.removal_bytes(article_ids[0])
                ) from error
            return self.remove_all(article_ids)

    def _needs(self, what: str, most: int) -> DiskFullError:
        return DiskFullError(
            "the disk of {folder} is full, and {what} takes up to {most:.1f} MB. Free as much, and run "
            "the same command again.",
            folder=self._folder,
            what=what,
            most=most / 1000000.0,
        )

    def _make_room(self) -> bool:
        """Give up what takes space and can be made anew, the least of it first; return whether there was something."""
        self.fold()
        if self._reserve.give_back():
            return True
        self._close_derived()
        with deriving(self._folder):
            if (self._folder / "vectors.faiss").exists():
                (self._folder / "vectors.faiss").unlink()
                return True
            if (self._folder / "words").exists():
                shutil.rmtree(self._folder / "words")
                return True
        return False

    def close(self) -> None:
        """Close the files."""
        self._close_derived()
        super().close()

    def _close_derived(self) -> None:
        if self._derived:
            self._derived.close()
            self._derived = None

    def derive(self) -> None:
        """Bring what is derived from the catalogue up to date on disk; where that is full, later.

        Raises:
            ArchiveMismatchError: the catalogue has another format.
            DiskFullError: articles were added, and there is no space for what is derived from them.
            ArchiveError: the folder cannot be written.
        """
        if self.manifest():
            manifest = read_manifest(self._folder, self)
            try:
                self._derive(manifest)
            except (ArchiveError, ShortageError) as error:
                if self._has_grown or not (isinstance(error, DiskFullError) or self._is_full()):
                    raise
                self._derive_in_reserve(manifest)
        self._derived_at = time.monotonic()

    def _derive(self, manifest: Mapping[str, str]) -> None:
        with deriving(self._folder):
            self._derived = self._derived or Derived(self._folder, manifest)
            self._derived.update(self)

    def _derive_in_reserve(self, manifest: Mapping[str, str]) -> None:
        self._close_derived()  # opened on a full disk, it may be readable only
        self.fold()
        self._reserve.give_back()
        try:
            self._derive(manifest)
        except (ArchiveError, ShortageError) as error:
            _log.warning("%s; what readers are to see is written with the next index or remove", error)

    def _is_full(self) -> bool:
        return shutil.disk_usage(self._folder).free < _FULL


@contextmanager
def local_writer(folder: Path, *, create: bool) -> Iterator[LocalWriter]:
    """Hold the lock of the archive in `folder`, and derive what was lost before and what is new after.

    Raises:
        ArchiveMissingError: nothing has been indexed there, and `create` is false.
        ArchiveLockedError: another process is writing.
        ArchiveMismatchError: the archive has another format.
        ArchiveError: the folder cannot be written.
    """
    if create:
        _make_folder(folder)
    else:
        Catalogue(folder / "catalogue.sqlite").close()
    with writing(folder):
        finish_swap(folder)
        clear(folder)
        with _deriving(folder) as writer:
            yield writer


@contextmanager
def _deriving(folder: Path) -> Iterator[LocalWriter]:
    with closing(LocalWriter(folder)) as writer:
        writer.derive()  # what is missing from here on was lost, not yet to come
        try:
            yield writer
        finally:
            writer.derive()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            "{folder} cannot be an archive: {reason}. Name another folder with --index.",
            folder=folder,
            reason=error.strerror,
        ) from error
