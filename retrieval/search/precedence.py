"""Which hit stands first for another reason than its evidence, and what that says for its answering.

First stand the telling of the moment asked, a correction, a report before a forecast, the article whose title or codes
were typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from retrieval.search.differences import cited, missing
from retrieval.search.question import Query, is_to_come
from retrieval.search.rank import Ranked, nearly_equal, timely
from retrieval.search.reading import READ
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import codes_in, holds_codes
from retrieval.store.protocols import Index
from retrieval.text import fold
from retrieval.text.words import tokenizer
from retrieval.values import Article


def told(query: Query, found: list[Ranked], articles: Mapping[int, Article], today: int) -> list[Ranked]:
    """Put first the telling of the moment asked, else what was reported, not forecast; before both a correction."""
    ordered = in_time(query, found, articles, today) if query.moment else facts_first(query, found, articles)
    return corrected(ordered, articles)


# ---- The moment asked for


def in_time(query: Query, found: list[Ranked], articles: Mapping[int, Article], today: int) -> list[Ranked]:
    """Put first which of the first hits says how things stood at the moment asked for.

    What names the time asked needs no order; what begins only after `today` says nothing of how things stand.
    """
    pool = [item for item in found[:READ] if item.candidate.article in articles]
    if query.moment is None or (query.moment.last and any(_names_time(query, item, articles) for item in pool)):
        return found
    past = [item for item in pool if not _is_to_come(item, articles, today)]
    if _MEASURED.search(fold(query.typed)) and not query.moment.is_said and _answers(found[0]):
        past = [item for item in past if _answers(item)]
    ordered = timely(past, query.moment)
    first = {item.candidate.passage for item in ordered}
    return [*ordered, *(item for item in found if item.candidate.passage not in first)]


_MEASURED = re.compile(r"多[长高宽深]|长度|高度|面积|\bhow (?:long|tall|high|wide|deep)\b")
"""Asks what a thing measures, of which its later news say nothing: they do not come first, unless they answer."""


def _answers(item: Ranked) -> bool:
    return bool(item.reading and item.reading.is_answer)


def _is_to_come(item: Ranked, articles: Mapping[int, Article], today: int) -> bool:
    year = date.fromordinal(item.days[0]).year if item.days else 0
    return year > 0 and is_to_come(_text(item, articles), year, today)


def _names_time(query: Query, item: Ranked, articles: Mapping[int, Article]) -> bool:
    lacking = missing(query.typed, [_text(item, articles), *cited(articles[item.candidate.article])])
    return not any(each.is_figure for each in lacking)


def judged(query: Query, found: Sequence[Ranked]) -> Sequence[Ranked]:
    """Return hits as they are judged: of several tellings of a thing, the one of the moment asked as the best read.

    Short news says what changed, not all that stood before: 取消门票 answers 门票多少钱 next to one that reads so.
    """
    near = nearly_equal(found[:READ])
    if query.moment is None or not found[0].contributions or not near(found[0]):
        return found
    tellings = [item.contributions for item in found[:READ] if item.contributions and near(item)]
    best = max(({**known, "behind": 0.0} for known in tellings), key=lambda known: sum(known.values()))
    return [replace(found[0], contributions=best), *found[1:]]


# ---- Corrections before what they correct

_CORRECTS = re.compile(
    "更正|勘误|(?<![修预签制拟编])订正(?![式确本版])|(?:报道|报导|本报|数字|数据|人数|标题)[^,，]{0,4}有误"
    r"|^(?:correction|corrigendum|erratum)\b|\bcorrection:|^(?:berichtigung|correccion|fe de erratas)\b"
)
"""Stands in the title of what takes back an earlier report."""


def corrections(found: Sequence[Ranked], articles: Mapping[int, Article]) -> list[int]:
    """Return the places of the first hits, behind the first one, that correct a report."""
    titles = [articles[item.candidate.article].title or "" for item in found[:READ]]
    return [place for place, title in enumerate(titles) if place and _CORRECTS.search(fold(title))]


def corrected(found: list[Ranked], articles: Mapping[int, Article]) -> list[Ranked]:
    """Put a correction that answers, and is no older, before what it corrects, where it has about as much evidence."""
    first = found[0]
    if _CORRECTS.search(fold(articles[first.candidate.article].title or "")):
        return found
    near = nearly_equal(found[:READ])
    answering = [
        found[place] for place in corrections(found, articles) if near(found[place]) and _answers(found[place])
    ]
    later = [item for item in answering if not first.days or (item.days and item.days >= first.days)]
    return [later[0], *(item for item in found if item is not later[0])] if later else found


# ---- Reports before forecasts

_HAPPENED = re.compile(
    "了(?!吗|么|没)|[是在].{0,12}的[?？。]?$|^[^将会要]*的[?？]$|(?:哪|什么时候|何时|几|谁|多少)[^将会要]*的$"
    r"|\b(?:did|was|were)\b"
)
_FORECAST = re.compile(
    "(?<!的)预(?:计|报|测|警)|有望|或将|可能|将(?:于|在|会|有|登陆|达|举行|影响|继续|迎)|拟(?:于|在)|计划(?:于|在)"
    r"|\b(?:will|expected to|forecasts?|may|likely)\b"
)


_WHEN = re.compile("[是在于]?(?:什么时候|何时|哪一?[年天日]|几[月号])")
_PARTICLES = re.compile("[的了吗呢啊呀]+$")
_TO_COME = re.compile(
    "将(?![军领士])|拟|未(?!来)|(?<![遇矿海空死灾罹])难(?:以|题|度|$)|计划|明[年天日]|下[个周]?月|下周|预计|有望|更正|推迟|延[期后至迟]|再延|改期"
)
"""Stands in a title that does not report what happened."""


def in_letters(text: str) -> str:
    """Return a text without spaces and signs, each character folded by itself."""
    return re.sub(r"[^\w]", "", fold_aligned(text))


def reports(title: str, event: str) -> bool:
    """Return whether a title reports what happened: all words for it stand there, and none of what is to come."""
    words = [word for word in tokenizer().cut(fold_aligned(event)) if word.strip()]
    written = in_letters(title)
    return bool(words) and all(word in written for word in words) and not _TO_COME.search(written)


def facts_first(query: Query, found: list[Ranked], articles: Mapping[int, Article]) -> list[Ranked]:
    """Put what was reported before what was forecast, of about as much evidence, where something has happened.

    When it happened says first what has that in its title.
    """
    pool = [item for item in found[:READ] if item.candidate.article in articles]
    folded = fold_aligned(query.text)
    if not pool:
        return found
    near = nearly_equal(pool)
    if _WHEN.search(folded) and not _FORECAST.search(folded):
        event = in_letters(_PARTICLES.sub("", _WHEN.sub("", folded).strip(" ?。.!")))
        told = [item for item in pool if near(item) and reports(articles[item.candidate.article].title or "", event)]
        if told:
            return [told[0], *(item for item in found if item is not told[0])]
    if not _HAPPENED.search(fold(query.text)):
        return found
    if not near(pool[0]) or not _is_forecast(pool[0], articles):
        return found
    fact = next((item for item in pool if near(item) and not _is_forecast(item, articles)), None)
    return [fact, *(item for item in found if item is not fact)] if fact else found


def _is_forecast(item: Ranked, articles: Mapping[int, Article]) -> bool:
    """Return whether the window of a hit that is most like the question says what is to come."""
    best = item.candidate.similarities.index(item.candidate.window)
    window = item.candidate.windows[best]
    return bool(_FORECAST.search(articles[item.candidate.article].text[slice(*window)]))


# ---- Titles and codes that were typed

_CODE = 12.0
"""What it adds to the log-odds that the first hit's story alone has the codes that a question names: such a question is
answered, whatever else it says. A document's number, or a plate, that no hit has takes as much."""
_TITLE = 24.0
"""The same of a hit whose article's whole title was pasted: 12 left one at .17 that came far behind the first."""


def by_title_or_codes(
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
    placed = [frozenset({code}) for code in codes if "|" in code]
    if placed and not any(
        holds_codes(articles[item.candidate.article].text, code) for item in found for code in placed
    ):
        return found, articles, {"code": -_CODE}
    if len({item.story for item in having}) != 1:
        return found, articles, {}
    in_passage = [item for item in having if holds_codes(_text(item, articles), codes)] or having
    first = in_passage[0].candidate.passage
    return sorted(found, key=lambda item: item.candidate.passage != first), articles, {"code": _CODE}


def _is_title(query: Query, article: Article | None) -> bool:
    """Return whether a question is the whole title of an article, or asks what that is about, in whatever script."""
    typed, title = _letters(query.typed), _letters(article.title or "") if article else ""
    return bool(title) and title in (typed, _ASKED_OF.sub("", typed))


_ASKED_OF = re.compile("^(?:whatisknownabout|tellmeabout|whatabout)|(?:这篇)?(?:是?怎么回事|[讲说]了?什么)$")
"""Asks of a title what it is about, without spaces and signs."""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _text(item: Ranked, articles: Mapping[int, Article]) -> str:
    return articles[item.candidate.article].text[slice(*item.candidate.span)]
