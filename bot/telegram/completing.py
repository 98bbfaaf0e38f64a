"""Fill in what emulators of the Bot API leave out, so that a bot can be tried on them.

Telegram itself leaves none of it out. Of a sent message only its place is kept, the one thing this bot reads of it.
"""

import time
from typing import Any

_LAST_DATE = 2**32  # seconds; a greater number is in milliseconds
_SENDS = {"sendMessage", "editMessageText", "editMessageReplyMarkup"}


def result(endpoint: str, given: dict[str, Any], found: Any) -> Any:
    """Complete the result of a call that was made with the parameters `given`."""
    if endpoint == "getMe" and isinstance(found, dict):
        return {"is_bot": True, "first_name": "", **found}
    if endpoint in _SENDS and found is not True:
        return _message(given, found if isinstance(found, dict) else {})
    return True if found is None else found


def update(data: dict[str, Any]) -> dict[str, Any]:
    """Complete an update."""
    query = data.get("callback_query")
    if not isinstance(query, dict) or not query.get("from"):
        return data
    query = {"chat_instance": "", **query}
    if isinstance(message := query.get("message"), dict):
        query["message"] = {"date": 1, **message}
    return {**data, "callback_query": query}


def _message(given: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    number, date = given.get("chat_id", 0), found.get("date", 0)
    chat = {"id": number, "type": "supergroup" if isinstance(number, int) and number < 0 else "private"}
    return {
        "message_id": found.get("message_id", given.get("message_id", 0)),
        "date": date if isinstance(date, int) and date < _LAST_DATE else int(time.time()),
        "chat": {**chat, **found.get("chat", {})},
    }
