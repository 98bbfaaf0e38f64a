"""What one message shows of an answer, of a list or of an article, and the buttons below it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.standing import Every, StandingQuestion
from bot.telegram import rendering
from bot.telegram.messages import bold, button_address
from bot.telegram.rendering import AnswerNotes, Display
from bot.telegram.saved_answers import AnswerKind, SavedAnswer
from bot.telegram.state import Rating, Script
from bot.words import InterfaceLanguage, Wording, wording
from bot.words.en import WORDING as ENGLISH
from retrieval import Article, Filters, Hit, Source

ON_A_PAGE = 8
"""Articles or outlets of a list, a button each: as many as Telegram puts into one row."""
ZONES = tuple(ENGLISH.zones)
_MOST_LABEL, _MOST_QUESTION = 30, 60
_DATA = re.compile(r"([a-z])\.([A-Za-z0-9_-]{1,20})\.(\d{1,3})(?:\.([a-z0-9-]{1,20}))?")


class Verb(StrEnum):
    """What a button does; the value is what stands in its data."""

    HIT = "h"
    MORE = "m"
    ARTICLE = "a"
    OLDER = "o"
    NEWER = "n"
    WITHOUT = "x"
    LITERAL = "t"
    RATE = "j"
    RATING = "v"
    WHY = "w"
    SHARE = "c"
    SUGGESTION = "g"
    SOURCES = "q"
    SOURCE = "u"
    REMOVE = "r"
    LANGUAGE = "l"
    SCRIPT = "s"
    TIMEZONE = "z"
    WATCH = "e"
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
    if saved.kind in {AnswerKind.LIST, AnswerKind.OUTLET, AnswerKind.TIMELINE}:
        return _list_screen(saved, hits, at, display.wording)
    hit = hits[at] if at < len(hits) else None
    if saved.kind is AnswerKind.ARTICLE and hit:
        return article_screen(saved, hit, at, display)
    there = [each for each in hits if each]
    notes = AnswerNotes(
        saved.refusal, saved.given, saved.understood, saved.age, saved.claim, saved.suggested, saved.lead
    )
    text = rendering.answer(there, there.index(hit) if hit else 0, display, notes)
    return ShownPage(text, answer_keyboard(saved, at, hit, display.wording), saved.key)


def _list_screen(saved: SavedAnswer, hits: Sequence[Hit | None], at: int, words: Wording) -> ShownPage:
    first = at - at % ON_A_PAGE
    listed = hits[first : first + ON_A_PAGE]
    heading = saved.lead or [bold(words.in_order if saved.kind is AnswerKind.TIMELINE else words.latest_heading)]
    text = rendering.latest(listed, first, saved.given, words, heading)
    numbers = [_button(str(n + 1), Verb.ARTICLE, saved.key, n) for n, hit in enumerate(listed, first) if hit]
    turns = _paging(Verb.HIT, saved.key, first, len(hits), ON_A_PAGE)
    back = [_button(words.back, Verb.SOURCES, "-", 0)] * (saved.kind is AnswerKind.OUTLET)
    return ShownPage(text, _keyboard([numbers, turns + back]), saved.key)


def article_screen(saved: SavedAnswer, hit: Hit, at: int, display: Display, number: int | None = None) -> ShownPage:
    """Show a page of the article of hit `at`: page `number`, or the one where the passage stands."""
    words, url = display.wording, button_address(hit.article.url)
    pages, here = rendering.article_pages(hit, display)
    number = here if number is None else min(number, len(pages) - 1)
    turns = [
        _button(arrow, Verb.ARTICLE, saved.key, at, str(to))
        for arrow, to in (("‹", number - 1), ("›", number + 1))
        if 0 <= to < len(pages)
    ]
    row = [_button(words.back, Verb.HIT, saved.key, at)] * (saved.kind is not AnswerKind.ARTICLE)
    row += [InlineKeyboardButton(words.original_page, url=url)] if url else []
    row += [_button(words.share, Verb.SHARE, saved.key, at)]
    row += [_button(words.remove, Verb.REMOVE, saved.key, at)] * display.can_remove
    return ShownPage(rendering.article_page(hit.article, pages, number, display), _keyboard([turns, row]), saved.key)


def removal_keyboard(saved: SavedAnswer, at: int, words: Wording) -> InlineKeyboardMarkup | None:
    """Return what is asked before an article is removed."""
    sure = _button(words.remove_surely, Verb.REMOVE, saved.key, at, "yes")
    return _keyboard([[sure, _button(words.back, Verb.ARTICLE, saved.key, at)]])


def whole(articles: Sequence[Article], at: tuple[int, int] = (0, 0)) -> tuple[Hit, ...]:
    """Return articles as hits, whole, with the place `at` (characters) to open them at."""
    return tuple(Hit(rank, 0.0, each.text, at, (0, len(each.text)), each) for rank, each in enumerate(articles, 1))


def answer_keyboard(saved: SavedAnswer, at: int, hit: Hit | None, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the two rows of buttons of an answer that shows `hit`, its number `at`."""
    key = saved.key
    more = [_button(words.more, Verb.MORE, key, at)] * bool(hit or saved.understood or _limits(saved, words))
    row = [_button(words.open_article, Verb.ARTICLE, key, at)] * bool(hit)
    return _keyboard([_paging(Verb.HIT, key, at, len(saved.places)), row + more])


