"""The archive as the bot holds it: opened when needed, and anew when it was replaced on disk."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from bot.telegram.scope import Scope
from retrieval import Answer, ArchiveMissingError, Article, Filters, Location, Source, is_cluster, parse_day

_log = logging.getLogger(__name__)


class Readable(Protocol):
    """What the bot needs of an archive."""

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        filters: Filters | None = None,
        as_of: date | None = None,
        is_literal: bool = False,
    ) -> Answer:
        """Answer a question."""

    def latest(self, n: int, filters: Filters | None = None, *, as_of: date | None = None) -> Sequence[Article]:
        """Return the newest articles."""

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id."""

    def sources(self) -> Sequence[Source]:
        """Return the outlets."""

    def stats(self) -> dict[str, object]:
        """Return what there is, in numbers."""

    def close(self) -> None:
        """Close the files."""


class Library:
    """Opens the archive in `location`; every method may raise what opening raises. Safe to use from several threads."""

    def __init__(self, location: Location, opener: Callable[[], Readable]) -> None:
        self.location = location
        self._opener = opener
        self._lock = threading.Lock()
        self._archive: Readable | None = None
        self._opened: tuple[int, int] | None = None

    def ask(self, question: str, k: int, scope: Scope) -> Answer:
        """Answer a question with the `k` best passages."""
        as_of, archive = parse_day(scope.as_of), self._current()
        return archive.ask(question, k=k, filters=scope.filters, as_of=as_of, is_literal=scope.is_literal)

    def latest(self, n: int, scope: Scope) -> Sequence[Article]:
        """Return the `n` newest articles."""
        return self._current().latest(n, scope.filters, as_of=parse_day(scope.as_of))

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id."""
        return self._current().article(article_id)

    def sources(self) -> Sequence[Source]:
        """Return the outlets, the largest first."""
        return self._current().sources()

    def stats(self) -> dict[str, object]:
        """Return what the archive holds, in numbers."""
        return self._current().stats()

    def reload(self) -> None:
        """Open the archive anew."""
        with self._lock:
            self._archive = None
        self._current()

    def close(self) -> None:
        """Close the archive; it may not be asked any more."""
        if self._archive is not None:
            self._archive.close()

    def _current(self) -> Readable:
        """Return the archive that stands in the folder now.

        An archive that was replaced is not closed: a question in another thread may still read it. It goes with the
        last reference.
        """
        with self._lock:
            found = self._identity()
            if self._archive is None or found != self._opened:
                if self._archive is not None:
                    _log.warning("the archive in %s was replaced; opening the new one", self.location)
                self._archive, self._opened = self._opener(), found
            return self._archive

    def _identity(self) -> tuple[int, int]:
        """Tell an archive from one in its place; a cluster's reader notices that itself."""
        if is_cluster(self.location):
            return 0, 0
        try:
            stat = Path(self.location, "catalogue.sqlite").stat()
        except OSError as error:
            self._archive = None
            raise ArchiveMissingError(
                f"there is no archive in {self.location} any more. "
                f"Fill it with: chuchu index PATH --index {self.location}"
            ) from error
        return stat.st_dev, stat.st_ino
