"""Adding to an archive and removing from it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from retrieval.articles.outlets import load_outlets
from retrieval.encoders import Encoder
from retrieval.errors import ArticleError
from retrieval.location import Location, open_writer
from retrieval.manifest import prepare_manifest, read_manifest
from retrieval.report import IndexReport
from retrieval.settings import Settings
from retrieval.shard import Shard

Progress = Callable[[IndexReport], None]


def index_paths(
    paths: Sequence[Path],
    location: Location,
    encoder: Encoder,
    *,
    settings: Settings | None = None,
    source: str | None = None,
    outlets: Path | None = None,
    shard: Shard | None = None,
    prune: bool = False,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Index files and folders into the archive at `location`, making it if there is none.

    `outlets` is a file of more outlets than the bundled ones; `shard` leaves the other shards' articles to others.
    `stopped` is asked after every article and batch: once it says so, the run ends with what it has done.

    Raises:
        ArticleError: one of `paths` does not exist.
        SettingsError: `outlets` cannot be read.
        ArchiveError: the folder cannot be written, or is locked by another writer.
        ArchiveMismatchError: it was built with another model or format.
    """
    from retrieval.indexing import Indexer

    _check_paths(paths)
    table = load_outlets(outlets)
    with open_writer(location, settings or Settings(), create=True) as writer:
        prepare_manifest(location, writer, encoder)
        indexer = Indexer(writer, encoder, progress, stopped, table, shard)
        indexer.index(paths, source)
        if prune and not indexer.report.stopped:
            indexer.prune(paths)
        return indexer.report


def remove_articles(location: Location, article_ids: Sequence[str], settings: Settings | None = None) -> list[str]:
    """Remove articles; return the ids that were there.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
    """
    with open_writer(location, settings or Settings()) as writer:
        read_manifest(location, writer)
        return [article_id for article_id in article_ids if writer.remove(article_id)]


def _check_paths(paths: Sequence[Path]) -> None:
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise ArticleError(f"{path} does not exist. Name files or folders with articles.")
