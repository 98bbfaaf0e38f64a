"""Standing questions in chats: `/watch` sets them, and the chat reads of new stories as they arrive, each once."""

import asyncio
import logging
import re
from dataclasses import replace
from functools import partial

from telegram import Chat, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.live_archive import BusyError, ChatScope, SlowError
from bot.standing import Every, News, StandingQuestion
from bot.telegram import keyboards, rendering
from bot.telegram.buttons import RefusedPressError, button
from bot.telegram.journal import current
from bot.telegram.keyboards import ButtonData
from bot.telegram.receiving import JournalBot
from bot.telegram.saved_answers import AnswerKind
from bot.telegram.services import Context, Services
from bot.words import InterfaceLanguage, wording
from retrieval import Answer, ArchiveError, ChuchuError, Filters

_log = logging.getLogger(__name__)
_GONE = re.compile("chat not found|deactivated|rights|write_forbidden", re.IGNORECASE)
_MOST = 20  # standing questions of one chat
_MOST_STORIES = 40  # of one message, with pages; more than that is no news but an archive that was filled
_EVERY = {
    Every.HOUR: re.compile("[,，]?\\s*(?:每小时|每小時|hourly|every hour)$", re.IGNORECASE),
    Every.DAY: re.compile("[,，]?\\s*(?:每天|每日|daily|every day)$", re.IGNORECASE),
    Every.WEEK: re.compile("[,，]?\\s*(?:每周|每週|每星期|weekly|every week)$", re.IGNORECASE),
}


async def watch(update: Update, context: Context) -> None:  # noqa: ARG001 as of every handler
    """Set a standing question, `/watch 台风 每天`; without one, list those of the chat."""
    given, words, services = context.argument, context.words, context.services
    chat = context.message.chat
    if not given:
        await context.reply(*standing_menu(context))
        return
    if not await _may_set(context):
        await context.say(words.watch_admins)
        return
    every = next((each for each, said in _EVERY.items() if said.search(given)), None)
    question = _EVERY[every].sub("", given) if every else given
    there = services.standing.of(str(chat.id))
    if len(there) >= _MOST and question not in {each.question for each in there}:
        await context.say(words.watch_most.format(most=_MOST))
        return
    thread = context.message.message_thread_id if context.message.is_topic_message else None
    try:
        moment = await services.archive.run(lambda archive: archive.moment())
        added = services.standing.add(str(chat.id), question, every or Every.DAY, moment, context.language, thread)
    except ArchiveError:
        raise
    except ChuchuError:
        await context.say(words.watch_what)
        return
    said = words.watch_set.format(question=added.question, every=keyboards.every_names(words)[added.every])
    await context.reply(rendering.text(said)[0], keyboards.standing_keyboard(added, words))


def standing_menu(context: Context) -> tuple[str, InlineKeyboardMarkup | None]:
    """Return what is said of a chat's standing questions, with a button that ends each."""
    words, there = context.words, context.services.standing.of(str(context.message.chat.id))
    lines = [
        f"{number}. {each.question} · {keyboards.every_names(words)[each.every]}"
        for number, each in enumerate(there, 1)
    ]
    said = "\n".join([words.watch_heading, *lines]) if there else f"{words.watch_none}\n{words.watch_what}"
    return rendering.text(said)[0], keyboards.standing_list_keyboard(there)


@button
async def change(data: ButtonData, context: Context) -> str:
    """Set how often a chat may hear of a standing question, or end it."""
    words, standing, owner = context.words, context.services.standing, str(context.message.chat.id)
    number, _, wanted = data.more.partition("-")
    found = next((each for each in standing.of(owner) if str(each.number) == number), None)
    if found is None:
        raise RefusedPressError(words.expired)
    if not await _may_set(context):
        raise RefusedPressError(words.watch_admins)
    if wanted in set(Every):
        standing.set_every(owner, found.number, Every(wanted))
        keyboard = keyboards.standing_keyboard(replace(found, every=Every(wanted)), words)
        said = words.watch_set.format(question=found.question, every=keyboards.every_names(words)[Every(wanted)])
        await context.services.edits.show(context.message, rendering.text(said)[0], keyboard)
    else:
        standing.remove(owner, found.number)
        await context.services.edits.show(context.message, *standing_menu(context))
    return words.language_set


async def _may_set(context: Context) -> bool:
    """Return whether a person may set what a chat hears of: in groups its admins, anonymous ones too."""
    chat = context.message.chat
    if chat.type == Chat.PRIVATE or context.asker == chat.id:
        return True
    member = await context.bot.get_chat_member(chat.id, context.user.id)
    return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


async def keep_announcing(services: Services, bot: JournalBot) -> None:
    """Look for news again and again; what goes wrong is logged, and tried again the next time."""
    while True:
        try:
            await announce_news(services, bot)
        except (BusyError, SlowError, ChuchuError, TelegramError) as error:
            _log.warning("news was not looked for: %s", error)
        except Exception:  # noqa: BLE001 a fault of ours must not end what others wait for
            _log.exception("news was not looked for")
        await asyncio.sleep(services.settings.news_every)


async def announce_news(services: Services, bot: JournalBot) -> None:
    """Report to each chat in one message the new stories for its standing questions that are due."""
    standing = services.standing
    for owner in dict.fromkeys(each.owner for each in standing.of()):
        news = await services.archive.run(partial(standing.news, owner=owner))
        if not news.hits:
            standing.mark(news)
            continue
        token = current.set(partial(standing.mark, news))
        try:
            await _announce(news, services, bot)
        except ChatMigrated as moved:
            services.move_chat(int(owner), moved.new_chat_id)
        except (Forbidden, BadRequest) as error:
            if isinstance(error, BadRequest) and not _GONE.search(str(error)):
                _log.warning("news was not looked for: %s", error)
                continue
            _log.info("chat %s hears of nothing any more: %s", owner, error)
            standing.remove(owner)
        finally:
            current.reset(token)


async def _announce(news: News, services: Services, bot: JournalBot) -> None:
    first: StandingQuestion = next(each for each, hits in news.stories if hits)
    words, chat = wording(InterfaceLanguage(first.language)), int(news.owner)
    found = Answer("", 1.0, Filters(), news.hits[:_MOST_STORIES])
    saved = services.answers.save(found, chat, chat, ChatScope(), kind=AnswerKind.LIST)
    shown = keyboards.screen(saved, found.hits, 0, rendering.Display(words))
    post = partial(
        bot.send_message,
        chat,
        rendering.news([(each.question, hits) for each, hits in news.stories if hits], words),
        parse_mode=ParseMode.HTML,
        reply_markup=shown.keyboard,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    try:
        sent = await post(message_thread_id=first.thread)
    except BadRequest as error:
        if first.thread is None or "thread not found" not in str(error).lower():
            raise
        sent = await post()  # the topic is gone, the group is not
    services.answers.stands_in(saved.key, sent.message_id)
