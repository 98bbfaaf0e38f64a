"""What pressing a button does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, User

from bot.telegram import keyboards
from bot.telegram.asking import Asking
from bot.telegram.callbacks import Press, Verb, parse
from bot.telegram.days import day_after, day_before
from bot.telegram.excuses import excuse
from bot.telegram.keyboards import Verdict
from bot.telegram.pages import show, show_article
from bot.telegram.parts import Parts
from bot.telegram.questions import Asked, asked
from bot.telegram.rendering import Manner
from bot.telegram.scope import Scope
from bot.telegram.scripts import Script
from bot.telegram.speaking import acknowledge
from bot.telegram.state import Judgement, Kept
from bot.telegram.texts import Language
from retrieval import Hit


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press on a button of an answer that still stands: by whom, where, and the hit it is about."""

    press: Press
    kept: Kept
    message: Message
    user: User
    me: User
    manner: Manner
    hits: list[Hit | None]
    hit: Hit


Act = Callable[[Pressed], Awaitable[str | None]]
"""Does what a press asks for; returns a notice for the person, or None."""


class Buttons:
    """Obeys buttons; each press is acknowledged exactly once."""

    def __init__(self, parts: Parts, asking: Asking) -> None:
        self._parts = parts
        self._asking = asking
        self._acts: dict[Verb, Act] = {
            Verb.HIT: self._show,
            Verb.ARTICLE: self._article,
            Verb.OLDER: self._older,
            Verb.NEWER: self._newer,
            Verb.JUDGE: self._judge,
            Verb.VERDICT: self._verdict,
            Verb.WHY: self._why,
        }

    async def press(self, query: CallbackQuery, me: User) -> None:
        """Do what a button says, and acknowledge it."""
        self._parts.metrics.presses += 1
        press = parse(query.data or "")
        notice: str | None = None
        try:
            notice = await self._obey(press, query, me)
        except Exception as error:
            notice = excuse(error, self._parts.words(query.from_user))
            raise
        finally:
            await acknowledge(query, notice, alert=press is not None and press.verb is Verb.WHY)

    async def _obey(self, press: Press | None, query: CallbackQuery, me: User) -> str | None:
        parts, user, message = self._parts, query.from_user, query.message
        words = parts.words(user)
        if press is None or not isinstance(message, Message):
            return words.expired
        if seconds := parts.limits.wait_press(user.id):
            return words.too_many.format(seconds=int(seconds) + 1)
        if press.verb in {Verb.LANGUAGE, Verb.SCRIPT}:
            return await self._choose(press, message, user)
        if press.verb is Verb.NOTHING:
            return None
        kept = parts.answers.get(press.key)
        # whoever forges the key of another chat's answer learns nothing about it
        if kept is None or kept.chat != message.chat.id:
            return words.expired
        if kept.user != user.id:
            return words.not_yours
        if press.verb in {Verb.WITHOUT, Verb.LITERAL}:
            return await self._widen(press, kept, message, user, me)
        hits = await parts.hits(kept)
        hit = hits[press.at] if press.at < len(hits) else None
        if hit is None:
            return words.changed if press.at < len(hits) else words.expired
        return await self._acts[press.verb](Pressed(press, kept, message, user, me, parts.manner(user), hits, hit))

    async def _show(self, pressed: Pressed) -> str | None:
        page = show(pressed.kept, pressed.hits, pressed.press.at, pressed.manner)
        await self._parts.edits.show(pressed.message, page.text, page.keyboard)
        return None

    async def _article(self, pressed: Pressed) -> str | None:
        press = pressed.press
        number = int(press.more) if press.more.isdecimal() else None
        page = show_article(pressed.kept, pressed.hit, press.at, pressed.manner, number)
        await self._parts.edits.show(pressed.message, page.text, page.keyboard)
        return None

    async def _older(self, pressed: Pressed) -> str | None:
        published = pressed.hit.article.published
        until = day_before(published) if published else None
        return await self._again(pressed, pressed.kept.given.limited(until=until))

    async def _newer(self, pressed: Pressed) -> str | None:
        published = pressed.hit.article.published
        since = day_after(published) if published else None
        return await self._again(pressed, pressed.kept.given.limited(since=since))

    async def _again(self, pressed: Pressed, scope: Scope) -> str | None:
        return await self._ask_again(pressed.kept, pressed.message, pressed.user, pressed.me, scope)

    async def _widen(self, press: Press, kept: Kept, message: Message, user: User, me: User) -> str | None:
        is_literal = press.verb is Verb.LITERAL
        scope = replace(kept.given, is_literal=True) if is_literal else kept.given.without(press.more)
        if scope is None:
            return self._parts.words(user).expired
        return await self._ask_again(kept, message, user, me, scope)

    async def _ask_again(self, kept: Kept, message: Message, user: User, me: User, scope: Scope) -> str | None:
        """Ask the same within another scope; the question is read from the message that the answer replies to."""
        question = _question(message, me)
        if question is None:
            return self._parts.words(user).question_gone
        page = await self._asking.page(replace(question, forwarded=kept.forwarded), message.chat, user, scope)
        await self._parts.edits.show(message, page.text, page.keyboard)
        self._parts.answers.stands_in(page.key, message.message_id)
        return None

    async def _judge(self, pressed: Pressed) -> str | None:
        buttons = keyboards.judging(pressed.kept, pressed.press.at, pressed.manner.wording)
        await self._parts.edits.show(pressed.message, None, buttons)
        return None

    async def _verdict(self, pressed: Pressed) -> str | None:
        words, hit, press = pressed.manner.wording, pressed.hit, pressed.press
        question = _question(pressed.message, pressed.me)
        if question is None or press.more not in set(Verdict):
            return words.question_gone
        quote = hit.text[slice(*hit.highlight)].strip()
        kept = pressed.kept
        self._parts.feedback.add(
            Judgement(pressed.user.id, kept.key, question.question, hit.article.id, quote, press.more, kept.answered)
        )
        await self._parts.edits.show(pressed.message, None, keyboards.answer(kept, press.at, hit, words))
        return words.thanks

    async def _why(self, pressed: Pressed) -> str | None:
        hit, kept = pressed.hit, pressed.kept
        shares = ", ".join(f"{name} {share:.2f}" for name, share in hit.explanation.items()) or "–"
        return pressed.manner.wording.because.format(
            rank=hit.rank,
            count=len(kept.places),
            score=f"{hit.score:.2f}",
            shares=shares,
            confidence=round(100 * kept.confidence),
        )

    async def _choose(self, press: Press, message: Message, user: User) -> str | None:
        people = self._parts.people
        if press.verb is Verb.LANGUAGE and press.more in set(Language):
            people.choose_language(user.id, Language(press.more))
        elif press.verb is Verb.SCRIPT and press.more in set(Script):
            people.choose_script(user.id, Script(press.more))
        words, menu = self._parts.words(user), self._parts.language_menu(user)
        await self._parts.edits.show(message, words.choose_language, menu)
        return words.language_set


def _question(message: Message, me: User) -> Asked | None:
    earlier = message.reply_to_message
    if earlier is None:
        return None
    question = asked(earlier, me)
    text = " ".join((earlier.text or earlier.caption or "").split())
    return question or (Asked(text) if text else None)
