"""Whether articles report what a text claims: decided by its sentences and figures, and never vouched for otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval import Answer, Article, fold, missing

_SENTENCE = re.compile(r"[^。！？!?；;\n…]+")
_LETTER = re.compile(r"[^\W_]")
_NO = re.compile("不|没|无|未|否认|并非|网传|谣|(?<![a-z])(?:no|not|never|nobody|den(?:y|ies|ied)|rumou?r)(?![a-z])")
_RUMOUR = re.compile(
    "谣言|传言|辟谣|不实|不属实|虚假(?:信息|消息)|假消息|(?<![a-z])(?:rumou?rs?|hoax|false claims?)(?![a-z])"
)
_SHORTEST = 5  # letters of a sentence that says something: shorter ones are greetings, names, buttons
_RUN = 4
"""Letters in a row that must all stand in the article: what is forwarded is copied, and a name, a figure or a "not"
that was changed breaks as many rows as it has letters, and three."""
_SIMILAR = 0.3  # of a sentence's rows; of two articles on other subjects less than a tenth are the same
_MOST_NAMED = 3


class ClaimVerdict(StrEnum):
    """What can be said of a claim."""

    REPORTED = "reported"
    DIFFERS = "differs"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """The verdict on a claim: the outlets that report it, or what of it does not stand in the most similar article.

    `articles` are the ids of those that report it, or that are similar.
    """

    verdict: ClaimVerdict
    outlets: tuple[str | None, ...] = ()
    differs: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def check(claim: str, found: Answer) -> CheckedClaim:
    """Compare a claim with the articles that were found for it.

    It is reported where one article has all of its sentences letter for letter and denies none of them.
    """
    articles = list({each.id: each for hit in found.hits for each in (hit.article, *hit.also_in)}.values())
    checked = [(article, _missing(claim, article)) for article in articles]
    if reporting := [article for article, lacking in checked if lacking == ()]:
        outlets = tuple(dict.fromkeys(each.source for each in reporting))
        return CheckedClaim(ClaimVerdict.REPORTED, outlets, articles=tuple(each.id for each in reporting))
    if similar := {article.id: lacking for article, lacking in checked if lacking is not None}:
        differs = min(similar.values(), key=len)[:_MOST_NAMED]
        return CheckedClaim(ClaimVerdict.DIFFERS, differs=differs, articles=tuple(similar))
    return CheckedClaim(ClaimVerdict.NOT_FOUND)


def _missing(claim: str, article: Article) -> tuple[str, ...] | None:
    """Return what of a claim does not stand in an article; None where hardly anything of it does.

    A name, figure or date that the article does not have is named alone, what else it does not say as a sentence; an
    article about a rumour is named by the sentence that calls it one.
    """
    sentences = [each.strip() for each in _SENTENCE.findall(claim) if len(_LETTER.findall(each)) >= _SHORTEST]
    text = f"{article.title or ''}\n{article.text}"
    own, parts = _runs(text), [part.strip() for part in _SENTENCE.findall(text)]
    shares = [len(runs & own) / len(runs) for runs in map(_runs, sentences)]
    if not sentences or max(shares) < _SIMILAR:
        return None
    lacking = [] if _RUMOUR.search(fold(claim)) else [part for part in parts if _RUMOUR.search(fold(part))]
    for sentence, share in zip(sentences, shares, strict=True):
        if share < 1 or not _affirms_alike(sentence, parts):
            lacking += [each.text for each in missing(sentence, [text])] or [sentence]
    return tuple(dict.fromkeys(lacking))


def _affirms_alike(sentence: str, parts: Sequence[str]) -> bool:
    """Return whether the part of an article that is most like a sentence denies as often as it does."""
    wanted = _runs(sentence)
    nearest = max(parts, key=lambda part: (len(wanted & _runs(part)), -len(part)), default="")
    return len(_NO.findall(fold(sentence))) == len(_NO.findall(fold(nearest)))


def _runs(text: str) -> set[str]:
    letters = "".join(_LETTER.findall(fold(text)))
    return {letters[at : at + _RUN] for at in range(max(1, len(letters) - _RUN + 1))}
