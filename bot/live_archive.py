"""The archive as a server holds it: asked off the event loop, opened anew when it was replaced, added to by admins.

How often it may be asked, and anything else may be done, is counted here, too; and here are made the questions that it
suggests, from its own sentences and titles: of one archive always the same.
"""

import asyncio
import gc
import logging
import re
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeVar

from cachetools import LRUCache

from retrieval import (
    Answer,
    Archive,
    ArchiveMissingError,
    Article,
    Ask,
    Filters,
    FollowUp,
    IndexReport,
    Location,
    Message,
    QuestionError,
    Settings,
    Source,
    detect_language,
    encoder_of,
    index_paths,
    is_cluster,
    open_archive,
    parse_day,
    remove_articles,
)

T = TypeVar("T")

_log = logging.getLogger(__name__)
AS_OF = "as-of"


@dataclass(frozen=True, slots=True)
class ChatScope:
    """Within what a person asks: filters, the day (ISO) from which the archive is looked at, whether it is literal.

    A question that is not literal has its dates and sources read out of it. `as_of` None is today.
    """

    filters: Filters = field(default_factory=Filters)
    as_of: str | None = None
    is_literal: bool = False

    def ask(self, question: str, k: int) -> Ask:
        """Return a question that wants `k` passages, as it is asked within this scope."""
        return Ask(question, k, self.filters, parse_day(self.as_of), self.is_literal)

    def limited(self, **limits: str | None) -> Self:
        """Return the scope with other filters, by their names."""
        return replace(self, filters=replace(self.filters, **limits))

    def without(self, name: str) -> Self | None:
        """Return the scope with one of its limits taken off; None if there is no limit of that name."""
        if name == AS_OF:
            return replace(self, as_of=None)
        return self.limited(**{name: None}) if name in Filters.__slots__ else None


class BusyError(Exception):
    """Too many questions wait already; `waiting` of them would come first."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} questions are waiting")
        self.waiting = waiting


class SlowError(Exception):
    """A question took longer than it may."""


class Workers:
    """A bounded queue before a bounded executor: runs CPU work off the event loop, `count` jobs at a time."""

    def __init__(self, count: int, waiting: int, timeout: float) -> None:
        """Let at most `waiting` jobs wait, and each take at most `timeout` seconds once it runs."""
        self._executor = ThreadPoolExecutor(count, thread_name_prefix="answering")
        self._slots = asyncio.Semaphore(count)
        self._most = waiting
        self._timeout = timeout
        self.waiting = 0
        self.running = 0

    async def run(self, job: Callable[[], T]) -> T:
        """Run a job when its turn comes; the first to come is the first to be served.

        Raises:
            BusyError: too many wait already.
            SlowError: it took too long. It keeps its slot until it really ends.
        """
        if self.waiting >= self._most:
            raise BusyError(self.waiting + self.running)
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, job)
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._timeout)
        except TimeoutError:
            if future.done():
                return future.result()
            raise SlowError(Message("a question took longer than {seconds:g} s", seconds=self._timeout)) from None

    def _ended(self, future: "asyncio.Future[T]") -> None:
        self.running -= 1
        self._slots.release()
        if not future.cancelled():
            future.exception()  # nobody may be waiting for it any more

    def close(self) -> None:
        """Stop taking jobs; the ones that run are not waited for."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class LiveArchive:
    """The archive at `location`. Every method may raise what opening raises, BusyError and SlowError."""

    def __init__(self, location: Location, opener: Callable[[], Archive], workers: Workers) -> None:
        self._location, self._opener, self._workers = location, opener, workers
        self._lock = threading.Lock()
        self._archive: Archive | None = None
        self._opened: tuple[int, int] | None = None

    async def answer(self, ask: Ask) -> Answer:
        """Answer what is asked."""
        return await self.run(lambda archive: archive.answer(ask))

    async def completed(self, ask: Ask, before: str) -> FollowUp | None:
        """Complete a question that leans on the one before it; None if it stands by itself."""
        return await self.run(lambda archive: archive.completed(ask, before)) if before else None

    async def latest(self, n: int, scope: ChatScope) -> Sequence[Article]:
        """Return the `n` newest articles."""
        as_of = parse_day(scope.as_of)
        return await self.run(lambda archive: archive.latest(n, scope.filters, as_of=as_of))

    async def run(self, job: Callable[[Archive], T]) -> T:
        """Do what needs the archive."""
        return await self._workers.run(lambda: job(self.current()))

    async def read(self, job: Callable[[Callable[[str], Article | None]], T]) -> T:
        """Do what reads articles by their ids."""
        return await self.run(lambda archive: job(archive.article))

    async def sources(self) -> list[Source]:
        """Return the outlets, the largest first."""
        return await self.run(lambda archive: list(archive.sources()))

    async def stats(self) -> dict[str, object]:
        """Return what the archive holds, in numbers."""
        return await self.run(lambda archive: archive.stats())

    async def reload(self) -> None:
        """Open the archive anew."""
        self._archive = None
        await self._workers.run(self.current)

    def close(self) -> None:
        """Close the archive; it may not be asked any more."""
        self._workers.close()
        if self._archive is not None:
            self._archive.close()

    def current(self) -> Archive:
        """Return the archive that stands in the folder now.

        An archive that was replaced is not closed: a question in another thread may still read it. It goes with the
        last reference.
        """
        with self._lock:
            found = self.identity()
            if self._archive is None or found != self._opened:
                if self._archive is not None:
                    _log.warning("the archive in %s was replaced; opening the new one", self._location)
                self._archive, self._opened = self._opener(), found
            return self._archive

    def identity(self) -> tuple[int, int]:
        """Return what sets an archive apart from one in its place; a cluster's reader notices that itself.

        Raises:
            ArchiveMissingError: there is none.
        """
        if is_cluster(self._location):
            return 0, 0
        try:
            stat = Path(self._location, "catalogue.sqlite").stat()
        except OSError as error:
            self._archive = None
            raise ArchiveMissingError(
                "there is no archive in {location}. Fill it with: chuchu index PATH --index {location}",
                location=self._location,
            ) from error
        return stat.st_dev, stat.st_ino


