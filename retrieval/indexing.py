"""Articles → archive: read, clean, cut, embed, write."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from retrieval.articles.cleaning.boilerplate import Boilerplate, learning
from retrieval.articles.draft import Draft, Origin, Skipped
from retrieval.articles.make import MADE, make_article
from retrieval.articles.outlets import Outlets
from retrieval.articles.readers import read
from retrieval.batches import batches
from retrieval.embedding import Embedding, Vectors16, embed
from retrieval.encoders import Encoder
from retrieval.errors import ArchiveError
from retrieval.index.catalogue import Entry
from retrieval.index.known import Known
from retrieval.index.protocols import Writer
from retrieval.origins import Disk, Met, Remembered, find_gone
from retrieval.ready import Ready, content_of, cut_article, entry_of, is_copy, texts_of, windows_of
from retrieval.report import IndexReport, Reading
from retrieval.search.calibration import CalibratedEncoder, Calibration
from retrieval.shard import WHOLE, Shard

_log = logging.getLogger(__name__)
_BATCH_WINDOWS = 256  # embedded at once, sorted by length: enough for full batches, little enough to lose when killed
_LOOKED_UP, _CHARACTERS = 100, 40_000
"""Drafts that the archive is asked about at once, and the characters for which a draft counts as one more, so that at
most four million wait. One by one, 2,000 unchanged articles took fifteen times as long in a cluster on the same machine
as in a folder, now less than twice; between machines each time that it is asked is a way there and back."""


Progress = Callable[[IndexReport], None]
Stopped = Callable[[], bool]


class Indexer:
    """Writes articles into a catalogue; equal window texts are embedded once."""

    def __init__(
        self,
        catalogue: Writer,
        encoder: Encoder,
        progress: Progress | None = None,
        stopped: Stopped | None = None,
        outlets: Outlets | None = None,
        shard: Shard | None = None,
        home: str = "",
    ) -> None:
        self._catalogue = catalogue
        self._home = home
        self._outlets = outlets
        self._shard = shard or WHOLE
        self._boilerplate = Boilerplate.from_json(catalogue.manifest().get("boilerplate", "{}"))
        calibration = Calibration.from_json(catalogue.manifest()["calibration"])
        self._encoder = CalibratedEncoder(encoder, calibration)
        self._progress = progress or (lambda _: None)
        self._stopped = stopped or (lambda: False)
        self._met = Met()
        self._underway: dict[str, Known] = {}
        self._known: dict[str, Known] = {}
        self.report = IndexReport()

    def index(self, paths: Sequence[Path], source: str | None = None, *, follow_links: bool = False) -> None:
        """Index files and folders until it is told to stop; articles that name no outlet get `source`."""
        if (today := date.today()) < MADE:  # noqa: DTZ011 — the clock itself is looked at
            _log.warning("the clock of this machine says %s: dates of articles are not compared with it", today)
        drafts = learning(read(paths, follow_links=follow_links), self._boilerplate)
        self._write_all(self._ready(drafts, source, Reading(paths)))
        self._keep_boilerplate()

    def _keep_boilerplate(self) -> None:
        """Let later runs know the lines that this one found in many articles of a source."""
        manifest, found = self._catalogue.manifest(), self._boilerplate.to_json()
        if found != manifest.get("boilerplate", "{}"):
            self._catalogue.write_manifest({**manifest, "boilerplate": found})

    def embed_again(self, entries: Iterable[Entry], *, replace: bool = False) -> None:
        """Write articles cut and embedded anew; those that are here already are skipped, or replaced."""
        self._write_all(self._cut_again(entries, replace=replace))

    def _cut_again(self, entries: Iterable[Entry], *, replace: bool) -> Iterator[Ready]:
        for entry in entries:
            if not replace and self._catalogue.known([entry.article.id]):
                self.report.unchanged.append(entry.article.id)
            else:
                yield cut_article(entry.article, entry.origin, entry.content, is_known=False)

    def _write_all(self, articles: Iterable[Ready]) -> None:
        """Write batches in their order, while the next ones are prepared here and embedded beside."""
        with Embedding[Sequence[Ready]](self._encoder) as embedding:
            for batch in batches(articles, windows_of, _BATCH_WINDOWS):
                if self._is_told_to_stop():
                    break
                for done, fresh in embedding.add(batch, self._unknown(batch)):
                    self._write(done, fresh)
            for done, fresh in embedding.rest(self._is_told_to_stop):
                self._write(done, fresh)

    def _is_told_to_stop(self) -> bool:
        self.report.stopped = self.report.stopped or self._stopped()
        return self.report.stopped

    def prune(self, paths: Sequence[Path], *, is_sure: bool) -> None:
        """Remove the articles below `paths` that are certainly gone: if many are at once, only when `is_sure`."""
        remembered = (
            (article_id, Remembered.parse(origin))
            for article_id, origin in self._catalogue.origins()
            if self._shard.holds(article_id)
        )
        gone = find_gone(remembered, self._met, paths, home=self._home, added=self.report.added)
        if gone.doubt and not is_sure:
            self.report.doubt = gone.doubt
            return
        for article_id in gone.ids:
            self._catalogue.remove(article_id)
            self.report.removed.append(article_id)

    def _ready(self, drafts: Iterable[Draft | Skipped], source: str | None, reading: Reading) -> Iterator[Ready]:
        for draft in self._looked_up(self._own(drafts, reading)):
            ready = draft if isinstance(draft, Skipped) else self._prepare(draft, source)
            if isinstance(ready, Skipped):
                self.report.skipped.append(ready)
                self._met.lose(draft.origin)
            elif ready is not None:
                yield ready
            self._progress(self.report)
            if self._is_told_to_stop():
                return

    def _own(self, drafts: Iterable[Draft | Skipped], reading: Reading) -> Iterator[Draft | Skipped]:
        """Yield what is this shard's."""
        for draft in drafts:
            self.report.read = reading.meet(draft)
            self._met.meet(draft)
            if self._shard.holds(draft.path if isinstance(draft, Skipped) else draft.id):
                yield draft
            if self._is_told_to_stop():
                return

    def _looked_up(self, drafts: Iterable[Draft | Skipped]) -> Iterator[Draft | Skipped]:
        """Yield drafts while `_known` has what the archive holds of them."""
        for batch in batches(drafts, _size, _LOOKED_UP):
            self._known = self._catalogue.known([draft.id for draft in batch if isinstance(draft, Draft)])
            yield from batch

    def _prepare(self, draft: Draft, source: str | None) -> Ready | Skipped | None:
        try:
            return self._made(draft, source)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 one bad article never stops the others
            _log.exception("%s", draft.id)
            return Skipped(draft.path or draft.id, f"a fault of chuchu: {error!r}")

    def _made(self, draft: Draft, source: str | None) -> Ready | Skipped | None:
        origin = Remembered(draft.origin or Origin(), self._home)
        content = content_of(draft, source, self._outlets)
        known = self._known.get(draft.id)
        taken = self._underway.get(draft.id) or known
        if taken and (other := self._other(taken, origin)):
            if not is_copy(taken.content, content):
                reason = f"its id {draft.id} is already that of {other}: index a folder above both"
                return Skipped(draft.path or draft.id, reason)
            self.report.unchanged.append(draft.id)
            return None
        if known and known.content == content and self._is_at(origin.origin.file, known):
            self.report.unchanged.append(draft.id)
            return None
        article = make_article(draft, outlets=self._outlets, boilerplate=self._boilerplate)
        if isinstance(article, Skipped):
            return article
        if article.source is None and source:
            article = replace(article, source=source)
        self._underway[article.id] = Known(content, str(origin))
        return cut_article(article, str(origin), content, is_known=known is not None)

    def _is_at(self, file: str, known: Known) -> bool:
        """Tell whether a known article was read from this file, wherever the archive lay then."""
        files = Remembered.parse(known.origin).files(self._home)
        return file in files if files else not file

    def _other(self, taken: Known, origin: Remembered) -> str:
        """Name the other file that a known article was read from, if it is still there."""
        if self._is_at(origin.origin.file, taken):
            return ""
        there, disk = Remembered.parse(taken.origin), Disk()
        return there.shown if any(disk.exists(file) for file in there.files(self._home)) else ""

    def _unknown(self, batch: Sequence[Ready]) -> dict[bytes, str]:
        """Return the batch's different window texts that the archive does not hold, by digest."""
        texts = texts_of(batch)
        known = self._catalogue.known_vectors(list(texts))
        return {digest: text for digest, text in texts.items() if digest not in known}

    def _write(self, batch: Sequence[Ready], fresh: Vectors16) -> None:
        vectors = self._vectors(batch, fresh)
        self._catalogue.put_all([entry_of(ready, vectors, self._encoder.dim) for ready in batch])
        for ready in batch:
            done = self.report.changed if ready.is_known else self.report.added
            done.append(ready.article.id)
            self._underway.pop(ready.article.id, None)
            self._known[ready.article.id] = Known(ready.content, ready.origin)
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


def _size(draft: Draft | Skipped) -> int:
    return 1 if isinstance(draft, Skipped) else 1 + len(draft.text) // _CHARACTERS
