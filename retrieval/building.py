"""Adding to an archive and removing from it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval.encoders import Encoder
from retrieval.errors import ArchiveError, ArticleError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing
from retrieval.manifest import open_indexes, prepare_manifest, read_manifest
from retrieval.report import IndexReport
from retrieval.search.candidates import Indexes

_COMMIT_EVERY_S = 3.0  # a reader sees what a writer did within this time and its own next question


def index_paths(
    paths: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    *,
    source: str | None = None,
    prune: bool = False,
    progress: Callable[[IndexReport], None] | None = None,
) -> IndexReport:
    """Index files and folders into the archive in `folder`, making it if there is none.

    Raises:
        ArticleError: one of `paths` does not exist.
        ArchiveError: the folder cannot be written, or is locked by another writer.
        ArchiveMismatchError: it was built with another model or format.
    """
    from retrieval.indexing import Indexer

    _check_paths(paths)
    _check_folder(folder)
    with writing(folder), _closing(Catalogue(folder / "catalogue.sqlite", create=True)) as catalogue:
        manifest = prepare_manifest(folder, catalogue, encoder)
        indexes = open_indexes(folder, catalogue, manifest)
        committed = time.monotonic()

        def after_write(report: IndexReport) -> None:
            nonlocal committed
            if progress:
                progress(report)
            if time.monotonic() - committed > _COMMIT_EVERY_S:
                indexes.words.update(catalogue)
                committed = time.monotonic()

        indexer = Indexer(catalogue, encoder, after_write)
        try:
            indexer.index(paths, source)
            if prune:
                indexer.prune(paths)
        finally:
            _derive(indexes)
        return indexer.report


def remove_articles(folder: Path, article_ids: Sequence[str]) -> list[str]:
    """Remove articles; return the ids that were there.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
    """
    with _closing(Catalogue(folder / "catalogue.sqlite")) as catalogue, writing(folder):
        removed = [article_id for article_id in article_ids if catalogue.remove(article_id)]
        _derive(open_indexes(folder, catalogue, read_manifest(folder, catalogue)))
    return removed


@contextmanager
def _closing(catalogue: Catalogue) -> Iterator[Catalogue]:
    try:
        yield catalogue
    finally:
        catalogue.close()


def _derive(indexes: Indexes) -> None:
    """Bring what is derived from the catalogue up to date on disk."""
    indexes.words.update(indexes.catalogue)
    indexes.vectors.save(indexes.catalogue)


def _check_paths(paths: Sequence[Path]) -> None:
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise ArticleError(f"{path} does not exist. Name files or folders with articles.")


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be an archive: {error.strerror}. Name another folder with --index."
        ) from error
