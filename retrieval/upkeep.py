"""Verify, repair, rebuild and copy an archive."""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from retrieval.encode.cache import damaged, discard
from retrieval.encode.encoder import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError, Message
from retrieval.ingest import Progress, cut_article, entry_of
from retrieval.origins import IndexReport
from retrieval.settings import Settings
from retrieval.store.catalogue.catalogue import Catalogue
from retrieval.store.catalogue.checks import Leaves, with_borrowed_head
from retrieval.store.catalogue.connection import HeadDamagedError
from retrieval.store.catalogue.rows import Entry, entry_seal
from retrieval.store.local.indexes import Derived
from retrieval.store.location import Location, folder_only, is_cluster, open_reader, open_writer
from retrieval.store.lock import clear, deriving, finish_swap, finish_swap_if_free, rebuild_folder, swap, writing
from retrieval.store.manifest import check_encoder, check_format, new_manifest, read_manifest
from retrieval.store.protocols import Writer
from retrieval.store.verification import faults, repair_cluster, verify_cluster
from retrieval.values import Fault, Part, Skipped, batches

_log = logging.getLogger(__name__)

EncoderOf = Callable[[], Encoder]
"""Opens the encoder, where one is needed."""


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
    from retrieval.ingest import Indexer

    folder = folder_only(location, "index --rebuild")
    with closing(Catalogue(folder / "catalogue.sqlite")) as old, writing(folder):
        check_format(folder, old.format())
        finish_swap(folder)
        state = _state(folder, old)
        _keep_only(rebuild_folder(folder), state, encoder)
        with closing(Catalogue(rebuild_folder(folder) / "catalogue.sqlite", create=True)) as new:
            if not new.manifest():
                new.write_manifest({**new_manifest(encoder), "of": state})
            indexer = Indexer(new, encoder, progress, stopped)
            indexer.embed_again(_readable(old, indexer.report))
            if not indexer.report.stopped:
                with closing(Derived(rebuild_folder(folder), new.manifest())) as derived:
                    derived.update(new)
                swap(new, folder)
                old.share((folder / "vectors.faiss", folder / "words", *folder.glob("words/*")))
        return indexer.report


def _readable(old: Catalogue, report: IndexReport) -> Iterator[Entry]:
    """Yield the articles of a catalogue without their passages, and report those that cannot be read any more."""
    leaves = Leaves(old.path)
    for number, name in old.names().items():
        if found := _bare_of(old, number, leaves):
            yield found[0]
        else:
            report.skipped.append(Skipped(name, "the archive is damaged here: index it again from its file"))


def salvage(folder: Path, encoder: EncoderOf | None = None) -> None:
    """Put what can be read of a damaged catalogue into a new one, in its place; the old one stays beside it.

    Only the holder of the archive's lock may call this. Articles of which no passages or vectors can be read are
    embedded again, if there is an encoder.

    Raises:
        ArchiveDamagedError: not even its manifest can be read.
        ArchiveError: the folder cannot be written; nothing has changed.
    """
    path, made = folder / "catalogue.sqlite", folder / "salvaged.sqlite"
    clear(folder)
    with closing(readable(folder)) as old, closing(Catalogue(made, create=True)) as new:
        new.write_manifest({**old.manifest(), "archive": uuid.uuid4().hex})
        restore(old, list(old.names()), new, encoder)
        try:
            shutil.copyfile(path, folder / "damaged.sqlite")  # by renaming, there would be no archive for a moment
        except OSError as error:
            raise ArchiveError(
                "{folder} cannot be written: {reason}. Free space, and run the same command again.",
                folder=folder,
                reason=error.strerror,
            ) from error
        is_readable = old.path == path
        if is_readable:
            new.copy_into(path)  # open readers follow
    if not is_readable:
        for log in (f"{path.name}-wal", f"{path.name}-shm"):
            (folder / log).unlink(missing_ok=True)
        made.replace(path)
    clear(folder)


