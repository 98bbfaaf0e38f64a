"""Adding to an archive and removing from it."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from retrieval.articles.outlets import load_outlets
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveError
from retrieval.location import Location, is_cluster, open_writer
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
    prune: bool | Literal["all"] = False,
    follow_links: bool = False,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Index files and folders into the archive at `location`, making it if there is none.

    `outlets` is a file of more outlets than the bundled ones; `shard` leaves the other shards' articles to others.
    `prune` removes the articles below `paths` whose files are certainly gone: "all" of them, True only where these are
    not whole folders or more than half at once, which `doubt` in the report tells instead.
    `stopped` is asked after every article and batch: once it says so, the run ends with what it has done.

    Raises:
        ArticleError: one of `paths` does not exist, or cannot be looked at.
        SettingsError: `outlets` cannot be read.
        ArchiveError: the folder cannot be written, or is locked by another writer.
        ArchiveMismatchError: it was built with another model or format.
    """
    from retrieval.articles.readers.walk import check
    from retrieval.indexing import Indexer

    check(paths)
    _check_name(location)
    table = load_outlets(outlets)
    with open_writer(location, settings or Settings(), create=True) as writer:
        prepare_manifest(location, writer, encoder)
        home = "" if is_cluster(location) else os.path.realpath(location)
        indexer = Indexer(writer, encoder, progress, stopped, table, shard, home)
        indexer.index(paths, source, follow_links=follow_links)
        if prune and not indexer.report.stopped:
            indexer.prune(paths, is_sure=prune == "all")
        return indexer.report


def _check_name(location: Location) -> None:
    try:
        str(location).encode()
    except UnicodeEncodeError as error:
        raise ArchiveError(
            f"an archive cannot lie in {location}: the name is not UTF-8. Name another folder: --index DIR"
        ) from error


def remove_articles(location: Location, article_ids: Sequence[str], settings: Settings | None = None) -> list[str]:
    """Remove articles; return the ids that were there.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
    """
    with open_writer(location, settings or Settings()) as writer:
        read_manifest(location, writer)
        return [article_id for article_id in article_ids if writer.remove(article_id)]
