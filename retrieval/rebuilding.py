"""Make an archive anew out of itself: with another model, or out of what is sound in a damaged one."""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from retrieval.articles.draft import Skipped
from retrieval.building import Progress
from retrieval.derived import Derived
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveError
from retrieval.index.catalogue import Catalogue, Entry
from retrieval.index.connection import HeadDamagedError
from retrieval.index.lock import writing
from retrieval.index.rows import entry_seal
from retrieval.index.salvaging import Leaves, with_borrowed_head
from retrieval.index.swapping import beside, clear, finish_swap, swap
from retrieval.location import Location, folder_only
from retrieval.manifest import check_encoder, check_format, new_manifest, read_manifest
from retrieval.ready import cut_article, entry_of
from retrieval.report import IndexReport

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
    from retrieval.indexing import Indexer

    folder = folder_only(location, "index --rebuild")
    with closing(Catalogue(folder / "catalogue.sqlite")) as old, writing(folder):
        check_format(folder, old.format())
        finish_swap(folder)
        state = _state(folder, old)
        _keep_only(beside(folder), state, encoder)
        with closing(Catalogue(beside(folder) / "catalogue.sqlite", create=True)) as new:
            if not new.manifest():
                new.write_manifest({**new_manifest(encoder), "of": state})
            indexer = Indexer(new, encoder, progress, stopped)
            indexer.embed_again(_readable(old, indexer.report))
            if not indexer.report.stopped:
                with closing(Derived(beside(folder), new.manifest())) as derived:
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
                f"{folder} cannot be written: {error.strerror}. Free space, and run the same command again."
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
            f"{path} cannot be used as an archive ({error.__cause__}), and what is behind its first page is none. "
            "Name another folder with --index, or make a new archive there after moving that file away."
        ) from error


def restore(old: Catalogue, numbers: Sequence[int], new: Catalogue, encoder: EncoderOf | None) -> list[int]:
    """Write what is left of articles of a damaged catalogue into `new`, which may be the same one.

    Return the numbers of those that could not be brought back.
    """
    from retrieval.indexing import Indexer

    bare, lost = list[int](), list[int]()
    old.fold()
    leaves = Leaves(old.path)
    for number in numbers:
        left = _left_of(old, number, leaves)
        if left and left.passages:
            new.put(left)
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


def _state(folder: Path, catalogue: Catalogue) -> str:
    """Return of what archive, and of which of its changes, a rebuild is made.

    Raises:
        ArchiveMissingError: nothing has been indexed yet.
    """
    try:
        return f"{read_manifest(folder, catalogue)['archive']}:{catalogue.sequence()}"
    except ArchiveDamagedError:
        return uuid.uuid4().hex  # an unknown state: nothing that was left can be gone on with
