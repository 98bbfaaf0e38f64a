"""Every sentence that people read, a file a language.

Chats speak by the fields of a `Wording`. The terminal, and every error, speaks by templates: the English one stands
where it is used, and `messages.LANGUAGE.json` says it in another. A new language is a file of each kind, and a name in
`InterfaceLanguage`.

What an answer says besides its passages, a sentence each, is the same in the terminal, in chats and on pages.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import import_module

from bot import InterfaceLanguage, language_of, messages, terminal_language
from bot.words.en import WebWording, Wording
from retrieval import (
    Age,
    Article,
    ChuchuError,
    Compared,
    Difference,
    Filters,
    Message,
    PartAnswer,
    PublishedFrom,
    Refusal,
    RefusalKind,
)

_CLAUSES = frozenset({"advice", "done", "error", "failure", "found", "reason", "what"})
"""Fields that hold a clause in English; all others hold names and numbers, which are said as they are."""


@cache
def wording(language: InterfaceLanguage) -> Wording:
    """Return the sentences of a language."""
    found: Wording = import_module(f"{__name__}.{language.replace('-', '_')}").WORDING
    return found


def say(template: str, /, **fields: object) -> str:
    """Return a sentence, given in English, in the terminal's language."""
    return translated(Message(template, **fields))


def listed(parts: Iterable[str]) -> str:
    """Return several things in one line, parted as the terminal's language parts them."""
    return say(", ").join(parts)


def translated(text: str, language: InterfaceLanguage | None = None) -> str:
    """Return a message in a language (default: the terminal's), its clauses too; in English what nobody translated."""
    language = language or terminal_language()
    known = messages(language)
    if not known or not isinstance(text, Message):
        return known.get(text, text)
    template = known.get(text.template, text.template)
    fields = {name: _field(name, value, language) for name, value in text.fields.items()}
    return template.format(**fields) if fields else template


def _field(name: str, value: object, language: InterfaceLanguage) -> object:
    if isinstance(value, ChuchuError):
        return translated(value.message, language)
    if isinstance(value, OSError) and value.strerror:
        named = f": {value.filename}" if value.filename else ""
        return f"{translated(value.strerror, language)}{named}"
    is_clause = isinstance(value, Message) or name in _CLAUSES
    return translated(value, language) if isinstance(value, str) and is_clause else value


def recognised(text: str, templates: Iterable[str]) -> Message:
    """Return what somebody else's English says as a message: by the first of some templates that it fits."""
    for template in templates:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return Message(template, **found.groupdict())
    return Message(text)


_BY = {
    "earlier": "earlier by {difference} {unit}",
    "later": "later by {difference} {unit}",
    "larger": "more by {difference} {unit}",
    "smaller": "less by {difference} {unit}",
}
_TWO = ("The former", "The latter")
_LARGER_UNITS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "m": ((1_000, "km"),),
    "m²": ((1_000_000, "km²"),),
    "g": ((1_000_000, "t"), (1_000, "kg")),
}
"""Units that people take for many of another: metres are counted up to a kilometre."""
_HAN_UNITS = ((100_000_000, "亿"), (10_000, "万"))


def compared_line(outcome: Compared, language: InterfaceLanguage | None = None) -> str:
    """Say what came of a comparison: 前者早 41 天."""
    fields: dict[str, object] = {"values": " / ".join(value or "?" for value in outcome.values)}
    if outcome.winner is not None:
        two = len(outcome.values) == 2
        who = Message(_TWO[outcome.winner]) if two else Message("Number {place}", place=outcome.winner + 1)
        return translated(
            Message("{who} is {reason}: {values}.", who=who, reason=_relation(outcome), **fields), language
        )
    if not any(outcome.values):
        return translated(Message("Not certain from what is cited."), language)
    if outcome.same is None:
        return translated(Message("Not certain from what is cited: {values}.", **fields), language)
    kind = Message(outcome.relation if outcome.relation.startswith("same") else "equal")
    if outcome.same:
        return translated(Message("Compared: {reason}: {values}.", reason=kind, **fields), language)
    return translated(Message("Compared: not {reason}: {values}.", reason=kind, **fields), language)


def _relation(outcome: Compared) -> Message:
    """Say how one stands to the others, and by how much where that is known."""
    if not outcome.difference:
        return Message(outcome.relation)
    number, unit = _scaled(Decimal(outcome.difference), outcome.unit or "")
    return Message(_BY[outcome.relation], difference=number, unit=Message(unit))


