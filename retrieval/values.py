"""The records that travel between the parts: articles, passages, hits, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]
"""Characters [from, to) of a text."""


class PublishedFrom(StrEnum):
    """Where an article's published date was found."""

    RECORD = "record"
    META = "meta"
    JSON_LD = "json-ld"
    URL = "url"
    DATELINE = "dateline"
    BYLINE = "byline"
    FOOT = "foot"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Removed:
    """A piece of the read text that is not the article's own."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged place that was restored or marked.

    `span` counts characters in the article's text; `seen` is what stood there, `confidence` lies in 0…1.
    """

    span: Span
    seen: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned document.

    `published` is ISO 8601 as precise as the source gave it: `2022`, `2022-04`, `2022-04-14` or
    `2022-04-14T17:37[:00][+08:00]`. `language` is a BCP 47 tag (`zh-Hans`, `zh-Hant`, `en`, `ja`, …).
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    url: str | None = None
    path: str | None = None
    language: str | None = None
    removed: tuple[Removed, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is shown and cited: whole paragraphs or sentences at `span` of the article's text.

    `windows` are spans in the article's text, each inside the passage: what is embedded.
    """

    span: Span
    windows: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must satisfy. `since` and `until` are ISO dates, both inclusive; `source` is an outlet's name."""

    since: str | None = None
    until: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage.

    `span` counts characters in the article's text, `highlight` in `text`; `article.text[span]` is `text`.
    `explanation` names what the score is made of; higher is better everywhere.
    """

    rank: int
    score: float
    text: str
    highlight: Span
    span: Span
    article: Article
    also_in: tuple[Article, ...] = ()
    explanation: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question: hits, or a reason why there are none.

    `confidence`, 0…1, is the probability that the first hit answers. `filters` are those given and those understood
    from the question, which `understood` shows in words. `note` says what a reader should know: how old an answer is.
    """

    question: str
    answered: bool
    confidence: float
    reason: str | None
    filters: Filters
    hits: tuple[Hit, ...]
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    understood: str | None = None
    note: str | None = None
