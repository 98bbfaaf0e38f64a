"""How probable it is that a hit answers, from finding and reading.

Of hits that were read those stand first that answer most probably. Below the threshold the archive does not know.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from retrieval.encode.encoder import script_of
from retrieval.search.differences import PERIODS, NamedKind, cited, instead, missing
from retrieval.search.question import ASKS, asking
from retrieval.search.rank import Ranked
from retrieval.search.sources import fold_aligned
from retrieval.text.words import STOPWORDS, word_spans
from retrieval.values import Article, Span

FINDING = {"window": 16.66, "words": 1.98, "margin": 10.27, "same script": -0.92, "constant": -3.20}
"""A logistic model of whether the first hit answers, where nothing is read.

Fitted on 2026-11-30 by benchmarks/reader/fit.py --finding on the situations of `READING`, what is held out of them.
"""

READING = {
    "window": 3.35,
    "words": 0.90,
    "same words": -0.74,
    "numbered": -1.69,
    "other figures": -0.66,
    "other names": -0.55,
    "same script": 1.03,
    "behind": -3.69,
    "margin": 11.22,
    "same margin": -2.89,
    "backed": 6.63,
    "same backed": -5.31,
    "answered": 0.69,
    "same answered": -0.20,
    "lead": 0.01,
    "constant": -2.12,
}
"""The same of any hit that was read.

Fitted on 2026-11-30 by benchmarks/reader/fit.py on near misses over XQuAD-zh in six languages, over DRCD and over real
news, the latter also in sixteen languages, on the news of an invented port in seventeen and of a town, on encyclopedia
texts, on the cases and on the sample questions, each situation counting as much as any other, of titles that the reader
was not trained on (docs/lab/reader.md); the mean of that and of the fit before the rest of passages was read, by which
fewer of the cases and of real news are refused.
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
    of_row = [item for item in lacking if item.kind is NamedKind.NUMBERED]
    numbered = {item.text for item in of_row if item.unit not in PERIODS or item.text in has_other}
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
    is_read = item.reading is not None and item.reading.answered >= _ANSWERED
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


# ---- Questions that only point to what they ask of

_POINTS_ALONE = -12.0
"""What it takes from the log-odds that a question names nothing of which it asks."""
_LEANS = re.compile(
    r"^(?:那么?|然后|后来|接着|还有|另外|结果|所以|而)|(?:[他她它][们俩家用]?|其[他它]人?|这件事|此事|这事|那件事|这个|那个|这座|那座|这家|该\w)"
    r"|\b(?:he|she|it|they|him|her|them|his|its|their|that|those|then)\b"
    # not in "how many are there", "there was a fire"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b(?! (?:is|are|was|were)\b)"
)
_FILLER = re.compile(
    rf"(?:{ASKS}|^那么?|后来|然后|呢|了|的|是|在|有|被|过|请问|到底|究竟|一共|总共|共|花|用|钱|时候|时间|地方|人|样|[?？!！。，,\s])+"
)
_ONE = re.compile("[那这该][座家个件条所场次]")
OWN_CHARACTERS = 3
"""Characters beyond asking and filling from which a Chinese question names its own subject."""
OWN_WORDS = 2
"""Words beyond stopwords with which an English one does."""


def pointing(question: str) -> Mapping[str, float]:
    """Return what says that nothing answers a question which only points to its subject: 它花了多少钱, when was it.

    One that begins with its subject names it, as a follow-up does that was completed: 火星它有多大, "Mars where is it".
    """
    folded = fold_aligned(question)
    least = OWN_WORDS if folded.isascii() else 1 if _ONE.match(folded) else OWN_CHARACTERS
    leans = _leans(folded)
    return {"pointing": _POINTS_ALONE} if leans and _own(folded) < least and not _names(folded[: leans[0][0]]) else {}


def _names(before: str) -> bool:
    """Return whether what stands before the word that points is a subject: one word in English, else two characters."""
    if asking(before, whether=False):
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