def readable(folder: Path) -> Catalogue:
    """Open the catalogue of a folder, or a copy of it whose first page, which SQLite cannot read, is made anew.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveError: neither can be opened, or what is behind the first page is no archive.
    """
    path, made = folder / "catalogue.sqlite", folder / "salvaged.sqlite.head"
    try:
        return Catalogue(path)
    except HeadDamagedError as error:
        with suppress(ArchiveError):
            with_borrowed_head(path, made)
            catalogue = Catalogue(made)
            with suppress(ArchiveError):
                if catalogue.manifest():
                    return catalogue
            catalogue.close()
        clear(folder)
        raise ArchiveError(
            "{path} cannot be used as an archive ({reason}), and what is behind its first page is "
            "none. Name another folder with --index, or make a new archive there after moving that "
            "file away.",
            path=path,
            reason=error.__cause__,
        ) from error


def restore(old: Catalogue, numbers: Sequence[int], new: Catalogue, encoder: EncoderOf | None) -> list[int]:
    """Write what is left of articles of a damaged catalogue into `new`, which may be the same one.

    Return the numbers of those that could not be brought back.
    """
    from retrieval.ingest import Indexer

    bare, lost = list[int](), list[int]()
    old.fold()
    leaves = Leaves(old.path)
    for number in numbers:
        left = _left_of(old, number, leaves)
        if left and left.passages:
            new.put_all([left])
        else:
            (bare if left else lost).append(number)
    if not bare or encoder is None:
        return lost + bare
    model = encoder()
    check_encoder(old.path.parent, new.manifest(), model)
    for number in bare if old is new else ():
        new.disown_vectors(number)
    entries = (_bare_of(old, number, leaves) for number in bare)
    Indexer(new, model).embed_again((found[0] for found in entries if found), replace=True)
    return lost


def _left_of(catalogue: Catalogue, number: int, leaves: Leaves) -> Entry | None:
    """Return what a damaged catalogue, whose `leaves` are read one by one, still has of an article, by its number.

    That is all of it, also where its passages have to be cut once more and their vectors are there; or the article
    itself, whose passages and vectors are then empty; or nothing.
    """
    with suppress(ArchiveDamagedError):
        if entry := catalogue.entry(number):
            return entry
    found = _bare_of(catalogue, number, leaves)
    return _cut_again(catalogue, *found) if found else None


def _bare_of(catalogue: Catalogue, number: int, leaves: Leaves) -> tuple[Entry, bytes] | None:
    """Return an article without its passages, by its number, and the seal of those; None if it is nowhere whole."""
    with suppress(ArchiveDamagedError):
        if found := catalogue.bare_entry(number):
            return found
    return leaves.bare_entry(number)


def _cut_again(catalogue: Catalogue, bare: Entry, seal: bytes) -> Entry:
    """Return an article cut once more, if all its vectors are there and that is what was sealed; else as it is."""
    ready = cut_article(bare.article, bare.origin, bare.content, is_known=True)
    try:
        vectors = catalogue.known_vectors(ready.hashes)
    except ArchiveDamagedError:
        return bare
    if not vectors or not vectors.keys() >= set(ready.hashes):
        return bare
    entry = entry_of(ready, vectors, len(next(iter(vectors.values()))))
    return entry if entry_seal(entry) == seal else bare


def _keep_only(place: Path, state: str, encoder: Encoder) -> None:
    """Keep what a killed rebuild left at `place`, if it was made of the same articles with the same model."""
    if _made_of(place / "catalogue.sqlite") == (state, encoder.identity):
        return
    try:
        if place.exists():
            shutil.rmtree(place)
        place.mkdir()
    except OSError as error:
        raise ArchiveError(
            "{place} cannot be written: {reason}. Free space, or fix its permissions.",
            place=place,
            reason=error.strerror,
        ) from error


def _made_of(path: Path) -> tuple[str | None, str | None]:
    """Return of which state and with which model an unfinished catalogue is made; of nothing if it is of no use."""
    try:
        with closing(Catalogue(path)) as left:
            manifest = left.manifest()
    except ArchiveError:
        return None, None
    return manifest.get("of"), manifest.get("encoder")


