"""Check a whole archive, reading all of it, and repair what is wrong as far as anything is left of it."""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.cache import damaged, discard
from retrieval.encode.encoder import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveError, Fault, Message, Part, raise_shortage
from retrieval.ingest import Indexer, cut_article, entry_of
from retrieval.settings import Settings
from retrieval.store import check_encoder, check_format, read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.checks import Leaves, with_borrowed_head
from retrieval.store.catalogue.connection import HeadDamagedError
from retrieval.store.catalogue.rows import entry_seal
from retrieval.store.local import Derived
from retrieval.store.local.faiss_file import Saved, check_vectors, holds, read_vectors, reconstruction
from retrieval.store.local.vectors import among
from retrieval.store.local.word_index import WordIndex
from retrieval.store.location import Location, is_cluster
from retrieval.store.lock import clear, deriving, finish_swap, finish_swap_if_free, writing
from retrieval.store.milvus.writer import repair_cluster, verify_cluster
from retrieval.store.protocols import Entry

_log = logging.getLogger(__name__)

Passages = NDArray[np.int64]
"""Numbers of passages."""


def faults(folder: Path, catalogue: Catalogue) -> Iterator[Fault]:
    """Yield everything that is wrong with the archive in `folder`, reading every byte of it.

    One that has no manifest and no articles was killed before its first: nothing is wrong with it.
    """
    broken = False
    for fault in catalogue.faults():
        broken = True
        yield fault
    try:
        manifest = catalogue.manifest()
    except ArchiveDamagedError as error:
        yield Fault(Part.MANIFEST, error.message)
        return
    if manifest and not broken:  # against a catalogue that is wrong itself nothing can be compared
        archive = manifest["archive"], int(manifest["dim"])
        yield from (Fault(Part.VECTORS, what) for what in _vector_faults(folder / "vectors.faiss", catalogue, *archive))
        yield from (Fault(Part.WORDS, what) for what in _word_faults(folder / "words", catalogue, archive[0]))


_AHEAD = "{path} knows changes that the catalogue does not"


def _vector_faults(path: Path, catalogue: Catalogue, archive: str, dim: int) -> Iterator[str]:
    owner = bytes.fromhex(archive)
    try:
        check_vectors(path, owner)
        saved = read_vectors(path, owner, dim)
    except FileNotFoundError:
        if catalogue.counts()["windows"]:
            yield Message("{path} is missing", path=path)
        return
    except (OSError, ValueError, RuntimeError) as error:
        raise_shortage(Message("{path} cannot be read", path=path), error)
        yield Message("{path} cannot be used: {error}", path=path, error=error)
        return
    if saved.sequence > catalogue.sequence():
        yield Message(_AHEAD, path=path)
        return
    gone = among(np.abs(saved.windows), catalogue.removed_since(saved.sequence))
    yield from _compared(path, catalogue, saved, np.flatnonzero((saved.windows > 0) & ~gone))


def _compared(path: Path, catalogue: Catalogue, saved: Saved, rows: NDArray[np.int64]) -> Iterator[str]:
    """Compare the rows of the index that are not gone with the windows that it should hold."""
    held, met, far = saved.windows[rows], 0, 0
    reconstruct = reconstruction(saved.index)
    for ids, vectors in catalogue.vectors_until(saved.sequence):
        places = np.minimum(np.searchsorted(held, ids), max(len(held) - 1, 0))
        there = held[places] == ids if len(held) else np.zeros(len(ids), np.bool_)
        met += int(np.count_nonzero(there))
        if not there.all():
            missing = {"count": np.count_nonzero(~there), "first": int(ids[~there][0])}
            yield Message("{path} lacks {count} windows from {first} on", path=path, **missing)
        if there.any():
            stored = reconstruct(rows[places[there]])
            far += int(np.count_nonzero(~holds(saved.index, stored, vectors[there].astype(np.float32))))
    if met < len(held):
        extra = len(held) - met
        yield Message("{path} has {count} windows that the catalogue does not have", path=path, count=extra)
    if far:
        yield Message("{path} has {count} vectors that are not the catalogue's", path=path, count=far)


