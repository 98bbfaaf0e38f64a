"""Who may ask, and who may change the archive."""

from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Chat, User


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
        """Tell whether a person may ask in a chat; `chat` None is inline mode."""
        if user is None or user.is_bot:
            return False
        if chat is not None and chat.type != Chat.PRIVATE:
            return self._named(chat.id, chat.username, self.chats) if self.chats else self._knows(user)
        return self._knows(user)

    def is_admin(self, user: User | None) -> bool:
        """Tell whether a person may change the archive."""
        return user is not None and self._named(user.id, user.username, self.admins)

    @property
    def is_open(self) -> bool:
        """Whether everyone may ask."""
        return not self.users

    def _knows(self, user: User) -> bool:
        return (
            not self.users or self._named(user.id, user.username, self.users | self.admins) or self.is_invited(user.id)
        )

    @staticmethod
    def _named(number: int, name: str | None, names: frozenset[str]) -> bool:
        return str(number) in names or (name is not None and f"@{name.lower()}" in names)
