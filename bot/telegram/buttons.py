"""What pressing a button does, a handler each."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import date, timedelta

from telegram import Message, Update

from bot.live_archive import ChatScope
from bot.telegram import admission, asking, chat_commands, keyboards, rendering
from bot.telegram.hearing import ChatQuestion, command_in, question_in, text_of
from bot.telegram.messages import acknowledge
from bot.telegram.saved_answers import AnswerKind, SavedAnswer
from bot.telegram.services import Context
from bot.telegram.state import RatedPassage, Rating, Script
from bot.words import InterfaceLanguage
from retrieval import Filters, Hit

Handler = Callable[[Update, Context], Coroutine[None, None, None]]
Act = Callable[[keyboards.ButtonData, Context], Awaitable[str | None]]
"""Does what a press asks for; returns a notice for the person, or None."""


class RefusedPressError(Exception):
    """A press that has no effect; its message is the notice for the person."""


@dataclass(frozen=True, slots=True)
class PressedAnswer:
    """The answer whose button was pressed, and the hit that the button is about."""

    saved: SavedAnswer
    hit: Hit


def button(act: Act) -> Handler:
    """Make a handler: it checks what was pressed, acts, and acknowledges the press exactly once, with a notice."""

    async def handle(update: Update, context: Context) -> None:
        query, words = update.callback_query, context.words
        if query is None:
            return
        context.services.metrics.presses.inc()
        data, notice = keyboards.ButtonData.parse(query.data or ""), words.fault
        try:
            if data is None or not isinstance(query.message, Message):
                notice = words.expired
            elif seconds := context.services.limits.wait_press(query.from_user.id):
                notice = words.too_many.format(seconds=int(seconds) + 1)
            else:
                notice = await act(data, context) or ""
        except RefusedPressError as refused:
            notice = str(refused)
        except Exception as error:
            notice = admission.apology(error, words)
            raise
        finally:
            await acknowledge(query, notice or None, alert=data is not None and data.verb is keyboards.Verb.WHY)

    return handle


@button
async def show(data: keyboards.ButtonData, context: Context) -> None:
    """Turn to another hit, or to another page of a list."""
    saved = _saved(data, context)
    hits = await _hits(saved, context)
    if saved.kind is AnswerKind.ANSWER and data.at < len(hits) and hits[data.at] is None:
        raise RefusedPressError(context.words.changed)
    await _edit(keyboards.screen(saved, hits, data.at, context.display), context)


@button
async def more(data: keyboards.ButtonData, context: Context) -> None:
    """Offer what else can be done."""
    saved = _saved(data, context)
    hits = await _hits(saved, context)
    hit = hits[data.at] if data.at < len(hits) else None
    await context.services.edits.show(
        context.message, None, keyboards.more_keyboard(saved, data.at, hit, context.words)
    )


@button
async def article(data: keyboards.ButtonData, context: Context) -> None:
    """Open the article where the passage stands, or another page of it."""
    pressed = await _pressed(data, context)
    number = int(data.more) if data.more.isdecimal() else None
    await _edit(keyboards.article_screen(pressed.saved, pressed.hit, data.at, context.display, number), context)


@button
async def share(data: keyboards.ButtonData, context: Context) -> None:
    """Post the citation by itself, to be passed on; with inline mode, into any chat."""
    hit, services = (await _pressed(data, context)).hit, context.services
    place = (hit.span[0] + hit.highlight[0], hit.span[0] + hit.highlight[1])
    onward = None
    if context.bot.bot.supports_inline_queries:
        onward = keyboards.forward_button(context.words.share_on, asking.SHARED + services.answers.link(hit))
    await context.reply(rendering.shared(hit.article, place, context.display), onward)


@button
async def older(data: keyboards.ButtonData, context: Context) -> None:
    """Ask the same before the article's date."""
    pressed = await _pressed(data, context)
    published = pressed.hit.article.published
    until = day_before(published) if published else None
    await _ask_again(pressed.saved, pressed.saved.given.limited(since=_own(context).since, until=until), context)


@button
async def newer(data: keyboards.ButtonData, context: Context) -> None:
    """Ask the same after the article's date."""
    pressed = await _pressed(data, context)
    published = pressed.hit.article.published
    since = day_after(published) if published else None
    await _ask_again(pressed.saved, pressed.saved.given.limited(since=since, until=_own(context).until), context)


