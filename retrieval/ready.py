"""Articles ready to be written: cut and digested, and then put together with their vectors."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from retrieval import articles, passages
from retrieval.articles.draft import Draft
from retrieval.articles.duplicates import bands, signature
from retrieval.articles.make import is_ahead
from retrieval.articles.outlets import Outlets
from retrieval.embedding import Vectors16
from retrieval.index.catalogue import Entry
from retrieval.index.rows import text_digest
from retrieval.values import Article, Passage


@dataclass(frozen=True, slots=True)
class Ready:
    """An article cut into passages: of each of its windows the text and its digest, in their order.

    `origin`, `content` and `bands` are those of its `Entry`; `is_known` says that it takes the place of an older one.
    """

    article: Article
    passages: Sequence[Passage]
    texts: Sequence[str]
    hashes: Sequence[bytes]
    origin: str
    content: bytes
    bands: Sequence[int]
    is_known: bool


def windows_of(ready: Ready) -> int:
    """Return how many windows an article has."""
    return len(ready.texts)


def texts_of(batch: Sequence[Ready]) -> dict[bytes, str]:
    """Return the different window texts of articles by their digests."""
    return {digest: text for ready in batch for digest, text in zip(ready.hashes, ready.texts, strict=True)}


def cut_article(article: Article, origin: str, content: bytes, *, is_known: bool) -> Ready:
    """Cut an article into passages and windows."""
    cut = passages.split(article.text)
    texts = [article.text[slice(*window)] for passage in cut for window in passage.windows]
    hashes = [text_digest(text) for text in texts]
    return Ready(article, cut, texts, hashes, origin, content, bands(signature(article.text)), is_known)


def entry_of(ready: Ready, vectors: Vectors16, dim: int) -> Entry:
    """Return what is written of an article, with its windows' vectors out of those of its batch."""
    rows = np.array([vectors[digest] for digest in ready.hashes], np.float16).reshape(-1, dim)
    return Entry(ready.article, ready.passages, rows, ready.hashes, ready.origin, ready.content, ready.bands)


def content_of(draft: Draft, source: str | None, outlets: Outlets | None) -> bytes:
    """Digest what an article is made from: the draft, and the versions of what works on it; then its path.

    A date that is ahead of the clock is not believed; the article is made again when its day has come.
    """
    table = outlets.digest if outlets else None
    said = (articles.VERSION, passages.VERSION, source, table, astuple(replace(draft, path=None, origin=None)))
    made_from = repr((*said, "ahead") if is_ahead(draft) else said)
    return text_digest(made_from) + text_digest(draft.path or "")


def is_copy(content: bytes, other: bytes) -> bool:
    """Tell of two digests whether they are of the same article, under whatever path."""
    return content[:16] == other[:16]
