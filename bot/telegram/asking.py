"""From a question in a chat to the answer below it."""

import logging
import time
from dataclasses import replace

from telegram import Chat, Message, User

from bot.telegram.desk import BusyError, SlowError
from bot.telegram.pages import Page, listed, show
from bot.telegram.parts import PASSAGES, Parts
from bot.telegram.questions import Asked, asked
from bot.telegram.scope import Scope
from bot.telegram.speaking import reply, typing
from bot.telegram.state import Kind
from bot.telegram.texts import Wording
from retrieval import Answer, Article, Hit

_log = logging.getLogger(__name__)


class Asking:
    """Answers the messages that are questions."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def message(self, message: Message, user: User, me: User) -> None:
        """Answer a message if it asks something."""
        question = asked(message, me)
        if question is None:
            await self._nothing_asked(message, self._parts.words(user))
            return
        if await self._is_limited(message, user):
            return
        scope = self._scope(message, user)
        async with typing(message):
            await self._reply(message, await self.page(question, message.chat, user, scope))

    async def latest(self, message: Message, user: User) -> None:
        """List the newest articles within what the person has set, each with a button that opens it."""
        parts, scope = self._parts, self._scope(message, user)
        articles = await parts.desk.run(lambda: parts.library.latest(PASSAGES, scope))
        await self._show(message, user, scope, listed(articles), Kind.LIST)

    async def opened(self, message: Message, user: User, article: Article, at: int) -> None:
        """Show an article at a place (characters) in it, with buttons that turn its pages."""
        await self._show(message, user, Scope(), listed([article], at), Kind.ARTICLE)

    async def page(self, question: Asked, chat: Chat, user: User, scope: Scope) -> Page:
        """Answer a question and remember the answer."""
        parts = self._parts
        if question.forwarded:
            scope = replace(scope, is_literal=True)  # the dates in a text are the text's own, not the reader's
        answer = await self.answer(question.question, scope, "private" if chat.type == Chat.PRIVATE else "group")
        kept = parts.answers.keep(answer, chat.id, user.id, scope, forwarded=question.forwarded)
        # the article that came nearest is shown now and not kept: no button leads back to an answer without passages
        return show(replace(kept, refusal=answer.refusal), answer.hits, 0, parts.manner(user))

    async def answer(self, question: str, scope: Scope, where: str) -> Answer:
        """Put a question to the archive when its turn comes.

        Raises:
            BusyError: too many wait.
            SlowError: it took too long.
            ChuchuError: the archive cannot answer.
        """
        parts = self._parts
        parts.metrics.questions[where] += 1
        if parts.settings.log_questions:
            _log.info("asked: %s", question)
        began = time.monotonic()
        outcome = "failed"
        try:
            answer = await parts.desk.run(lambda: parts.library.ask(question, PASSAGES, scope))
            outcome = "answered" if answer.answered else "refused"
        except BusyError:
            outcome = "busy"
            raise
        except SlowError:
            outcome = "slow"
            raise
        finally:
            parts.metrics.outcomes[outcome] += 1
            parts.metrics.took(time.monotonic() - began)
        return answer

    @staticmethod
    async def _nothing_asked(message: Message, words: Wording) -> None:
        if (message.text or "").startswith("/ask"):
            await reply(message, words.ask_what)
        elif message.chat.type == Chat.PRIVATE and not message.via_bot:
            await reply(message, words.text_only)

    async def _reply(self, message: Message, page: Page) -> None:
        sent = await reply(message, page.text, page.keyboard)
        self._parts.answers.stands_in(page.key, sent.message_id)

    async def _show(self, message: Message, user: User, scope: Scope, hits: tuple[Hit, ...], kind: Kind) -> None:
        """Reply with whole articles."""
        parts = self._parts
        kept = parts.answers.keep(Answer("", 1.0, scope.filters, hits), message.chat.id, user.id, scope, kind=kind)
        await self._reply(message, show(kept, hits, 0, parts.manner(user)))

    def _scope(self, message: Message, user: User) -> Scope:
        """Return the limits of the answer that is replied to, else those the person has set in this chat."""
        earlier = message.reply_to_message
        kept = self._parts.answers.in_message(message.chat.id, earlier.message_id) if earlier else None
        if kept is None:
            return self._parts.people.scope(message.chat.id, user.id)
        as_of = kept.given.as_of
        return Scope(replace(kept.used, until=None) if kept.used.until == as_of else kept.used, as_of)

    async def _is_limited(self, message: Message, user: User) -> bool:
        parts = self._parts
        seconds = parts.limits.wait(user.id, message.chat.id)
        if not seconds:
            return False
        parts.metrics.outcomes["limited"] += 1
        if parts.limits.may_tell(user.id):
            await reply(message, parts.words(user).too_many.format(seconds=int(seconds) + 1))
        return True
