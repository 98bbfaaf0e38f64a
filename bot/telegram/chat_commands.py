"""What the commands do: start, help, filters, language, what there is; for admins add, remove, let in, see ratings."""

import asyncio
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from telegram import Chat, Document, InlineKeyboardMarkup, Update
from telegram import Message as SentMessage
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.live_archive import BusyError, ChatScope, SlowError, answers, suggest
from bot.telegram import asking, keyboards, messages, rendering
from bot.telegram.journal import Journal
from bot.telegram.services import Context, zone_named, zone_of
from bot.words import Wording, translated
from retrieval import ChuchuError, IndexReport, Message, read_days

_log = logging.getLogger(__name__)
ARTICLE, INVITATION = "a_", "p_"
"""What the parameters of links to the bot begin with."""
_MOST_BYTES = 20 * 2**20  # what the Bot API lets a bot fetch
_EDIT_EVERY_S = 3.0
_FETCH_AGAIN_S = (1, 2, 5, 10, 30, 60, 60, 60)
_MOST_NAMED = 20
_WRITTEN = re.compile(r"[\d〇一二三四五六七八九十]")  # yesterday is another day every day
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


async def start(update: Update, context: Context) -> None:
    """Greet with questions that the archive answers, or follow the link that led here."""
    given, words = context.argument, context.words
    if given.startswith(ARTICLE):
        await _open(given.removeprefix(ARTICLE), context)
        return
    if given == "help":
        await help_(update, context)
        return
    if given.startswith(INVITATION):
        good = context.services.state.accept(given.removeprefix(INVITATION), context.user.id)
        await context.reply(words.invited if good else words.bad_code)
        if not good:
            return
    await _greet(context)


async def joined(update: Update, context: Context) -> None:  # noqa: ARG001
    """Greet a group that the bot has been added to."""
    sent = context.message
    if sent.group_chat_created or any(each.id == context.bot.id for each in sent.new_chat_members):
        await _greet(context)


async def _greet(context: Context) -> None:
    words, counts = context.words, await _counts(context)
    welcome = words.welcome if context.message.chat.type == Chat.PRIVATE else words.welcome_group
    said = welcome.format(articles=counts["articles"], sources=counts["sources"])
    suggested = await _suggested(context)
    if suggested:
        said += "\n\n" + words.suggestions
    await context.reply(rendering.text(said)[0], keyboards.suggestions_keyboard(suggested))


async def _suggested(context: Context) -> list[str]:
    """Return the questions that the archive answers; they are made anew when it does not answer them any more."""
    archive, suggested = context.services.archive, context.services.suggested
    try:
        if not suggested or not await archive.run(lambda found: all(answers(found, each) for each in suggested)):
            suggested[:] = await archive.run(suggest)
    except (BusyError, SlowError, ChuchuError):
        return []
    return suggested


async def help_(update: Update, context: Context) -> None:  # noqa: ARG001
    """Say what can be done here."""
    words = context.words
    text = words.help.format(bot=context.bot.username)
    if context.services.access.is_admin(context.user) and context.message.chat.type == Chat.PRIVATE:
        text += "\n\n" + words.admin_help
    await context.say(text)


async def sources(update: Update, context: Context) -> None:  # noqa: ARG001
    """List the outlets."""
    shown = keyboards.sources_screen(await context.services.archive.sources(), 0, context.words)
    await context.reply(shown.text, shown.keyboard)


async def stats(update: Update, context: Context) -> None:  # noqa: ARG001
    """Say what the archive holds."""
    await context.say(context.words.stats.format(**await _counts(context)))


async def language(update: Update, context: Context) -> None:  # noqa: ARG001
    """Let a person choose the language, and the script of passages."""
    buttons = keyboards.language_keyboard(context.language, context.display.script)
    await context.reply(rendering.text(context.words.choose_language)[0], buttons)


async def since(update: Update, context: Context) -> None:  # noqa: ARG001
    """Search only articles published on or after a date."""
    await _limit_date("since", context)


