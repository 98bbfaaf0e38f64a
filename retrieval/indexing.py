"""Articles → archive: read, clean, cut, embed, write."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import articles, passages
from retrieval.articles.cleaning.boilerplate import Boilerplate, learning
from retrieval.articles.draft import Draft, Skipped
from retrieval.articles.duplicates import bands, signature
from retrieval.articles.make import make_article
from retrieval.articles.outlets import Outlets
from retrieval.articles.readers import read
from retrieval.encoders import Encoder, Vectors
from retrieval.index.catalogue import Entry
from retrieval.index.protocols import Writer
from retrieval.index.rows import text_digest
from retrieval.report import IndexReport
from retrieval.search.calibration import CalibratedEncoder, Calibration
from retrieval.shard import WHOLE, Shard
from retrieval.values import Article, Passage

_log = logging.getLogger(__name__)
_BATCH_WINDOWS = 256  # embedded at once, sorted by length: enough for full batches, little enough to lose when killed


@dataclass(frozen=True, slots=True)
class _Ready:
    article: Article
    passages: Sequence[Passage]
    texts: Sequence[str]
    hashes: Sequence[bytes]
    origin: str
    content: bytes
    is_known: bool


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
    ) -> None:
        self._catalogue = catalogue
        self._outlets = outlets
        self._shard = shard or WHOLE
        self._boilerplate = Boilerplate.from_json(catalogue.manifest().get("boilerplate", "{}"))
        calibration = Calibration.from_json(catalogue.manifest()["calibration"])
        self._encoder = CalibratedEncoder(encoder, calibration)
        self._progress = progress or (lambda _: None)
        self._stopped = stopped or (lambda: False)
        self._met: dict[str, str] = {}
        self.report = IndexReport()

    def index(self, paths: Sequence[Path], source: str | None = None) -> None:
        """Index files and folders until it is told to stop; articles that name no outlet get `source`."""
        self._write_all(self._ready(learning(read(paths), self._boilerplate), source))
        self._keep_boilerplate()

    def _keep_boilerplate(self) -> None:
        """Let later runs know the lines that this one found in many articles of a source."""
        manifest, found = self._catalogue.manifest(), self._boilerplate.to_json()
        if found != manifest.get("boilerplate", "{}"):
            self._catalogue.write_manifest({**manifest, "boilerplate": found})

    def embed_again(self, entries: Iterable[Entry]) -> None:
        """Write the articles of another catalogue, cut and embedded anew; those that are here already are skipped."""
        self._write_all(self._cut_again(entries))

    def _cut_again(self, entries: Iterable[Entry]) -> Iterator[_Ready]:
        for entry in entries:
            if self._catalogue.known(entry.article.id):
                self.report.unchanged.append(entry.article.id)
            else:
                yield _cut(entry.article, entry.origin, entry.content, is_known=False)

    def _write_all(self, articles: Iterable[_Ready]) -> None:
        batch: list[_Ready] = []
        for ready in articles:
            batch.append(ready)
            if self._is_told_to_stop():
                break
            if sum(len(item.texts) for item in batch) >= _BATCH_WINDOWS:
                self._write(batch)
                batch = []
        if not self._is_told_to_stop():
            self._write(batch)

    def _is_told_to_stop(self) -> bool:
        self.report.stopped = self.report.stopped or self._stopped()
        return self.report.stopped

    def prune(self, paths: Sequence[Path]) -> None:
        """Remove the articles below `paths` that the run did not meet."""
        met = {*self.report.added, *self.report.changed, *self.report.unchanged}
        kept = {item.path for item in self.report.skipped}
        for article_id, origin in self._catalogue.origins():
            if article_id in met or article_id in kept or not self._shard.holds(article_id):
                continue
            if any(_below(Path(origin), path) for path in paths):
                self._catalogue.remove(article_id)
                self.report.removed.append(article_id)

    def _ready(self, drafts: Iterable[Draft | Skipped], source: str | None) -> Iterator[_Ready]:
        for draft in drafts:
            if not self._shard.holds(draft.path if isinstance(draft, Skipped) else draft.id):
                continue
            ready = draft if isinstance(draft, Skipped) else self._prepare(draft, source)
            if isinstance(ready, Skipped):
                self.report.skipped.append(ready)
            elif ready is not None:
                yield ready
            self._progress(self.report)
            if self._is_told_to_stop():
                return

    def _prepare(self, draft: Draft, source: str | None) -> _Ready | Skipped | None:
        origin = str(Path(draft.path or draft.id).resolve())
        content = _content(draft, source, self._outlets)
        known = self._catalogue.known(draft.id)
        taken = self._met.get(draft.id) or (known.origin if known else origin)
        if taken != origin and Path(taken).exists():
            return Skipped(
                draft.path or draft.id,
                f"its id {draft.id} is already that of {taken}: index a folder above both",
            )
        if known and known.content == content:
            self.report.unchanged.append(draft.id)
            return None
        try:
            article = make_article(draft, outlets=self._outlets, boilerplate=self._boilerplate)
        except Exception as error:  # noqa: BLE001 one bad article never stops the others
            _log.exception("%s", draft.id)
            return Skipped(draft.path or draft.id, f"a fault of chuchu: {error!r}")
        if isinstance(article, Skipped):
            return article
        if article.source is None and source:
            article = replace(article, source=source)
        self._met[article.id] = origin
        return _cut(article, origin, content, is_known=known is not None)

    def _write(self, batch: Sequence[_Ready]) -> None:
        vectors = self._embed(batch)
        row = 0
        entries = []
        for ready in batch:
            entries.append(_entry(ready, vectors[row : row + len(ready.texts)]))
            row += len(ready.texts)
        self._catalogue.put_all(entries)
        for ready in batch:
            done = self.report.changed if ready.is_known else self.report.added
            done.append(ready.article.id)
            self._met.pop(ready.article.id, None)
            self.report.windows += len(ready.texts)
        self._progress(self.report)

    def _embed(self, batch: Sequence[_Ready]) -> NDArray[np.float16]:
        """Return float16 vectors of shape (windows of the batch, dim)."""
        texts = {digest: text for ready in batch for digest, text in zip(ready.hashes, ready.texts, strict=True)}
        known = self._catalogue.known_vectors(list(texts))
        missing = [digest for digest in texts if digest not in known]
        if missing:
            vectors: Vectors = self._encoder.encode_passages([texts[digest] for digest in missing])
            known.update(zip(missing, vectors.astype(np.float16), strict=True))
            self.report.embedded += len(missing)
        rows = [known[digest] for ready in batch for digest in ready.hashes]
        return np.stack(rows) if rows else np.empty((0, self._encoder.dim), np.float16)


def _cut(article: Article, origin: str, content: bytes, *, is_known: bool) -> _Ready:
    cut = passages.split(article.text)
    texts = [article.text[slice(*window)] for passage in cut for window in passage.windows]
    return _Ready(article, cut, texts, [text_digest(text) for text in texts], origin, content, is_known)


def _entry(ready: _Ready, vectors: NDArray[np.float16]) -> Entry:
    keys = bands(signature(ready.article.text))
    return Entry(ready.article, ready.passages, vectors, ready.hashes, ready.origin, ready.content, keys)


def _content(draft: Draft, source: str | None, outlets: Outlets | None) -> bytes:
    """Digest what an article is made from: the draft, and the versions of what works on it."""
    table = outlets.digest if outlets else None
    return text_digest(repr((articles.VERSION, passages.VERSION, source, table, astuple(draft))))


def _below(origin: Path, path: Path) -> bool:
    root = path.resolve()
    return origin == root or root in origin.parents
