"""Codes that let one person in, once."""

import hashlib
import secrets

from bot.telegram.state.database import Clock, Database

_VALID_S = 86_400


class Invitations:
    """Invitations that were made, and who came by one. Only digests of codes are kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def make(self) -> str:
        """Return a new code, valid for a day."""
        code = secrets.token_urlsafe(15)
        self._database.change("INSERT INTO invitations VALUES (?, ?)", (_digest(code), self._clock() + _VALID_S))
        return code

    def accept(self, code: str, user: int) -> bool:
        """Let a person in by a code and use the code up; return whether it was good."""
        good = self._database.change(
            "DELETE FROM invitations WHERE code = ? AND expires > ?", (_digest(code), self._clock())
        )
        if good:
            self._database.change("INSERT OR IGNORE INTO invited VALUES (?, ?)", (user, self._clock()))
        return bool(good)

    def is_invited(self, user: int) -> bool:
        """Tell whether a person came by an invitation."""
        return self._database.row("SELECT 1 FROM invited WHERE user = ?", (user,)) is not None


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
