"""From a question, typed in a chat or inline, to the answer below it."""

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import (
    Chat,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.live_archive import BusyError, ChatScope, SlowError
from bot.telegram import keyboards, rendering
from bot.telegram.keyboards import ShownPage, screen, whole
from bot.telegram.messages import typing
from bot.telegram.rendering import AnswerNotes
from bot.telegram.saved_answers import AnswerKind
from bot.telegram.services import Context
from retrieval import Answer, Article, ChuchuError, Hit

_log = logging.getLogger(__name__)
PASSAGES = 8
"""Hits behind one answer."""
_ASK = re.compile(r"/ask(?:@(\w+))?(?!\w)[\s:：]*", re.ASCII | re.IGNORECASE)
_FORWARDED = 400  # characters of a forwarded text that are searched for: its news stands at the beginning
_PAUSE_S = 0.4  # people type a Chinese word in less; only what is still asked then is searched for
_SHORTEST, _LONGEST = 2, 256  # characters of an inline query; Telegram sends no more
_CACHE_S = 60  # Telegram asks again after that; the archive keeps its last answers itself


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """A question as it was put; `forwarded` asks for articles similar to a text."""

    text: str
    forwarded: bool = False


async def ask(update: Update, context: Context) -> None:  # noqa: ARG001 as of every handler
    """Answer what stands after /ask, or the message that it replies to."""
    if question := question_in(context.message, context.bot.bot):
        await _answer(question, context)
    else:
        await context.reply(context.words.ask_what)


async def message(update: Update, context: Context) -> None:  # noqa: ARG001
    """Answer a message if it asks something."""
    if question := question_in(context.message, context.bot.bot):
        await _answer(question, context)
    elif context.message.chat.type == Chat.PRIVATE and not context.message.via_bot:
        await context.reply(context.words.text_only)


async def latest(update: Update, context: Context) -> None:  # noqa: ARG001
    """List the newest articles within what the person has set, each with a button that opens it."""
    scope = _scope(context)
    await _show(whole(await context.services.archive.latest(PASSAGES, scope)), scope, AnswerKind.LIST, context)


async def show_article(article: Article, at: int, context: Context) -> None:
    """Show an article at a place (characters) in it, with buttons that turn its pages."""
    await _show(whole([article], at), ChatScope(), AnswerKind.ARTICLE, context)


async def answer(question: ChatQuestion, scope: ChatScope, context: Context) -> ShownPage:
    """Answer a question and remember the answer."""
    if question.forwarded:
        scope = replace(scope, is_literal=True)  # the dates in a text are the text's own, not the reader's
    chat = context.message.chat
    found = await _find(question.text, scope, "private" if chat.type == Chat.PRIVATE else "group", context)
    saved = context.services.answers.save(found, chat.id, context.user.id, scope, forwarded=question.forwarded)
    # the article that came nearest is shown now and not saved: no button leads back to an answer without passages
    return screen(replace(saved, refusal=found.refusal), found.hits, 0, context.display)


async def inline(update: Update, context: Context) -> None:
    """List the passages for what is typed in any chat, unless more has been typed meanwhile."""
    query, recent = update.inline_query, context.user_data
    if query is None or recent is None:
        return
    question = " ".join(query.query.split())[:_LONGEST]
    if len(question) >= _SHORTEST:
        recent["query"] = query.id
        await asyncio.sleep(_PAUSE_S)
        if recent.get("query") != query.id:
            return
        del recent["query"]
        if not context.services.limits.wait(context.user.id, None):
            await list_results(query, await _results(question, context))
            return
    await list_results(query, [])


async def list_results(query: InlineQuery, results: Sequence[InlineQueryResultArticle]) -> None:
    """Answer an inline query; one that is answered too late is no error."""
    try:
        await query.answer(results, cache_time=_CACHE_S, is_personal=True)
    except BadRequest as error:
        if "query is too old" not in str(error).lower():
            raise


def question_in(message: Message, me: User) -> ChatQuestion | None:
    """Return what a message asks; None if it is not for the bot.

    In private every text is a question. In groups it is one after /ask, when it mentions the bot, or as a reply to it.
    """
    text = message.text or message.caption or ""
    if text.startswith("/"):
        return _commanded(message, text, me)
    if message.chat.type == Chat.PRIVATE:
        forwarded = message.forward_origin is not None
        return _question(text[:_FORWARDED] if forwarded else text, forwarded=forwarded)
    mention = f"@{me.username}"
    if _is_reply_to(message, me) or _mentions(message, me, mention):
        return _question(re.sub(re.escape(mention) + r"\b", " ", text, flags=re.IGNORECASE))
    return None


def _commanded(message: Message, text: str, me: User) -> ChatQuestion | None:
    command = _ASK.match(text)
    if command is None or (command[1] and command[1].lower() != (me.username or "").lower()):
        return None
    question, earlier = text[command.end() :], message.reply_to_message
    if not question.strip() and earlier and earlier.text and not _is_reply_to(message, me):
        question = earlier.text[:_FORWARDED]
    return _question(question)


def _question(text: str, *, forwarded: bool = False) -> ChatQuestion | None:
    text = " ".join(text.split())
    return ChatQuestion(text, forwarded) if text else None


def _is_reply_to(message: Message, user: User) -> bool:
    earlier = message.reply_to_message
    return earlier is not None and earlier.from_user is not None and earlier.from_user.id == user.id


def _mentions(message: Message, me: User, mention: str) -> bool:
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return any(
        text.lower() == mention.lower() or (entity.user is not None and entity.user.id == me.id)
        for entity, text in found.items()
    )


async def _answer(question: ChatQuestion, context: Context) -> None:
    if not await _is_too_much(context):
        async with typing(context.message):
            await _reply(await answer(question, _scope(context), context), context)


async def _find(question: str, scope: ChatScope, where: str, context: Context) -> Answer:
    """Put a question to the archive when its turn comes, and count it."""
    services = context.services
    services.metrics.questions.labels(where).inc()
    if services.settings.log_questions:
        _log.info("asked: %s", question)
    began, outcome = time.monotonic(), "failed"
    try:
        found = await services.archive.answer(scope.ask(question, PASSAGES))
        outcome = "answered" if found.answered else "refused"
    except (BusyError, SlowError) as error:
        outcome = "busy" if isinstance(error, BusyError) else "slow"
        raise
    finally:
        services.metrics.outcomes.labels(outcome).inc()
        services.metrics.seconds.observe(time.monotonic() - began)
    return found


async def _reply(shown: ShownPage, context: Context) -> None:
    sent = await context.reply(shown.text, shown.keyboard)
    context.services.answers.stands_in(shown.key, sent.message_id)


async def _show(hits: tuple[Hit, ...], scope: ChatScope, kind: AnswerKind, context: Context) -> None:
    """Reply with whole articles."""
    found = Answer("", 1.0, scope.filters, hits)
    saved = context.services.answers.save(found, context.message.chat.id, context.user.id, scope, kind=kind)
    await _reply(screen(saved, hits, 0, context.display), context)


def _scope(context: Context) -> ChatScope:
    """Return the limits of the answer that is replied to, else those the person has set in this chat."""
    message, services = context.message, context.services
    earlier = message.reply_to_message
    saved = services.answers.in_message(message.chat.id, earlier.message_id) if earlier else None
    if saved is None:
        return services.state.scope(message.chat.id, context.user.id)
    as_of = saved.given.as_of
    return ChatScope(replace(saved.used, until=None) if saved.used.until == as_of else saved.used, as_of)


async def _is_too_much(context: Context) -> bool:
    services, user = context.services, context.user
    seconds = services.limits.wait(user.id, context.message.chat.id)
    if not seconds:
        return False
    services.metrics.outcomes.labels("limited").inc()
    if services.limits.may_notify(user.id):
        await context.reply(context.words.too_many.format(seconds=int(seconds) + 1))
    return True


async def _results(question: str, context: Context) -> list[InlineQueryResultArticle]:
    try:
        found = await _find(question, ChatScope(), "inline", context)
    except (BusyError, SlowError, ChuchuError):
        return []
    return [_result(hit, found, context) for hit in found.hits]


def _result(hit: Hit, found: Answer, context: Context) -> InlineQueryResultArticle:
    words, article = context.words, hit.article
    token = context.services.answers.link(hit)
    lit = " ".join(hit.text[slice(*hit.highlight)].split())
    named = " · ".join(part for part in (article.source, rendering.dated(article, words)) if part)
    notes = AnswerNotes(understood=found.understood, age=found.age)
    return InlineQueryResultArticle(
        id=f"{hit.rank}{token}",
        title=(article.title or named)[:100],
        description=f"{named} — {lit}"[:250],
        input_message_content=InputTextMessageContent(
            rendering.answer([hit], 0, context.display, notes),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=keyboards.link_button(words.open_in_bot, f"https://t.me/{context.bot.username}?start=a_{token}"),
    )
