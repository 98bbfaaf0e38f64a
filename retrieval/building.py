"""Adding to an archive and removing from it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval.articles.outlets import load_outlets
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveError, ArticleError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing
from retrieval.manifest import open_indexes, prepare_manifest, read_manifest
from retrieval.report import IndexReport
from retrieval.search.candidates import Indexes

_DERIVE_EVERY_S = 3.0  # a reader sees what a writer did within this time and its own next question

Progress = Callable[[IndexReport], None]


def index_paths(
    paths: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    *,
    source: str | None = None,
    outlets: Path | None = None,
    prune: bool = False,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Index files and folders into the archive in `folder`, making it if there is none.

    `outlets` is a file of more outlets than the bundled ones. `stopped` is asked after every article and batch: once
    it says so, the run ends with what it has done.

    Raises:
        ArticleError: one of `paths` does not exist.
        SettingsError: `outlets` cannot be read.
        ArchiveError: the folder cannot be written, or is locked by another writer.
        ArchiveMismatchError: it was built with another model or format.
    """
    from retrieval.indexing import Indexer

    _check_paths(paths)
    table = load_outlets(outlets)
    _make_folder(folder)
    with writing(folder), closing(Catalogue(folder / "catalogue.sqlite", create=True)) as catalogue:
        manifest = prepare_manifest(folder, catalogue, encoder)
        indexes = open_indexes(folder, catalogue, manifest)
        derive(indexes)  # what is missing from here on was lost, not yet to come
        indexer = Indexer(catalogue, encoder, _deriving(indexes, progress), stopped, table)
        try:
            indexer.index(paths, source)
            if prune and not indexer.report.stopped:
                indexer.prune(paths)
        finally:
            derive(indexes)
        return indexer.report


def remove_articles(folder: Path, article_ids: Sequence[str]) -> list[str]:
    """Remove articles; return the ids that were there.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
    """
    with closing(Catalogue(folder / "catalogue.sqlite")) as catalogue, writing(folder):
        removed = [article_id for article_id in article_ids if catalogue.remove(article_id)]
        derive(open_indexes(folder, catalogue, read_manifest(folder, catalogue)))
    return removed


def _deriving(indexes: Indexes, progress: Progress | None) -> Progress:
    """Return a progress that also derives, now and then, what readers are to see."""
    derived = time.monotonic()

    def after_write(report: IndexReport) -> None:
        nonlocal derived
        if progress:
            progress(report)
        if time.monotonic() - derived > _DERIVE_EVERY_S:
            derive(indexes)
            derived = time.monotonic()

    return after_write


@contextmanager
def closing(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Close the catalogue at the end."""
    try:
        yield catalogue
    finally:
        catalogue.close()


def derive(indexes: Indexes) -> None:
    """Bring what is derived from the catalogue up to date on disk."""
    indexes.words.update(indexes.catalogue)
    indexes.vectors.save(indexes.catalogue)


def _check_paths(paths: Sequence[Path]) -> None:
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise ArticleError(f"{path} does not exist. Name files or folders with articles.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be an archive: {error.strerror}. Name another folder with --index."
        ) from error
