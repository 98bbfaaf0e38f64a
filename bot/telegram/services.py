"""What handlers work with, and the context that gives it to them; what can be seen of the bot from outside.

That is its log, and `/healthz` and `/metrics` for the machine alone.
"""

import asyncio
import logging
import os
import re
import sys
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from telegram import Chat, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import Application, CallbackContext
from tornado import web
from tornado.httpserver import HTTPServer

from bot.live_archive import ArchiveWriter, LiveArchive, Workers
from bot.settings import TelegramSettings, address_refused, host_and_port
from bot.standing import StandingQuestions
from bot.streams import LineFormatter
from bot.telegram import rendering
from bot.telegram.hearing import command_in, question_in, text_of
from bot.telegram.journal import Journal
from bot.telegram.messages import Edits, reply
from bot.telegram.pace import Pace, PersonalLimits
from bot.telegram.receiving import JournalBot
from bot.telegram.rendering import Display
from bot.telegram.saved_answers import SavedAnswers
from bot.telegram.state import State
from bot.words import InterfaceLanguage, Wording, language_of, wording
from retrieval import Archive, ChuchuError, Location, detect_language

_log = logging.getLogger(__name__)
_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

View = Callable[[], Awaitable[tuple[int, bytes]]]
"""Returns an HTTP status and a text."""


class Metrics:
    """Counts since the start, as Prometheus reads them."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.questions = Counter("chuchu_questions", "questions, by where they came from", ["from"], registry=registry)
        self.outcomes = Counter("chuchu_outcomes", "questions, by how they ended", ["outcome"], registry=registry)
        self.presses = Counter("chuchu_presses", "buttons pressed", registry=registry)
        self.errors = Counter("chuchu_errors", "updates whose handling failed", registry=registry)
        self.seconds = Histogram(
            "chuchu_answer_seconds", "from question to answer, waiting included", buckets=_BOUNDS_S, registry=registry
        )

    def watch(self, **gauges: Callable[[], float]) -> None:
        """Show values as they are when somebody looks."""
        for name, value in gauges.items():
            Gauge(f"chuchu_{name}", name.replace("_", " "), registry=self.registry).set_function(value)


class _ArchiveNumbers:
    """What the archive holds, as it was read last."""

    def __init__(self) -> None:
        self.stats: Mapping[str, object] = {}

    def collect(self) -> Iterable[Metric]:
        """Yield each number."""
        for name, value in self.stats.items():
            if isinstance(value, int):
                yield GaugeMetricFamily(f"chuchu_archive_{name}", f"of the archive: {name}", value)


class Monitor:
    """Serves `/healthz` and `/metrics`."""

    def __init__(
        self, metrics: Metrics, is_well: Callable[[], bool], stats: Callable[[], Mapping[str, object]]
    ) -> None:
        self._metrics, self._is_well, self._stats = metrics, is_well, stats
        self._archive = _ArchiveNumbers()
        metrics.registry.register(self._archive)
        self._server: HTTPServer | None = None

    def serve(self, address: str | None) -> None:
        """Serve both pages at `host:port` until stopped; nothing without an address.

        Raises:
            SettingsError: the address is taken, or none.
        """
        if address is None:
            return
        host, port = host_and_port("MONITOR", address)
        views = {"/healthz": self._health, "/metrics": self._measured}
        self._server = HTTPServer(web.Application([(path, _Handler, {"view": view}) for path, view in views.items()]))
        try:
            self._server.listen(port, host)
        except OSError as error:
            raise address_refused("MONITOR", address, error) from error

    def stop(self) -> None:
        """Serve no more."""
        if self._server:
            self._server.stop()

    async def _health(self) -> tuple[int, bytes]:
        return (200, b"ok\n") if self._is_well() else (503, b"not connected\n")

    async def _measured(self) -> tuple[int, bytes]:
        try:
            self._archive.stats = await asyncio.to_thread(self._stats)
        except ChuchuError as error:
            _log.warning("%s", error)
        return 200, generate_latest(self._metrics.registry)


class _Handler(web.RequestHandler):
    def initialize(self, view: View) -> None:
        """Serve one page."""
        self._view = view

    async def get(self) -> None:
        """Write the page."""
        status, text = await self._view()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.write(text)


class Redacting(LineFormatter):
    """Writes a record in one line, every secret replaced wherever it came from: message, arguments or traceback."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        # the part behind the colon is the secret; the number before it is the bot's public id
        self._secrets = [part for secret in secrets for part in (secret, secret.partition(":")[2]) if part]

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line