def open_loaded(location: Location, settings: Settings) -> Archive:
    """Open the archive at `location`, and load the model and the indexes."""
    archive = open_archive(location, settings)
    archive.load()
    # what is loaded now stays: the collector need not go through it, which cost 1 of 15 ms a question
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return archive


class ArchiveWriter:
    """Changes the archive at a location, one change at a time, off the event loop and of the questions' workers."""

    def __init__(self, location: Location, settings: Settings) -> None:
        self._location, self._settings = location, settings
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="indexing")

    async def add(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        """Index a file."""
        return await self._run(lambda: self.index(path, progress))

    async def remove(self, article_ids: list[str]) -> list[str]:
        """Remove articles; return the ids that were there."""
        return await self._run(lambda: remove_articles(self._location, article_ids, self._settings))

    def index(self, path: Path, progress: Callable[[IndexReport], None]) -> IndexReport:
        """Index a file; blocks while it does."""
        encoder, outlets = encoder_of(self._settings), self._settings.outlets
        return index_paths([path], self._location, encoder, settings=self._settings, outlets=outlets, progress=progress)

    def close(self) -> None:
        """Take no more; a file that is being indexed ends with the process, its finished articles kept."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, job)


Monotonic = Callable[[], float]
"""Seconds, from anywhere."""
_MOST_KEYS = 10_000  # buckets kept; the one not used for longest is full again anyway


class Buckets:
    """A bucket for each key: it holds up to `size` tokens and gains `rate` of them a second; it starts full."""

    def __init__(self, size: float, rate: float, clock: Monotonic) -> None:
        self._size, self._rate, self._clock = max(1.0, size), rate, clock
        self._buckets: LRUCache[Hashable, tuple[float, float]] = LRUCache(_MOST_KEYS)

    def take(self, key: Hashable) -> float:
        """Take one token of a key; return 0.0, or without taking one the seconds until there is one."""
        tokens = self._tokens(key)
        if tokens >= 1:
            self._buckets[key] = tokens - 1, self._clock()
            return 0.0
        return (1 - tokens) / self._rate

    def reserve(self, key: Hashable) -> float:
        """Take one token of a key even if there is none yet; return the seconds to wait for it."""
        tokens = self._tokens(key) - 1
        self._buckets[key] = tokens, self._clock()
        return max(0.0, -tokens / self._rate)

    def _tokens(self, key: Hashable) -> float:
        now = self._clock()
        tokens, at = self._buckets.get(key, (self._size, now))
        return min(self._size, tokens + (now - at) * self._rate)


# ---- What to ask

_ARTICLES, _TRIED = 40, 12  # looked at; questions put to the archive, some tens of milliseconds each
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]")
_CLAUSE = re.compile(r"[^，,。！？!?；;：:\n（）()“”「」]+")
# what is counted: 2.17亿元 → 多少元; a figure of a day or a year is none
_COUNTED = re.compile(
    r"(?<![\d.第])\d[\d,.]*\s*(?:[万亿百千萬億]+|多|余|餘)*"
    r"(?=\s*(?:元|人|名|位|个|個|家|台|座|条|條|次|场|場|公里|千米|米|吨|噸|公斤|平方米|平方公里|亩|畝|棵|只|隻|艘|辆|輛|架|册|冊|种|種|件|户|戶|所))"
)
_DEPENDENT = re.compile(
    "^(?:他|她|它|这|這|那|其|该|該|此|因此|同时|同時|而|并|並|但|不过|不過|也|还|還|目前|另外|据|據|截至|从|從)"
)
_OTHER = re.compile("[\\d、]|[今昨明去前本当當][年天日晨晚早月周週]")
_NAMING = 6  # letters before the figure that are enough to name what it counts
_BEHIND = 6  # letters at most behind the figure: what it counts, and the end of the clause
_TITLE = {
    "zh-Hans": "{title}，是怎么回事？",
    "zh-Hant": "{title}，是怎麼回事？",
    "en": "What is known about “{title}”?",
}
_LONGEST, _SHORTEST = 28, 8  # letters of a clause that is asked for; a title in Latin letters may have twice as many


def suggest(archive: Archive, count: int = 3) -> list[str]:
    """Return questions that the archive answers with the article that each was made from, one an article."""
    found: list[str] = []
    articles = archive.latest(_ARTICLES)
    tried, asked = 0, set[str]()
    for make in (_count_questions, _titles):
        for article in articles:
            for question in make(article):
                if tried == _TRIED or len(found) == count:
                    return found
                if article.id in asked:
                    break
                tried += 1
                if answers(archive, question, article.id):
                    found.append(question)
                    asked.add(article.id)
    return found


def answers(archive: Archive, question: str, article: str | None = None) -> bool:
    """Return whether the archive answers a question, first of all by an article where one is given."""
    try:
        found = archive.ask(question, k=1)
    except QuestionError:
        return False
    if not found.answered or not found.hits:
        return False
    first = found.hits[0]
    return article is None or article in {first.article.id, *(each.id for each in first.also_in)}


def _count_questions(article: Article) -> Iterator[str]:
    """Ask for the figure of a clause of the article's beginning that counts something."""
    for sentence in _SENTENCE.findall(article.text[:600]):
        for clause in map(str.strip, _CLAUSE.findall(sentence)[:2]):
            counted = _COUNTED.search(clause)
            if counted is None or not _SHORTEST <= len(clause) <= _LONGEST or _DEPENDENT.match(clause):
                continue
            before, behind = clause[: counted.start()], clause[counted.end() :]
            # 37户居民 is counted in a sentence that says something else of them; 花了2.17亿元 says it
            if (
                len(before) > len(behind) <= _BEHIND
                and not re.search("[的、]$", before)
                and not _OTHER.search(before + behind)
                and _shares(before, article.title or "")
            ):
                yield f"{before}多少{behind.strip()}？"
                return


def _shares(clause: str, title: str) -> bool:
    """Return whether a clause names what the title is about: alone, “省地质队监测了多少个月” asks about nothing."""
    return len(clause) >= _NAMING and any(clause[at : at + 3] in title for at in range(len(clause) - 2))


def _titles(article: Article) -> Iterator[str]:
    title = " ".join((article.title or "").split()).strip("。.!！ ")
    template = _TITLE.get(
        detect_language(title) or "", _TITLE["zh-Hans"] if re.search("[\u4e00-\u9fff]", title) else ""
    )
    longest = _LONGEST if re.search("[\u4e00-\u9fff]", title) else 2 * _LONGEST
    if template and _SHORTEST <= len(title) <= longest and not re.search("[?？]", title):
        yield template.format(title=title)