def _own(context: Context) -> Filters:
    """Return what the person has set; the limit that the button for the other direction set gives way to it."""
    return context.services.state.scope(context.message.chat.id, context.asker).filters


@button
async def without(data: keyboards.ButtonData, context: Context) -> None:
    """Ask the same with one limit taken off."""
    saved = _saved(data, context)
    scope = saved.given.without(data.more)
    if scope is None:
        raise RefusedPressError(context.words.expired)
    await _ask_again(saved, scope, context)


@button
async def literally(data: keyboards.ButtonData, context: Context) -> None:
    """Ask the same without reading dates and sources out of the question."""
    saved = _saved(data, context)
    await _ask_again(saved, replace(saved.given, is_literal=True), context)


@button
async def why(data: keyboards.ButtonData, context: Context) -> str:
    """Say how the passage came to be there."""
    pressed = await _pressed(data, context)
    saved = pressed.saved
    return rendering.why(pressed.hit, len(saved.places), saved.confidence, context.words)


@button
async def suggestion(data: keyboards.ButtonData, context: Context) -> None:
    """Answer a question that the bot has suggested."""
    asked = next((each for each in context.services.suggested if keyboards.name_digest(each) == data.more), None)
    if asked is None:
        raise RefusedPressError(context.words.expired)
    question = ChatQuestion(asked)
    await asking.reply_with(
        await asking.answer(
            question, context.services.state.scope(context.message.chat.id, context.asker), context, suggested=asked
        ),
        context,
    )


@button
async def sources(data: keyboards.ButtonData, context: Context) -> None:
    """Turn to another page of the outlets."""
    await _edit(keyboards.sources_screen(await context.services.archive.sources(), data.at, context.words), context)


@button
async def source(data: keyboards.ButtonData, context: Context) -> None:
    """List what is newest of an outlet."""
    names = [each.name for each in await context.services.archive.sources() if each.name]
    name = next((each for each in names if keyboards.name_digest(each) == data.more), None)
    if name is None:
        raise RefusedPressError(context.words.expired)
    await _edit(await asking.newest(ChatScope(Filters(source=name)), AnswerKind.OUTLET, context), context)


@button
async def remove(data: keyboards.ButtonData, context: Context) -> None:
    """Ask whether an article is to be removed, and remove it."""
    if not context.display.can_remove:
        raise RefusedPressError(context.words.expired)
    pressed = await _pressed(data, context)
    words, named = context.words, pressed.hit.article.id
    if data.more != "yes":
        keyboard = keyboards.removal_keyboard(pressed.saved, data.at, words)
        await context.services.edits.show(
            context.message, rendering.text(words.remove_asked.format(id=named))[0], keyboard
        )
        return
    removed = await context.services.writer.remove([named])
    said = words.removed if removed else words.not_removed
    await context.services.edits.show(context.message, rendering.text(said.format(ids=named))[0], None)


@button
async def rate(data: keyboards.ButtonData, context: Context) -> None:
    """Offer the ratings."""
    saved = (await _pressed(data, context)).saved
    keyboard = keyboards.rating_keyboard(saved, data.at, context.words)
    await context.services.edits.show(context.message, None, keyboard)


@button
async def rated(data: keyboards.ButtonData, context: Context) -> str:
    """Store a rating with its question."""
    pressed = await _pressed(data, context)
    saved, hit, words, services = pressed.saved, pressed.hit, context.words, context.services
    question = _question(saved, context)
    if data.more not in set(Rating):
        raise RefusedPressError(words.question_gone)
    quote = hit.text[slice(*hit.highlight)].strip()
    services.state.rate(
        RatedPassage(
            context.user.id, saved.key, question.text, hit.article.id, quote, data.more, answered=saved.answered
        )
    )
    keyboard = keyboards.more_keyboard(saved, data.at, hit, words)
    await services.edits.show(context.message, None, keyboard)
    return words.thanks


@button
async def choose(data: keyboards.ButtonData, context: Context) -> str:
    """Set the language or the script of passages."""
    services = context.services
    if data.verb is keyboards.Verb.LANGUAGE and data.more in set(InterfaceLanguage):
        services.state.choose(context.user.id, InterfaceLanguage(data.more))
    elif data.verb is keyboards.Verb.SCRIPT and data.more in set(Script):
        services.state.choose(context.user.id, Script(data.more))
    keyboard = keyboards.language_keyboard(context.language, context.display.script)
    await services.edits.show(context.message, context.words.choose_language, keyboard)
    return context.words.language_set