async def until(update: Update, context: Context) -> None:  # noqa: ARG001
    """Search only articles published on or before a date."""
    await _limit_date("until", context)


async def source(update: Update, context: Context) -> None:  # noqa: ARG001
    """Search only one outlet, by whatever name."""
    given = context.argument
    name = await context.services.archive.run(lambda archive: archive.outlet(given)) if given else None
    if given and name is None:
        await context.say(context.words.no_source.format(value=given[:80]))
    else:
        await _set_scope(_scope(context).limited(source=name), context)


async def as_of(update: Update, context: Context) -> None:  # noqa: ARG001
    """Look at the archive as it was on a day."""
    given = context.argument
    days = read_days(given, context.today) if _WRITTEN.search(given) else None
    if given and (days is None or days[0] != days[1] or len(days[0]) != len("2022-04-14")):
        await context.say(context.words.bad_day.format(value=given[:80]))
    else:
        await _set_scope(replace(_scope(context), as_of=days[0] if days else None), context)


async def timezone(update: Update, context: Context) -> None:  # noqa: ARG001
    """Set the timezone by which today and yesterday are counted: by its name or as hours from UTC, or with buttons."""
    given = context.argument
    named = zone_named(given)
    if given and zone_of(named) is None:
        await context.say(context.words.bad_timezone.format(value=given[:80]))
        return
    if given:
        context.services.state.set_timezone(context.asker, named)
    await context.reply(*timezone_menu(context))


def timezone_menu(context: Context) -> tuple[str, InlineKeyboardMarkup | None]:
    """Return what is said of the timezone, with the buttons to change it."""
    words, chosen = context.words, context.services.state.timezone(context.asker)
    said = words.timezone.format(zone=chosen or words.timezone_server, today=context.today.isoformat())
    return rendering.text(said)[0], keyboards.timezone_keyboard(chosen, words)


async def clear(update: Update, context: Context) -> None:  # noqa: ARG001
    """Search everything again."""
    await _set_scope(ChatScope(), context)


# what admins may do; for others none of this exists


