import pytest
from telegram import Chat, User

from bot.telegram.services import Access

ANN, BOB, BOT = User(1, "Ann", is_bot=False, username="Ann"), User(2, "Bob", is_bot=False), User(3, "R", is_bot=True)
PRIVATE, GROUP = Chat(1, Chat.PRIVATE), Chat(-9, Chat.SUPERGROUP, username="News")


@pytest.mark.parametrize(
    ("access", "user", "chat", "allowed"),
    [
        (Access(), ANN, PRIVATE, True),
        (Access(), BOT, PRIVATE, False),
        (Access(), None, PRIVATE, False),
        (Access(users=frozenset({"@ann"})), ANN, PRIVATE, True),
        (Access(users=frozenset({"@ann"})), BOB, PRIVATE, False),
        (Access(users=frozenset({"@ann"})), BOB, None, False),
        (Access(users=frozenset({"2"})), BOB, None, True),
        (Access(users=frozenset({"7"}), admins=frozenset({"2"})), BOB, PRIVATE, True),
        (Access(users=frozenset({"@ann"}), chats=frozenset({"-9"})), BOB, GROUP, True),
        (Access(chats=frozenset({"@news"})), BOB, GROUP, True),
        (Access(chats=frozenset({"-10"})), ANN, GROUP, False),
        (Access(users=frozenset({"@ann"})), BOB, GROUP, False),
        (Access(users=frozenset({"7"}), is_invited=lambda user: user == 2), BOB, PRIVATE, True),
    ],
)
def test_allows(access: Access, user: User | None, chat: Chat | None, allowed: bool) -> None:
    assert access.allows(user, chat) is allowed


def test_nobody_is_admin_unless_named() -> None:
    assert not Access().is_admin(ANN)
    assert Access(admins=frozenset({"@ann"})).is_admin(ANN)
    assert not Access(admins=frozenset({"@ann"})).is_admin(User(9, "ann", is_bot=False))
