from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, User

from bot.telegram.asking import ChatQuestion, question_in

ME, ANN = User(42, "chuchu", is_bot=True, username="chuchu_bot"), User(1, "Ann", is_bot=False)
GROUP = Chat(-1, Chat.SUPERGROUP)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/ask 桥多长", "桥多长"),
        ("/ask：桥多长", "桥多长"),
        ("/ask桥多长", "桥多长"),
        ("/ASK@Chuchu_Bot\n桥多长", "桥多长"),
        ("/ask", None),
        ("/ask@chuchu_bot", None),
        ("/ask@other_bot 桥多长", None),
        ("/asking 桥多长", None),
        ("桥多长", None),
    ],
)
def test_what_a_group_asks_with_the_command(text: str, asked: str | None) -> None:
    message = Message(1, datetime.now(UTC), GROUP, from_user=ANN, text=text)
    assert question_in(message, ME) == (ChatQuestion(asked) if asked else None)


def test_command_in_reply_to_a_text_asks_for_the_text() -> None:
    earlier = Message(1, datetime.now(UTC), GROUP, from_user=ANN, text="新桥通车")
    message = Message(2, datetime.now(UTC), GROUP, from_user=ANN, text="/ask", reply_to_message=earlier)
    assert question_in(message, ME) == ChatQuestion("新桥通车")