def _state(folder: Path, catalogue: Catalogue) -> str:
    """Return of what archive, and of which of its changes, a rebuild is made.

    Raises:
        ArchiveMissingError: nothing has been indexed yet.
    """
    try:
        return f"{read_manifest(folder, catalogue)['archive']}:{catalogue.sequence()}"
    except ArchiveDamagedError:
        return uuid.uuid4().hex  # an unknown state: nothing that was left can be gone on with


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair found, the articles it had to take out, by id, and what it could not repair."""

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
        return verify_cluster(str(location), settings or Settings())
    finish_swap_if_free(Path(location))
    return _faults(Path(location))


def _faults(folder: Path) -> tuple[Fault, ...]:
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        return _faults_of(folder, catalogue)


def _faults_of(folder: Path, catalogue: Catalogue) -> tuple[Fault, ...]:
    check_format(folder, catalogue.format())
    return tuple(faults(folder, catalogue))


def repair_archive(location: Location, settings: Settings | None = None, encoder: EncoderOf | None = None) -> Repaired:
    """Repair the archive: make anew what is derived, and take out what cannot be brought back, to be indexed again.

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


def verify_prepared(settings: Settings) -> tuple[Fault, ...]:
    """Return what is wrong with the prepared models and the dictionary: files that are not as they were written."""
    spoilt = damaged(settings.cache)
    return tuple(
        Fault(Part.MODEL, Message("{path} is not as it was written", path=folder / name))
        for folder in spoilt
        for name in spoilt[folder]
    )


def repair_prepared(settings: Settings) -> tuple[Fault, ...]:
    """Remove the prepared models that are damaged, so that the next use prepares them again; return what was wrong."""
    found = verify_prepared(settings)
    for folder in damaged(settings.cache) if found else ():
        discard(folder)
    return found


def _repair_cluster(address: str, settings: Settings) -> Repaired:
    found = verify_archive(address, settings)
    taken_out = repair_cluster(address, settings, found) if found else []
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


_WINDOWS_AT_ONCE = 1_000  # 2 MB of vectors: written in a few calls, and little to lose when stopped
_OWN = {"archive", "format", "boilerplate", "of", "passages"}
"""What the manifests of two archives of the same articles need not have in common; of cuts they may hold several."""


def copy_archive(
    source: Location,
    target: Location,
    settings: Settings,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Copy the articles of an archive into another, made if there is none; those that are there already are skipped.

    Stopped or killed, the next copy goes on where it was.

    Raises:
        ArchiveMissingError: nothing has been indexed at `source`.
        ArchiveMismatchError: `target` was built with another model.
        ArchiveError: one of them cannot be reached, read or written.
    """
    report = IndexReport()
    with closing(open_reader(source, settings)) as reader, open_writer(target, settings, create=True) as writer:
        _prepare(writer, reader.manifest(), source, target)
        whole = max(1, cast("int", reader.stats()["articles"]))

        def is_stopped() -> bool:
            report.read = min(1.0, (len(report.added) + len(report.unchanged)) / whole)
            if progress:
                progress(report)
            report.stopped = report.stopped or (stopped is not None and stopped())
            return report.stopped

        for batch in batches(_new(reader.entries(), writer, report, is_stopped), _windows, _WINDOWS_AT_ONCE):
            writer.put_all(batch)
            report.added.extend(entry.article.id for entry in batch)
            report.windows += sum(len(entry.vectors) for entry in batch)
            if is_stopped():
                break
    return report


def _prepare(writer: Writer, manifest: dict[str, str], source: Location, target: Location) -> None:
    there = writer.manifest()
    if not there:
        writer.write_manifest({**manifest, "archive": uuid.uuid4().hex})
        return
    differing = sorted(
        key for key in manifest.keys() | there.keys() if key not in _OWN and manifest.get(key) != there.get(key)
    )
    if differing:
        raise ArchiveMismatchError(
            "{target} was built otherwise than {source}: its {fields} differ. Copy to another place.",
            target=target,
            source=source,
            fields=", ".join(differing),
        )


def _new(
    entries: Iterable[Entry], writer: Writer, report: IndexReport, is_stopped: Callable[[], bool]
) -> Iterator[Entry]:
    for batch in batches(entries, _windows, _WINDOWS_AT_ONCE):
        known = writer.known([entry.article.id for entry in batch])
        for entry in batch:
            there = known.get(entry.article.id)
            if there and there.content == entry.content:
                report.unchanged.append(entry.article.id)
            else:
                yield entry
        if is_stopped():
            return


def _windows(entry: Entry) -> int:
    return len(entry.vectors)
