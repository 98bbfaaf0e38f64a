"""What a Bot API server knows: chats, messages, updates and files, under Telegram's own rules."""

import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

from tests.bot.telegram.strict_html import HtmlError, as_json, parse_html, units

Json = dict[str, Any]
Wake = Callable[[], object]

BOT = {
    "id": 42, "is_bot": True, "first_name": "chuchu", "username": "chuchu_bot",
    "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True,
}  # fmt: skip
ACTIONS = {"typing", "upload_document"}


class ApiError(Exception):
    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class World:
    """Everything behind the Bot API; `call` is what the bot can do, the other methods are what people can do."""

    def __init__(self, *, per_second: int = 30, per_group_minute: int = 20) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.on_update: Wake = lambda: None
        self.per_second, self.per_group_minute = per_second, per_group_minute
        self.updates: deque[Json] = deque()
        self.messages: dict[int, dict[int, Json]] = defaultdict(dict)
        self.calls: list[tuple[str, Json]] = []
        self.refusals: list[tuple[str, int, str]] = []
        self.callbacks: dict[str, Json | None] = {}
        self.inlines: dict[str, Json | None] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.webhook: Json = {"url": ""}
        self.commands: dict[str, list[Json]] = {}
        self.allowed: set[str] | None = None
        self.refused_once: dict[int, str] = {}
        """Why the next message to a chat is refused."""
        self.admins: set[tuple[int, int]] = set()
        """Chats and users who are admins there."""
        self._numbers = itertools.count(1000)
        self._update_ids = itertools.count(700_000_001)
        self._sent: deque[float] = deque()
        self._sent_to: dict[int, deque[float]] = defaultdict(deque)

    # what people do

    def message(self, chat: int, text: str | None, user: int = 1, **more: Any) -> Json:
        """Put a message into a chat without telling the bot: positive chats are private, negative ones groups."""
        kind = {"id": chat, "type": "private", "first_name": "P"} if chat > 0 else {
            "id": chat, "type": "supergroup", "title": "G"
        }  # fmt: skip
        sender = {"id": user, "is_bot": False, "first_name": "P", "language_code": more.pop("language", "en")}
        if name := more.pop("username", None):
            sender["username"] = name
        reply = more.pop("reply_to", None)
        body: Json = {
            "message_id": next(self._numbers),
            "date": int(more.pop("date", time.time())),
            "chat": kind,
            "from": sender,
        }
        if text is not None:
            body["text"] = text
        if text and text.startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": units(text.split()[0])}]
        if reply is not None:
            body["reply_to_message"] = self._shallow(self.messages[chat][reply])
        body |= more
        self.messages[chat][body["message_id"]] = body
        return body

    def say(self, chat: int, text: str | None, user: int | None = None, **more: Any) -> int:
        """Say something where the bot hears it; return the message's number."""
        with self.lock:
            body = self.message(chat, text, user or max(chat, 1), **more)
            self.push("message", body)
            return int(body["message_id"])

    def edit(self, chat: int, number: int, text: str) -> None:
        """Change a message, also where others show what they reply to."""
        with self.lock:
            body = self.messages[chat][number]
            body |= {"text": text, "edit_date": int(time.time())}
            for other in self.messages[chat].values():
                if other.get("reply_to_message", {}).get("message_id") == number:
                    other["reply_to_message"] = self._shallow(body)
            self.push("edited_message", body)

    def press(self, chat: int, message: int, data: str, user: int | None = None, language: str = "en") -> str:
        """Press a button; return the callback's id."""
        with self.lock:
            number = f"cb{next(self._numbers)}"
            self.callbacks[number] = None
            sender = {"id": user or max(chat, 1), "is_bot": False, "first_name": "P", "language_code": language}
            self.push("callback_query", {
                "id": number, "from": sender, "message": self.messages[chat][message], "chat_instance": "1", "data": data,
            })  # fmt: skip
            return number

    def inline(self, user: int, query: str, language: str = "en") -> str:
        """Type an inline query; return its id."""
        with self.lock:
            number = f"iq{next(self._numbers)}"
            self.inlines[number] = None
            sender = {"id": user, "is_bot": False, "first_name": "P", "language_code": language}
            self.push("inline_query", {"id": number, "from": sender, "query": query, "offset": ""})
            return number

    def send_file(self, chat: int, name: str, content: bytes, user: int | None = None) -> int:
        number = f"file{next(self._numbers)}"
        self.files[number] = (f"documents/{number}", content)
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(content)}
        return self.say(chat, None, user, document=document)

    def push(self, kind: str, body: Any) -> int:
        """Queue an update of any kind, broken ones too."""
        with self.lock:
            number = next(self._update_ids)
            if self.allowed is None or kind in self.allowed or kind.startswith("broken"):
                self.updates.append({"update_id": number, kind: json.loads(json.dumps(body))})
            self.on_update()
            return number

    def push_all(self, updates: Iterable[Json]) -> None:
        """Queue updates as they are, whatever they hold and whatever the bot asked for."""
        with self.lock:
            self.updates.extend(updates)
            self.on_update()

    def number(self) -> int:
        """Return the number of the next update."""
        return next(self._update_ids)

    # what the bot does

    def call(self, method: str, parameters: Json) -> Any:
        with self.lock:
            self.calls.append((method, parameters))
            try:
                handler = getattr(self, f"_{method.lower()}", None)
                if handler is None:
                    raise ApiError(404, "Not Found: method not found")  # noqa: TRY301 as every refusal below
                return handler(parameters)
            except ApiError as error:
                self.refusals.append((method, error.code, error.description))
                raise
            finally:
                self.changed.notify_all()

    def _getme(self, _: Json) -> Json:
        return BOT

    def _sendmessage(self, given: Json) -> Json:
        chat = int(given["chat_id"])
        if refusal := self.refused_once.pop(chat, None):
            raise ApiError(400, refusal)
        text, entities = _text(given)
        reply = json.loads(given["reply_parameters"]) if "reply_parameters" in given else {}
        earlier = self.messages[chat].get(reply.get("message_id", 0))
        if reply and earlier is None and not reply.get("allow_sending_without_reply"):
            raise ApiError(400, "Bad Request: message to be replied not found")
        markup = _markup(given)
        self._count(chat)
        body = {
            "message_id": next(self._numbers),
            "date": int(time.time()),
            "from": BOT,
            "text": text,
            "html": given["text"],
        }
        body |= {
            "chat": next(
                iter(self.messages[chat].values()), {"chat": {"id": chat, "type": "private", "first_name": "P"}}
            )["chat"]
        }
        body |= {"entities": entities} if entities else {}
        body |= {"reply_markup": markup} if markup else {}
        body |= {"reply_to_message": self._shallow(earlier)} if earlier else {}
        body |= {"thread": int(given["message_thread_id"])} if "message_thread_id" in given else {}
        self.messages[chat][body["message_id"]] = body
        return _public(body)

    def _editmessagetext(self, given: Json) -> Json:
        body = self._own(given)
        text, entities = _text(given)
        markup = _markup(given)
        if (text, entities, markup) == (body["text"], body.get("entities", []), body.get("reply_markup")):
            raise ApiError(400, "Bad Request: message is not modified: specified new message content is the same")
        self._count(int(given["chat_id"]))
        body |= {"text": text, "html": given["text"], "entities": entities}
        self._mark(body, markup)
        return _public(body)

    def _editmessagereplymarkup(self, given: Json) -> Json:
        body = self._own(given)
        markup = _markup(given)
        if markup == body.get("reply_markup"):
            raise ApiError(400, "Bad Request: message is not modified: specified new message content is the same")
        self._mark(body, markup)
        return _public(body)

    def _answercallbackquery(self, given: Json) -> bool:
        if self.callbacks.get(given["callback_query_id"], {}) is not None:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if units(given.get("text", "")) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.callbacks[given["callback_query_id"]] = given
        return True

    def _answerinlinequery(self, given: Json) -> bool:
        results = json.loads(given["results"])
        if self.inlines.get(given["inline_query_id"], {}) is not None:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(results) > 50:
            raise ApiError(400, "Bad Request: RESULTS_TOO_MUCH")
        if len({result["id"] for result in results}) != len(results) or any(
            not 0 < len(r["id"].encode()) <= 64 for r in results
        ):
            raise ApiError(400, "Bad Request: RESULT_ID_INVALID")
        button = json.loads(given.get("button") or "null")
        if button and not (0 < units(button["text"]) <= 64 and button["start_parameter"].replace("-", "").isalnum()):
            raise ApiError(400, "Bad Request: BUTTON_INVALID")
        for result in results:
            content = result["input_message_content"]
            _text({"text": content["message_text"], "parse_mode": content.get("parse_mode")})
            _check_markup(result.get("reply_markup"))
        self.inlines[given["inline_query_id"]] = given | {"results": results}
        return True

    def _sendchataction(self, given: Json) -> bool:
        if given["action"] not in ACTIONS:
            raise ApiError(400, "Bad Request: wrong parameter action in request")
        return True

    def _getchatmember(self, given: Json) -> Json:
        chat, user = int(given["chat_id"]), int(given["user_id"])
        sender = {"id": user, "is_bot": False, "first_name": "P"}
        if (chat, user) not in self.admins:
            return {"status": "member", "user": sender}
        return {"status": "creator", "user": sender, "is_anonymous": False}

    def _setmycommands(self, given: Json) -> bool:
        commands = json.loads(given["commands"])
        if len(given.get("language_code") or "") not in {0, 2}:
            raise ApiError(400, "Bad Request: invalid language code specified")
        for each in commands:
            if not each["command"].isidentifier() or not 1 <= len(each["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[given.get("language_code") or ""] = commands
        return True

    def _getfile(self, given: Json) -> Json:
        if given["file_id"] not in self.files:
            raise ApiError(400, "Bad Request: invalid file_id")
        path, content = self.files[given["file_id"]]
        if len(content) > 20 * 2**20:
            raise ApiError(400, "Bad Request: file is too big")
        return {
            "file_id": given["file_id"],
            "file_unique_id": given["file_id"],
            "file_size": len(content),
            "file_path": path,
        }

    def _setwebhook(self, given: Json) -> bool:
        self.webhook = {"url": given["url"], "secret_token": given.get("secret_token")}
        self.on_update()
        return True

    def _deletewebhook(self, given: Json) -> bool:
        self.webhook = {"url": ""}
        if given.get("drop_pending_updates") in {"true", "True", True}:
            self.updates.clear()
        return True

    def confirm(self, offset: int) -> list[Json]:
        """Forget updates before `offset`; return the ones that wait."""
        with self.lock:
            while self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
            return list(itertools.islice(self.updates, 100))

    def _own(self, given: Json) -> Json:
        body = self.messages[int(given["chat_id"])].get(int(given["message_id"]))
        if body is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        if body["from"]["id"] != BOT["id"]:
            raise ApiError(400, "Bad Request: message can't be edited")
        return body

    @staticmethod
    def _mark(body: Json, markup: Json | None) -> None:
        body.pop("reply_markup", None)
        if markup:
            body["reply_markup"] = markup

    def _count(self, chat: int) -> None:
        """Raise 429 past so many messages a second, or a minute in one group."""
        now = time.monotonic()
        _forget(self._sent, now - 1)
        _forget(self._sent_to[chat], now - 60)
        if len(self._sent) >= self.per_second:
            raise ApiError(429, "Too Many Requests: retry after 1", 1)
        if chat < 0 and len(self._sent_to[chat]) >= self.per_group_minute:
            raise ApiError(429, "Too Many Requests: retry after 3", 3)
        self._sent.append(now)
        self._sent_to[chat].append(now)

    @staticmethod
    def _shallow(message: Json) -> Json:
        return {name: value for name, value in message.items() if name not in {"reply_to_message", "html"}}


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] < before:
        times.popleft()


def _public(body: Json) -> Json:
    return {name: value for name, value in body.items() if name not in {"html", "thread"}}


def _text(given: Json) -> tuple[str, list[Json]]:
    text = given.get("text", "")
    entities: list[Json] = []
    if given.get("parse_mode") == "HTML":
        try:
            text, found = parse_html(text)
        except HtmlError as error:
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from error
        entities = as_json(found)
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    return text, entities


def _markup(given: Json) -> Json | None:
    if not given.get("reply_markup"):
        return None
    markup: Json = json.loads(given["reply_markup"])
    _check_markup(markup)
    return markup if markup.get("inline_keyboard") else None


def _check_markup(markup: Json | None) -> None:
    for row in (markup or {}).get("inline_keyboard", []):
        if not 1 <= len(row) <= 8:
            raise ApiError(400, "Bad Request: BUTTON_ROW_INVALID")
        for button in row:
            if not button["text"].strip():
                raise ApiError(400, "Bad Request: BUTTON_TEXT_INVALID")
            if "switch_inline_query" in button:
                if units(button["switch_inline_query"]) > 256:
                    raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
            elif "url" in button:
                if not button["url"].startswith(("https://", "http://")):
                    raise ApiError(400, "Bad Request: BUTTON_URL_INVALID")
            elif not 1 <= len(button["callback_data"].encode()) <= 64:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
