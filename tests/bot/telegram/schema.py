"""Updates as the Bot API may send them, drawn from the library's own classes: every kind, every field, and then some.

What is drawn is mostly well-formed. Now and then a field is missing or holds something else, there are fields and kinds of
updates that nobody knows yet, and messages that cannot be accessed stand where messages do.
"""

import collections.abc
import datetime as dt
import enum
import inspect
import time
import types
import typing
from contextlib import suppress
from functools import cache
from random import Random
from typing import Any

import telegram
from telegram import MaybeInaccessibleMessage, Message, TelegramObject, Update

Json = dict[str, Any]
KINDS = [str(kind) for kind in Update.ALL_TYPES]
_DEEPEST = 6
_NAMES = {"from_user": "from"}
_NEEDED = {"persistent_id", "option_persistent_ids", "allows_revoting", "members_only"}  # by name alone
_TEXTS = [
    "bridge",
    "/start",
    "/ask",
    "/ask@chuchu_bot x",
    "@chuchu_bot 桥",
    "/lang",
    "",
    "\x00\x1b",
    "😀" * 9,
    "\ud83d",
    "a.x.0",
    "p_x",
    "字" * 4096,
    "x\udfff",
    "\u202eשלום، عالم؟",
    "／ａｓｋ：桥多少钱",
    "/since 去年",
    "/watch 桥",
    "/timeline",
    "/asof 9999-12-31",
]
_INTS = [0, 1, -1, 2, 7, 4096, -100, 2**31, 2**63, -(2**63)]
_JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    2**63,
    2**70,
    1e308,
    "",
    "x",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"id": {}},
    {"type": "?"},
]
_CHATS = ["private", "private", "group", "supergroup", "channel", "?"]


def update(random: Random, number: int, kind: str | None = None) -> Json:
    """Draw an update; of a kind, or of any, known or not."""
    kind = kind or random.choice([*KINDS, "nobody_knows_this_yet"])
    hint = _hints(Update).get(kind, dict)
    drawn: Json = {"update_id": number, kind: _value(random, kind, hint, 0)}
    if random.random() < 0.05:
        drawn[random.choice(KINDS)] = _junk(random)
    return drawn


def message(random: Random, number: int) -> Json:
    """Draw a message."""
    drawn = _fields(random, Message, 0)
    return {**drawn, "message_id": number}


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the type of each field of one of the library's classes, by its name in JSON."""
    module = inspect.getmodule(kind)
    names = {**vars(module), **vars(telegram), "FileInput": str}
    hints = typing.get_type_hints(kind.__init__, names)  # type: ignore[misc]  # a class's own
    return {_NAMES.get(name, name): hint for name, hint in hints.items() if name not in {"return", "api_kwargs"}}


@cache
def _kinds(kind: Any) -> list[tuple[str, str, type]]:
    """Return what tells the kinds of something apart: a field, its value, and the class that the library makes of it."""
    found: list[tuple[str, str, type]] = []
    for field in ("type", "status", "source"):
        for name, value in vars(kind).items() if field in _required(kind) else ():
            if not name.isupper() or not isinstance(value, str):
                continue
            for below in kind.__subclasses__():
                with suppress(Exception):  # most values belong to another class
                    body = {**_fields(Random(0), below, _DEEPEST), field: str(value)}
                    if type(kind.de_json(body, None)) is below:
                        found.append((field, str(value), below))
    return found


@cache
def _required(kind: type) -> frozenset[str]:
    parameters = inspect.signature(kind.__init__).parameters.values()  # type: ignore[misc]
    named = {_NAMES.get(each.name, each.name) for each in parameters if each.default is inspect.Parameter.empty}
    return frozenset(named | (_hints(kind).keys() & _NEEDED)) - {"self", "args", "kwargs"}


def _fields(random: Random, kind: type, depth: int) -> Json:
    drawn: Json = {}
    share = (0.3, 0.15, 0.1)[min(depth, 2)]
    for name, hint in _hints(kind).items():
        if name in _required(kind):
            if random.random() > 0.002:
                drawn[name] = _value(random, name, hint, depth + 1)
        elif depth < _DEEPEST and random.random() < share:
            drawn[name] = _value(random, name, hint, depth + 1)
    if random.random() < 0.02:
        drawn["nobody_knows_this_yet"] = _junk(random)
    return drawn


def _value(random: Random, name: str, hint: Any, depth: int) -> Any:
    if random.random() < 0.003:
        return _junk(random)
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        hint = random.choice([each for each in typing.get_args(hint) if each is not type(None)])
    origin = typing.get_origin(hint)
    if origin in {collections.abc.Sequence, list, tuple}:
        item = next(iter(typing.get_args(hint)), str)
        return [_value(random, name, item, depth + 1) for _ in range(random.choice([0, 1, 1, 3]))]
    if isinstance(hint, type) and issubclass(hint, TelegramObject):
        return _object(random, hint, depth)
    return _plain(random, name, hint)


def _plain(random: Random, name: str, hint: Any) -> Any:
    if hint is bool:
        return random.random() < 0.5
    if hint in {dt.datetime, dt.timedelta} or name == "date":
        return int(time.time()) if random.random() < 0.98 else random.choice([0, -1, 2**33, 2**62])
    if hint is int:
        return random.choice(_INTS) if random.random() < 0.05 else random.choice([1, 1, 2, 42])
    if hint is float:
        return random.choice([0.0, -1.5, 1e18])
    if isinstance(hint, type) and issubclass(hint, enum.Enum) and random.random() < 0.9:
        return random.choice(list(hint)).value
    return random.choice(_TEXTS)


def _object(random: Random, kind: Any, depth: int) -> Json:
    if kind in {Message, MaybeInaccessibleMessage} and random.random() < 0.3:
        chat = _object(random, telegram.Chat, depth + 1)
        return {"message_id": 5, "date": 0, "chat": chat}
    if kind is MaybeInaccessibleMessage:
        kind = Message
    if (kinds := _kinds(kind)) and random.random() < 0.98:
        field, value, chosen = random.choice(kinds)
        return {**_fields(random, chosen, depth), field: value}
    drawn = _fields(random, kind, depth)
    if kind is telegram.Chat:
        drawn["type"] = random.choice(_CHATS)
    return drawn


def _junk(random: Random) -> Any:
    return random.choice(_JUNK)
