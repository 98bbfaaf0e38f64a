"""Make an archive anew out of itself: with another model, or out of what is sound in a damaged one."""

import shutil
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from retrieval.building import Progress
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveDamagedError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing
from retrieval.local import derive, sound_entries
from retrieval.location import Location, folder_only
from retrieval.manifest import new_manifest, open_indexes
from retrieval.report import IndexReport

_BESIDE = "rebuilt"  # folder inside the archive's; what is found there from a killed run is gone on with


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
    beside = folder / _BESIDE
    with closing(Catalogue(folder / "catalogue.sqlite")) as old, writing(folder):
        _keep_only(beside, old, encoder)
        with closing(Catalogue(beside / "catalogue.sqlite", create=True)) as new:
            if not new.manifest():
                new.write_manifest({**new_manifest(encoder), "of": _state(old)})
            indexer = Indexer(new, encoder, progress, stopped)
            indexer.embed_again(sound_entries(old))
            if not indexer.report.stopped:
                derive(open_indexes(beside, new, new.manifest()))
                _swap(new, beside, folder)
        return indexer.report


def salvage(folder: Path) -> None:
    """Put what is sound in a damaged catalogue into a new one, in its place; the old one stays beside it.

    Only the holder of the archive's lock may call this.

    Raises:
        ArchiveDamagedError: not even its manifest can be read.
    """
    path, made = folder / "catalogue.sqlite", folder / "salvaged.sqlite"
    made.unlink(missing_ok=True)
    with closing(Catalogue(path)) as old, closing(Catalogue(made, create=True)) as new:
        new.write_manifest({**old.manifest(), "archive": uuid.uuid4().hex})
        for entry in sound_entries(old):
            new.put(entry)
    for log in (f"{path.name}-wal", f"{path.name}-shm"):
        (folder / log).unlink(missing_ok=True)
    path.replace(folder / "damaged.sqlite")
    made.replace(path)


def _keep_only(beside: Path, old: Catalogue, encoder: Encoder) -> None:
    """Keep what a killed rebuild left, if it was made of the same articles with the same model."""
    if (beside / "catalogue.sqlite").exists():
        with closing(Catalogue(beside / "catalogue.sqlite")) as left:
            manifest = left.manifest()
        if (manifest.get("of"), manifest.get("encoder")) == (_state(old), encoder.identity):
            return
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()


def _state(catalogue: Catalogue) -> str:
    try:
        return f"{catalogue.manifest()['archive']}:{catalogue.sequence()}"
    except ArchiveDamagedError:
        return uuid.uuid4().hex  # an unknown state: nothing that was left can be gone on with


def _swap(new: Catalogue, beside: Path, folder: Path) -> None:
    """Put the catalogue in its place in one transaction; killed after it, what is derived is derived again."""
    new.copy_into(folder / "catalogue.sqlite")
    shutil.rmtree(folder / "words", ignore_errors=True)
    (beside / "words").replace(folder / "words")
    (beside / "vectors.faiss").replace(folder / "vectors.faiss")
    shutil.rmtree(beside)
