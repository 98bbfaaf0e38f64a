"""Add to an archive and remove from it: files → articles → passages → vectors → the catalogue."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Literal

import numpy as np

from retrieval import passages
from retrieval.clean import Outlets, load_outlets
from retrieval.clean import article as articles
from retrieval.clean.article import MADE, is_ahead, make_article
from retrieval.clean.boilerplate import Boilerplate, learning
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Embedding, Encoder, Vectors16, embed
from retrieval.errors import ArchiveError, DiskFullError, Message, shortage
from retrieval.origins import WHOLE, IndexReport, Reading, Remembered, Seen, Shard, find_gone
from retrieval.read import Limits, read
from retrieval.read.files import Split
from retrieval.settings import Settings
from retrieval.store import prepare_manifest, read_manifest
from retrieval.store.location import Location, is_cluster, open_writer
from retrieval.store.protocols import Entry, Known, Writer, text_digest
from retrieval.store.stories import bands, signature
from retrieval.values import Article, Draft, Origin, Skipped

_VALUES = attrgetter(*(field.name for field in fields(Draft)))


_NO_VECTORS = np.empty((0, 0), np.float16)


@dataclass(frozen=True, slots=True)
class Ready:
    """An article cut into passages, its vectors still empty, and the texts of its windows, in their order.

    `is_known` says that it takes the place of an older one.
    """

    entry: Entry
    texts: Sequence[str]
    is_known: bool


def texts_of(batch: Sequence[Ready]) -> dict[bytes, str]:
    """Return the different window texts of articles by their digests."""
    return {digest: text for ready in batch for digest, text in zip(ready.entry.hashes, ready.texts, strict=True)}


def cut_article(article: Article, origin: str, content: bytes, *, is_known: bool) -> Ready:
    """Cut an article into passages and windows."""
    cut = passages.split(article.text)
    texts = [article.text[slice(*window)] for passage in cut for window in passage.windows]
    hashes = [text_digest(text) for text in texts]
    entry = Entry(article, cut, _NO_VECTORS, hashes, origin, content, bands(signature(article.text)))
    return Ready(entry, texts, is_known)


def entry_of(ready: Ready, vectors: Vectors16, dim: int) -> Entry:
    """Return what is written of an article, with its windows' vectors out of those of its batch."""
    rows = np.array([vectors[digest] for digest in ready.entry.hashes], np.float16).reshape(-1, dim)
    return replace(ready.entry, vectors=rows)


def content_of(draft: Draft, source: str | None, outlets: Outlets | None) -> bytes:
    """Digest what an article is made from: the draft, and the versions of what works on it; then its path.

    A date that is ahead of the clock is not believed; the article is made again when its day has come.
    """
    table = outlets.digest if outlets else None
    said = (articles.VERSION, passages.VERSION, source, table, _VALUES(replace(draft, path=None, origin=None)))
    made_from = repr((*said, "ahead") if is_ahead(draft) else said)
    return text_digest(made_from) + text_digest(draft.path or "")


def is_copy(content: bytes, other: bytes) -> bool:
    """Return whether two digests are of the same article, under whatever path."""
    return content[:16] == other[:16]


_log = logging.getLogger(__name__)
_BATCH_WINDOWS = 256  # embedded at once, sorted by length: enough for full batches, little enough to lose when killed
_REMOVED = 200
"""Articles that are removed at once: each of their keys of copies lies on another page, as where they are written."""
_LOOKED_UP, _CHARACTERS = 100, 40_000
"""Drafts that the archive is asked about at once, and the characters for which a draft counts as one more, so that at
most four million wait. One by one, 2,000 unchanged articles took fifteen times as long in a cluster on the same machine
as in a folder, now less than twice; between machines each time that it is asked is a way there and back."""


Progress = Callable[[IndexReport], None]


