"""What one message shows of an answer, of a list or of an article, and the buttons below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram import rendering
from bot.telegram.rendering import AnswerNotes, Display
from bot.telegram.saved_answers import AnswerKind, SavedAnswer
from bot.telegram.state import Rating, Script
from bot.words import InterfaceLanguage, Wording, wording
from retrieval import Article, Filters, Hit

_MOST_LABEL = 30
_DATA = re.compile(r"([a-z])\.([A-Za-z0-9_-]{1,20})\.(\d{1,3})(?:\.([a-z0-9-]{1,20}))?")


class Verb(StrEnum):
    """What a button does; the value is what stands in its data."""

    HIT = "h"
    ARTICLE = "a"
    OLDER = "o"
    NEWER = "n"
    WITHOUT = "x"
    LITERAL = "t"
    RATE = "j"
    RATING = "v"
    WHY = "w"
    LANGUAGE = "l"
    SCRIPT = "s"
    NOTHING = "p"

    @property
    def pattern(self) -> str:
        """The data of its buttons, as a regular expression."""
        return rf"^{self.value}\."


@dataclass(frozen=True, slots=True)
class ButtonData:
    """What to do with hit `at` of the answer `key`; `more` is the verb's own. 64 bytes that anybody could forge."""

    verb: Verb
    key: str
    at: int = 0
    more: str = ""

    def __str__(self) -> str:
        return f"{self.verb}.{self.key}.{self.at}" + (f".{self.more}" if self.more else "")

    @classmethod
    def parse(cls, data: str) -> "ButtonData | None":
        """Read a button's data; None if no button of ours says that."""
        match = _DATA.fullmatch(data)
        if match is None or match[1] not in set(Verb):
            return None
        return cls(Verb(match[1]), match[2], int(match[3]), match[4] or "")


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One message's worth of what is saved under `key`."""

    text: str
    keyboard: InlineKeyboardMarkup | None
    key: str


def screen(saved: SavedAnswer, hits: Sequence[Hit | None], at: int, display: Display) -> ShownPage:
    """Show hit `at` of an answer; `hits` has None where an article is gone or has changed."""
    if saved.kind is AnswerKind.LIST:
        text = rendering.latest(hits, saved.given, display.wording)
        numbers = [_button(str(n + 1), Verb.ARTICLE, saved.key, n) for n, hit in enumerate(hits) if hit]
        return ShownPage(text, _keyboard([numbers]), saved.key)
    hit = hits[at] if at < len(hits) else None
    if saved.kind is AnswerKind.ARTICLE and hit:
        return article_screen(saved, hit, at, display)
    there = [each for each in hits if each]
    notes = AnswerNotes(saved.refusal, saved.given, saved.understood, saved.age, saved.forwarded)
    text = rendering.answer(there, there.index(hit) if hit else 0, display, notes)
    return ShownPage(text, answer_keyboard(saved, at, hit, display.wording), saved.key)


def article_screen(saved: SavedAnswer, hit: Hit, at: int, display: Display, number: int | None = None) -> ShownPage:
    """Show a page of the article of hit `at`: page `number`, or the one where the passage stands."""
    pages, here = rendering.article_pages(hit.article, hit.span[0] + hit.highlight[0], display)
    number = here if number is None else min(number, len(pages) - 1)
    turns = [
        _button(arrow, Verb.ARTICLE, saved.key, at, str(to))
        for arrow, to in (("‹", number - 1), ("›", number + 1))
        if 0 <= to < len(pages)
    ]
    back = [_button(display.wording.back, Verb.HIT, saved.key, at)] * (saved.kind is not AnswerKind.ARTICLE)
    return ShownPage(rendering.article_page(hit.article, pages, number, display), _keyboard([turns, back]), saved.key)


def whole(articles: Sequence[Article], at: int = 0) -> tuple[Hit, ...]:
    """Return articles as hits, whole, with the place `at` (characters) to open them at."""
    return tuple(
        Hit(rank, 0.0, each.text, (at, at), (0, len(each.text)), each) for rank, each in enumerate(articles, 1)
    )


def answer_keyboard(saved: SavedAnswer, at: int, hit: Hit | None, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the buttons of an answer that shows `hit`, its number `at`."""
    key = saved.key
    rows = [_paging(key, at, len(saved.places))]
    if hit:
        rows += [
            [_button(words.open_article, Verb.ARTICLE, key, at), _button(words.why, Verb.WHY, key, at)],
            [_button(words.older, Verb.OLDER, key, at), _button(words.newer, Verb.NEWER, key, at)]
            * (hit.article.published is not None),
            [_button(words.judge, Verb.RATE, key, at)],
        ]
    rows += [[_button(words.literally, Verb.LITERAL, key, at)]] * bool(saved.understood)
    rows += [
        [_button(words.without.format(filter=said), Verb.WITHOUT, key, at, name)]
        for name, said in rendering.limits_of(saved.given, words)
    ]
    return _keyboard(rows)


def rating_keyboard(saved: SavedAnswer, at: int, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the ratings to choose from; the first row says that the question is stored with one.

    That the archive cannot answer is offered only where all of it was searched and the question was refused.
    """
    button = {
        rating: _button(label, Verb.RATING, saved.key, at, rating) for rating, label in rating_names(words).items()
    }
    is_whole = not saved.answered and saved.used == Filters()
    return _keyboard(
        [
            [_button(words.judge_consent, Verb.NOTHING, saved.key, at)],
            [button[Rating.RIGHT], button[Rating.NOT_RELEVANT]],
            [button[Rating.WRONG_SOURCE], button[Rating.WRONG_DATE]],
            [button[Rating.UNANSWERABLE]] * is_whole,
            [_button(words.back, Verb.HIT, saved.key, at)],
        ]
    )


def rating_names(words: Wording) -> dict[Rating, str]:
    """Return what each rating is called."""
    return {
        Rating.RIGHT: f"👍 {words.right}",
        Rating.NOT_RELEVANT: words.not_relevant,
        Rating.WRONG_SOURCE: words.wrong_source,
        Rating.WRONG_DATE: words.wrong_date,
        Rating.UNANSWERABLE: words.rightly_refused,
    }


def language_keyboard(language: InterfaceLanguage, script: Script) -> InlineKeyboardMarkup | None:
    """Return the languages and the scripts to choose from, those in use marked."""
    languages = {each: wording(each).name for each in InterfaceLanguage}
    scripts = {each: rendering.script_name(each) or wording(language).original for each in Script}
    return _keyboard(
        [
            [
                _button("✓ " * (each is language) + name, Verb.LANGUAGE, "-", 0, each)
                for each, name in languages.items()
            ],
            [_button("✓ " * (each is script) + name, Verb.SCRIPT, "-", 0, each) for each, name in scripts.items()],
        ]
    )


def link_button(label: str, url: str) -> InlineKeyboardMarkup:
    """Return one button that leads to an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])


def _paging(key: str, at: int, count: int) -> list[InlineKeyboardButton]:
    if count < 2:
        return []
    before = [_button("‹", Verb.HIT, key, at - 1)] if at else []
    after = [_button("›", Verb.HIT, key, at + 1)] if at + 1 < count else []
    return [*before, _button(f"{at + 1}/{count}", Verb.NOTHING, key, at), *after]


def _button(label: str, verb: Verb, key: str, at: int, more: str = "") -> InlineKeyboardButton:
    shown = label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"
    return InlineKeyboardButton(shown, callback_data=str(ButtonData(verb, key, at, more)))


def _keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