def _word_faults(folder: Path, catalogue: Catalogue, archive: str) -> Iterator[str]:
    if not folder.exists():
        if catalogue.counts()["passages"]:
            yield Message("{path} is missing", path=folder)
        return
    try:
        with closing(WordIndex(folder, archive)) as words:
            damaged = list(words.damaged_files())
            yield from damaged or _words_apart(folder, catalogue, words)
    except (ArchiveError, OSError) as error:
        raise_shortage(Message("{folder} cannot be read", folder=folder), error)
        yield Message("{path} cannot be used: {error}", path=folder, error=error.__cause__ or error)


def _words_apart(folder: Path, catalogue: Catalogue, words: WordIndex) -> Iterator[str]:
    """Compare the passages of the words with those that they should hold."""
    if not words.is_usable:
        yield Message("{path} cannot be used, or belongs to another archive", path=folder)
        return
    if words.covered() > catalogue.sequence():
        yield Message(_AHEAD, path=folder)
        return
    expected, removed = catalogue.passages_until(words.covered()), catalogue.removed_since(words.covered())
    yield from _apart(folder, words.passages(), expected, expected, removed)
    # a writer that was killed wrote signatures of what the words do not cover yet
    there = catalogue.passages_until(catalogue.sequence())
    yield from _apart(folder / "signatures.sqlite", words.signed_passages(), expected, there, removed)


def _apart(path: Path, held: Passages, expected: Passages, there: Passages, removed: Passages) -> Iterator[str]:
    """Yield by what `held`, `removed` ones aside, lacks of what is expected, and has besides what may be there."""
    held = held[~np.isin(held, removed)]
    missing = len(np.setdiff1d(expected, held))
    extra = len(held) - len(np.intersect1d(held, there))  # a passage that is there twice is one too many
    if missing or extra:
        apart = "{path} lacks {missing} passages and has {extra} that the catalogue does not"
        yield Message(apart, path=path, missing=missing, extra=extra)


EncoderOf = Callable[[], Encoder]
"""Opens the encoder, where one is needed."""


def salvage(folder: Path, encoder: EncoderOf | None = None) -> None:
    """Put what can be read of a damaged catalogue into a new one, in its place; the old one stays next to it.

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
    entries = (bare_of(old, number, leaves) for number in bare)
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
    found = bare_of(catalogue, number, leaves)
    return _cut_again(catalogue, *found) if found else None


def bare_of(catalogue: Catalogue, number: int, leaves: Leaves) -> tuple[Entry, bytes] | None:
    """Return an article without its passages, by its number, and the seal of those; None if it is nowhere whole."""
    with suppress(ArchiveDamagedError):
        if found := catalogue.bare_entry(number):
            return found
    return leaves.bare_entry(number)


def _cut_again(catalogue: Catalogue, bare: Entry, seal: bytes) -> Entry:
    """Return an article cut once more, if all its vectors are there and that is what was sealed; else as it is."""
    ready = cut_article(bare.article, bare.origin, bare.content, is_known=True)
    try:
        vectors = catalogue.known_vectors(ready.entry.hashes)
    except ArchiveDamagedError:
        return bare
    if not vectors or not vectors.keys() >= set(ready.entry.hashes):
        return bare
    entry = entry_of(ready, vectors, len(next(iter(vectors.values()))))
    return entry if entry_seal(entry) == seal else bare


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
            _repair_catalogue(folder, found, encoder)
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


def _repair_catalogue(folder: Path, found: Sequence[Fault], encoder: EncoderOf | None) -> None:
    """Bring back what is left of the articles: in the same file if SQLite can read it, else in a new one."""
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue:
        catalogue.manifest()  # without it nothing can be made anew but the whole
        if not any(fault.part is Part.FILE for fault in found) or _rebuild_indexes(catalogue):
            numbers = sorted({fault.number for fault in catalogue.faults() if fault.number is not None})
            for number in restore(catalogue, numbers, catalogue, encoder):
                catalogue.take_out(number)
            if not any(fault.part is Part.FILE for fault in catalogue.faults()):
                return
    salvage(folder, encoder)


def _rebuild_indexes(catalogue: Catalogue) -> bool:
    """Make the file's own indexes anew; return whether that made it whole."""
    try:
        catalogue.rebuild_indexes()
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
