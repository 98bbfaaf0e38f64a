"""Copy an archive from one place to another, vectors and all, without embedding anything."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import cast

from retrieval.batches import batches
from retrieval.building import Progress
from retrieval.errors import ArchiveMismatchError
from retrieval.index.protocols import Writer
from retrieval.index.rows import Entry
from retrieval.location import Location, open_reader, open_writer
from retrieval.report import IndexReport
from retrieval.settings import Settings

_WINDOWS_AT_ONCE = 1_000  # 2 MB of vectors: written in a few calls, and little to lose when stopped
_OWN = {"archive", "format", "boilerplate", "of"}
"""What the manifests of two archives of the same articles need not have in common."""


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
            f"{target} was built otherwise than {source}: its {', '.join(differing)} differ. Copy to another place."
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
