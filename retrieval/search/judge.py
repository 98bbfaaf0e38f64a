"""Which hit stands first beyond its evidence, and how probable it is that it answers, from finding and reading.

First stand the telling of the moment asked, reports before forecasts, the article whose title or codes were typed, and
of hits that were read those that answer most probably. Below the threshold the archive does not know.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from retrieval.encode.encoder import script_of
from retrieval.search.differences import NamedKind, cited, instead, missing
from retrieval.search.question import ASKS, Query, asking, is_to_come
from retrieval.search.rank import Ranked, nearly_equal, timely
from retrieval.search.reading import READ
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import codes_in, holds_codes
from retrieval.store.protocols import Index
from retrieval.text import fold
from retrieval.text.words import STOPWORDS, tokenizer, word_spans
from retrieval.values import Article, Span

FINDING = {"window": 16.66, "words": 1.98, "margin": 10.27, "same script": -0.92, "constant": -3.20}
"""A logistic model of whether the first hit answers, where nothing is read.

Fitted on 2026-11-30 by benchmarks/reader/fit.py --finding on the situations of `READING`, what is held out of them.
"""

READING = {
    "window": 3.38,
    "words": 0.89,
    "same words": -0.77,
    "numbered": -1.73,
    "other figures": -0.65,
    "other names": -0.56,
    "same script": 1.05,
    "behind": -3.78,
    "margin": 11.60,
    "same margin": -2.43,
    "backed": 6.18,
    "same backed": -5.74,
    "answered": 0.69,
    "same answered": -0.20,
    "lead": 0.01,
    "constant": -2.12,
}
"""The same of any hit that was read.

Fitted on 2026-11-30 by benchmarks/reader/fit.py on near misses over XQuAD-zh in six languages, over DRCD and over real
news, the latter also in sixteen languages, on the news of an invented port in seventeen and of a town, on encyclopedia
texts, on the cases and on the sample questions, each situation counting as much as any other, of titles that the reader
was not trained on (docs/lab/reader.md).
"""

HARDLY_MORE = {"answered": 2.6, "lead": 6.0}
"""What is read of a hit behind the first is hardly ever more: of 3,052 questions of all situations 18 get another
verdict or first hit than if all three hits were read, one of them for the worse; 1.93 are read, half the time one."""

_NO = -2.0
"""Log-odds of reading below which a hit is denied rather than doubted: its lead over others then counts less."""

_COMPARED = 3
"""First hits whose evidence a hit's own is compared with."""

THRESHOLD = 0.45
"""Below it the answer is a refusal; what it gives in each situation is in docs/lab/reader.md."""


# ---- How probable it is that a hit answers


def contributions(question: str, article: Article, found: Sequence[Ranked]) -> Mapping[str, float]:
    """Return what each feature adds to the log-odds that the first hit, which is in `article`, answers the question.

    `probability` makes the confidence of them.
    """
    known = found[0].contributions
    return known or _weighed(FINDING, seen_unread(question, article.text[slice(*found[0].candidate.span)], found))


def _weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> dict[str, float]:
    return {name: weight * features[name] for name, weight in weights.items()}


def probability(contributions: Mapping[str, float]) -> float:
    """Return the probability, 0…1, of which these are the log-odds in parts."""
    return 1 / (1 + math.exp(-sum(contributions.values())))


