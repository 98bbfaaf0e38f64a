"""What handlers work with, and the context that gives it to them."""

import os
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from telegram import Chat, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import Application, CallbackContext

from bot.live_archive import ArchiveWriter, LiveArchive, Workers
from bot.standing import StandingQuestions
from bot.telegram import rendering
from bot.telegram.hearing import command_in
from bot.telegram.journal import Journal
from bot.telegram.messages import Edits, reply
from bot.telegram.monitor import Metrics
from bot.telegram.pace import Pace, PersonalLimits
from bot.telegram.receiving import JournalBot
from bot.telegram.rendering import Display
from bot.telegram.saved_answers import SavedAnswers
from bot.telegram.settings import TelegramSettings
from bot.telegram.state import State
from bot.words import InterfaceLanguage, Wording, language_of, wording
from retrieval import Archive, Location, detect_language

_UNFINISHED = 2_000  # updates taken and not done; past that Telegram keeps them


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
        """What was typed, here or in the message that the one with the pressed button answers."""
        if not isinstance(self._update, Update):
            return ""
        if query := self._update.inline_query:
            return query.query
        message = self._update.effective_message
        earlier = message.reply_to_message if message and self._update.callback_query else message
        return (earlier.text or earlier.caption or "") if isinstance(earlier, Message) else ""

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
