"""What handlers work with, and the context that gives it to them."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from telegram import Chat, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import Application, CallbackContext

from bot.live_archive import ArchiveWriter, LiveArchive, Workers
from bot.telegram import rendering
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
from retrieval import Archive, Location

_COMMAND = re.compile(r"/\w+(?:@\w+)?\s*")
_UNFINISHED = 2_000  # updates taken and not done; past that Telegram keeps them


def _nobody(_: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Access:
    """The people and groups that are let in, by id or @name in lower case; an empty set lets in everyone."""

    users: frozenset[str] = frozenset()
    chats: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    is_invited: Callable[[int], bool] = field(default=_nobody)

    def allows(self, user: User | None, chat: Chat | None) -> bool:
        """Return whether a person may ask in a chat; `chat` None is inline mode."""
        if user is None or user.is_bot:
            return False
        if chat is not None and chat.type != Chat.PRIVATE and self.chats:
            return _is_named(chat.id, chat.username, self.chats)
        known = self.users | self.admins
        return not self.users or _is_named(user.id, user.username, known) or self.is_invited(user.id)

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
            access=Access(settings.users, settings.chats, settings.admins, state.is_invited),
            limits=PersonalLimits(settings.per_user, settings.per_chat, time.monotonic),
            edits=Edits(),
            metrics=metrics,
        )


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
    def language(self) -> InterfaceLanguage:
        """The language that the person has chosen, or that Telegram names."""
        return self.services.state.person(self.user.id).language or language_of(self.user.language_code)

    @property
    def words(self) -> Wording:
        """The words of that language."""
        return wording(self.language)

    @property
    def display(self) -> Display:
        """How the person is spoken to."""
        return Display(self.words, self.services.state.person(self.user.id).script)

    @property
    def argument(self) -> str:
        """What stands after the command."""
        return _COMMAND.sub("", self.message.text or "", count=1).strip()

    async def reply(self, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
        """Answer the message with HTML."""
        return await reply(self.message, text, keyboard)

    async def say(self, words: str) -> None:
        """Answer the message with the bot's own words."""
        for text in rendering.text(words):
            await self.reply(text)