def _scaled(number: Decimal, unit: str) -> tuple[str, str]:
    """Return a number and its unit as people write them: 3,100 万元, 2.2 km."""
    is_han = "\u4e00" <= unit[:1] <= "\u9fff"
    larger = [(size, f"{named}{unit}") for size, named in _HAN_UNITS] if is_han else _LARGER_UNITS.get(unit, ())
    for size, named in larger:
        if number >= size:
            return f"{(number / size).normalize():,f}", named
    return f"{number:,f}", unit


def widened_line(widened: Filters, language: InterfaceLanguage | None = None) -> str:
    """Say which limits were taken for meant and then taken off, for nothing lies within them."""
    limits = ", ".join(limits_said(widened, language))
    return translated(Message("Nothing within {limits}: searched without.", limits=limits), language)


def limits_said(filters: Filters, language: InterfaceLanguage | None = None) -> list[str]:
    """Return the limits in words."""
    limits = (
        (Message("since {value}", value=filters.since), filters.since),
        (Message("until {value}", value=filters.until), filters.until),
        (Message("source {value}", value=filters.source), filters.source),
    )
    return [translated(said, language) for said, value in limits if value]


def age_line(age: Age, published: str | None, words: Wording) -> str:
    """Say how old an answer is that was `published` on a day."""
    if age.years is None or published is None:
        return words.newest_undated
    said = words.newest_year if age.years == 1 else words.newest
    return said.format(date=published[:10], years=age.years)


def refusal_line(refusal: Refusal, words: Wording) -> str:
    """Say in a few words that there is no answer."""
    if refusal.kind is RefusalKind.SMALL_TALK:
        return words.no_question
    return words.nothing if refusal.kind is RefusalKind.FILTERED else words.not_said


def refusal_lines(
    refusal: Refusal, words: Wording, *, has_hits: bool, short: Callable[[str], str] = str
) -> Iterator[str]:
    """Yield why there is no answer, what differs, what the archive holds, and the words before what comes nearest."""
    yield refusal_line(refusal, words)
    if refusal.kind is RefusalKind.SMALL_TALK:
        return
    for each in refusal.differs[:_MOST_DIFFERING]:
        yield difference_line(each, words, short)
    yield covers_line(refusal, words)
    if has_hits or refusal.nearest:
        is_outside = refusal.kind is RefusalKind.FILTERED and not has_hits
        yield words.outside if is_outside else words.comes_nearest


_MOST_DIFFERING = 5
"""Differences that are said of what comes nearest."""


def parts_line(parts: Sequence[PartAnswer], words: Wording) -> str | None:
    """Say how many of the things asked are answered, None where all are or one thing was asked."""
    answered = sum(part.answered for part in parts)
    return words.in_part.format(answered=answered, count=len(parts)) if answered < len(parts) else None


def differing_line(differing: Sequence[Difference], words: Wording, short: Callable[[str], str] = str) -> str:
    """Say in what a copy of a story differs: here / there; nothing where nothing differs."""
    differences = "; ".join(f"{each.asked} / {each.found}" for each in differing)
    return words.differing_line.format(differences=short(differences)) if differences else ""


def dated(article: Article, words: Wording) -> str:
    """Show an article's day as people write it, and whether it is that of an update.

    Seconds and the offset of the outlet's own clock say nothing to them.
    """
    if not article.published:
        return words.undated
    date = article.published[:16].replace("T", " ")
    return words.updated.format(date=date) if article.published_from is PublishedFrom.UPDATED else date


def difference_line(difference: Difference, words: Wording, short: Callable[[str], str] = str) -> str:
    """Say what was asked for, and what the nearest passage has instead, each made short."""
    asked = short(difference.asked)
    if difference.found is None:
        return words.asked_missing.format(asked=asked)
    return words.asked_other.format(asked=asked, found=short(difference.found))


def covers_line(refusal: Refusal, words: Wording) -> str:
    """Say how many articles the archive holds, and from when to when."""
    count = f"{refusal.articles:,}"
    if refusal.first and refusal.last:
        return words.holds_dated.format(count=count, first=refusal.first[:10], last=refusal.last[:10])
    return words.holds.format(count=count)
