"""What the handlers work with."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, User

from bot.telegram import keyboards
from bot.telegram.access import Access
from bot.telegram.desk import Desk
from bot.telegram.edits import Edits
from bot.telegram.library import Library
from bot.telegram.limits import Limits
from bot.telegram.metrics import Metrics
from bot.telegram.rendering import Manner
from bot.telegram.scripts import Script
from bot.telegram.settings import TelegramSettings
from bot.telegram.state import Answers, Database, Feedback, Invitations, Kept, People
from bot.telegram.texts import Language, Wording, language_of, wording
from retrieval import Hit, Source

PASSAGES = 8
"""Hits behind one answer."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a handler may use, each part by its type."""

    settings: TelegramSettings
    library: Library
    desk: Desk
    people: People
    answers: Answers
    feedback: Feedback
    invitations: Invitations
    access: Access
    limits: Limits
    edits: Edits
    metrics: Metrics
    clock: Callable[[], float]

    def manner(self, user: User | None) -> Manner:
        """Return how a person wants to be spoken to."""
        if user is None:
            return Manner(wording(language_of(None)))
        language, script = self._choices(user)
        return Manner(wording(language), script)

    def words(self, user: User | None) -> Wording:
        """Return the words of a person's language."""
        return self.manner(user).wording

    def language_menu(self, user: User) -> InlineKeyboardMarkup | None:
        """Return the buttons to choose a language and a script with."""
        language, script = self._choices(user)
        return keyboards.languages(wording(language), language, script)

    def _choices(self, user: User) -> tuple[Language, Script]:
        chosen = self.people.person(user.id)
        return chosen.language or language_of(user.language_code), chosen.script

    async def hits(self, kept: Kept) -> list[Hit | None]:
        """Find an answer's passages again; None for one whose article is gone or has changed."""
        return await self.desk.run(
            lambda: [place.hit(rank, self.library.article) for rank, place in enumerate(kept.places, 1)]
        )

    async def sources(self) -> list[Source]:
        """Return the outlets."""
        return await self.desk.run(lambda: list(self.library.sources()))


def make_parts(settings: TelegramSettings, library: Library, database: Database) -> Parts:
    """Put the parts together as the settings say."""
    invitations = Invitations(database, time.time)
    return Parts(
        settings=settings,
        library=library,
        desk=Desk(settings.threads, settings.queue, settings.timeout),
        people=People(database),
        answers=Answers(database, time.time, settings.keep_days * 86_400),
        feedback=Feedback(database, time.time),
        invitations=invitations,
        access=Access(settings.users, settings.chats, settings.admins, invitations.is_invited),
        limits=Limits(settings.per_user, settings.per_chat, time.monotonic),
        edits=Edits(),
        metrics=Metrics(),
        clock=time.time,
    )
