"""The buttons below messages."""

from collections.abc import Sequence
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.callbacks import Press, Verb
from bot.telegram.rendering import limits, script_name
from bot.telegram.scripts import Script
from bot.telegram.state import Kept
from bot.telegram.texts import Language, Wording, wording
from retrieval import Filters, Hit

_MOST_LABEL = 30


class Verdict(StrEnum):
    """What a person judges about a passage, or about the refusal above it."""

    RIGHT = "right"
    WRONG_SOURCE = "wrong-source"
    WRONG_DATE = "wrong-date"
    NOT_RELEVANT = "not-relevant"
    UNANSWERABLE = "unanswerable"


def answer(kept: Kept, at: int, hit: Hit | None, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the buttons of an answer that shows `hit`, its number `at`."""
    key = kept.key
    rows = [_paging(key, at, len(kept.places))]
    if hit:
        dated = hit.article.published is not None
        rows += [
            [_button(words.open_article, Press(Verb.ARTICLE, key, at)), _button(words.why, Press(Verb.WHY, key, at))],
            [_button(words.older, Press(Verb.OLDER, key, at)), _button(words.newer, Press(Verb.NEWER, key, at))]
            * dated,
            [_button(words.judge, Press(Verb.JUDGE, key, at))],
        ]
    rows += [[_button(words.literally, Press(Verb.LITERAL, key, at))]] * bool(kept.understood)
    rows += [
        [_button(words.without.format(filter=said), Press(Verb.WITHOUT, key, at, name))]
        for name, said in limits(kept.given, words)
    ]
    return _markup(rows)


def listed(key: str, hits: Sequence[Hit | None]) -> InlineKeyboardMarkup | None:
    """Return the buttons of a list: a number for each article that is still there."""
    return _markup([[_button(str(at + 1), Press(Verb.ARTICLE, key, at)) for at, hit in enumerate(hits) if hit]])


def article(
    key: str, at: int, page: int, pages: int, words: Wording, *, leads_back: bool = True
) -> InlineKeyboardMarkup | None:
    """Return the buttons of an article's page: turning pages, and back to what it was opened from."""
    turns = [
        _button(arrow, Press(Verb.ARTICLE, key, at, str(to)))
        for arrow, to in (("‹", page - 1), ("›", page + 1))
        if 0 <= to < pages
    ]
    return _markup([turns, [_button(words.back, Press(Verb.HIT, key, at))] * leads_back])


def judging(kept: Kept, at: int, words: Wording) -> InlineKeyboardMarkup | None:
    """Return the verdicts to choose from; the first row says that the question is stored with one.

    That the archive cannot answer is offered only where all of it was searched and the question was refused.
    """
    button = {
        verdict: _button(label, Press(Verb.VERDICT, kept.key, at, verdict))
        for verdict, label in verdicts(words).items()
    }
    is_whole = not kept.answered and kept.used == Filters()
    return _markup(
        [
            [_button(words.judge_consent, Press(Verb.NOTHING, kept.key, at))],
            [button[Verdict.RIGHT], button[Verdict.NOT_RELEVANT]],
            [button[Verdict.WRONG_SOURCE], button[Verdict.WRONG_DATE]],
            [button[Verdict.UNANSWERABLE]] * is_whole,
            [_button(words.back, Press(Verb.HIT, kept.key, at))],
        ]
    )


def verdicts(words: Wording) -> dict[Verdict, str]:
    """Return what each verdict is called."""
    return {
        Verdict.RIGHT: f"👍 {words.right}",
        Verdict.NOT_RELEVANT: words.not_relevant,
        Verdict.WRONG_SOURCE: words.wrong_source,
        Verdict.WRONG_DATE: words.wrong_date,
        Verdict.UNANSWERABLE: words.rightly_refused,
    }


def languages(words: Wording, language: Language, script: Script) -> InlineKeyboardMarkup | None:
    """Return the languages and the scripts to choose from, those in use marked."""
    spoken = [
        _button("✓ " * (each is language) + wording(each).name, Press(Verb.LANGUAGE, "-", 0, each)) for each in Language
    ]
    scripts = [
        _button("✓ " * (each is script) + (script_name(each) or words.original), Press(Verb.SCRIPT, "-", 0, each))
        for each in (Script.ORIGINAL, Script.SIMPLIFIED, Script.TRADITIONAL)
    ]
    return _markup([spoken, scripts])


def leading(label: str, url: str) -> InlineKeyboardMarkup:
    """Return one button that leads to an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])


def _paging(key: str, at: int, count: int) -> list[InlineKeyboardButton]:
    if count < 2:
        return []
    before = [_button("‹", Press(Verb.HIT, key, at - 1))] if at else []
    after = [_button("›", Press(Verb.HIT, key, at + 1))] if at + 1 < count else []
    return [*before, _button(f"{at + 1}/{count}", Press(Verb.NOTHING, key, at)), *after]


def _button(label: str, press: Press) -> InlineKeyboardButton:
    short = label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"
    return InlineKeyboardButton(short, callback_data=press.data())


def _markup(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
