"""Whatever an update holds: it is noted as it came, skipped if it cannot be read, and the next ones are answered."""

import datetime as dt
import json
import os
import re
import socket
import time
import typing
import urllib.error
import urllib.request
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Message, Update

from bot.telegram.journal import Journal
from tests.bot.telegram import schema
from tests.bot.telegram.conftest import Chat, StartBot
from tests.bot.telegram.server import TOKEN, Server, wait_until
from tests.bot.telegram.test_faults import free_port
from tests.bot.telegram.test_journal import opened
from tests.bot.telegram.world import World

_MANY = int(os.environ.get("CHUCHU_TEST_UPDATES", "1000"))
"""Updates of each run; before a release 10,000 are tried by hand."""
_WITHIN_S = max(60, _MANY // 10)
_LIMITS = {"group_rate": "1000000", "send_rate": "1000000"}


def health(port: int, path: str = "healthz") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _comes_to(port: int, status: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while health(port)[0] != status:
        assert time.monotonic() < end, health(port)
        time.sleep(0.1)


_INACCESSIBLE = {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}}
_BODIES: list[schema.Json] = [
    {"pinned_message": _INACCESSIBLE},
    {"pinned_message": {**_INACCESSIBLE, "nobody_knows_this_yet": [{}]}},
    {"date": 10**18, "text": "bridge"},
    {"text": 7, "entities": [{"type": "?", "offset": -1, "length": 2**40, "user": None}]},
    {"reply_to_message": {"message_id": 4, "date": 0}},
]


def test_message_stops_neither_polling_nor_a_restart(server: Server, start_bot: StartBot) -> None:
    port, chat = free_port(), Chat(server.world, 2)
    with start_bot(monitor=f"127.0.0.1:{port}") as bot:
        for number, body in enumerate(_BODIES):
            server.world.push("message", {**server.world.message(1, None), **body})
            assert f"答：question {number}" in chat.ask(f"question {number}")["text"]
        assert health(port) == (200, "ok\n")
        bot.end()
        bot.start()
        assert "答：question 9" in chat.ask("question 9")["text"]


def _structures() -> list[str]:
    """Return the fields of a message that have parts, but for those that say who asks what, where."""
    plain = {bool, int, str, dt.datetime, dt.timedelta}
    kinds = {name: set(typing.get_args(hint) or [hint]) - {type(None)} for name, hint in schema._hints(Message).items()}
    return sorted(name for name, kind in kinds.items() if not kind & plain and name not in {"chat", "from"})


@pytest.mark.parametrize("junk", [{}, [{}], {"type": "nobody_knows_this_yet"}, {"date": {}}])
def test_question_is_read_whatever_stands_beside_it(tmp_path: Path, junk: object) -> None:
    state = opened(tmp_path)
    journal, bot = Journal(state, 10**6), Bot(TOKEN)
    asked = {**World().message(1, "bridge"), "message_id": 7}
    answered = {**World().message(1, "earlier"), "message_id": 6}
    for number, name in enumerate(_structures()):
        beside = {**asked, name: junk}, {**asked, "reply_to_message": {**answered, name: junk}}
        for place, body in enumerate(beside):
            if name in {"reply_to_message", "quote", "entities", "caption_entities", "sender_chat", "via_bot"}:
                continue
            journal.take({"update_id": 2 * number + place, "message": body}, bot)
            found = journal.get_nowait()
            assert isinstance(found, Update), name
            assert found.message, name
            assert found.message.text == "bridge", name
            if place:
                assert found.message.reply_to_message, name
                assert found.message.reply_to_message.text == "earlier", name
    state.close()


@settings(deadline=None, max_examples=30)  # five pieces: which pairs of them meet is soon seen
@given(st.lists(st.sampled_from(["桥", "\ud83d", "\udfff", "\U0001f600", "x"]), min_size=1).map("".join))
def test_text_is_read_without_what_cannot_be_written(text: str) -> None:
    with TemporaryDirectory() as folder:
        state = opened(Path(folder))
        journal = Journal(state, 10)
        record = json.loads(json.dumps({"update_id": 5, "message": World().message(1, text)}))
        journal.take(record, Bot(TOKEN))
        assert [json.loads(file.read_text("utf-8")) for file in state.updates.iterdir()] == [record]
        found = journal.get_nowait()
        assert isinstance(found, Update)
        assert found.message
        assert (found.message.text or "") == record["message"]["text"].encode("utf-8", "ignore").decode()
        state.close()


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False), st.integers(0, 2**63 - 1))
def test_update_is_on_disk_as_it_came_before_anything_else(random: Random, number: int) -> None:
    record = schema.update(random, number)
    with TemporaryDirectory() as folder:
        state = opened(Path(folder))
        journal, bot = Journal(state, 10), Bot(TOKEN)
        assert journal.take(record, bot) == journal.take(record, bot) == number
        kept = [json.loads(file.read_text("utf-8")) for file in state.updates.iterdir()]
        if journal.empty():
            assert kept == [], "what cannot be read is not read again after a restart"
        else:
            assert journal.get_nowait() == Update(number)
            assert kept == [json.loads(json.dumps(record))]
        assert journal.empty(), "it is handed on once"
        state.close()


