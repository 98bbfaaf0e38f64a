"""What goes into the words of an archive for each passage: its document, and its rows of signatures."""

from collections.abc import Iterable, Iterator

import tantivy

from retrieval.index.signatures import Row, context_row, passage_row
from retrieval.index.terms import NO_WRITING
from retrieval.text import words as text_words
from retrieval.values import Article, Span

_LEAD = 200  # characters at the head of an article that say where and whom it is about, besides its title

PassageOf = tuple[int, Article, Span, tuple[int, int] | None]
"""A passage's number, article, span, and the first and last day on which it may have been published."""


def document_schema() -> tantivy.Schema:
    """Return the fields of a document; one more has the archive's stamp and the change sequence that is covered."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("sequence", fast=True)
    return builder.build()


def context_of(article: Article) -> str:
    """Return what is said at the head of an article: its title and lead."""
    return f"{article.title or ''}\n{article.text[:_LEAD]}"


def words_of(passage: str) -> list[str]:
    """Return the words by which a passage is found, repeats kept."""
    from retrieval.articles.decoding.plausibility import is_writing

    return [*text_words.words(passage), *([] if is_writing(passage) else [NO_WRITING])]


def documents(passages: Iterable[PassageOf]) -> Iterator[tuple[tantivy.Document, list[Row]]]:
    """Yield each passage's document, and the rows of signatures that it adds; an article's passages are neighbours."""
    article, first, context = "", 0, list[str]()
    for number, of, span, days in passages:
        rows = []
        if of.id != article:
            article, first, context = of.id, number, text_words.words(context_of(of))
            rows.append(context_row(first, text_words.signature(context_of(of))))
        passage = of.text[slice(*span)]
        rows.append(passage_row(number, first, text_words.signature(passage)))
        yield _document(number, of.source, words_of(passage), context, days), rows


def _document(
    number: int, source: str | None, own: list[str], context: list[str], days: tuple[int, int] | None
) -> tantivy.Document:
    document = tantivy.Document(passage=number, source=source or "")
    document.add_text("words", " ".join(own))
    document.add_text("context", " ".join(context))
    if days:
        document.add_integer("first_day", days[0])
        document.add_integer("last_day", days[1])
    return document
