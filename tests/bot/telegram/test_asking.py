"""What a message is heard to ask, however it is written and whatever it replies to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, ExternalReplyInfo, Message, MessageEntity, MessageOriginHiddenUser, TextQuote, User

from bot.telegram.hearing import ChatQuestion, GivenCommand, command_in, question_in

ME, ANN = User(42, "chuchu", is_bot=True, username="chuchu_bot"), User(1, "Ann", is_bot=False)
GROUP, PRIVATE = Chat(-1, Chat.SUPERGROUP), Chat(1, Chat.PRIVATE)


def _said(text: str | None, chat: Chat = GROUP, **more: Any) -> Message:
    return Message(2, datetime.now(UTC), chat, from_user=more.pop("by", ANN), text=text, **more)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/ask 桥多长", "桥多长"),
        ("/ask：桥多长", "桥多长"),
        ("/ask桥多长", "桥多长"),
        ("／ａｓｋ　桥多长", "桥多长"),
        ("/ask，桥多长", "桥多长"),
        ("/ASK@Chuchu_Bot\n桥多长", "桥多长"),
        ("/ask@chuchu_bot桥多长", "桥多长"),
        ("/ask", None),
        ("/ask@chuchu_bot", None),
        ("/ask@other_bot 桥多长", None),
        ("/asking 桥多长", None),
        ("桥多长", None),
        ("@chuchu_bot桥多长", "桥多长"),
        ("桥多长@chuchu_bot", "桥多长"),
        ("＠Chuchu_Bot，桥多长", "桥多长"),
        ("@chuchu_bot2 桥多长", None),
        ("me@chuchu_bot 桥多长", None),
    ],
)
@pytest.mark.parametrize("field", ["text", "caption"])
def test_what_a_group_asks(text: str, asked: str | None, field: str) -> None:
    message = _said(text) if field == "text" else _said(None, caption=text)
    assert question_in(message, ME) == (ChatQuestion(asked) if asked else None)


@pytest.mark.parametrize("entity", [MessageEntity.TEXT_MENTION])
def test_link_to_the_bot_in_place_of_its_name_asks(entity: str) -> None:
    link = MessageEntity(entity, 0, 2, user=ME)
    assert question_in(_said("出处 桥多长", entities=[link]), ME) == ChatQuestion("出处 桥多长")


@given(
    st.sampled_from(["since", "until", "source", "asof", "tz", "watch"]),
    st.sampled_from(["", "@chuchu_bot", "@CHUCHU_BOT"]),
    st.sampled_from([" ", "：", ":", "，", "\n", "　", ""]),
    st.sampled_from(["2022-04", "去年", "２０２２年４月", "人民网"]),
    st.booleans(),
)
def test_command_is_heard_however_it_is_written(name: str, me: str, between: str, argument: str, wide: bool) -> None:
    if me and not between and argument[0].isascii():
        between = " "  # it would be another bot's name
    written = "／" + "".join(chr(ord(letter) + 0xFEE0) for letter in name) if wide else f"/{name}"
    assert command_in(_said(f"{written}{me}{between}{argument}"), "chuchu_bot") == GivenCommand(name, argument)


_CLAIM = "新桥昨天通车，两千人走过。"


@pytest.mark.parametrize(
    "said", ["/ask", "/ask@chuchu_bot", "@chuchu_bot", "@chuchu_bot 真的吗？", "/ask is this true?"]
)
@pytest.mark.parametrize(
    "more",
    [
        {"reply_to_message": _said(_CLAIM)},
        {"reply_to_message": _said(None, caption=_CLAIM)},
        {"reply_to_message": _said("前文。" + _CLAIM), "quote": TextQuote(_CLAIM, 3)},
        {
            "external_reply": ExternalReplyInfo(MessageOriginHiddenUser(datetime.now(UTC), "X")),
            "quote": TextQuote(_CLAIM, 0),
        },
        {"reply_to_message": _said("/ask " + _CLAIM)},
        {"reply_to_message": _said(_CLAIM + " @chuchu_bot")},
    ],
)
@pytest.mark.parametrize("chat", [GROUP, PRIVATE])
def test_reply_to_a_text_asks_who_reported_it(said: str, more: dict[str, Any], chat: Chat) -> None:
    asked = question_in(_said(said, chat, **more), ME)
    assert asked == ChatQuestion(_CLAIM, is_claim=True)


def test_reply_to_a_question_asks_it() -> None:
    assert question_in(_said("/ask", reply_to_message=_said("桥多长？")), ME) == ChatQuestion("桥多长？")
    assert question_in(_said("/ask 多高", reply_to_message=_said(_CLAIM)), ME) == ChatQuestion("多高")
    assert question_in(_said("/ask", reply_to_message=_said("答", by=ME)), ME) is None


def test_forwarded_text_in_private_is_a_claim() -> None:
    origin = MessageOriginHiddenUser(datetime.now(UTC), "X")
    assert question_in(_said(_CLAIM, PRIVATE, forward_origin=origin), ME) == ChatQuestion(_CLAIM, is_claim=True)
    assert question_in(_said(_CLAIM, PRIVATE), ME) == ChatQuestion(_CLAIM)
