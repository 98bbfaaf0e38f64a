"""What the bot remembers across restarts, in one SQLite file: nothing that people asked, but what they judged."""

from bot.telegram.state.answers import Answers, Kept, Kind, Place
from bot.telegram.state.database import Database
from bot.telegram.state.feedback import Feedback, Judgement
from bot.telegram.state.inbox import Inbox
from bot.telegram.state.invitations import Invitations
from bot.telegram.state.people import People, Person

__all__ = [
    "Answers",
    "Database",
    "Feedback",
    "Inbox",
    "Invitations",
    "Judgement",
    "Kept",
    "Kind",
    "People",
    "Person",
    "Place",
]