def configure_log(token: str) -> None:
    """Log to standard error at INFO, without the token, and without libraries that log addresses or people's words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "tornado.access", "telegram.Bot"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # these write what they could not read, people's words included, and what failed is logged here anyway
    for name in ("telegram.ext", "telegram.request"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


_UNFINISHED = 2_000  # updates taken and not done; past that Telegram keeps them


# to list the names of all takes 20 ms, and each question asks what day it is in its chat
@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo | None:
    """Return the timezone of a name, such as Asia/Shanghai, or of hours from UTC, such as +8; None if there is none."""
    plain = unicodedata.normalize("NFKC", name).strip().replace("−", "-")
    if hours := re.fullmatch(r"(?:UTC|GMT)?\s?([+-]\d{1,2})(?::?([0-5]\d))?", plain, re.IGNORECASE):
        ahead = timedelta(hours=int(hours[1]), minutes=int(f"{hours[1][0]}{hours[2] or 0}"))
        return timezone(ahead) if abs(ahead) <= timedelta(hours=14) else None
    try:
        return ZoneInfo(next((each for each in available_timezones() if each.lower() == plain.lower()), plain))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def zone_named(name: str) -> str:
    """Return the timezone of a city that the bot offers, by what it is called in any language; another as it is."""
    cities = {city.lower(): zone for each in InterfaceLanguage for zone, city in wording(each).zones.items()}
    return cities.get(" ".join(name.split()).lower(), name)


def _nobody(_: int) -> bool:
    return False


def _never(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Access:
    """The people and groups that are let in, by id or @name in lower case; an empty set lets in everyone."""

    users: frozenset[str] = frozenset()
    chats: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    is_invited: Callable[[int], bool] = field(default=_nobody)
    former: Callable[[int], int | None] = field(default=_never)
    """Returns the number that a supergroup had as a group."""

    def allows(self, user: User | None, chat: Chat | None, sender: Chat | None = None) -> bool:
        """Return whether a person may ask in a chat; `chat` None is inline mode.

        `sender` is the chat that a message is posted as: its group, by an admin who stays anonymous, or a channel.
        """
        if user is None or (user.is_bot and sender is None):
            return False
        if chat is not None and chat.type != Chat.PRIVATE and self.chats:
            former = self.former(chat.id)
            return _is_named(chat.id, chat.username, self.chats) or str(former) in self.chats
        if not self.users:
            return True
        asker = sender or user
        return _is_named(asker.id, asker.username, self.users | self.admins) or self.is_invited(asker.id)

    def is_admin(self, user: User | None) -> bool:
        """Return whether a person may change the archive."""
        return user is not None and _is_named(user.id, user.username, self.admins)


def _is_named(number: int, name: str | None, names: frozenset[str]) -> bool:
    return str(number) in names or (name is not None and f"@{name.lower()}" in names)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler may use, each by its type."""

    settings: TelegramSettings
    state: State
    journal: Journal
    pace: Pace
    answers: SavedAnswers
    workers: Workers
    archive: LiveArchive
    writer: ArchiveWriter
    access: Access
    limits: PersonalLimits
    edits: Edits
    metrics: Metrics
    standing: StandingQuestions
    suggested: list[str] = field(default_factory=list)
    """Questions that people are offered."""

    @classmethod
    def of(
        cls, settings: TelegramSettings, location: Location, opener: Callable[[], Archive], writer: ArchiveWriter
    ) -> Self:
        """Put them together as the settings say; nothing is open yet."""
        state = State(settings.state, time.time)
        journal = Journal(state, _UNFINISHED)
        workers = Workers(settings.workers or os.cpu_count() or 1, settings.queue, settings.timeout)
        pace = Pace(settings.send_rate, settings.group_rate, time.monotonic, sending=journal.sending)
        metrics = Metrics()
        metrics.watch(
            waiting=lambda: workers.waiting,
            running=lambda: workers.running,
            updates_unfinished=lambda: journal.unfinished,
            send_retries=lambda: pace.retries,
        )
        return cls(
            settings=settings,
            state=state,
            journal=journal,
            pace=pace,
            answers=SavedAnswers(state, settings.keep_days * 86_400),
            workers=workers,
            archive=LiveArchive(location, opener, workers),
            writer=writer,
            access=Access(settings.users, settings.chats, settings.admins, state.is_invited, state.former),
            limits=PersonalLimits(settings.per_user, settings.per_chat, time.monotonic),
            edits=Edits(),
            metrics=metrics,
            standing=StandingQuestions(settings.state / "standing.sqlite", time.time),
        )

    def move_chat(self, former: int, chat: int) -> None:
        """Follow a group that has become a supergroup: what was set in it holds there."""
        self.state.move(former, chat)
        self.standing.move(str(former), str(chat))


