"""The field's measures over one ranking, computed by ir-measures.

Source: Voorhees & Harman, TREC (2005) for success and reciprocal rank; Järvelin & Kekäläinen, Cumulated gain-based
evaluation of IR techniques (2002) for nDCG.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from retrieval.values import Hit

CUTOFFS = (1, 3, 10)
DEPTH = 10
"""Of MRR and nDCG; at least as many hits are asked for."""

Place = tuple[str, ...]
"""The ids of the articles that stand at one place of a ranking: the hit's own, then those it is also in."""


def places(hits: Iterable[Hit]) -> list[Place]:
    """Return what stands at each place: a hit whose articles all stand higher already takes none."""
    seen: set[str] = set()
    ranking: list[Place] = []
    for hit in hits:
        ids = tuple(dict.fromkeys((hit.article.id, *(article.id for article in hit.also_in))))
        new = tuple(article_id for article_id in ids if article_id not in seen)
        if new:
            ranking.append(new)
            seen.update(new)
    return ranking


def first_right(ranking: Sequence[Place], relevant: Collection[str]) -> int | None:
    """Return the first place, from 1, that holds a relevant article."""
    return next((n for n, place in enumerate(ranking, start=1) if set(place) & set(relevant)), None)


def ranking_marks(ranking: Sequence[Place], relevant: Collection[str]) -> Mapping[str, float]:
    """Return success@k, MRR@10 and nDCG@10 of one ranking; `relevant` is not empty.

    Articles at one place are one to the reader, so they are one here: in the ranking and among the relevant.
    """
    import ir_measures

    stands_for = {article_id: place[0] for place in ranking for article_id in place}
    qrels = {"q": {stands_for.get(article_id, article_id): 1 for article_id in relevant}}
    run = {"q": {place[0]: float(-n) for n, place in enumerate(ranking)}}
    if not ranking:
        return dict.fromkeys(_measures(), 0.0)
    named = {measure: name for name, measure in _measures().items()}
    return {named[item.measure]: item.value for item in ir_measures.iter_calc(list(named), qrels, run)}


@cache
def _measures() -> Mapping[str, Any]:
    from ir_measures import RR, Success, nDCG

    return {**{f"success@{k}": Success @ k for k in CUTOFFS}, "MRR@10": RR @ DEPTH, "nDCG@10": nDCG @ DEPTH}
