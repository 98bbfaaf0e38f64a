"""The records that travel between the parts: drafts, articles, passages, what is asked, hits, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
    SCRIPT = "script"
    UPDATED = "updated"  # no publication is known: the day of the last change stands for it
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
class Ask:
    """What is asked, and within what; all that an answer depends on besides the archive.

    `k` passages are wanted. Dates and sources that the question names become filters, unless it `is_literal`. `as_of`
    is the day from which relative dates count (`today` without it); given, what was published later is not there.
    """

    question: str
    k: int = 3
    filters: Filters = Filters()
    as_of: date | None = None
    is_literal: bool = False
    today: date = field(default_factory=date.today)

    @property
    def day(self) -> date:
        """The day from which relative dates count."""
        return self.as_of or self.today


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage.

    `span` counts characters in the article's text, `highlight` in `text`; `article.text[span]` is `text`.
    `explanation` names what the score is made of; higher is better everywhere. `answer` are the words of `text` that
    answer, `title_answer` those of the article's title; both None where nothing was read, or it does not answer.
    `differs` says, by id, in what copies differ from the highlight.
    """

    rank: int
    score: float
    text: str
    highlight: Span
    span: Span
    article: Article
    also_in: tuple[Article, ...] = ()
    explanation: Mapping[str, float] = field(default_factory=dict)
    answer: Span | None = None
    title_answer: Span | None = None
    differs: Mapping[str, tuple["Difference", ...]] = field(default_factory=dict)

    @property
    def was_read(self) -> bool:
        """Whether the reader has read it."""
        return "answered" in self.explanation

    @property
    def answer_text(self) -> str:
        """The words that answer, of the text or of the title; nothing where none do."""
        if self.answer:
            return self.text[slice(*self.answer)]
        return (self.article.title or "")[slice(*self.title_answer)] if self.title_answer else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was asked for, and what of the same kind the nearest passage has instead: None where it has none."""

    asked: str
    found: str | None


class RefusalKind(StrEnum):
    """Why a question is not answered."""

    SMALL_TALK = "small talk"
    FILTERED = "nothing within the filters"
    UNKNOWN = "not in the archive"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, what the archive covers instead, and what came nearest; as a string, so in English.

    `filters` are those the question was put with, `articles` how many the archive holds, `first` and `last` its first
    and last published date.
    """

    kind: RefusalKind
    filters: Filters = Filters()
    articles: int = 0
    first: str | None = None
    last: str | None = None
    nearest: Article | None = None
    differs: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        if self.kind is RefusalKind.SMALL_TALK:
            return "ask about what the articles report, such as who, when, where or how many"
        within = f" {_described(self.filters)}" if self.filters != Filters() else ""
        span = f", {self.first[:10]} to {self.last[:10]}" if self.first and self.last else ""
        holds = f"it holds {self.articles:,} articles{span}{_nearest(self.nearest)}"
        if self.kind is RefusalKind.FILTERED:
            return f"nothing{within}; {holds}. Widen or take off the filter"
        return f"the archive does not say{within}; {holds}"


@dataclass(frozen=True, slots=True)
class Age:
    """How old the answer is to a question for how things stand; `years` is None if its article has no date."""

    years: int | None

    def __str__(self) -> str:
        if self.years is None:
            return "when this was so is not known: the article has no date"
        return f"the newest that answers is {self.years} year{'s' * (self.years > 1)} old"


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One thing asked: the words that name it, the question it was found by, and the answer of its own.

    `confidence`, 0…1, is the probability that the first of its `hits` answers it. The hits are among those of the whole
    answer, best for this part first.
    """

    name: str
    question: str
    answered: bool
    confidence: float
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What the parts' cited passages make of a comparison; as a string, so in English.

    `relation` is what was asked: earlier, later, same day, same month, same year, larger, smaller. `values` are each
    part's day or figure as its first hit has it, None where it has none or several. `winner` is the place of the
    part that is earlier (or whatever was asked) than all others, `same` whether they fall together; both are None where
    that is not certain. `difference` from the next one counts `unit`.
    """

    relation: str
    values: tuple[str | None, ...]
    winner: int | None = None
    same: bool | None = None
    difference: str | None = None
    unit: str | None = None

    @property
    def is_stated(self) -> bool:
        """Whether the comparison has an outcome."""
        return self.winner is not None or self.same is not None

    def __str__(self) -> str:
        shown = " / ".join(value or "?" for value in self.values)
        if self.winner is not None:
            by = f" by {self.difference} {self.unit}" if self.difference else ""
            return f"number {self.winner + 1} is {self.relation}{by}: {shown}"
        if self.same is not None:
            kind = self.relation if self.relation.startswith("same") else "equal"
            return f"{'' if self.same else 'not '}{kind}: {shown}"
        return f"not certain from what is cited: {shown}"