async def document(update: Update, context: Context) -> None:  # noqa: ARG001
    """Index a file that was sent, saying how far it has come."""
    services, words, sent = context.services, context.words, context.message.document
    if sent is None:
        return
    name = file_name(sent.file_name)
    if (sent.file_size or 0) > _MOST_BYTES:
        await context.say(words.file_too_big.format(name=name, most=_MOST_BYTES // 2**20))
        return
    path = services.settings.state / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Journal.unanswered():
        shown = await context.reply(_progress(name, IndexReport(), words))
    try:
        await _fetched(sent, path)
        said = await _indexed(name, path, shown, context)
    except TelegramError as error:
        _log.warning("a file was not fetched: %s", error)
        said = words.file_not_fetched.format(name=name)
    except (OSError, ChuchuError) as error:
        reason = translated(Message("{error}", error=error), context.language)
        said = words.index_failed.format(name=name, reason=reason)
    await services.edits.show(shown, rendering.text(said)[0])


async def _fetched(sent: Document, path: Path) -> None:
    """Fetch a file from Telegram, again and again where that may help.

    Raises:
        TelegramError: it is not there any more, or Telegram could not be reached for minutes.
    """
    for wait in _FETCH_AGAIN_S:
        try:
            await (await sent.get_file()).download_to_drive(path)
        except NetworkError as error:
            if isinstance(error, BadRequest):
                raise
            _log.warning("a file was not fetched (%s); trying again in %d s", type(error).__name__, wait)
            await asyncio.sleep(wait)
        else:
            return
    await (await sent.get_file()).download_to_drive(path)


async def _indexed(name: str, path: Path, shown: SentMessage, context: Context) -> str:
    """Index a file, showing how far it has come; return what came of it."""
    services, latest = context.services, IndexReport()

    def note(report: IndexReport) -> None:
        nonlocal latest
        latest = report

    work = asyncio.ensure_future(services.writer.add(path, note))
    while not (await asyncio.wait({work}, timeout=_EDIT_EVERY_S))[0]:
        await services.edits.show(shown, _progress(name, latest, context.words))
    report = work.result()
    skipped = [
        Message("{name}: {reason}", name=item.path.removeprefix(f"{path.parent}/"), reason=item.reason)
        for item in report.skipped[:_MOST_NAMED]
    ]
    return "\n".join([_outcome(name, report, context.words), *(translated(each, context.language) for each in skipped)])


async def remove(update: Update, context: Context) -> None:  # noqa: ARG001
    """Remove articles by their ids, a line or a word each."""
    words, given = context.words, context.argument
    ids = given.splitlines() if "\n" in given else [given] if given else []
    removed = await context.services.writer.remove(ids) if ids else []
    missing = [each for each in ids if each not in removed]
    lines = [words.removed.format(ids=", ".join(removed))] * bool(removed)
    lines += [words.not_removed.format(ids=", ".join(missing))] * bool(missing or not ids)
    await context.say("\n".join(lines))


async def reload(update: Update, context: Context) -> None:  # noqa: ARG001
    """Open the archive anew."""
    archive = context.services.archive
    await archive.reload()
    await context.say(context.words.reloaded.format(articles=(await archive.stats()).get("articles")))


async def pair(update: Update, context: Context) -> None:  # noqa: ARG001
    """Make a link that lets one person in."""
    link = f"https://t.me/{context.bot.username}?start=p_{context.services.state.invite()}"
    await context.say(context.words.pair.format(link=link))


async def feedback(update: Update, context: Context) -> None:  # noqa: ARG001
    """Say what people thought of passages."""
    words, counts = context.words, context.services.state.rating_counts()
    named = keyboards.rating_names(words).items()
    said = " · ".join(f"{name} {counts[rating]}" for rating, name in named if rating in counts)
    await context.say(words.feedback_heading.format(counts=said) if said else words.feedback_none)


async def _limit_date(name: Literal["since", "until"], context: Context) -> None:
    given = context.argument
    days = read_days(given, context.today) if given else None
    if given and days is None:
        await context.say(context.words.bad_date.format(value=given[:80]))
    else:
        day = days[name == "until"] if days else None
        await _set_scope(_scope(context).limited(**{name: day}), context)


def _scope(context: Context) -> ChatScope:
    return context.services.state.scope(context.message.chat.id, context.asker)


async def _set_scope(scope: ChatScope, context: Context) -> None:
    context.services.state.set_scope(context.message.chat.id, context.asker, scope)
    words = context.words
    said = rendering.scope_line(scope, words)
    await context.say(words.filters_now.format(filters=said) if said else words.filters_none)


async def _open(token: str, context: Context) -> None:
    """Open an article at a linked passage."""
    linked = context.services.answers.linked(token)
    article = await context.services.archive.read(lambda find: find(linked[0])) if linked else None
    if linked is None or article is None:
        await context.say(context.words.expired)
    else:
        await asking.show_article(article, linked[1], context)


async def _counts(context: Context) -> dict[str, str]:
    found = await context.services.archive.stats()
    names = ("articles", "passages", "sources", "first", "last", "undated")
    return {name: _number(found.get(name)) for name in names}


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value or "–")


def file_name(given: str | None) -> str:
    """Return a name that stays in its folder, whatever name a file was sent with."""
    name = _UNFIT.sub("_", messages.sendable(given or "")).strip(" .")
    while len(name.encode()) > 150:  # file systems take 255 bytes
        name = name[1:]
    return name or "file.txt"


def _progress(name: str, report: IndexReport, words: Wording) -> str:
    done = len(report.added) + len(report.changed) + len(report.unchanged)
    return rendering.text(words.indexing.format(name=name, done=done, skipped=len(report.skipped)))[0]


def _outcome(name: str, report: IndexReport, words: Wording) -> str:
    return words.indexed.format(
        name=name,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        skipped=len(report.skipped),
    )
