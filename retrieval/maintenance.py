"""Check an archive, and mend what can be mended."""

import logging
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.derived import Derived
from retrieval.errors import ArchiveDamagedError
from retrieval.index.catalogue import Catalogue
from retrieval.index.faults import Fault, Part
from retrieval.index.lock import deriving, writing
from retrieval.index.swapping import clear, finish_swap, settle
from retrieval.index.verification import faults
from retrieval.location import Location, is_cluster
from retrieval.manifest import check_format, read_manifest
from retrieval.rebuilding import EncoderOf, readable, restore, salvage
from retrieval.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair found, the articles it had to take out, by id, and what it could not mend."""

    found: tuple[Fault, ...]
    taken_out: tuple[str, ...]
    left: tuple[Fault, ...]


def verify_archive(location: Location, settings: Settings | None = None) -> tuple[Fault, ...]:
    """Return everything that is wrong with the archive: nothing, if every byte is as it was written.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveMismatchError: it has another format.
    """
    if is_cluster(location):
        from retrieval.index.milvus.verification import verify

        return verify(str(location), settings or Settings())
    settle(Path(location))
    return _faults(Path(location))


def _faults(folder: Path) -> tuple[Fault, ...]:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        return _faults_of(folder, catalogue)


def _faults_of(folder: Path, catalogue: Catalogue) -> tuple[Fault, ...]:
    check_format(folder, catalogue.format())
    return tuple(faults(folder, catalogue))


def repair_archive(location: Location, settings: Settings | None = None, encoder: EncoderOf | None = None) -> Repaired:
    """Mend the archive: make anew what is derived, and take out what cannot be brought back, to be indexed again.

    An article of which only the text is left is embedded again, if there is an encoder; else it is taken out.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
        ArchiveMismatchError: the archive has another format, or was built with another model than is needed.
        ArchiveDamagedError: the catalogue or its manifest cannot be read at all.
    """
    if is_cluster(location):
        return _repair_cluster(str(location), settings or Settings())
    folder = Path(location)
    with writing(folder):
        finish_swap(folder)
        clear(folder)
        with closing(readable(folder)) as catalogue:
            is_whole = catalogue.path.parent == folder and catalogue.path.name == "catalogue.sqlite"
            found = left = _faults_of(folder, catalogue)
        if not is_whole:
            found = (Fault(Part.FILE, "its first page cannot be read"), *found)
            salvage(folder, encoder)
        elif found:
            _mend_catalogue(folder, found, encoder)
        if found:
            _derive_again(folder, found)
            left = _faults(folder)
        return Repaired(found, _lost(folder, found), left)


def _repair_cluster(address: str, settings: Settings) -> Repaired:
    from retrieval.index.milvus.verification import repair

    found = verify_archive(address, settings)
    taken_out = repair(address, settings, found) if found else []
    return Repaired(found, tuple(taken_out), verify_archive(address, settings) if found else ())


def _mend_catalogue(folder: Path, found: Sequence[Fault], encoder: EncoderOf | None) -> None:
    """Bring back what is left of the articles: in the same file if SQLite can read it, else in a new one."""
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        catalogue.manifest()  # without it nothing can be made anew but the whole
        if not any(fault.part is Part.FILE for fault in found) or _mend_indexes(catalogue):
            numbers = sorted({fault.number for fault in catalogue.faults() if fault.number is not None})
            for number in restore(catalogue, numbers, catalogue, encoder):
                catalogue.take_out(number)
            if not any(fault.part is Part.FILE for fault in catalogue.faults()):
                return
    salvage(folder, encoder)


def _mend_indexes(catalogue: Catalogue) -> bool:
    """Make the file's own indexes anew; return whether that made it whole."""
    try:
        catalogue.mend_indexes()
    except ArchiveDamagedError as error:
        _log.info("%s", error)
        return False
    return all(fault.part is not Part.FILE for fault in catalogue.faults())


def _derive_again(folder: Path, found: Sequence[Fault]) -> None:
    parts = {fault.part for fault in found}
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue, deriving(folder):
        if parts & {Part.VECTORS, Part.FILE}:
            (folder / "vectors.faiss").unlink(missing_ok=True)
        if parts & {Part.WORDS, Part.FILE}:
            shutil.rmtree(folder / "words", ignore_errors=True)
        with closing(Derived(folder, read_manifest(folder, catalogue))) as derived:
            derived.update(catalogue)


def _lost(folder: Path, found: Sequence[Fault]) -> tuple[str, ...]:
    """Return the ids of the articles with faults that are not there any more."""
    named = {fault.article for fault in found if fault.article is not None}
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        return tuple(sorted(named - catalogue.known(sorted(named)).keys()))
