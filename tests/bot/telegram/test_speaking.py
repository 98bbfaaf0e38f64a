"""The sign that the bot is at work, and what becomes of it when it no longer is."""

import asyncio
from datetime import UTC, datetime

from telegram import Bot, Chat, Message

from bot.telegram.speaking import typing


class SlowBot(Bot):
    """Takes a while to send a sign, and tells whether it was let."""

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
