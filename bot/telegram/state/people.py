"""How each person wants to be spoken to, and where they search."""

from dataclasses import dataclass

from bot.telegram.scope import Scope
from bot.telegram.scripts import Script
from bot.telegram.state.database import Database
from bot.telegram.texts import Language
from retrieval import Filters


@dataclass(frozen=True, slots=True)
class Person:
    """What a person has chosen; None: nothing yet."""

    language: Language | None = None
    script: Script = Script.ORIGINAL


class People:
    """Choices by person, and limits of the search by person and chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def person(self, user: int) -> Person:
        """Return what a person has chosen."""
        row = self._database.row("SELECT language, script FROM people WHERE user = ?", (user,))
        if row is None:
            return Person()
        return Person(Language(row[0]) if row[0] else None, Script(row[1] or Script.ORIGINAL))

    def choose_language(self, user: int, language: Language) -> None:
        """Keep the language that a person wants."""
        self._choose("language", user, language)

    def choose_script(self, user: int, script: Script) -> None:
        """Keep the script that a person wants passages in."""
        self._choose("script", user, script)

    def scope(self, chat: int, user: int) -> Scope:
        """Return the limits that a person has set in a chat."""
        row = self._database.row(
            "SELECT since, until, source, as_of FROM scopes WHERE chat = ? AND user = ?", (chat, user)
        )
        return Scope(Filters(*row[:3]), row[3]) if row else Scope()

    def set_scope(self, chat: int, user: int, scope: Scope) -> None:
        """Keep the limits that a person sets in a chat."""
        filters = scope.filters
        self._database.change(
            "INSERT OR REPLACE INTO scopes (chat, user, since, until, source, as_of) VALUES (?, ?, ?, ?, ?, ?)",
            (chat, user, filters.since, filters.until, filters.source, scope.as_of),
        )

    def _choose(self, column: str, user: int, value: str) -> None:
        self._database.change("INSERT OR IGNORE INTO people (user) VALUES (?)", (user,))
        statement = {
            "language": "UPDATE people SET language = ? WHERE user = ?",
            "script": "UPDATE people SET script = ? WHERE user = ?",
        }[column]
        self._database.change(statement, (value, user))
