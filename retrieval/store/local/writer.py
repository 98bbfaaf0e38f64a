"""Writing the archive in a folder, whose lock is held meanwhile."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import ArchiveError
from retrieval.store.catalogue.catalogue import Catalogue, Entry
from retrieval.store.local.indexes import Derived
from retrieval.store.lock import clear, deriving, finish_swap, writing
from retrieval.store.manifest import read_manifest

_DERIVE_EVERY_S = 3.0  # a reader sees what a writer did within this time and its own next question


class LocalWriter(Catalogue):
    """The catalogue of a folder whose lock is held; now and then it derives what readers are to see."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "catalogue.sqlite", create=True)
        self._folder = folder
        self._derived: Derived | None = None
        self._derived_at = time.monotonic()

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with, and derive: of an archive with articles nothing is ever missing."""
        super().write_manifest(values)
        if self._derived is None:
            self.derive()

    def put_all(self, entries: Sequence[Entry]) -> None:
        """Write articles, each whole or not at all, in place of older ones with the same ids."""
        super().put_all(entries)
        if time.monotonic() - self._derived_at > _DERIVE_EVERY_S:
            self.derive()

    def close(self) -> None:
        """Close the files."""
        if self._derived:
            self._derived.close()
        super().close()

    def derive(self) -> None:
        """Bring what is derived from the catalogue up to date on disk.

        Raises:
            ArchiveMismatchError: the catalogue has another format.
        """
        if self.manifest():
            manifest = read_manifest(self._folder, self)
            with deriving(self._folder):
                self._derived = self._derived or Derived(self._folder, manifest)
                self._derived.update(self)
        self._derived_at = time.monotonic()


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
            f"{folder} cannot be an archive: {error.strerror}. Name another folder with --index."
        ) from error
