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
from retrieval.index.lock import writing
from retrieval.index.swapping import finish_swap, settle
from retrieval.index.verification import faults
from retrieval.location import Location, is_cluster
from retrieval.manifest import read_manifest
from retrieval.rebuilding import salvage
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
    """
    if is_cluster(location):
        from retrieval.index.milvus.verification import verify

        return verify(str(location), settings or Settings())
    settle(Path(location))
    return _faults(Path(location))


def _faults(folder: Path) -> tuple[Fault, ...]:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        return tuple(faults(folder, catalogue))


def repair_archive(location: Location, settings: Settings | None = None) -> Repaired:
    """Mend the archive: make anew what is derived, and take out articles that are damaged, to be indexed again.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
        ArchiveDamagedError: the catalogue cannot be read at all.
    """
    if is_cluster(location):
        return _repair_cluster(str(location), settings or Settings())
    folder = Path(location)
    with writing(folder):
        finish_swap(folder)
        found = _faults(folder)
        before = _articles(folder) if found else set()
        if any(fault.part is Part.FILE for fault in found):
            _mend_file(folder)
        _take_out(folder, _faults(folder))
        _derive_again(folder, found)
        left = _faults(folder)
        taken_out = sorted(before - _articles(folder)) if found else []
    return Repaired(found, tuple(taken_out), left)


def _repair_cluster(address: str, settings: Settings) -> Repaired:
    from retrieval.index.milvus.verification import repair

    found = verify_archive(address, settings)
    taken_out = repair(address, settings, found) if found else []
    return Repaired(found, tuple(taken_out), verify_archive(address, settings) if found else ())


def _mend_file(folder: Path) -> None:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        try:
            catalogue.mend_indexes()
            if all(fault.part is not Part.FILE for fault in catalogue.faults()):
                return
        except ArchiveDamagedError as error:
            _log.info("%s", error)
    salvage(folder)


def _take_out(folder: Path, found: Sequence[Fault]) -> None:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        for number in {fault.number for fault in found if fault.number is not None}:
            catalogue.take_out(number)


def _derive_again(folder: Path, found: Sequence[Fault]) -> None:
    parts = {fault.part for fault in found}
    if parts & {Part.VECTORS, Part.FILE}:
        (folder / "vectors.faiss").unlink(missing_ok=True)
    if parts & {Part.WORDS, Part.FILE}:
        shutil.rmtree(folder / "words", ignore_errors=True)
    with (
        closing(Catalogue(folder / "catalogue.sqlite")) as catalogue,
        closing(Derived(folder, read_manifest(folder, catalogue))) as derived,
    ):
        derived.update(catalogue)


def _articles(folder: Path) -> set[str]:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        try:
            return {article_id for article_id, _ in catalogue.origins()}
        except ArchiveDamagedError:
            return set()