@button
async def timezone(data: keyboards.ButtonData, context: Context) -> str:
    """Set the timezone."""
    services = context.services
    services.state.set_timezone(context.user.id, keyboards.ZONES[data.at] if data.at < len(keyboards.ZONES) else None)
    await services.edits.show(context.message, *chat_commands.timezone_menu(context))
    return context.words.language_set


@button
async def nothing(data: keyboards.ButtonData, context: Context) -> None:
    """Do nothing: the button is a label."""


@button
async def unknown(data: keyboards.ButtonData, context: Context) -> str:  # noqa: ARG001
    """Say that a button means nothing any more."""
    return context.words.expired


def _saved(data: keyboards.ButtonData, context: Context) -> SavedAnswer:
    """Return the answer that a button belongs to. Whoever forges the key of another chat's learns nothing about it.

    Who asks in the name of a chat cannot be distinguished from others there: anybody may press those buttons.
    """
    saved = context.services.answers.get(data.key)
    if saved is None or saved.chat != context.message.chat.id:
        raise RefusedPressError(context.words.expired)
    if saved.user > 0 and saved.user != context.user.id:
        raise RefusedPressError(context.words.not_yours)
    return saved


async def _hits(saved: SavedAnswer, context: Context) -> list[Hit | None]:
    """Find an answer's passages again; None for one whose article is gone or has changed."""
    return await context.services.archive.read(
        lambda find: [place.hit(rank, find) for rank, place in enumerate(saved.places, 1)]
    )


async def _pressed(data: keyboards.ButtonData, context: Context) -> PressedAnswer:
    """Find the passage that a button is about."""
    saved = _saved(data, context)
    if data.at >= len(saved.places):
        raise RefusedPressError(context.words.expired)
    place = saved.places[data.at]
    hit = await context.services.archive.read(lambda find: place.hit(data.at + 1, find))
    if hit is None:
        raise RefusedPressError(context.words.changed)
    return PressedAnswer(saved, hit)


async def _edit(shown: keyboards.ShownPage, context: Context) -> None:
    await context.services.edits.show(context.message, shown.text, shown.keyboard)


async def _ask_again(saved: SavedAnswer, scope: ChatScope, context: Context) -> None:
    """Ask the same within another scope."""
    earlier = context.message.reply_to_message
    again = (earlier or context.message).message_id
    shown = await asking.answer(_question(saved, context), scope, context, suggested=saved.suggested, again=again)
    await _edit(shown, context)
    context.services.answers.stands_in(
        shown.key, context.message.message_id, earlier.message_id if earlier and not saved.suggested else None
    )


def _question(saved: SavedAnswer, context: Context) -> ChatQuestion:
    """Return what was asked: as it is remembered, or as it stands in the message that the answer replies to.

    What somebody else had written is not there after a restart, and on disk never.
    """
    if saved.suggested:
        return ChatQuestion(saved.suggested)
    if remembered := context.services.answers.asked(saved.key):
        return remembered
    earlier = context.message.reply_to_message
    text = " ".join(text_of(earlier).split()) if earlier else ""
    if earlier is None or not text:
        raise RefusedPressError(context.words.question_gone)
    if question := question_in(earlier, context.bot.bot):
        return question
    if command_in(earlier, context.bot.username) or saved.claim:
        raise RefusedPressError(context.words.question_gone)
    return ChatQuestion(text)


def day_before(published: str) -> str:
    """Return the last day, in ISO, before all that an ISO date of any precision can mean."""
    first = _first(published)
    return (first - timedelta(days=first > date.min)).isoformat()


def day_after(published: str) -> str:
    """Return the first day, in ISO, after all that an ISO date of any precision can mean."""
    first, precision = _first(published), published[:10].count("-")
    if first.year == date.max.year:
        return date.max.isoformat()
    if precision == 2:
        return (first + timedelta(days=1)).isoformat()
    if precision == 1 and first.month < 12:
        return first.replace(month=first.month + 1).isoformat()
    return date(first.year + 1, 1, 1).isoformat()


def _first(published: str) -> date:
    year, month, day = (*map(int, published[:10].split("-")), 1, 1)[:3]
    return date(year, month, day)
