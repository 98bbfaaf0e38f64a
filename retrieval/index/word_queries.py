"""The queries that the words index puts to tantivy."""

from collections.abc import Sequence

import tantivy
from tantivy import Occur, Query

from retrieval.text.days import day_range
from retrieval.values import Filters

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
