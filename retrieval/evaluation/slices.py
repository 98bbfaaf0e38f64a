"""The slices of a question set: by what a question is, never by how it was answered."""

from collections.abc import Mapping

from retrieval.evaluation.questions import Question
from retrieval.text.language import detect_language
from retrieval.text.notations import find_dates
from retrieval.values import Article

_SCRIPTS = {
    "zh": "Han",
    "zh-Hans": "Simplified",
    "zh-Hant": "Traditional",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Cyrillic",
    "uk": "Cyrillic",
    "ar": "Arabic",
    "fa": "Arabic",
    "th": "Thai",
    "hi": "Devanagari",
    "el": "Greek",
    "he": "Hebrew",
}
UNCLEAR = "unclear"


def slices_of(question: Question, article: Article | None) -> Mapping[str, str]:
    """Return a question's value in each dimension; `article` is the first that answers it, if the archive has it."""
    language = detect_language(question.question)
    values = {
        "language": language.partition("-")[0] if language else UNCLEAR,
        # Han: nothing in it is written otherwise in the other script
        "script": _SCRIPTS.get(language, "Latin") if language else UNCLEAR,
        "answerable": "yes" if question.answerable else "no",
        "dated": "yes" if find_dates(question.question) else "no",
    }
    if article is not None:
        values["source"] = article.source or "(none named)"
        values["across"] = _across(language, article.language)
    return values


def _across(asked: str | None, written: str | None) -> str:
    """Name what lies between the question and the article."""
    if asked is None or written is None:
        return UNCLEAR
    if asked.partition("-")[0] != written.partition("-")[0]:
        return "languages"
    if {asked, written} == {"zh-Hans", "zh-Hant"}:
        return "scripts"
    return "nothing"
