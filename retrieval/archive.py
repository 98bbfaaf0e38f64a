"""The façade: an archive on disk that can be asked, read and added to."""

import threading
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from retrieval.encoders import Encoder, Progress, Vectors, open_encoder
from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Catalogue
from retrieval.index.lock import writing
from retrieval.index.words import WordIndex
from retrieval.manifest import check_encoder, open_indexes, read_manifest
from retrieval.search.calibration import CalibratedEncoder, Calibration
from retrieval.search.candidates import Indexes
from retrieval.search.finder import find
from retrieval.search.question import parse, tidied
from retrieval.search.smalltalk import is_small_talk
from retrieval.settings import Settings
from retrieval.text.days import day_range
from retrieval.values import Answer, Article, Filters, Refusal, RefusalKind


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet of the archive: how many articles it has, and the first and last published date."""

    name: str | None
    articles: int
    first: str | None
    last: str | None


class Archive:
    """An archive opened for questions. Safe to use from several threads."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder | None = None) -> None:
        """Open the archive in `folder`; the encoder is loaded by the first question unless it is given.

        Raises:
            ArchiveMissingError: nothing has been indexed there.
            ArchiveError: the files there are not an archive, or cannot be read.
            ArchiveMismatchError: it has another format.
        """
        self.folder = folder
        self._settings = settings
        self._lock = threading.RLock()
        self._catalogue = Catalogue(folder / "catalogue.sqlite")
        self._manifest = read_manifest(folder, self._catalogue)
        self._encoder = encoder
        self._calibrated: CalibratedEncoder | None = None
        self._outlets: tuple[int, list[str]] = (-1, [])
        self._indexes: Indexes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive's files."""
        self._catalogue.close()

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        filters: Filters | None = None,
        as_of: date | None = None,
        is_literal: bool = False,
    ) -> Answer:
        """Answer a question with the `k` best passages, or refuse.

        Dates and sources that the question names become filters, unless it is to be taken literally. `as_of` is the day
        from which relative dates count (default: today); given, what was published later is not there.

        Raises:
            QuestionError: the question is empty or too long.
            EncoderError: the model cannot be loaded.
            ArchiveMismatchError: the archive was built with another model than the settings name.
        """
        started = time.perf_counter()
        today = as_of or date.today()  # noqa: DTZ011 a person's today is where they are
        query = parse(question, filters or Filters(), sources=self._names(), today=today, is_literal=is_literal)
        if is_small_talk(query.text):
            return Answer(query.text, 0.0, query.filters, (), Refusal(RefusalKind.SMALL_TALK))
        if as_of:
            query = replace(query, filters=_hindsight_free(query.filters, as_of))
        encoder = self._ready()
        vector: Vectors = encoder.encode_queries([query.text])[0]
        encoded = time.perf_counter()
        with self._lock, self._catalogue.snapshot():
            found = find(self._fresh(), query, vector, k, today=today.toordinal())
        ended = time.perf_counter()
        return Answer(
            question=tidied(question),
            confidence=found.confidence,
            filters=query.filters,
            hits=found.hits,
            refusal=found.refusal,
            timing_ms={
                "encode": 1e3 * (encoded - started),
                "search": 1e3 * (ended - encoded),
                "total": 1e3 * (ended - started),
            },
            understood=query.understood,
            age=found.age,
        )

    def _names(self) -> list[str]:
        """Return the outlets' names, read again when the archive changed."""
        with self._lock:
            sequence = self._catalogue.sequence()
            if self._outlets[0] != sequence:
                self._outlets = sequence, [row[0] for row in self._catalogue.sources() if row[0]]
            return self._outlets[1]

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        with self._lock:
            return self._catalogue.article(article_id)

    def latest(self, n: int, filters: Filters | None = None, *, as_of: date | None = None) -> list[Article]:
        """Return the `n` newest articles within `filters`, none published after `as_of`; undated ones are left out."""
        filters = filters or Filters()
        with self._lock:
            return self._catalogue.latest(n, _hindsight_free(filters, as_of) if as_of else filters)

    def sources(self) -> list[Source]:
        """Return the outlets, the one with most articles first."""
        with self._lock:
            return [Source(*row) for row in self._catalogue.sources()]

    def stats(self) -> dict[str, object]:
        """Return counts, languages, dates, size on disk in bytes, and what the archive was built with."""
        with self._lock:
            first, last, undated = self._catalogue.dates()
            size = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
            return {
                **self._catalogue.counts(),
                "sources": sum(source.name is not None for source in self.sources()),
                "languages": self._catalogue.languages(),
                "first": first,
                "last": last,
                "undated": undated,
                "bytes": size,
                "model": self._manifest["encoder"],
                "dimensions": int(self._manifest["dim"]),
            }

    def load(self, progress: Progress | None = None) -> None:
        """Load the model and the indexes now instead of with the first question."""
        self._ready(progress)
        with self._lock, self._catalogue.snapshot():
            self._fresh()

    def _ready(self, progress: Progress | None = None) -> CalibratedEncoder:
        with self._lock:
            self._follow_rebuild()
            if self._calibrated is None:
                self._encoder = self._encoder or encoder_of(self._settings, progress)
                check_encoder(self.folder, self._manifest, self._encoder)
                calibration = Calibration.from_json(self._manifest["calibration"])
                self._calibrated = CalibratedEncoder(self._encoder, calibration)
            return self._calibrated

    def _follow_rebuild(self) -> None:
        """Forget what belongs to an archive in whose place a rebuild has put another."""
        manifest = read_manifest(self.folder, self._catalogue)
        if manifest["archive"] != self._manifest["archive"]:
            self._manifest, self._calibrated, self._indexes, self._outlets = manifest, None, None, (-1, [])

    def _fresh(self) -> Indexes:
        """Return the indexes as they are after the catalogue's last change."""
        if self._indexes is None:
            self._indexes = open_indexes(self.folder, self._catalogue, self._manifest)
            self._catch_up(self._indexes.words)
        indexes = self._indexes
        indexes.vectors.refresh(self._catalogue)
        if indexes.words.covered() != self._catalogue.sequence():
            indexes.words.reload()
        return indexes

    def _catch_up(self, words: WordIndex) -> None:
        """Index the words that a killed writer left out, unless a living one is at it."""
        if words.covered() == self._catalogue.sequence():
            return
        try:
            with writing(self.folder):
                words.update(self._catalogue)
        except ArchiveError:
            words.reload()


def open_archive(folder: str | Path | None = None, settings: Settings | None = None) -> Archive:
    """Open the archive in `folder` (default: the settings' index) for questions."""
    settings = settings or Settings()
    return Archive(Path(folder or settings.index), settings)


def _hindsight_free(filters: Filters, as_of: date) -> Filters:
    """Let nothing pass that was published after `as_of`."""
    if filters.until and day_range(filters.until)[1] <= as_of.toordinal():
        return filters
    return replace(filters, until=as_of.isoformat())


def encoder_of(settings: Settings, progress: Progress | None = None) -> Encoder:
    """Open the encoder that the settings name, preparing it if this is its first use."""
    return open_encoder(
        settings.model,
        cache=settings.cache,
        threads=settings.threads,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
        progress=progress,
    )
