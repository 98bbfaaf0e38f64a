"""Entries for a catalogue, made from plain text."""

import numpy as np

from retrieval.encode.encoder import Encoder
from retrieval.passages import split
from retrieval.store.protocols import Entry, text_digest
from retrieval.store.stories import bands, signature
from retrieval.values import Article


def entry(article_id: str, text: str, encoder: Encoder, **values: str) -> Entry:
    passages = split(text)
    texts = [text[slice(*window)] for passage in passages for window in passage.windows]
    vectors = encoder.encode_passages(texts).astype(np.float16)
    hashes = [text_digest(item) for item in texts]
    article = Article(article_id, text, **values)  # type: ignore[arg-type]
    return Entry(article, passages, vectors, hashes, f"/nowhere/{article_id}", b"digest", bands(signature(text)))