@pytest.mark.parametrize(
    "record", [None, 7, "x", [], {}, {"update_id": "1"}, {"update_id": True}, {"update_id": 2**63}]
)
def test_update_without_a_number_is_skipped(tmp_path: Path, record: object) -> None:
    state = opened(tmp_path)
    journal = Journal(state, 10)
    assert journal.take(record, Bot(TOKEN)) is None
    assert journal.empty()
    state.close()


def test_updates_of_every_kind_and_of_none_leave_the_bot_answering(server: Server, start_bot: StartBot) -> None:
    server.world.per_second = server.world.per_group_minute = 10**9
    random, port = Random(1), free_port()
    with start_bot(monitor=f"127.0.0.1:{port}", admins="1", **_LIMITS) as bot:
        asked = []
        for number in range(_MANY):
            server.world.push_all([schema.update(random, server.world.number())])
            if number % 100 == 0:
                chat = Chat(server.world, 1000 + number)
                asked.append((chat, chat.say(f"question {number}")))
        wait_until(server.world, lambda: all(chat.answers_to(number) for chat, number in asked), _WITHIN_S)
        wait_until(server.world, lambda: not server.world.updates, _WITHIN_S)
        wait_until(server.world, lambda: "chuchu_updates_unfinished 0.0" in health(port, "metrics")[1], _WITHIN_S)
        assert health(port) == (200, "ok\n")
        assert bot.process
        assert bot.process.poll() is None
        bot.end()
        bot.start()
        assert "答：after" in Chat(server.world, 5000).ask("after")["text"]
    assert [len(chat.answers_to(number)) for chat, number in asked] == [1] * len(asked)
    assert "is skipped" in bot.logged
    assert not re.search(r"question \d|bridge|\U0001f600", bot.logged), "people's words are not logged"


def test_health_follows_the_last_poll(server: Server, start_bot: StartBot) -> None:
    port = free_port()
    with start_bot(monitor=f"127.0.0.1:{port}") as bot:
        assert health(port) == (200, "ok\n")
        server.poll_faults.extend(["401"] * 1_000)
        Chat(server.world, 1).say("wakes the poll that waits")
        _comes_to(port, 503)
        assert "Telegram does not know this CHUCHU_TELEGRAM_TOKEN" in bot.logged
        assert bot.process
        assert bot.process.poll() is None
        server.poll_faults.clear()
        assert "答：again" in Chat(server.world, 2).ask("again")["text"]
        _comes_to(port, 200)
        server.stop()
        _comes_to(port, 503)
        server.start()
        _comes_to(port, 200)


def _posted(url: str, size: int, body: bytes, secret: str = "") -> int:
    """Post to a webhook, saying that the body has a size; return the status of the answer, 0 if there is none."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    head = f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\n"
    head += f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n\r\n"
    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        answer = connection.recv(1_000)
    return int(answer.split()[1]) if answer else 0


def test_webhook_takes_what_cannot_be_read_and_no_long_bodies(server: Server, start_bot: StartBot) -> None:
    port = free_port()
    with start_bot(webhook=f"http://127.0.0.1:{port}", listen=f"127.0.0.1:{port}") as bot:
        wait_until(server.world, lambda: server.world.webhook["url"])
        url, secret = server.world.webhook["url"], server.world.webhook["secret_token"]
        server.world.push_all([{"update_id": 5, "message": {"date": "x"}}, {"update_id": 6, "message": _INACCESSIBLE}])
        assert "答：after" in Chat(server.world, 1).ask("after")["text"]
        for body in (b"", b"x", b"[]", b"\xff", b"[" * 10_000):
            assert _posted(url, len(body), body, secret) == 200
        assert _posted(url, 100_000_000, b"x") == 403, "the secret is looked at before the body"
        assert _posted(url, 100_000_000, b"x", secret) in {0, 400, 413}
        assert "答：at last" in Chat(server.world, 1).ask("at last")["text"]
    assert "cannot be read and is skipped" in bot.logged
