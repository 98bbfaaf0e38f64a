"""The queries that the words index puts to tantivy: which passages match best, and which words stand in given ones."""

from collections.abc import Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from retrieval.text.days import day_range
from retrieval.values import Filters

_BITS = 23
"""Clauses that one score tells apart: a 32-bit float counts to 2²⁴."""

Clause = tuple[str, str]
"""A field and a word."""


def any_of(schema: tantivy.Schema, clauses: Sequence[Clause]) -> Query:
    """Match documents with any of these words; of such a plain union tantivy reads only what can reach the first k."""
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, *clause, "freq")) for clause in clauses])


def within(schema: tantivy.Schema, query: Query, filters: Filters) -> Query:
    """Restrict a query to the passages that satisfy `filters`; undated ones satisfy no date range."""
    limits = []
    if filters.since:
        since = day_range(filters.since)[0]
        limits.append(Query.range_query(schema, "last_day", tantivy.FieldType.Integer, since, 10**7))
    if filters.until:
        until = day_range(filters.until)[1]
        limits.append(Query.range_query(schema, "first_day", tantivy.FieldType.Integer, 0, until))
    if filters.source:
        limits.append(Query.term_query(schema, "source", filters.source))
    return Query.boolean_query(
        [(Occur.Must, query), *((Occur.Must, Query.const_score_query(limit, 0.0)) for limit in limits)]
    )


def standing(
    searcher: tantivy.Searcher, schema: tantivy.Schema, clauses: Sequence[Clause], passages: Sequence[int]
) -> NDArray[np.bool_]:
    """Return which clauses hold in which of these passages, ascending numbers: flags of shape (passages, clauses)."""
    flags = np.zeros((len(passages), len(clauses)), np.bool_)
    chosen = [(Occur.Should, Query.term_query(schema, "passage", number, "basic")) for number in passages]
    base = Query.const_score_query(Query.boolean_query(chosen), 0.0)
    for start in range(0, len(clauses), _BITS):
        asked = clauses[start : start + _BITS]
        told_by = _telling(schema, asked)
        query = Query.boolean_query([(Occur.Must, base), (Occur.Must, told_by)])
        hits = searcher.search(query, len(passages), count=False).hits
        numbers = searcher.fast_field_values("passage", [address for _, address in hits])
        rows = np.searchsorted(passages, np.array(numbers, np.int64))
        told = np.array([score for score, _ in hits]).astype(np.int64)[:, None] >> np.arange(len(asked))
        flags[rows, start : start + len(asked)] = told & 1
    return flags


def _telling(schema: tantivy.Schema, clauses: Sequence[Clause]) -> Query:
    """Return a query that matches everything, and whose score has a bit for each clause.

    Each clause is optional to the query before it, so that tantivy jumps in its list from one of the passages that are
    asked about to the next. Side by side in one query, all lists would be read from end to end: 15 ms of 50,000
    passages instead of 3. The passages stand outside: each level of the nest copies what lies in it.
    """
    query = Query.const_score_query(Query.all_query(), 0.0)
    for place, (field, word) in enumerate(clauses):
        bit = Query.const_score_query(Query.term_query(schema, field, word, "basic"), float(1 << place))
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, bit)])
    return query
