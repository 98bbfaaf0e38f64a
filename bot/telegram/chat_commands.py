"""What the commands do: start, help, filters, language, what there is; for admins add, remove, let in, see ratings."""

import asyncio
import re
from dataclasses import replace
from typing import Literal

from telegram import Chat, Update

from bot.live_archive import ChatScope
from bot.telegram import asking, keyboards, rendering, telegram_html
from bot.telegram.journal import Journal
from bot.telegram.services import Context
from bot.words import Wording
from retrieval import ChuchuError, IndexReport, SettingsError, make_filters, parse_day

ARTICLE, INVITATION = "a_", "p_"
"""What the parameters of links to the bot begin with."""
_MOST_BYTES = 20 * 2**20  # what the Bot API lets a bot fetch
_EDIT_EVERY_S = 3.0
_MOST_NAMED = 20
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


async def start(update: Update, context: Context) -> None:  # noqa: ARG001 as of every handler
    """Greet, or follow the link that led here."""
    given, words = context.argument, context.words
    if given.startswith(ARTICLE):
        await _open(given.removeprefix(ARTICLE), context)
        return
    if given.startswith(INVITATION):
        good = context.services.state.accept(given.removeprefix(INVITATION), context.user.id)
        await context.reply(words.invited if good else words.bad_code)
        if not good:
            return
    counts = await _counts(context)
    await context.say(words.welcome.format(articles=counts["articles"], sources=counts["sources"]))


async def help_(update: Update, context: Context) -> None:  # noqa: ARG001
    """Say what can be done here."""
    words = context.words
    text = words.help.format(bot=context.bot.username)
    if context.services.access.is_admin(context.user) and context.message.chat.type == Chat.PRIVATE:
        text += "\n\n" + words.admin_help
    await context.say(text)


async def sources(update: Update, context: Context) -> None:  # noqa: ARG001
    """List the outlets."""
    for text in rendering.sources(await context.services.archive.sources(), context.words):
        await context.reply(text)


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
    """Search only one outlet."""
    name = context.argument
    known = {each.name for each in await context.services.archive.sources()}
    if name and name not in known:
        await context.say(context.words.no_source.format(value=name[:80]))
    else:
        await _set_scope(_scope(context).limited(source=name or None), context)


async def as_of(update: Update, context: Context) -> None:  # noqa: ARG001
    """Look at the archive as it was on a day."""
    given = context.argument
    try:
        day = parse_day(given)
    except SettingsError:
        await context.say(context.words.bad_day.format(value=given[:80]))
    else:
        await _set_scope(replace(_scope(context), as_of=day.isoformat() if day else None), context)


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
    await (await sent.get_file()).download_to_drive(path)
    latest = IndexReport()

    def note(report: IndexReport) -> None:
        nonlocal latest
        latest = report

    work = asyncio.ensure_future(services.writer.add(path, note))
    while not (await asyncio.wait({work}, timeout=_EDIT_EVERY_S))[0]:
        await services.edits.show(shown, _progress(name, latest, words))
    await services.edits.show(shown, _outcome(name, work, words))


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
    day = context.argument
    try:
        make_filters(since=day)
    except SettingsError:
        await context.say(context.words.bad_date.format(value=day[:80]))
    else:
        await _set_scope(_scope(context).limited(**{name: day or None}), context)


def _scope(context: Context) -> ChatScope:
    return context.services.state.scope(context.message.chat.id, context.user.id)


async def _set_scope(scope: ChatScope, context: Context) -> None:
    context.services.state.set_scope(context.message.chat.id, context.user.id, scope)
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
    name = _UNFIT.sub("_", telegram_html.sendable(given or "")).strip(" .")
    while len(name.encode()) > 150:  # file systems take 255 bytes
        name = name[1:]
    return name or "file.txt"


def _progress(name: str, report: IndexReport, words: Wording) -> str:
    done = len(report.added) + len(report.changed) + len(report.unchanged)
    return rendering.text(words.indexing.format(name=name, done=done, skipped=len(report.skipped)))[0]


def _outcome(name: str, work: "asyncio.Future[IndexReport]", words: Wording) -> str:
    try:
        report = work.result()
    except ChuchuError as error:
        return rendering.text(words.index_failed.format(name=name, reason=error))[0]
    said = words.indexed.format(
        name=name,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        skipped=len(report.skipped),
    )
    named = [f"\n{item.path}: {item.reason}" for item in report.skipped[:_MOST_NAMED]]
    return rendering.text(said + "".join(named))[0]