@dataclass(frozen=True, slots=True)
class Story:
    """One event of a topic: the article that reports it best, the sentence that does, and its copies."""

    article: Article
    sentence: str
    also_in: tuple[Article, ...] = ()
    hit: Hit | None = None

    @property
    def articles(self) -> int:
        """How many articles report it."""
        return 1 + len(self.also_in)

    @property
    def outlets(self) -> int:
        """How many outlets report it."""
        return len({article.source for article in (self.article, *self.also_in)})


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stories of a topic in order of time, those without a date last; `articles` report them.

    `counted` says how many articles and stories name the topic, where that was asked: all of its words stand in one
    passage of each.
    """

    topic: str
    stories: tuple[Story, ...]
    articles: int
    filters: Filters = Filters()
    understood: str | None = None
    counted: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question: hits, and a refusal if they do not answer it.

    `confidence`, 0…1, is the probability that the first hit answers. `filters` are those given and those understood
    from the question, which `understood` shows in words. `age` is given where the newest was asked for and the answer
    is old. `explanation` says what each kind of evidence adds to the confidence's log-odds. `parts` are the things
    asked, in the order asked, where there are several: then the greatest confidence is the whole's, and `outcome` what
    comes of comparing them, where that was asked. `widened` are guessed filters that let nothing through and were taken
    off. `timeline` is the answer to a request for a topic; its stories are the hits.
    """

    question: str
    confidence: float
    filters: Filters
    hits: tuple[Hit, ...]
    refusal: Refusal | None = None
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    understood: str | None = None
    age: Age | None = None
    explanation: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[PartAnswer, ...] = ()
    outcome: Compared | None = None
    widened: Filters | None = None
    timeline: Timeline | None = None

    @property
    def answered(self) -> bool:
        """Whether the first hit answers."""
        return self.refusal is None

    @property
    def reason(self) -> str | None:
        """Why it is refused, in English."""
        return str(self.refusal) if self.refusal else None

    @property
    def note(self) -> str | None:
        """What a reader should know of the answer, in English."""
        widened = [f"nothing {_described(self.widened)}: searched without"] if self.widened else []
        return "; ".join([*widened, *([str(self.age)] if self.age else [])]) or None


def _described(filters: Filters) -> str:
    days = [f"since {filters.since}"] * bool(filters.since) + [f"until {filters.until}"] * bool(filters.until)
    return " ".join([*days, *[f"from {filters.source}"] * bool(filters.source)])


def _nearest(article: Article | None) -> str:
    if article is None:
        return ""
    title = f"「{article.title}」" if article.title else article.id
    return f"; nearest is {title}, {(article.published or 'undated')[:10]}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: `file` is the real and absolute path on this machine, "" for standard input.

    The path is the file system's own: bytes that are no UTF-8 stand in it as lone surrogates. `inside` says where in
    the file, as `/MEMBER` of an archive file or `:LINE`; "" is the whole of it.
    """

    file: str = ""
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as read, before repair and cleaning.

    `id` is the record's own id or the path below the folder given (with `#n` for the n-th record of a file);
    `text` has one line a paragraph or line of the page, menus and all. `title`, `source`, `author`, `published` (ISO,
    as precise as given) and `url` are what the file declares in fields or markup, each None where it declares nothing;
    `site` is the name of the site that carries it, which need not be the outlet that wrote it; `days` are all days that
    the file's markup holds, whatever they are of: they only say which year a printed day without one is in.
    `split` says by what its file was parted into articles, "" for a file that was not.
    `captions` are lines of `text` that the markup says are captions of pictures, `around` those that it says stand
    around the body.
    `is_record` says that `text` came from a field of a record, where no page surrounds it.
    `origin` is where it lies, where `path` is what a person calls that place.
    """

    id: str
    text: str
    path: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    url: str | None = None
    language: str | None = None
    is_record: bool = False
    site: str | None = None
    days: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    split: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that could not be read: `path` names it, `reason` is one clause a person understands."""

    path: str
    reason: str
    origin: Origin | None = field(default=None, compare=False)