def seen_unread(question: str, passage: str, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what the model looks at without a reader: the first hit, and by how much it leads the next story."""
    best = found[0].candidate
    others = (item.evidence for item in found if item.story != found[0].story)
    return {
        "window": best.window,
        "words": best.words,
        "margin": max(found[0].evidence - max(others, default=0.0), 0.0),  # a reranker may put the second first
        "same script": float(script_of(question) == script_of(passage)),
        "constant": 1.0,
    }


def seen(question: str, hit: Ranked, article: Article, found: Sequence[Ranked]) -> dict[str, float]:
    """Return what the model looks at of a hit that was read.

    `window` is the similarity of its best window, `words` the share of the question's weight that stands in it,
    `numbered`, `other figures` and `other names` what speaks against it, `behind` and `margin` how far its evidence is
    behind or ahead of the other first hits', `backed` the latter as far as reading does not deny it; of what was read
    `answered` are the log-odds that it answers, `lead` how far the best words lead none.
    """
    passage = article.text[slice(*hit.candidate.span)]
    is_same = script_of(question) == script_of(passage)
    others = max((item.evidence for item in found[:_COMPARED] if item is not hit), default=0.0)
    features = {
        "window": hit.candidate.window,
        "words": hit.candidate.words,
        "same words": hit.candidate.words * is_same,
        **_against(hit.asked or question, passage, cited(article), is_same=is_same),
        "same script": float(is_same),
        "behind": max(others - hit.evidence, 0.0),
        "margin": max(hit.evidence - others, 0.0),
        "answered": hit.reading.answered if hit.reading else 0.0,
        "lead": hit.reading.lead if hit.reading else 0.0,
        "constant": 1.0,
    }
    return {**features, **_together(features)}


def _together(features: Mapping[str, float]) -> dict[str, float]:
    """Return what features make together.

    The lead in evidence as far as reading does not deny the hit, and what counts otherwise within one script.
    """
    is_same, backed = features["same script"], features["margin"] / (1 + math.exp(_NO - features["answered"]))
    return {
        "backed": backed,
        "same answered": is_same * features["answered"],
        "same margin": is_same * features["margin"],
        "same backed": is_same * backed,
    }


def _against(question: str, passage: str, citation: Sequence[str], *, is_same: bool) -> dict[str, float]:
    """Return what a question names and neither a passage nor its citation has, most of it where it has another instead.

    What a number distinguishes counts where it is not there, and once more next to another: 一号线 is not 二号线.
    """
    lacking = missing(question, [passage, *citation])
    has_other = {each.asked for each in instead(question, lacking, passage) if each.found}
    numbered = {item.text for item in lacking if item.kind is NamedKind.NUMBERED}
    figures = {item.text for item in lacking if item.is_figure and not any(item.text in text for text in numbered)}
    names = {item.text for item in lacking if item.kind in _NAMES}
    return {
        "numbered": float(is_same * (bool(numbered) + bool(numbered & has_other))),
        "other figures": float(min(len(figures & has_other), 2)),
        "other names": float(is_same and bool(names & has_other)),
    }


_NAMES = {NamedKind.PERSON, NamedKind.PLACE, NamedKind.INSTITUTION}


# ---- Which hits are read, and how those that were stand


def worth_reading(
    question: str, found: Sequence[Ranked], articles: Mapping[int, Article], threshold: float
) -> Iterator[int]:
    """Yield the places of hits behind the first, which was read, that come first and answer if much is read of them.

    The others need not be read: neither which hit answers nor the verdict is likely to depend on them.
    """
    first = weighed(question, found[0], articles, found)
    enough = max(_placed(first.contributions or {}, first), _log_odds(threshold))
    for place, item in enumerate(found[1:], 1):
        features = {**seen(question, item, articles[item.candidate.article], found), **HARDLY_MORE}
        if _placed(_weighed(READING, {**features, **_together(features)}), item) > enough:
            yield place


_HARDLY, _NEARLY = 0.6, 0.5
"""By how much a hit's log-odds must exceed those of the first where none is as near as the second to answering. Found
first are, with and without: our own over news .806, .782, Arabic .864, .836, port's .667, .653, Chinese .991,
.982, Spanish .873, .864, the cases' .923, .918; the others the same."""


def best_first(
    question: str, found: Sequence[Ranked], articles: Mapping[int, Article], threshold: float, *, is_latest: bool
) -> list[Ranked]:
    """Order the hits that were read by how probably they answer, the rest after them as they are.

    What their dates add counts as in ranking. Where the newest is asked for, those that answer keep their order; where
    none nearly answers, the first one keeps its place before what hardly leads it.
    """
    known = [weighed(question, item, articles, found) for item in found if item.reading]
    enough = _log_odds(threshold)
    stays = all(sum((item.contributions or {}).values()) < enough - _NEARLY for item in known)

    def place(item: Ranked) -> float:
        odds = item.contributions or {}
        if is_latest:
            return -_placed({"answers": float(sum(odds.values()) >= enough or _answers_too(item, known[0]))}, item)
        return -_placed(odds, item) - _HARDLY * (stays and item is known[0])

    return [*_as_ranked(sorted(known, key=place), known), *(item for item in found if not item.reading)]


_ANSWERED, _ENOUGH = 1.0, 0.7
"""Log-odds of reading, and share of the first one's evidence, from which a hit answers as well as that one: of the
blind trials' questions for how things stand now two more are right, and none is wrong that was not."""


def _answers_too(item: Ranked, first: Ranked) -> bool:
    """Return whether a telling behind the first one says it, too, in other words than those asked: 渡輪 for 船票."""
    is_read = bool(item.reading and item.reading.is_answer and item.reading.answered >= _ANSWERED)
    return is_read and item.evidence >= _ENOUGH * first.evidence


def weighed(question: str, hit: Ranked, articles: Mapping[int, Article], found: Sequence[Ranked]) -> Ranked:
    """Return a hit that was read with what each feature adds to the log-odds that it answers, weighed once."""
    if hit.contributions:
        return hit
    features = seen(question, hit, articles[hit.candidate.article], found)
    return replace(hit, contributions=_weighed(READING, features))


def _placed(odds: Mapping[str, float], item: Ranked) -> float:
    return sum(odds.values()) + READING["window"] * item.candidate.preference


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _as_ranked(ordered: Sequence[Ranked], found: Sequence[Ranked]) -> list[Ranked]:
    """Let the passages of one article stand as they rank.

    What is fitted is whether an article is right, so that it says little of which of its passages is.
    """
    passages: dict[int, list[Ranked]] = {}
    for item in found:
        passages.setdefault(item.candidate.article, []).append(item)
    return [passages[item.candidate.article].pop(0) for item in ordered]


# ---- The moment asked for


def in_time(query: Query, found: list[Ranked], articles: Mapping[int, Article], today: int) -> list[Ranked]:
    """Put first which of the first hits says how things stood at the moment asked for.

    What names the time asked needs no order; what begins only after `today` says nothing of how things stand.
    """
    pool = [item for item in found[:READ] if item.candidate.article in articles]
    if query.moment is None or (query.moment.last and any(_names_time(query, item, articles) for item in pool)):
        return found
    past = [item for item in pool if not _is_to_come(item, articles, today)]
    if not (query.moment.is_said or query.moment.lasts) and _answers(found[0]):
        past = [item for item in past if _answers(item)]  # what a bridge measures stands in no later news of it
    ordered = timely(past, query.moment)
    first = {item.candidate.passage for item in ordered}
    return [*ordered, *(item for item in found if item.candidate.passage not in first)]


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
    "了(?!吗|么|没)|[是在].{0,12}的[?？。]?$|^[^将会要]*的[?？]$"
    r"|\b(?:did|was|were)\b"
)
_FORECAST = re.compile(
    "预计|预报|预测|预警|有望|或将|可能|将(?:于|在|会|有|登陆|达|举行|影响|继续|迎)|拟(?:于|在)|计划(?:于|在)"
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
answered, whatever else it says. A document's number that no hit has takes as much."""
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
    if not having and any("|" in code for code in codes):
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


_LEANS = re.compile(
    r"^(?:那么?|然后|后来|接着|还有|另外|结果|所以|而)|(?:[他她它][们俩家用]?|其[他它]人?|这件事|此事|这事|那件事|这个|那个|这座|那座|这家|该\w)"
    r"|\b(?:he|she|it|they|him|her|them|his|its|their|that|those|then)\b"
    # not in "how many are there", "there was a fire"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b(?! (?:is|are|was|were)\b)"
)
_FILLER = re.compile(
    rf"(?:{ASKS}|^那么?|后来|然后|呢|了|的|是|在|有|被|过|请问|到底|究竟|一共|总共|共|花|用|钱|时候|时间|地方|人|样|[?？!！。，,\s])+"
)
_OTHER = re.compile("呢[?？]?$")
"""Asks of another thing what was asked before: 票价呢？"""
_ONE = re.compile("[那这该][座家个件条所场次]")
OWN_CHARACTERS = 3
"""Characters beyond asking and filling from which a Chinese question names its own subject."""
OWN_WORDS = 2
"""Words beyond stopwords with which an English one does."""


def is_leaning(question: str) -> bool:
    """Return whether a question lacks what it asks of: 花了多少钱？ after another one."""
    folded = fold_aligned(question)
    own, leans = _own(folded), _leans(folded)
    if folded.isascii():
        return own < OWN_WORDS and bool(leans or asking(folded))
    is_other = bool(_OTHER.search(folded)) and not asking(folded)
    asks = bool(leans or asking(folded) or is_other)
    # 台风 by itself is a topic, and asks nothing of the one before
    return (
        not own
        or (asks and own < OWN_CHARACTERS)
        or ((is_other or bool(leans and not leans[0][0])) and own < 2 * OWN_CHARACTERS)
    )


def pointing(question: str) -> Mapping[str, float]:
    """Return what says that nothing answers a question which only points to its subject: 它花了多少钱, when was it.

    One that begins with its subject names it, as a follow-up does that was completed: 火星它有多大, "Mars where is it".
    """
    folded = fold_aligned(question)
    least = OWN_WORDS if folded.isascii() else 1 if _ONE.match(folded) else OWN_CHARACTERS
    leans = _leans(folded)
    return {"pointing": -_CODE} if leans and _own(folded) < least and not _names(folded[: leans[0][0]]) else {}


def _names(before: str) -> bool:
    """Return whether what stands before the word that points is a subject: one word in English, else two characters."""
    if asking(before):
        return before.isascii() and re.split(r"[^\w']", before)[0] not in STOPWORDS
    return _own(before) >= (1 if before.isascii() else 2)


def _own(folded: str) -> int:
    """Count what a question says beyond asking, pointing and filling: words in English, else characters."""
    if folded.isascii():
        return len([word for word in re.findall(r"[a-z0-9']+", folded) if word not in STOPWORDS])
    for begin, end in reversed(_leans(folded)):
        folded = folded[:begin] + folded[end:]
    return len(_FILLER.sub("", folded))


def _leans(folded: str) -> list[Span]:
    """Return where words stand that lean on what was said before: 他, but not in 吉他 and 马耳他, nor 那 in 那曲."""
    found = [match.span() for match in _LEANS.finditer(folded)]
    words = dict(word_spans(folded, is_guessing=False)) if found and not folded.isascii() else {}
    return [(begin, end) for begin, end in found if not words or begin < words.get(begin, 0) <= end]