def more_keyboard(saved: SavedAnswer, at: int, hit: Hit | None, words: Wording) -> InlineKeyboardMarkup | None:
    """Return what else can be done with an answer that shows `hit`, its number `at`."""
    key = saved.key
    rows: list[list[InlineKeyboardButton]] = []
    if hit:
        dated = [_button(words.older, Verb.OLDER, key, at), _button(words.newer, Verb.NEWER, key, at)]
        rows += [
            [_button(words.why, Verb.WHY, key, at), _button(words.judge, Verb.RATE, key, at)],
            [*dated * (hit.article.published is not None), _button(words.share, Verb.SHARE, key, at)],
        ]
    rows += [[_button(words.literally, Verb.LITERAL, key, at)]] * bool(saved.understood)
    limits = [
        _button(words.without.format(filter=said), Verb.WITHOUT, key, at, name) for name, said in _limits(saved, words)
    ]
    rows += [limits[n : n + 2] for n in range(0, len(limits), 2)]
    return _keyboard([*rows, [_button(words.back, Verb.HIT, key, at)]])


def _limits(saved: SavedAnswer, words: Wording) -> list[tuple[str, str]]:
    return rendering.limits_of(saved.given, words)


def sources_screen(found: Sequence[Source], page: int, words: Wording) -> ShownPage:
    """Show a page of the outlets, each with a button that lists what is newest of it."""
    first = min(page * ON_A_PAGE, max(len(found) - 1, 0) // ON_A_PAGE * ON_A_PAGE)
    listed = found[first : first + ON_A_PAGE]
    numbers = [
        _button(str(number), Verb.SOURCE, "-", 0, name_digest(each.name))
        for number, each in enumerate(listed, first + 1)
        if each.name
    ]
    turns = _paging(Verb.SOURCES, "-", first, len(found), ON_A_PAGE)
    return ShownPage(rendering.sources(listed, first, words), _keyboard([numbers, turns]), "-")


def name_digest(name: str) -> str:
    """Return what a button calls a name by, of whatever length."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def suggestions_keyboard(questions: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Return a button for each question that is suggested."""
    return _keyboard(
        [[_button(each, Verb.SUGGESTION, "-", 0, name_digest(each), _MOST_QUESTION)] for each in questions]
    )


def every_names(words: Wording) -> dict[Every, str]:
    """Return how often somebody may hear of news, in words."""
    return {Every.HOUR: words.hourly, Every.DAY: words.daily, Every.WEEK: words.weekly}


def standing_keyboard(standing: StandingQuestion, words: Wording) -> InlineKeyboardMarkup | None:
    """Return how often a chat may hear of a standing question, to choose from, and the button that ends it."""
    row = [
        _button("✓ " * (each is standing.every) + name, Verb.WATCH, "-", 0, f"{standing.number}-{each}")
        for each, name in every_names(words).items()
    ]
    return _keyboard([row, [_button("✕ " + standing.question, Verb.WATCH, "-", 0, f"{standing.number}-end")]])


def standing_list_keyboard(there: Sequence[StandingQuestion]) -> InlineKeyboardMarkup | None:
    """Return a button that ends each standing question."""
    ends = [_button("✕ " + each.question, Verb.WATCH, "-", 0, f"{each.number}-end") for each in there]
    return _keyboard([ends[n : n + 2] for n in range(0, len(ends), 2)])


def timezone_keyboard(chosen: str | None, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the timezones to choose from, the one in use marked; every other one can be typed."""
    buttons = [
        _button("✓ " * (zone == chosen) + words.zones[zone], Verb.TIMEZONE, "-", n) for n, zone in enumerate(ZONES)
    ]
    off = _button("✓ " * (chosen is None) + words.timezone_server, Verb.TIMEZONE, "-", len(ZONES))
    return _keyboard([buttons[:3], [*buttons[3:], off]])


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
            [_button(words.back, Verb.MORE, saved.key, at)],
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
    scripts = {each: rendering.SCRIPT_NAMES[each] or wording(language).original for each in Script}
    return _keyboard(
        [
            [
                _button("✓ " * (each is language) + name, Verb.LANGUAGE, "-", 0, each)
                for each, name in languages.items()
            ],
            [_button("✓ " * (each is script) + name, Verb.SCRIPT, "-", 0, each) for each, name in scripts.items()],
        ]
    )


def forward_button(label: str, query: str) -> InlineKeyboardMarkup:
    """Return one button that lets a person choose a chat for an inline query."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, switch_inline_query=query)]])


def link_button(label: str, url: str) -> InlineKeyboardMarkup:
    """Return one button that leads to an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])


def _paging(verb: Verb, key: str, at: int, count: int, step: int = 1) -> list[InlineKeyboardButton]:
    """Return ‹ n/m ›; `at` is the first one shown of `count`, and `step` are on a page."""
    if count <= step:
        return []
    page, pages, turned = at // step, -(-count // step), 1 if verb is Verb.SOURCES else step
    before = [_button("‹", verb, key, (page - 1) * turned)] if page else []
    after = [_button("›", verb, key, (page + 1) * turned)] if page + 1 < pages else []
    return [*before, _button(f"{page + 1}/{pages}", Verb.NOTHING, key, at), *after]


def _button(label: str, verb: Verb, key: str, at: int, more: str = "", most: int = _MOST_LABEL) -> InlineKeyboardButton:
    shown = label if len(label) <= most else label[: most - 1] + "…"
    return InlineKeyboardButton(shown, callback_data=str(ButtonData(verb, key, at, more)))


def _keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
