"""Where an archive is kept, a folder or a cluster, and how each is opened."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import ArchiveError
from retrieval.settings import Settings
from retrieval.store.local import LocalReader
from retrieval.store.local.writer import local_writer
from retrieval.store.protocols import Reader, Writer

Location = Path | str
"""The folder of an archive, or the address of a Milvus server: `http://host:19530`, or `….db` for Milvus Lite."""


def is_cluster(location: Location) -> bool:
    """Return whether an archive is kept in a Milvus cluster."""
    return (isinstance(location, str) and location.startswith(("http://", "https://"))) or str(location).endswith(".db")


def open_reader(location: Location, settings: Settings) -> Reader:
    """Open the archive at `location` to ask and read it.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveError: it cannot be reached or read.
    """
    if not is_cluster(location):
        _check_path(Path(location))
        return LocalReader(Path(location))
    from retrieval.store.milvus.reader import MilvusReader

    return MilvusReader(str(location), settings)


@contextmanager
def open_writer(location: Location, settings: Settings, *, create: bool = False) -> Iterator[Writer]:
    """Open the archive at `location` to change it.

    Raises:
        ArchiveMissingError: nothing has been indexed there, and `create` is false.
        ArchiveLockedError: another process is writing to that folder.
        ArchiveError: it cannot be reached or written.
    """
    if not is_cluster(location):
        _check_path(Path(location))
        with local_writer(Path(location), create=create) as local:
            yield local
        return
    from retrieval.store.milvus.writer import MilvusWriter

    writer = MilvusWriter(str(location), settings, create=create)
    try:
        yield writer
    finally:
        writer.close()


def _check_path(folder: Path) -> None:
    """Refuse a path at which no archive can be or be looked at.

    Raises:
        ArchiveError: its name is not UTF-8, which the words' index takes only, or too long, or its folder is shut.
    """
    try:
        str(folder).encode()
        folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except UnicodeEncodeError as error:
        raise ArchiveError(
            "an archive cannot lie in {folder}: the name is not UTF-8. Name another folder: --index DIR", folder=folder
        ) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ArchiveError(
            "{folder} cannot be read: {reason}. Fix its permissions, or name another folder with --index.",
            folder=folder,
            reason=reason,
        ) from error


def folder_only(location: Location, command: str) -> Path:
    """Return the folder of an archive, for what is done on one machine only.

    Raises:
        ArchiveError: it is kept in a cluster.
    """
    if is_cluster(location):
        raise ArchiveError(
            "{command} works on an archive in a folder; {location} is a cluster. Index into another "
            "CHUCHU_MILVUS_PREFIX there instead, or copy it to a folder first: chuchu copy --from "
            "{quoted} --to FOLDER",
            command=command,
            location=location,
            quoted=shlex.quote(str(location)),
        )
    return Path(location)
