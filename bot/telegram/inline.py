"""Inline mode: a question typed in any chat lists passages, and choosing one posts it with its citation."""

import asyncio

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram import keyboards, rendering
from bot.telegram.asking import Asking
from bot.telegram.citations import day_and_minute
from bot.telegram.desk import BusyError, SlowError
from bot.telegram.parts import Parts
from bot.telegram.rendering import Manner, Told
from bot.telegram.scope import Scope
from retrieval import Answer, ChuchuError, Hit

_PAUSE_S = 0.4  # people type a Chinese word in less; only what is still asked then is searched for
_SHORTEST = 2
_LONGEST = 256  # characters; Telegram sends no more
_CACHE_S = 60  # Telegram asks again after that; the archive keeps its last answers itself


class Inline:
    """Answers inline queries."""

    def __init__(self, parts: Parts, asking: Asking) -> None:
        self._parts = parts
        self._asking = asking
        self._latest: dict[int, str] = {}

    async def query(self, query: InlineQuery, me: User) -> None:
        """List the passages for what is typed, unless more has been typed meanwhile."""
        user = query.from_user
        question = " ".join(query.query.split())[:_LONGEST]
        if not self._parts.access.allows(user, None) or len(question) < _SHORTEST:
            await self._list(query, [])
            return
        self._latest[user.id] = query.id
        await asyncio.sleep(_PAUSE_S)
        if self._latest.get(user.id) != query.id:
            return
        del self._latest[user.id]
        if self._parts.limits.wait(user.id, None):
            await self._list(query, [])
            return
        answer = await self._answer(question)
        manner = self._parts.manner(user)
        await self._list(query, [self._result(hit, answer, manner, me) for hit in answer.hits] if answer else [])

    async def _answer(self, question: str) -> Answer | None:
        try:
            return await self._asking.answer(question, Scope(), "inline")
        except (BusyError, SlowError, ChuchuError):
            return None

    def _result(self, hit: Hit, answer: Answer, manner: Manner, me: User) -> InlineQueryResultArticle:
        words, article = manner.wording, hit.article
        token = self._parts.answers.link(hit)
        lit = " ".join(hit.text[slice(*hit.highlight)].split())
        published = day_and_minute(article.published) if article.published else words.undated
        named = " · ".join(part for part in (article.source, published) if part)
        told = Told(understood=answer.understood, age=answer.age)
        return InlineQueryResultArticle(
            id=f"{hit.rank}{token}",
            title=(article.title or named)[:100],
            description=f"{named} — {lit}"[:250],
            input_message_content=InputTextMessageContent(
                rendering.answer([hit], 0, manner, told),
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
            reply_markup=keyboards.leading(words.open_in_bot, f"https://t.me/{me.username}?start=a_{token}"),
        )

    @staticmethod
    async def _list(query: InlineQuery, results: list[InlineQueryResultArticle]) -> None:
        try:
            await query.answer(results, cache_time=_CACHE_S, is_personal=True)
        except BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise
