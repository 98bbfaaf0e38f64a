"""Rebuild an archive in its place, and copy it to another one."""

import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from retrieval.encode.encoder import Encoder
from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError
from retrieval.ingest import Indexer, Progress
from retrieval.origins import IndexReport
from retrieval.settings import Settings
from retrieval.store import check_format, new_manifest, read_manifest
from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.checks import Leaves
from retrieval.store.local import Derived
from retrieval.store.location import Location, folder_only, open_reader, open_writer
from retrieval.store.lock import finish_swap, rebuild_folder, swap, writing
from retrieval.store.protocols import Entry, Writer, batches
from retrieval.upkeep.verification import bare_of
from retrieval.values import Skipped


def rebuild_archive(
    location: Location,
    encoder: Encoder,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Cut and embed all articles of the archive again, next to it, and put the result in its place in one step.

    Questions are answered from the old one meanwhile. Stopped or killed, the next rebuild goes on where it was.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
        ArchiveError: it is kept in a cluster.
    """
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
        if found := bare_of(old, number, leaves):
            yield found[0]
        else:
            report.skipped.append(Skipped(name, "the archive is damaged here: index it again from its file"))


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