class Context(CallbackContext[JournalBot, dict[Any, Any], dict[Any, Any], dict[str, Services]]):
    """An update in a handler's hands: who says it, in which words they are answered, and what it takes to answer."""

    _update: object = None

    @classmethod
    def from_update(cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]") -> Self:
        """Keep the update."""
        context = super().from_update(update, application)
        context._update = update  # noqa: SLF001 its own
        return context

    @property
    def services(self) -> Services:
        """What the handler works with."""
        return self.bot_data["services"]

    @property
    def message(self) -> Message:
        """The message that is answered, or that the pressed button belongs to."""
        message = self._update.effective_message if isinstance(self._update, Update) else None
        if message is None:
            raise ValueError("this update has no message")
        return message

    @property
    def user(self) -> User:
        """Who sent the message or pressed the button."""
        user = self._update.effective_user if isinstance(self._update, Update) else None
        if user is None:
            raise ValueError("nobody sent this update")
        return user

    @property
    def asker(self) -> int:
        """The number of the person, or of the group or channel that the message is posted as."""
        update = self._update
        said = update.message or update.edited_message if isinstance(update, Update) else None
        return said.sender_chat.id if said and said.sender_chat else self.user.id

    @property
    def language(self) -> InterfaceLanguage:
        """The language that the person has chosen, that Telegram names, or else that of the question."""
        chosen = self.services.state.person(self.asker).language
        code = self.user.language_code if not self.user.is_bot else None
        return chosen or language_of(code or detect_language(self._asked))

    @property
    def _asked(self) -> str:
        """What is asked, here or in the message that the one with the pressed button answers."""
        if not isinstance(self._update, Update):
            return ""
        if query := self._update.inline_query:
            return query.query
        message = self._update.effective_message
        asked = message.reply_to_message if message and self._update.callback_query else message
        if not isinstance(asked, Message):
            return ""
        question = question_in(asked, self.bot.bot)
        return question.text if question else text_of(asked)

    @property
    def words(self) -> Wording:
        """The words of that language."""
        return wording(self.language)

    @property
    def display(self) -> Display:
        """How the person is spoken to."""
        chat = self._update.effective_chat if isinstance(self._update, Update) else None
        can_remove = chat is not None and chat.type == Chat.PRIVATE and self.services.access.is_admin(self.user)
        return Display(self.words, self.services.state.person(self.asker).script, can_remove)

    @property
    def today(self) -> date:
        """The day it is for the person, by the timezone they have set, or by the server's own."""
        zone = zone_of(self.services.state.timezone(self.asker) or "")
        return datetime.fromtimestamp(self.services.state.clock(), zone).date()

    @property
    def argument(self) -> str:
        """What stands after the command."""
        given = command_in(self.message, self.bot.username)
        return given.argument if given else ""

    async def reply(self, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
        """Answer the message with HTML."""
        return await reply(self.message, text, keyboard)

    async def say(self, words: str) -> None:
        """Answer the message with the bot's own words."""
        for text in rendering.text(words):
            await self.reply(text)
