"""Which hit stands first beyond its evidence: the telling of the moment asked, what a question points at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from retrieval.search.differences import cited, missing
from retrieval.search.moments import Stage, is_to_come
from retrieval.search.question import Query
from retrieval.search.rank import Ranked, nearly_equal, timely
from retrieval.search.reading import READ
from retrieval.search.terms import codes_in, holds_codes
from retrieval.store.protocols import Index
from retrieval.text.folding import fold
from retrieval.values import Article


def asked_of(query: Query) -> str:
    """Return what the models are to read: a question for the first telling without the word that asks for it.

    A year that no hit names is still read: what was told before it may hold no longer.
    """
    is_first = query.moment is not None and query.moment.stage is Stage.OLDEST
    return query.timeless if is_first and query.timeless else query.text


def in_time(query: Query, found: list[Ranked], articles: Mapping[int, Article], today: int) -> list[Ranked]:
    """Put first which of the first hits tells how things stood at the moment asked for.

    What names the time asked needs no order; what begins only after `today` tells nothing of how things stand.
    """
    pool = [item for item in found[:READ] if item.candidate.article in articles]
    if query.moment is None or (query.moment.last and any(_names_time(query, item, articles) for item in pool)):
        return found
    told = [item for item in pool if not _is_to_come(item, articles, today)]
    ordered = timely(told, query.moment)
    first = {item.candidate.passage for item in ordered}
    return [*ordered, *(item for item in found if item.candidate.passage not in first)]


def _is_to_come(item: Ranked, articles: Mapping[int, Article], today: int) -> bool:
    year = date.fromordinal(item.days[0]).year if item.days else 0
    return year > 0 and is_to_come(_text(item, articles), year, today)


_HAPPENED = re.compile(
    "了(?!吗|么|没)|[是在].{0,12}的[?？。]?$|^[^将会要]*的[?？]$"
    r"|\b(?:did|was|were)\b"
)
_FORECAST = re.compile(
    "预计|预报|预测|预警|有望|或将|可能|将(?:于|在|会|有|登陆|达|举行|影响|继续|迎)|拟(?:于|在)|计划(?:于|在)"
    r"|\b(?:will|expected to|forecasts?|may|likely)\b"
)


def facts_first(query: Query, found: list[Ranked], articles: Mapping[int, Article]) -> list[Ranked]:
    """Put what was reported before what was forecast, of about as much evidence, where something has happened."""
    pool = [item for item in found[:READ] if item.candidate.article in articles]
    if not pool or not _HAPPENED.search(fold(query.text)):
        return found
    near = nearly_equal(pool)
    if not near(pool[0]) or not _is_forecast(pool[0], articles):
        return found
    told = next((item for item in pool if near(item) and not _is_forecast(item, articles)), None)
    return [told, *(item for item in found if item is not told)] if told else found


def _is_forecast(item: Ranked, articles: Mapping[int, Article]) -> bool:
    """Return whether the window of a hit that is most like the question tells what is to come."""
    best = item.candidate.similarities.index(item.candidate.window)
    window = item.candidate.windows[best]
    return bool(_FORECAST.search(articles[item.candidate.article].text[slice(*window)]))


def judged(query: Query, found: Sequence[Ranked]) -> Sequence[Ranked]:
    """Return hits as they are judged: tellings of other times do not say that this moment's is the wrong one."""
    known = found[0].contributions
    if query.moment is None or not known or not nearly_equal(found[:READ])(found[0]):
        return found
    return [
        replace(found[0], contributions={name: 0.0 if name == "behind" else value for name, value in known.items()}),
        *found[1:],
    ]


def _names_time(query: Query, item: Ranked, articles: Mapping[int, Article]) -> bool:
    lacking = missing(query.typed, [_text(item, articles), *cited(articles[item.candidate.article])])
    return not any(each.is_figure for each in lacking)


_CODE = 12.0
"""What it adds to the log-odds that the first hit's story alone has the codes that a question names: such a question is
answered, whatever else it says. A document's number that no hit has takes as much."""
_TITLE = 24.0
"""The same of a hit whose article's whole title was pasted: 12 left one at .17 that came far behind the first."""


def by_name(
    indexes: Index, query: Query, found: list[Ranked], articles: Mapping[int, Article]
) -> tuple[list[Ranked], Mapping[int, Article], Mapping[str, float]]:
    """Put first what a question is the title of, or what alone has its codes; return what that says for it."""
    titled = [item.candidate.passage for item in found if _is_title(query, articles.get(item.candidate.article))]
    if titled:
        return sorted(found, key=lambda item: item.candidate.passage != titled[0]), articles, {"title": _TITLE}
    codes = codes_in(query.typed)
    if not codes:
        return found, articles, {}
    articles = {**indexes.articles(sorted({item.candidate.article for item in found} - articles.keys())), **articles}
    having = [item for item in found if holds_codes(articles[item.candidate.article].text, codes)]
    if not having and any("|" in code for code in codes):
        return found, articles, {"code": -_CODE}
    if len({item.story for item in having}) != 1:
        return found, articles, {}
    in_passage = [item for item in having if holds_codes(_text(item, articles), codes)] or having
    first = in_passage[0].candidate.passage
    return sorted(found, key=lambda item: item.candidate.passage != first), articles, {"code": _CODE}


def _is_title(query: Query, article: Article | None) -> bool:
    """Return whether a question is the whole title of an article, in whatever width, case and script."""
    return bool(article and article.title and _letters(article.title) == _letters(query.typed))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _text(item: Ranked, articles: Mapping[int, Article]) -> str:
    return articles[item.candidate.article].text[slice(*item.candidate.span)]
