"""Edits of one message: the newest wins, nothing is sent that changes nothing; and the sign that the bot is at work."""

import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest
from telegram import Bot, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.telegram import messages
from bot.telegram.messages import Edits, typing

ONE, TWO = (InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text)]]) for text in "12")


class Screen:
    """A message as Telegram shows it; each call takes as long as `gate` is closed."""

    def __init__(self, text: str = "old", keyboard: InlineKeyboardMarkup | None = None) -> None:
        self.chat, self.id, self.message_id = self, 7, 7
        self.text, self.reply_markup = text, keyboard
        self.calls: list[object] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: BadRequest | None = None

    async def edit_text(self, text: str, **more: object) -> None:
        await self._call((text, more["reply_markup"]))

    async def edit_reply_markup(self, keyboard: object) -> None:
        await self._call(keyboard)

    async def _call(self, given: object) -> None:
        await self.gate.wait()
        self.calls.append(given)
        if self.error:
            raise self.error


async def _show(changes: Edits, screen: Screen, text: str | None, keyboard: InlineKeyboardMarkup | None = None) -> None:
    await changes.show(cast("Message", screen), text, keyboard)


def test_what_is_shown_already_is_not_sent() -> None:
    async def play() -> list[object]:
        changes, screen = Edits(), Screen("a & b", ONE)
        await _show(changes, screen, "<b>a &amp; b</b>\n", ONE)
        await _show(changes, screen, None, ONE)
        await _show(changes, screen, "new", ONE)
        await _show(changes, screen, "new", ONE)
        await _show(changes, screen, None, TWO)
        await _show(changes, screen, None, TWO)
        await _show(changes, screen, "new", TWO)
        return screen.calls

    assert asyncio.run(play()) == [("new", ONE), TWO]


def test_only_the_newest_is_sent_while_one_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_PATIENCE_S", 0.01)

    async def play() -> tuple[list[object], list[object]]:
        changes, screen = Edits(), Screen()
        screen.gate.clear()
        for text in ("first", "second", "third", "fourth"):
            await _show(changes, screen, text)
        await _show(changes, screen, None, TWO)
        during = list(screen.calls)
        screen.gate.set()
        await changes.finish(5)
        return during, screen.calls

    assert asyncio.run(play()) == ([], [("first", None), ("fourth", TWO)])


def test_other_messages_are_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_PATIENCE_S", 0.01)

    async def play() -> list[object]:
        changes, held, free = Edits(), Screen(), Screen()
        free.message_id = 8
        held.gate.clear()
        await _show(changes, held, "x")
        await _show(changes, free, "x")
        held.gate.set()
        await changes.finish(5)
        return free.calls

    assert asyncio.run(play()) == [("x", None)]


def test_refusal_is_raised_and_the_next_edit_is_sent() -> None:
    async def play() -> list[object]:
        changes, screen = Edits(), Screen()
        screen.error = BadRequest("message to edit not found")
        with pytest.raises(BadRequest):
            await _show(changes, screen, "x")
        screen.error = BadRequest("Message is not modified: a lost reply")
        await _show(changes, screen, "x")
        await _show(changes, screen, "x")
        return screen.calls

    assert asyncio.run(play()) == [("x", None)] * 2


class SlowBot(Bot):
    """Takes a while to send a sign, and returns whether it was let."""

    def __init__(self) -> None:
        super().__init__("1:x")
        self._unfreeze()
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def send_chat_action(self, *_: object, **__: object) -> bool:
        self.begun.set()
        await asyncio.sleep(0.05)
        self.ended.set()
        return True


def _message(bot: SlowBot) -> Message:
    message = Message(1, datetime.now(UTC), Chat(1, "private"))
    message.set_bot(bot)
    return message


def test_sign_under_way_is_not_cancelled() -> None:
    async def work() -> None:
        bot = SlowBot()
        async with typing(_message(bot), after=0.0):
            await bot.begun.wait()
        assert not bot.ended.is_set(), "whoever is at work does not wait for the sign"
        await asyncio.wait_for(bot.ended.wait(), 5)

    asyncio.run(work())


def test_quick_answers_show_no_sign() -> None:
    async def work() -> bool:
        bot = SlowBot()
        async with typing(_message(bot), after=0.02):
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        return bot.begun.is_set()

    assert not asyncio.run(work())
