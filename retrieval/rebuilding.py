"""Make an archive anew out of itself: with another model, or out of what is sound in a damaged one."""

import shutil
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from retrieval.building import Progress
from retrieval.derived import Derived
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing
from retrieval.index.swapping import beside, finish_swap, swap
from retrieval.local.entries import sound_entries
from retrieval.location import Location, folder_only
from retrieval.manifest import new_manifest
from retrieval.report import IndexReport


def rebuild_archive(
    location: Location,
    encoder: Encoder,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Cut and embed all articles of the archive again, beside it, and put the result in its place in one step.

    Questions are answered from the old one meanwhile. Stopped or killed, the next rebuild goes on where it was.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
        ArchiveError: it is kept in a cluster.
    """
    from retrieval.indexing import Indexer

    folder = folder_only(location, "index --rebuild")
    with closing(Catalogue(folder / "catalogue.sqlite")) as old, writing(folder):
        finish_swap(folder)
        _keep_only(beside(folder), old, encoder)
        with closing(Catalogue(beside(folder) / "catalogue.sqlite", create=True)) as new:
            if not new.manifest():
                new.write_manifest({**new_manifest(encoder), "of": _state(old)})
            indexer = Indexer(new, encoder, progress, stopped)
            indexer.embed_again(sound_entries(old))
            if not indexer.report.stopped:
                with closing(Derived(beside(folder), new.manifest())) as derived:
                    derived.update(new)
                swap(new, folder)
                old.share((folder / "vectors.faiss", folder / "words", *folder.glob("words/*")))
        return indexer.report


def salvage(folder: Path) -> None:
    """Put what is sound in a damaged catalogue into a new one, in its place; the old one stays beside it.

    Only the holder of the archive's lock may call this.

    Raises:
        ArchiveDamagedError: not even its manifest can be read.
        ArchiveError: the folder cannot be written; nothing has changed.
    """
    path, made = folder / "catalogue.sqlite", folder / "salvaged.sqlite"
    made.unlink(missing_ok=True)
    with closing(Catalogue(path)) as old, closing(Catalogue(made, create=True)) as new:
        new.write_manifest({**old.manifest(), "archive": uuid.uuid4().hex})
        for entry in sound_entries(old):
            new.put(entry)
    try:
        shutil.copyfile(path, folder / "damaged.sqlite")  # by renaming, there would be no archive for a moment
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written: {error.strerror}. Free space, and run the same command again."
        ) from error
    for log in (f"{path.name}-wal", f"{path.name}-shm"):
        (folder / log).unlink(missing_ok=True)
    made.replace(path)


def _keep_only(place: Path, old: Catalogue, encoder: Encoder) -> None:
    """Keep what a killed rebuild left at `place`, if it was made of the same articles with the same model."""
    if _made_of(place / "catalogue.sqlite") == (_state(old), encoder.identity):
        return
    try:
        if place.exists():
            shutil.rmtree(place)
        place.mkdir()
    except OSError as error:
        raise ArchiveError(
            f"{place} cannot be written: {error.strerror}. Free space, or mend its permissions."
        ) from error


def _made_of(path: Path) -> tuple[str | None, str | None]:
    """Return of which state and with which model an unfinished catalogue is made; of nothing if it is of no use."""
    try:
        with closing(Catalogue(path)) as left:
            manifest = left.manifest()
    except ArchiveError:
        return None, None
    return manifest.get("of"), manifest.get("encoder")


def _state(catalogue: Catalogue) -> str:
    try:
        return f"{catalogue.manifest()['archive']}:{catalogue.sequence()}"
    except ArchiveDamagedError:
        return uuid.uuid4().hex  # an unknown state: nothing that was left can be gone on with