class Indexer:
    """Writes the articles of one run into a catalogue; equal window texts are embedded once."""

    def __init__(
        self,
        catalogue: Writer,
        encoder: Encoder,
        progress: Progress | None = None,
        stopped: Callable[[], bool] | None = None,
        outlets: Outlets | None = None,
        shard: Shard = WHOLE,
        home: str = "",
    ) -> None:
        self._catalogue = catalogue
        self._home = home
        self._outlets = outlets
        self._shard = shard
        self._boilerplate = Boilerplate.from_json(catalogue.manifest().get("boilerplate", "{}"))
        calibration = Calibration.from_json(catalogue.manifest()["calibration"])
        self._encoder = CalibratedEncoder(encoder, calibration)
        self._embedding = Embedding[Sequence[Ready]](self._encoder)
        self._progress = progress or (lambda _: None)
        self._stopped = stopped or (lambda: False)
        self._seen = Seen()
        self._waiting: list[Ready] = []
        self._windows_waiting = 0
        self._underway: dict[str, Known] = {}
        self._known: dict[str, Known] = {}
        self._prunes = False
        self._full: DiskFullError | None = None
        self.report = IndexReport()

    def index(
        self,
        paths: Sequence[Path],
        source: str | None = None,
        *,
        follow_links: bool = False,
        prune: bool | Literal["all"] = False,
        split: str = Split.AUTO,
    ) -> None:
        """Index files and folders until the run is stopped; articles that name no outlet get `source`.

        Raises:
            DiskFullError: there was no space for all of them; what can be pruned is removed all the same.
        """
        if (today := date.today()) < MADE:  # noqa: DTZ011 — the clock itself is looked at
            _log.warning("the clock of this machine says %s: dates of articles are not compared with it", today)
        limits = Limits(split=Split(split))
        drafts, reading, size = list[Draft | Skipped](), Reading(paths), 0
        self._prunes = bool(prune)
        with self._writing():
            for draft in learning(read(paths, limits=limits, follow_links=follow_links), self._boilerplate):
                self.report.read = reading.note(draft)
                self._seen.note(draft)
                if self._shard.holds(draft.path if isinstance(draft, Skipped) else draft.id):
                    drafts.append(draft)
                    size += 1 if isinstance(draft, Skipped) else 1 + len(draft.text) // _CHARACTERS
                if size >= _LOOKED_UP:
                    self._take(drafts, source)
                    drafts, size = [], 0
                if self._is_stopped():
                    break
            self._take(drafts, source)
        if prune and not self.report.stopped:
            self._prune(paths, is_sure=prune == "all")
        if self._full:
            _log.warning("%d articles whose files are gone were removed", len(self.report.removed))
            raise self._full
        self._keep_boilerplate()

    def embed_again(self, entries: Iterable[Entry], *, replace: bool = False) -> None:
        """Write articles cut and embedded anew; those that are here already are skipped, or replaced."""
        with self._writing():
            for entry in entries:
                if not replace and self._catalogue.known([entry.article.id]):
                    self.report.unchanged.append(entry.article.id)
                else:
                    self._add(cut_article(entry.article, entry.origin, entry.content, is_known=False))
                if self._is_stopped():
                    break

    def _take(self, drafts: Sequence[Draft | Skipped], source: str | None) -> None:
        """Make articles of the drafts that are new or changed, and embed and write them in batches."""
        self._known = self._catalogue.known([draft.id for draft in drafts if isinstance(draft, Draft)])
        for draft in drafts:
            if self._is_stopped():
                return
            ready = draft if self._full or isinstance(draft, Skipped) else self._prepare(draft, source)
            if isinstance(ready, Skipped):
                self.report.skipped.append(ready)
            if isinstance(ready, Ready):
                self._add(ready)
            elif ready:
                self._seen.lose(draft.origin)
            self._progress(self.report)

    def _prepare(self, draft: Draft, source: str | None) -> Ready | Skipped | None:
        try:
            return self._made(draft, source)
        except ArchiveError:
            raise
        except MemoryError:
            return Skipped(draft.path or draft.id, "it takes more memory than there is")
        except Exception as error:
            if shortage(error):  # it would stop all others, too
                raise
            _log.exception("%s", draft.id)
            return Skipped(draft.path or draft.id, Message("a fault of chuchu: {error!r}", error=error))

    def _made(self, draft: Draft, source: str | None) -> Ready | Skipped | None:
        """Return the article of a draft; None if the archive has it as it is."""
        origin = Remembered(draft.origin or Origin(), self._home)
        content = content_of(draft, source, self._outlets)
        known = self._known.get(draft.id)
        taken = self._underway.get(draft.id) or known
        if taken and (other := Remembered.parse(taken.origin).kept_elsewhere(origin)):
            if not is_copy(taken.content, content):
                taken_by = "its id {id} is already that of {other}: index a folder above both"
                return Skipped(draft.path or draft.id, Message(taken_by, id=draft.id, other=other))
            self.report.unchanged.append(draft.id)
            return None
        if known and known.content == content and Remembered.parse(known.origin).is_at(origin):
            self.report.unchanged.append(draft.id)
            return None
        article = make_article(draft, outlets=self._outlets, boilerplate=self._boilerplate)
        if isinstance(article, Skipped):
            return article
        if article.source is None and source:
            article = replace(article, source=source)
        self.report.survey.note(draft, article)
        self._underway[article.id] = Known(content, str(origin))
        return cut_article(article, str(origin), content, is_known=known is not None)

    def _add(self, ready: Ready) -> None:
        self._waiting.append(ready)
        self._windows_waiting += len(ready.texts)
        if self._windows_waiting >= _BATCH_WINDOWS:
            self._embed()

    def _embed(self) -> None:
        """Have the articles that wait embedded, and write those that were before."""
        batch, self._waiting, self._windows_waiting = self._waiting, [], 0
        if batch and not self._full and not self._is_stopped():
            for done, fresh in self._embedding.add(batch, self._unknown(batch)):
                self._write(done, fresh)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write in the end what waits then."""
        with self._embedding:
            yield
            self._embed()
            for done, fresh in self._embedding.rest(self._is_stopped):
                self._write(done, fresh)

    def _is_stopped(self) -> bool:
        self.report.stopped = self.report.stopped or self._stopped()
        return self.report.stopped

    def _unknown(self, batch: Sequence[Ready]) -> dict[bytes, str]:
        """Return the batch's different window texts that the archive does not hold, by digest."""
        texts = texts_of(batch)
        known = self._catalogue.known_vectors(list(texts))
        return {digest: text for digest, text in texts.items() if digest not in known}

    def _write(self, batch: Sequence[Ready], fresh: Vectors16) -> None:
        vectors = self._vectors(batch, fresh)
        try:
            self._catalogue.put_all([entry_of(ready, vectors, self._encoder.dim) for ready in batch])
        except DiskFullError as error:
            if not self._prunes:
                raise
            self._full = error  # what follows is only read, to know what is gone
            return
        for ready in batch:
            done = self.report.changed if ready.is_known else self.report.added
            done.append(article_id := ready.entry.article.id)
            self._underway.pop(article_id, None)
            self._known[article_id] = Known(ready.entry.content, ready.entry.origin)
            self.report.windows += len(ready.texts)
        self._progress(self.report)

    def _vectors(self, batch: Sequence[Ready], fresh: Vectors16) -> Vectors16:
        """Return all vectors of a batch by digest: fresh ones, and those that the archive holds by now."""
        others = {digest: text for digest, text in texts_of(batch).items() if digest not in fresh}
        known = self._catalogue.known_vectors(list(others))
        # what was there when the batch came in may have gone with an article that was replaced since
        gone = {digest: text for digest, text in others.items() if digest not in known}
        fresh = {**fresh, **embed(self._encoder, gone)}
        self.report.embedded += len(fresh)
        return {**fresh, **known}

    def _prune(self, paths: Sequence[Path], *, is_sure: bool) -> None:
        """Remove the articles below `paths` that are certainly gone: if many are at once, only when `is_sure`."""
        remembered = (
            (article_id, Remembered.parse(origin))
            for article_id, origin in self._catalogue.origins()
            if self._shard.holds(article_id)
        )
        gone = find_gone(remembered, self._seen, paths, home=self._home, added=self.report.added)
        self.report.doubt = "" if is_sure else gone.doubt
        self.report.removed.extend(remove_in_parts(self._catalogue, () if self.report.doubt else gone.ids))

    def _keep_boilerplate(self) -> None:
        """Let later runs know the lines that this one found in many articles of a source."""
        manifest, found = self._catalogue.manifest(), self._boilerplate.to_json()
        if found != manifest.get("boilerplate", "{}"):
            self._catalogue.write_manifest({**manifest, "boilerplate": found})


