"""From a question, typed in a chat or inline, to the answer below it."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from telegram import (
    Chat,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.live_archive import BusyError, ChatScope, SlowError
from bot.telegram import keyboards, rendering
from bot.telegram.hearing import ChatQuestion, check, is_called, question_in
from bot.telegram.keyboards import ShownPage, screen, whole
from bot.telegram.messages import Run, short, typing
from bot.telegram.rendering import AnswerNotes
from bot.telegram.saved_answers import AnswerKind
from bot.telegram.services import Context
from bot.words import dated, refusal_line
from retrieval import Answer, Article, ChuchuError, Hit, Timeline

_log = logging.getLogger(__name__)
PASSAGES = 8
"""Hits behind one answer."""
_LISTED = 5 * keyboards.ON_A_PAGE
_CLAIM = 400  # characters of a text that are searched for: its news stands at the beginning
_PAUSE_S = 0.4  # people type a Chinese word in less; only what is still asked then is searched for
_SHORTEST, _LONGEST = 2, 256  # characters of an inline query; Telegram sends no more
_CACHE_S = 60  # Telegram asks again after that; the archive keeps its last answers itself
_NONE = ChatQuestion("")
SHARED = "#"
"""What an inline query begins with that posts the citation of one passage: the token of a link follows."""


async def ask(update: Update, context: Context) -> None:  # noqa: ARG001 as of every handler
    """Answer what stands after /ask, or check the message that it replies to."""
    if question := question_in(context.message, context.bot.bot):
        await _answer(question, context)
    else:
        await context.reply(context.words.ask_what)


async def message(update: Update, context: Context) -> None:  # noqa: ARG001
    """Answer a message if it asks something; of what people send that is no text, say now and then that it is not read.

    What Telegram itself puts into a chat (something is pinned, a timer is set) is nobody's question.
    """
    sent = context.message
    if question := question_in(sent, context.bot.bot):
        await _answer(question, context)
    elif is_called(sent, context.bot.bot):
        await context.reply(context.words.ask_what)
    elif _is_something_sent(sent) and context.services.limits.may_hint(sent.chat.id):
        await context.reply(context.words.text_only)


def _is_something_sent(message: Message) -> bool:
    is_for_us = message.chat.type == Chat.PRIVATE and not message.via_bot
    return is_for_us and message.effective_attachment is not None and not message.successful_payment


async def edited(update: Update, context: Context) -> None:  # noqa: ARG001
    """Answer a question that was edited again, in the message that answered it before."""
    sent, answers = context.message, context.services.answers
    question = question_in(sent, context.bot.bot)
    if question is None:
        return
    shown_in = answers.message_for(sent.chat.id, sent.message_id)
    age = context.services.state.clock() - sent.date.timestamp()
    if shown_in is None and age <= context.services.settings.oldest:
        await _answer(question, context)
    elif shown_in is not None and not await _is_too_much(context):
        shown = await answer(question, _scope(context), context, before=_before(context), again=sent.message_id)
        ours = Message(shown_in, datetime.now(UTC), sent.chat)
        ours.set_bot(sent.get_bot())
        await context.services.edits.show(ours, shown.text, shown.keyboard)
        answers.stands_in(shown.key, shown_in, sent.message_id)


async def latest(update: Update, context: Context) -> None:  # noqa: ARG001
    """List the newest articles within what the person has set, each with a button that opens it."""
    await _show(await newest(_scope(context), AnswerKind.LIST, context), context)


async def timeline(update: Update, context: Context) -> None:  # noqa: ARG001
    """List the stories of a topic in order of time."""
    topic, scope = context.argument, _scope(context)
    if not topic:
        await context.reply(context.words.timeline_what)
    elif not await _is_too_much(context):
        ask = replace(scope.ask(topic, PASSAGES), today=context.today)
        async with typing(context.message):
            timeline = await context.services.archive.run(lambda archive: archive.timeline(topic, ask))
            await reply_with(_stories(timeline, replace(scope, filters=timeline.filters), context), context)


def _stories(
    timeline: Timeline, scope: ChatScope, context: Context, question: ChatQuestion = _NONE, again: int | None = None
) -> ShownPage:
    """Show the stories of a topic, a page at a time."""
    hits = tuple(story.hit or whole([story.article])[0] for story in timeline.stories[:_LISTED])
    lead = rendering.timeline_lead(timeline, context.words)
    return _listed(hits, scope, AnswerKind.TIMELINE, context, lead, question, again)


async def newest(scope: ChatScope, kind: AnswerKind, context: Context) -> ShownPage:
    """List the newest articles within a scope, a page of them at a time."""
    return _listed(whole(await context.services.archive.latest(_LISTED, scope)), scope, kind, context)


async def show_article(article: Article, at: tuple[int, int], context: Context) -> None:
    """Show an article at a place (characters) in it, with buttons that turn its pages."""
    await _show(_listed(whole([article], at), ChatScope(), AnswerKind.ARTICLE, context), context)


async def answer(
    question: ChatQuestion,
    scope: ChatScope,
    context: Context,
    *,
    suggested: str | None = None,
    before: str = "",
    again: int | None = None,
) -> ShownPage:
    """Answer a question and remember the answer.

    `suggested` is the question where the bot itself suggested it, `before` the one that this one may lean on, `again`
    the message that asked before what is asked again.
    """
    if question.is_claim:
        scope = replace(scope, is_literal=True)  # the dates in a text are the text's own, not the reader's
    chat, answers = context.message.chat, context.services.answers
    searched, taken = " ".join(question.text[:_CLAIM].split()) if question.is_claim else question.text, ""
    if not question.is_claim and (
        leaning := await context.services.archive.completed(
            replace(scope.ask(searched, PASSAGES), today=context.today), before
        )
    ):
        searched, taken = leaning.question, leaning.taken
        question = ChatQuestion(searched)
    found = await _find(searched, scope, "private" if chat.type == Chat.PRIVATE else "group", context)
    if found.timeline and found.hits and not question.is_claim:
        return _stories(found.timeline, replace(scope, filters=found.filters), context, question, again)
    claim = check(question.text, found) if question.is_claim else None
    lead = rendering.answer_lead(found, taken, context.display)
    saved = answers.save(found, chat.id, context.asker, scope, claim=claim, suggested=suggested, lead=lead)
    answers.remember(saved, question, again or context.message.message_id, is_again=again is not None)
    # the article that came nearest is shown now and not saved: no button leads back to an answer without passages
    return screen(replace(saved, refusal=found.refusal), found.hits, 0, context.display)


async def reply_with(shown: ShownPage, context: Context) -> None:
    """Reply with an answer, whose buttons work from then on."""
    sent = await context.reply(shown.text, shown.keyboard)
    context.services.answers.stands_in(shown.key, sent.message_id, context.message.message_id)


# inline mode


async def inline(update: Update, context: Context) -> None:
    """List the passages for what is typed in any chat, unless more has been typed meanwhile.

    What is typed on counts as one question: only another one is counted against what a person may ask.
    """
    query, recent = update.inline_query, context.user_data
    if query is None or recent is None:
        return
    question = " ".join(query.query.split())[:_LONGEST]
    if question.startswith(SHARED):
        await list_results(query, await _shared(question.removeprefix(SHARED), context))
        return
    if len(question) < _SHORTEST:
        await list_results(query, [])
        return
    recent["query"] = query.id
    await asyncio.sleep(_PAUSE_S)
    if recent.get("query") != query.id:
        return
    del recent["query"]
    before, limits = recent.get("counted", ""), context.services.limits
    goes_on = bool(before) and (question.startswith(before) or before.startswith(question))
    seconds = limits.wait_typed(context.user.id) if goes_on else limits.wait(context.user.id, None)
    if seconds:
        await list_results(query, [], context.words.too_many.format(seconds=int(seconds) + 1))
        return
    recent["counted"] = question
    try:
        found = await _find(question, ChatScope(), "inline", context)
    except (BusyError, SlowError, ChuchuError) as error:
        words = context.words
        said = words.slow if isinstance(error, SlowError) else words.no_archive
        await list_results(
            query, [], words.busy.format(waiting=error.waiting) if isinstance(error, BusyError) else said
        )
        return
    refusal = refusal_line(found.refusal, context.words) if found.refusal else None
    await list_results(query, [_result(hit, found, context) for hit in found.hits], refusal, cache_s=_CACHE_S)


async def list_results(
    query: InlineQuery, results: Sequence[InlineQueryResultArticle], notice: str | None = None, cache_s: int = 0
) -> None:
    """Answer an inline query, with a notice above the results; one that is answered too late is no error."""
    button = InlineQueryResultsButton(notice[:64], start_parameter="help") if notice else None
    try:
        await query.answer(results, cache_time=cache_s, is_personal=True, button=button)
    except BadRequest as error:
        if "query is too old" not in str(error).lower():
            raise


def _result(hit: Hit, found: Answer, context: Context) -> InlineQueryResultArticle:
    words, article = context.words, hit.article
    token = context.services.answers.link(hit)
    published = dated(article, words)
    named = " · ".join(part for part in (article.source, published) if part)
    lit = " ".join(hit.text[slice(*hit.highlight)].split())
    notes = AnswerNotes(refusal=found.refusal, understood=found.understood, age=found.age, asked=found.question)
    title = (article.title or named)[:100]
    return InlineQueryResultArticle(
        id=f"{hit.rank}{token}",
        title=f"{words.not_said} {words.comes_nearest}"[:100] if found.refusal else title,
        description=f"{title} · {lit}"[:250] if found.refusal else f"{named} — {lit}"[:250],
        input_message_content=_content(rendering.answer([hit], 0, context.display, notes)),
        reply_markup=keyboards.link_button(words.open_in_bot, _link(token, context)),
    )


async def _shared(token: str, context: Context) -> list[InlineQueryResultArticle]:
    """Return the citation that a link leads to, to be posted; nothing where it leads nowhere any more."""
    linked = context.services.answers.linked(token)
    article = await context.services.archive.read(lambda find: find(linked[0])) if linked else None
    if linked is None or article is None:
        return []
    text = rendering.shared(article, linked[1], context.display)
    name = hashlib.blake2b(token.encode(), digest_size=16).hexdigest()
    button = keyboards.link_button(context.words.open_in_bot, _link(token, context))
    title = short(article.title or article.source or context.words.open_in_bot, 100)
    return [InlineQueryResultArticle(name, title, _content(text), reply_markup=button)]


def _content(text: str) -> InputTextMessageContent:
    unseen = LinkPreviewOptions(is_disabled=True)
    return InputTextMessageContent(text, parse_mode=ParseMode.HTML, link_preview_options=unseen)


def _link(token: str, context: Context) -> str:
    return f"https://t.me/{context.bot.username}?start=a_{token}"


async def _answer(question: ChatQuestion, context: Context) -> None:
    if not await _is_too_much(context):
        async with typing(context.message):
            before = _before(context)
            await reply_with(await answer(question, _scope(context), context, before=before), context)


def _before(context: Context) -> str:
    """Return the question of the answer that is replied to, or in private the one before; where it is remembered."""
    message, answers = context.message, context.services.answers
    if earlier := message.reply_to_message:
        saved = answers.in_message(message.chat.id, earlier.message_id)
        question = answers.asked(saved.key) if saved else None
    else:
        question = (
            answers.asked_before(message.chat.id, message.message_id) if message.chat.type == Chat.PRIVATE else None
        )
    return question.text if question and not question.is_claim else ""


async def _find(question: str, scope: ChatScope, where: str, context: Context) -> Answer:
    """Put a question to the archive when its turn comes, and count it."""
    services = context.services
    services.metrics.questions.labels(where).inc()
    if services.settings.log_questions:
        _log.info("asked: %s", question)
    began, outcome = time.monotonic(), "failed"
    try:
        found = await services.archive.answer(replace(scope.ask(question, PASSAGES), today=context.today))
        outcome = "answered" if found.answered else "refused"
    except (BusyError, SlowError) as error:
        outcome = "busy" if isinstance(error, BusyError) else "slow"
        raise
    finally:
        services.metrics.outcomes.labels(outcome).inc()
        services.metrics.seconds.observe(time.monotonic() - began)
    return found


def _listed(
    hits: tuple[Hit, ...],
    scope: ChatScope,
    kind: AnswerKind,
    context: Context,
    lead: Sequence[Run] = (),
    question: ChatQuestion = _NONE,
    again: int | None = None,
) -> ShownPage:
    """Show articles, each by its number."""
    found, chat = Answer("", 1.0, scope.filters, hits), context.message.chat.id
    answers = context.services.answers
    saved = answers.save(found, chat, context.asker, scope, kind=kind, lead=lead)
    answers.remember(saved, question, again or context.message.message_id, is_again=again is not None)
    return screen(saved, hits, 0, context.display)


async def _show(shown: ShownPage, context: Context) -> None:
    sent = await context.reply(shown.text, shown.keyboard)
    context.services.answers.stands_in(shown.key, sent.message_id)


def _scope(context: Context) -> ChatScope:
    """Return the limits of the answer that is replied to, else those the person has set in this chat."""
    message, services = context.message, context.services
    earlier = message.reply_to_message
    saved = services.answers.in_message(message.chat.id, earlier.message_id) if earlier else None
    if saved is None:
        return services.state.scope(message.chat.id, context.asker)
    as_of = saved.given.as_of
    return ChatScope(replace(saved.used, until=None) if saved.used.until == as_of else saved.used, as_of)


async def _is_too_much(context: Context) -> bool:
    services = context.services
    seconds = services.limits.wait(context.asker, context.message.chat.id)
    if not seconds:
        return False
    services.metrics.outcomes.labels("limited").inc()
    if services.limits.may_notify(context.asker):
        await context.reply(context.words.too_many.format(seconds=int(seconds) + 1))
    return True
