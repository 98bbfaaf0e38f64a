"""The façade: an archive, in a folder or in a cluster, that can be asked and read."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Self

from retrieval.clean import Outlets, load_outlets
from retrieval.encode import open_encoder
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Encoder, Progress
from retrieval.encode.joint import JointModel, open_joint_model
from retrieval.encode.marker import Marker, open_marker
from retrieval.errors import EncoderError
from retrieval.search import Resources, belonging, hindsight_free, judge, nothing_of, recent_answers, understood
from retrieval.search.candidates import as_calibrated, in_parallel
from retrieval.search.conversation import FollowUp, followed, subject
from retrieval.search.question import WHAT_HAPPENED, Query, as_reported, place_of_happening, untimed
from retrieval.search.reading import Reranker
from retrieval.search.several import answered
from retrieval.search.small_talk import is_talk_over
from retrieval.search.sources import pasted, source_named
from retrieval.search.topic_requests import RECENTLY, Request, bare_topic, listed_topic, of_its_time, request_of
from retrieval.search.topics import as_hits, count, latest, timeline
from retrieval.search.translations import Translations
from retrieval.search.when import make_filters
from retrieval.settings import Settings
from retrieval.store import check_encoder
from retrieval.store.location import Location, open_reader
from retrieval.store.protocols import ArchiveChangedError, Index
from retrieval.text import fold
from retrieval.values import Answer, Article, Ask, Filters, Hit, PartAnswer, Refusal, RefusalKind, Timeline

_LATEST = 10
"""Articles that "what is new" is answered with at least."""
_MOST_COUNTED = 100_000
"""Articles of an outlet or a time that are counted at most."""
_AROUND = 12
"""Characters that may stand next to a pasted address and ask for no more than its article: 这篇讲了什么？"""
_CHANGES_BORNE = 3
"""A question is searched for again when an article that it found was replaced meanwhile: seldom once, hardly twice."""


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet of the archive: how many articles it has, and the first and last published date."""

    name: str | None
    articles: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many articles a source has of one month (`2022-04`)."""

    source: str | None
    month: str
    articles: int


class Archive:
    """An archive opened for questions. Safe to use from several threads."""

    def __init__(self, location: Location, settings: Settings, encoder: Encoder | None = None) -> None:
        """Open the archive at `location`; the encoder is loaded by the first question unless it is given.

        Raises:
            ArchiveMissingError: nothing has been indexed there.
            ArchiveError: the files there are not an archive, or cannot be read.
            ArchiveMismatchError: it has another format.
        """
        self._location = location
        self._settings = settings
        self._lock = threading.Lock()
        self._reader = open_reader(location, settings)
        self._encoder = encoder
        self._calibrated: tuple[str, CalibratedEncoder] | None = None
        self._joint: JointModel | None = None
        self._marker: Marker | None = None
        self._resources = Resources(Translations.none())
        self._answers = recent_answers()

    @cached_property
    def _outlets(self) -> Outlets | None:
        """The bundled outlets and the user's own, None where there are none of these."""
        return load_outlets(self._settings.outlets) if self._settings.outlets else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive's files and connections."""
        self._reader.close()

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        filters: Filters | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        as_of: date | None = None,
        is_literal: bool = False,
    ) -> Answer:
        """Answer a question as `answer` does, its options named; `since`, `until` and `source` stand for `filters`.

        Raises:
            SettingsError: `since` or `until` is not an ISO date.
        """
        return self.answer(Ask(question, k, filters or make_filters(since, until, source), as_of, is_literal))

    def answer(self, ask: Ask) -> Answer:
        """Answer what is asked with the best passages, or refuse.

        A question asked before gets the answer it got, unless the archive has changed; `timing_ms` then has no parts.

        Raises:
            QuestionError: the question is empty or too long.
            EncoderError: the model cannot be loaded.
            ArchiveMismatchError: the archive was built with another model than the settings name.
        """
        started = time.perf_counter()
        for _ in range(_CHANGES_BORNE):
            with suppress(ArchiveChangedError), self._reader.snapshot() as index:
                return self._answer(index, ask, started)
        with self._reader.snapshot() as index:
            return self._answer(index, ask, started)

    def _answer(self, index: Index, ask: Ask, started: float) -> Answer:
        answer = self._answers.recall(index.state, [ask]).get(ask)
        timing_ms = dict[str, float]()
        if answer is None:
            answer = self._found(index, ask)
            timing_ms.update(answer.timing_ms)
            self._answers.keep(index.state, {ask: answer})
        return replace(answer, timing_ms={**timing_ms, "total": 1e3 * (time.perf_counter() - started)})

    def _found(self, index: Index, ask: Ask) -> Answer:
        query = understood(index, ask, self._outlets)
        if not ask.is_literal and (answer := self._addressed(index, ask, query)):
            return answer
        if is_talk_over(index.words, query.text):
            return Answer(query.text, 0.0, query.filters, (), Refusal(RefusalKind.SMALL_TALK))
        if not ask.is_literal and (request := self._request(query)):
            is_of_place = place_of_happening(fold(query.text)) is not None
            stories = self._stories(index, ask, as_reported(query) if is_of_place else query, request)
            if not stories.hits and is_of_place:
                answer = self._answered(index, ask, untimed(query))
                if answer.refusal is None:
                    return answer
                request = Request.LATEST, ""  # the archive is of that place
                stories = self._stories(index, ask, query, request)
            if stories.hits or request != (Request.LATEST, "") or not WHAT_HAPPENED.search(fold(query.typed)):
                return stories
            # a time from which nothing is there may be told of later: 1998年发生了什么
            answer = self._answered(index, ask, untimed(query))
            return stories if answer.refusal else answer
        answer = self._answered(index, ask, query)
        if answer.refusal is None or ask.is_literal:
            return answer
        return self._listed(index, ask, query) or answer

    def _answered(self, index: Index, ask: Ask, query: Query) -> Answer:
        encoder = self._ready()
        calibrated = as_calibrated(index, encoder.calibration)
        return answered(calibrated, ask, query, encoder.embed_query, self._resources)

    def _listed(self, index: Index, ask: Ask, query: Query) -> Answer | None:
        """Answer bare words, or what asks for all there are, with the stories that have most of their words, if any."""
        topic = bare_topic(query.typed)
        wanted = topic or listed_topic(query.typed)
        if not wanted:
            return None
        stories = self._stories(index, ask, query, (Request.TIMELINE, wanted), is_strict=not topic)
        return stories if stories.hits else None

    @staticmethod
    def _request(query: Query) -> tuple[Request, str] | None:
        return request_of(query.text, is_filtered=query.filters != query.given) or request_of(query.typed)

    def _addressed(self, index: Index, ask: Ask, query: Query) -> Answer | None:
        """Answer pasted addresses with their articles, each; None where there is none, or where more is asked besides.

        Of several each is a part, in the order pasted.
        """
        addresses, rest = pasted(query.typed)
        if not addresses or len(rest) > _AROUND:
            return None
        found = {address: self._reader.addressed(address) for address in addresses}
        articles = {each.id: each for own in found.values() for each in own}
        hits = as_hits(latest(articles.values(), query), max(ask.k, len(found)))
        if not hits and rest:
            return None
        parts = [
            PartAnswer(addresses[address], addresses[address], bool(own), float(bool(own)), _of(own, hits))
            for address, own in found.items()
        ]
        refusal = None if hits else nothing_of(index, query)
        is_several = bool(hits) and len(parts) > 1
        return Answer(
            ask.question, float(bool(hits)), query.given, hits, refusal, parts=tuple(parts) if is_several else ()
        )

    def completed(self, ask: Ask, before: str) -> FollowUp | None:
        """Complete a question that leans on the one asked before it; None for one that stands by itself.

        Without the bundled model none is completed.

        Raises:
            QuestionError: a question is empty or too long.
            EncoderError: the model cannot be loaded.
            ArchiveMismatchError: the archive was built with another model than the settings name.
        """
        self._ready()
        if not before or ask.is_literal or self._marker is None:
            return None
        return followed(ask.question, before, self._marker, lambda text: self.answer(replace(ask, question=text)))

    def subject(self, question: str) -> str:
        """Return what a question is about, in its own words; "" where nothing can be said.

        Raises:
            EncoderError: the model cannot be loaded.
            ArchiveMismatchError: the archive was built with another model than the settings name.
        """
        self._ready()
        return subject(question, self._marker) if self._marker else ""

    def moment(self) -> str:
        """Return what `arrived` takes, for the archive as it is now.

        Raises:
            ArchiveError: the archive lies in a cluster.
        """
        return self._reader.moment()

    def arrived(self, question: str, since: str) -> tuple[tuple[Hit, ...], str]:
        """Return a hit for each story that has come since a moment and answers a question or belongs to it, and now.

        A story that was there before is none, and neither is what was changed in the moment's place by a rebuild.
        Dates that the question names count for nothing: what is new is new.

        Raises:
            ArchiveError: the archive lies in a cluster.
            QuestionError: the question is empty or too long.
        """
        now, arrivals = self._reader.moment(), self._reader.arrived(since)
        if not arrivals:
            return (), now
        encoder = self._ready()
        with self._reader.snapshot() as index:
            calibrated = as_calibrated(index, encoder.calibration)
            query = understood(calibrated, Ask(question), self._outlets)
            wanted = request_of(query.text)
            query = replace(query, text=wanted[1], read_for="") if wanted and wanted[1] else query
            return belonging(calibrated, query, encoder.embed_query(query.text), arrivals, self._resources), now

    def timeline(self, topic: str, ask: Ask | None = None, *, oldest_first: bool = False) -> Timeline:
        """Return the stories of a topic in order of time; `ask` has the filters and the day, whatever it asks.

        Raises:
            QuestionError: the topic is empty or too long.
            EncoderError: the model cannot be loaded.
            ArchiveMismatchError: the archive was built with another model than the settings name.
        """
        ask = replace(ask or Ask(topic), question=topic)
        with self._reader.snapshot() as index:
            query = understood(index, ask, self._outlets)
            wanted = request_of(query.text)
            named = replace(query, text=wanted[1], read_for="") if wanted and wanted[1] else query
            return self._timeline(index, named, oldest_first=oldest_first)

    def _timeline(self, index: Index, query: Query, *, oldest_first: bool = False, is_strict: bool = False) -> Timeline:
        encoder = self._ready()
        asked = as_calibrated(index, encoder.calibration)
        embedding = encoder.embed_query(query.text)
        return timeline(asked, query, embedding, self._resources, oldest_first=oldest_first, is_strict=is_strict)

    def _stories(
        self, index: Index, ask: Ask, query: Query, request: tuple[Request, str], *, is_strict: bool = False
    ) -> Answer:
        """Answer a request for a topic with its stories, where it `is_strict` those that have most words of it."""
        kind, topic = request
        if kind is Request.COUNT and not topic:
            found = self._reader.latest(_MOST_COUNTED, query.filters)
            timeline = replace(latest(found, query), topic=query.understood or "")
        elif not topic:
            wanted = max(ask.k, _LATEST)
            found = self._reader.latest(wanted, query.filters)
            if not found and RECENTLY.search(fold(query.typed)):
                found = self._reader.latest(wanted, query.given)
            timeline = latest(found, query)
        else:
            query = replace(query, text=topic, read_for="")
            dated = of_its_time(query, ask.day)
            timeline = self._timeline(index, dated, is_strict=is_strict)
            if not timeline.stories and dated is not query:
                timeline = self._timeline(index, query, is_strict=is_strict)
        if kind is Request.COUNT and topic:
            counted = count(index, query, self._resources)
            timeline = replace(timeline if counted[0] else replace(timeline, stories=(), articles=0), counted=counted)
        hits = as_hits(timeline, ask.k)
        refusal = None if hits else nothing_of(index, query)
        return Answer(
            ask.question,
            float(bool(hits)),
            query.filters,
            hits,
            refusal,
            understood=query.understood,
            timeline=timeline,
        )

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        return self._reader.article(article_id)

    def copies(self, article_id: str) -> list[Article]:
        """Return the other tellings of an article's story, the first published first, undated ones last."""
        return self._reader.copies(article_id)

    def latest(self, n: int, filters: Filters | None = None, *, as_of: date | None = None) -> list[Article]:
        """Return the `n` newest articles within `filters`, none published after `as_of`; undated ones are left out."""
        filters = filters or Filters()
        return self._reader.latest(n, hindsight_free(filters, as_of) if as_of else filters)

    def sources(self) -> list[Source]:
        """Return the outlets, the one with most articles first."""
        return [Source(*row) for row in self._reader.sources()]

    def outlet(self, name: str) -> str | None:
        """Return the outlet of the archive that a person names: by any of its names, in any script and case.

        Raises:
            SettingsError: the user's own table of outlets cannot be read.
        """
        return source_named(name, [each.name for each in self.sources() if each.name], self._outlets)

    def months(self) -> list[MonthCount]:
        """Return how many articles each source has of each month; those of which no month is known count in none."""
        counted = self._reader.months().items()
        rows = [MonthCount(source, month, articles) for (source, month), articles in counted]
        return sorted(rows, key=lambda row: (row.source or "", row.month))

    def stats(self) -> dict[str, object]:
        """Return counts, languages, dates, size on disk in bytes, and what the archive was built with."""
        manifest = self._reader.manifest()
        return {**self._reader.stats(), "model": manifest["encoder"], "dimensions": int(manifest["dim"])}

    def load(self, progress: Progress | None = None) -> None:
        """Load the model and the indexes now instead of with the first question."""
        self._ready(progress)
        with self._reader.snapshot():
            pass

    def _ready(self, progress: Progress | None = None) -> CalibratedEncoder:
        with self._lock:
            manifest = self._reader.manifest()
            if self._calibrated is None or self._calibrated[0] != manifest["archive"]:
                (joint, marker), encoder = in_parallel(
                    lambda: self._models(progress),
                    lambda: self._encoder or encoder_of(self._settings, progress),
                )
                self._encoder = encoder
                check_encoder(self._location, manifest, encoder)
                calibration = Calibration.from_json(manifest["calibration"])
                self._calibrated = manifest["archive"], CalibratedEncoder(encoder, calibration)
                reranker = self._settings.reranker and Reranker(self._settings.reranker)
                self._resources = Resources(
                    Translations.open(self._settings.cache),
                    reranker or None,
                    joint,
                    marker,
                    judge.THRESHOLD if self._settings.threshold is None else self._settings.threshold,
                    self._outlets,
                )
            return self._calibrated[1]

    def _models(self, progress: Progress | None) -> tuple[JointModel | None, Marker | None]:
        """Open the reader, unless the settings leave it out, and what marks the parts of a question.

        With another encoder there need be no place to prepare the latter: then questions stay whole.
        """
        if self._joint is None and self._settings.reader == "on":
            self._joint = open_joint_model(self._settings.cache, threads=self._settings.threads, progress=progress)
        with suppress(EncoderError):
            self._marker = self._marker or open_marker(self._settings.cache, progress=progress)
        return self._joint, self._marker


def open_archive(location: Location | None = None, settings: Settings | None = None) -> Archive:
    """Open the archive at `location` (default: the settings' index) for questions."""
    settings = settings or Settings()
    return Archive(location or settings.index, settings)


def encoder_of(settings: Settings, progress: Progress | None = None) -> Encoder:
    """Open the encoder that the settings name, preparing it if this is its first use."""
    return open_encoder(
        settings.model,
        cache=settings.cache,
        threads=settings.threads,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
        progress=progress,
    )


def _of(articles: Sequence[Article], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    ids = {article.id for article in articles}
    return tuple(hit for hit in hits if hit.article.id in ids)
