"""What the commands do that everybody may use."""

from dataclasses import replace
from typing import Literal

from telegram import Chat, Message, User

from bot.telegram import listings, rendering
from bot.telegram.asking import Asking
from bot.telegram.parts import Parts
from bot.telegram.questions import argument
from bot.telegram.scope import Scope
from bot.telegram.speaking import reply
from bot.telegram.texts import Wording
from retrieval import SettingsError, make_filters, parse_day

_ARTICLE, _INVITATION = "a_", "p_"


class Commands:
    """Start, help, filters, language, and what there is."""

    def __init__(self, parts: Parts, asking: Asking) -> None:
        self._parts = parts
        self._asking = asking

    async def start(self, message: Message, user: User) -> None:
        """Greet, or follow the link that led here."""
        given = argument(message)
        if given.startswith(_ARTICLE):
            await self._open(message, user, given.removeprefix(_ARTICLE))
            return
        words = self._parts.words(user)
        if given.startswith(_INVITATION):
            good = self._parts.invitations.accept(given.removeprefix(_INVITATION), user.id)
            await reply(message, words.invited if good else words.bad_code)
            if not good:
                return
        counts = await self._counts()
        await self._say(message, words.welcome.format(articles=counts["articles"], sources=counts["sources"]))

    async def help(self, message: Message, user: User) -> None:
        """Say what can be done here."""
        words = self._parts.words(user)
        text = words.help.format(bot=message.get_bot().username)
        if self._parts.access.is_admin(user) and message.chat.type == Chat.PRIVATE:
            text += "\n\n" + words.admin_help
        await self._say(message, text)

    async def sources(self, message: Message, user: User) -> None:
        """List the outlets."""
        for text in listings.sources(await self._parts.sources(), self._parts.words(user)):
            await reply(message, text)

    async def stats(self, message: Message, user: User) -> None:
        """Say what the archive holds."""
        await self._say(message, self._parts.words(user).stats.format(**await self._counts()))

    async def language(self, message: Message, user: User) -> None:
        """Let a person choose the language, and the script of passages."""
        words = self._parts.words(user)
        await reply(message, rendering.text(words.choose_language)[0], self._parts.language_menu(user))

    async def since(self, message: Message, user: User) -> None:
        """Search only articles published on or after a date."""
        await self._limit_date(message, user, "since")

    async def until(self, message: Message, user: User) -> None:
        """Search only articles published on or before a date."""
        await self._limit_date(message, user, "until")

    async def as_of(self, message: Message, user: User) -> None:
        """Look at the archive as it was on a day."""
        given = argument(message)
        try:
            day = parse_day(given)
        except SettingsError:
            await self._say(message, self._parts.words(user).bad_day.format(value=given[:80]))
            return
        await self._set(message, user, replace(self._now(message, user), as_of=day.isoformat() if day else None))

    async def source(self, message: Message, user: User) -> None:
        """Search only one outlet."""
        name = argument(message)
        known = {source.name for source in await self._parts.sources()}
        if name and name not in known:
            await self._say(message, self._parts.words(user).no_source.format(value=name[:80]))
            return
        await self._set(message, user, self._now(message, user).limited(source=name or None))

    async def clear(self, message: Message, user: User) -> None:
        """Search everything again."""
        await self._set(message, user, Scope())

    async def _limit_date(self, message: Message, user: User, name: Literal["since", "until"]) -> None:
        day = argument(message)
        try:
            make_filters(since=day)
        except SettingsError:
            await self._say(message, self._parts.words(user).bad_date.format(value=day[:80]))
            return
        await self._set(message, user, self._now(message, user).limited(**{name: day or None}))

    def _now(self, message: Message, user: User) -> Scope:
        return self._parts.people.scope(message.chat.id, user.id)

    async def _set(self, message: Message, user: User, scope: Scope) -> None:
        self._parts.people.set_scope(message.chat.id, user.id, scope)
        words = self._parts.words(user)
        said = rendering.scope_said(scope, words)
        await self._say(message, words.filters_now.format(filters=said) if said else words.filters_none)

    async def _open(self, message: Message, user: User, token: str) -> None:
        """Open an article at a linked passage."""
        parts = self._parts
        found = parts.answers.linked(token)
        article = await parts.desk.run(lambda: parts.library.article(found[0]) if found else None)
        if found is None or article is None:
            await self._say(message, parts.words(user).expired)
        else:
            await self._asking.opened(message, user, article, found[1])

    async def _counts(self) -> dict[str, str]:
        stats = await self._parts.desk.run(self._parts.library.stats)
        names = ("articles", "passages", "sources", "first", "last", "undated")
        return {name: _number(stats.get(name)) for name in names}

    async def _say(self, message: Message, words: str) -> None:
        for text in rendering.text(words):
            await reply(message, text)


def menu(words: Wording) -> list[tuple[str, str]]:
    """Return the commands that Telegram's menu shows."""
    return list(words.commands.items())


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value or "–")
