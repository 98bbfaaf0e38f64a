"""What the emulator telegram-test-api 4.2.1 answers, as far as it is not what Telegram does."""

from telegram import Bot, Message, Update, User

from bot.telegram import completing
from bot.telegram.journal import read_update

_BOT = Bot("1:x")


def test_bot_without_is_bot() -> None:
    found = completing.result("getMe", {}, {"username": "TestNameBot", "first_name": "Test", "id": 666})
    assert User.de_json(found, _BOT).is_bot


def test_sent_message_in_milliseconds_with_strings_for_objects() -> None:
    chat = {"id": 5, "first_name": "Bot", "type": "private"}
    sent = {"message_id": 7, "date": 1_795_000_000_000, "text": "x", "reply_parameters": '{"a": 1}', "chat": chat}
    message = Message.de_json(completing.result("sendMessage", {"chat_id": 5}, sent), _BOT)
    assert (message.message_id, message.chat.id) == (7, 5)


def test_nothing_where_a_message_or_a_yes_belongs() -> None:
    message = Message.de_json(completing.result("editMessageText", {"chat_id": -5, "message_id": 9}, None), _BOT)
    assert (message.message_id, message.chat.type) == (9, "supergroup")
    assert completing.result("answerCallbackQuery", {}, None) is True


def test_callback_without_instance_and_date() -> None:
    user = {"id": 1, "first_name": "P", "is_bot": False}
    message = {"message_id": 7, "chat": {"id": 1, "type": "private"}}
    update = read_update(
        {"update_id": 1, "callback_query": {"id": "3", "from": user, "message": message, "data": "x"}}, _BOT
    )
    assert isinstance(update, Update)
    assert update.callback_query
    assert isinstance(update.callback_query.message, Message)


def test_telegrams_own_results_are_left_alone() -> None:
    assert completing.result("getFile", {}, {"file_id": "x"}) == {"file_id": "x"}
    assert completing.result("editMessageText", {}, found=True) is True