def index_paths(
    paths: Sequence[Path],
    location: Location,
    encoder: Encoder,
    *,
    settings: Settings | None = None,
    source: str | None = None,
    outlets: Path | None = None,
    shard: Shard = WHOLE,
    prune: bool | Literal["all"] = False,
    follow_links: bool = False,
    split: str = Split.AUTO,
    progress: Progress | None = None,
    stopped: Callable[[], bool] | None = None,
) -> IndexReport:
    """Index files and folders into the archive at `location`, making it if there is none.

    `outlets` is a file of more outlets than the bundled ones; `shard` leaves the other shards' articles to others.
    `prune` removes the articles below `paths` whose files are certainly gone: "all" of them, True only where these are
    not whole folders or more than half at once, which `doubt` in the report says instead. `split` is how text files are
    parted into articles: auto, lines, blank or none.
    `stopped` is asked after every article and batch: once it says so, the run ends with what it has done.

    Raises:
        ArticleError: one of `paths` does not exist, or cannot be looked at.
        SettingsError: `outlets` cannot be read.
        ArchiveError: the folder cannot be written, or is locked by another writer.
        ArchiveMismatchError: it was built with another model or format.
    """
    from retrieval.read.walk import check

    check(paths)
    table = load_outlets(outlets)
    with open_writer(location, settings or Settings(), create=True) as writer:
        prepare_manifest(location, writer, encoder)
        home = "" if is_cluster(location) else os.path.realpath(location)
        indexer = Indexer(writer, encoder, progress, stopped, table, shard, home)
        indexer.index(paths, source, follow_links=follow_links, prune=prune, split=split)
        return indexer.report


def remove_in_parts(catalogue: Writer, article_ids: Sequence[str]) -> Iterator[str]:
    """Remove articles, and yield the ids of those that were there; what is yielded is gone for good."""
    for start in range(0, len(article_ids), _REMOVED):
        yield from catalogue.remove_all(article_ids[start : start + _REMOVED])


def remove_articles(location: Location, article_ids: Sequence[str], settings: Settings | None = None) -> list[str]:
    """Remove articles; return the ids that were there.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
        ArchiveLockedError: another process is writing.
    """
    with open_writer(location, settings or Settings()) as writer:
        read_manifest(location, writer)
        return list(remove_in_parts(writer, article_ids))
