"""A question as typed → what is searched for."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.clean.outlets import load_outlets
from retrieval.errors import QuestionError, SettingsError
from retrieval.search.sources import understand_sources
from retrieval.search.when.understanding import DateReading, understand_dates
from retrieval.store.protocols import Words
from retrieval.text.dates import day_range
from retrieval.text.folding import fold
from retrieval.text.words import query_words
from retrieval.values import Filters

_TALK = re.compile(
    "(?:你|您|大家)?好(?:啊|呀|吗|不好)?"
    "|你是谁|你叫什么(?:名字)?|你会(?:做)?什么|在吗|在不在|有人吗"
    "|(?:早上|上午|中午|下午|晚上)好|早安|晚安|早"
    "|(?:多谢|谢谢|感谢)(?:你|您|大家|了|啦)*|不客气|没事了?"
    "|再见|拜拜|回头见|哈+|呵+|嗯+|哦+|好的?|行|可以|知道了|明白了?|测试|test"
    "|hi|hello|hey|good (?:morning|afternoon|evening|night)|how are you|who are you|what can you do"
    "|thanks?(?: you)?(?: very much| a lot)?|ok(?:ay)?|yes|no|bye|good ?bye|see you|lol|ha(?:ha)+"
    "|こんにちは|こんばんは|おはよう(?:ございます)?|ありがとう(?:ございます|ございました)?|さようなら|はい|いいえ"
)
_LETTERS = re.compile(r"[^\W\d_]|\d")
_ENDS = " \t!！?？.。,，~～…、;；:：)）(（"


def is_talk_over(words: Words, question: str) -> bool:
    """Return whether a question is small talk in an archive of these words; emoji alone are, if it has none of them."""
    if not is_small_talk(question):
        return False
    return bool(_LETTERS.search(question)) or not any(term.passages for term in words.terms(query_words(question)))


def is_small_talk(question: str) -> bool:
    """Return whether a question is a greeting, thanks, or no word at all."""
    folded = fold(question).strip(_ENDS)
    if not _LETTERS.search(folded):
        return True
    parts = [part.strip(_ENDS) for part in re.split(r"[!！?？.。,，~～\s]+", folded)]
    return bool(_TALK.fullmatch(folded)) or all(_TALK.fullmatch(part) for part in parts if part)


MOST_CHARACTERS = 2_000
"""A question longer than this is a pasted document: the encoder reads 512 tokens, and words would match everything."""

_LATEST = re.compile(
    r"最新|目前|现在|如今|眼下|截至今|至今|最近一次|\b(?:latest|currently|current|now|today|newest|so far)\b|現在"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the question's text, and what hits must satisfy.

    `preferred` are the first and last day that the question names, as ordinals: an article published then, or soon
    after, is preferred. `understood` shows what was read out of the question, `is_latest` whether it asks how things
    stand.
    """

    text: str
    filters: Filters
    preferred: tuple[int, int] | None = None
    understood: str | None = None
    is_latest: bool = False


def tidied(question: str) -> str:
    """Return a question on one line, in characters that can be written.

    A terminal hands on bytes that are no UTF-8 as lone surrogates, which nothing further can write.
    """
    return " ".join(question.encode("utf-8", "replace").decode("utf-8").split())


def parse(
    question: str,
    filters: Filters,
    *,
    sources: Iterable[str] = (),
    today: date,
    is_literal: bool = False,
) -> Query:
    """Turn a question into a query, reading dates and sources out of it unless it is to be taken literally.

    Filters that are given win over those that the question names.

    Raises:
        QuestionError: the question is empty or longer than `MOST_CHARACTERS`.
    """
    text = tidied(question)
    if not text:
        raise QuestionError("the question is empty: type what you want to know")
    if len(text) > MOST_CHARACTERS:
        raise QuestionError(
            "the question has {count:,} characters; ask in at most {most:,}", count=len(text), most=MOST_CHARACTERS
        )
    query = Query(text, filters, is_latest=bool(_LATEST.search(fold(text))))
    return query if is_literal else _understood(query, sources, today)


def _understood(query: Query, sources: Iterable[str], today: date) -> Query:
    dates = understand_dates(query.text, today)
    named = understand_sources(dates.query if dates.strict else query.text, sources)
    filters, said = query.filters, []
    if dates.strict and not (filters.since or filters.until):
        filters = replace(filters, since=dates.since, until=dates.until)
        said.append(dates.phrase)
    if named.source and not filters.source:
        filters = replace(filters, source=named.source)
        said.append(named.source)
    return replace(
        query,
        text=named.query.strip() or query.text,
        filters=filters,
        preferred=None if dates.strict else _days(dates),
        understood=" · ".join(said) or None,
    )


def _days(dates: DateReading) -> tuple[int, int] | None:
    if not (dates.since or dates.until):
        return None
    first = day_range(dates.since)[0] if dates.since else date.min.toordinal()
    last = day_range(dates.until)[1] if dates.until else date.max.toordinal()
    return first, last


def make_filters(since: str | None = None, until: str | None = None, source: str | None = None) -> Filters:
    """Make filters of what a person typed; empty means none.

    Raises:
        SettingsError: `since` or `until` is not an ISO date, or nothing lies between them.
    """
    days = dict[str, tuple[int, int]]()
    for name, value in (("since", since), ("until", until)):
        try:
            if value:
                days[name] = day_range(value)
        except ValueError as error:
            raise SettingsError("{name}: {error}", name=name, error=error) from error
    if since and until and days["since"][0] > days["until"][1]:
        raise SettingsError(
            "nothing is published since {since} and until {until}: give them the other way round",
            since=since,
            until=until,
        )
    return Filters(since or None, until or None, source or None)


def parse_day(text: str | None) -> date | None:
    """Read an ISO day; None and nothing give None.

    Raises:
        SettingsError: it is no ISO day.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError("{text!r} is not a day such as 2022-04-14", text=text) from error


def read_days(text: str, today: date) -> tuple[str, str] | None:
    """Read what a person typed as a date: `2022-04`, `２０２２年４月`, `去年`, `last year`, counted from `today`.

    Returns its first and its last day, in ISO; of an ISO date as precise as it was typed. None if it is no date.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        day_range(plain)
    except ValueError:
        found = understand_dates(plain, today)
        return (found.since, found.until) if found.since and found.until else None
    return plain, plain


def source_named(name: str, known: Iterable[str], table: Path | None = None) -> str | None:
    """Return the one of the `known` outlets that a person names, by any of its names, in any script and case.

    `table` is a file of outlets of the user's own.

    Raises:
        SettingsError: that file cannot be read.
    """
    outlets, written, known = load_outlets(table), _squeezed(name), list(known)
    for each in known:
        if _squeezed(each) == written:
            return each
    meant = outlets.named(name)
    return next((each for each in known if meant and outlets.named(each) == meant), None)


def _squeezed(name: str) -> str:
    return "".join(fold(name).split())
