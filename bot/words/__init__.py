"""Every sentence that people read, a file a language.

Chats speak by the fields of a `Wording`. The terminal, and every error, speaks by templates: the English one stands
where it is used, and `messages.LANGUAGE.json` says it in another. A new language is a file of each kind, named here.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.words.en import ENGLISH, WebWording, Wording
from bot.words.zh_hans import SIMPLIFIED
from bot.words.zh_hant import TRADITIONAL
from retrieval import ChuchuError, Message

__all__ = [
    "InterfaceLanguage",
    "WebWording",
    "Wording",
    "language_of",
    "listed",
    "messages",
    "recognised",
    "say",
    "terminal_language",
    "translated",
    "wording",
]


class InterfaceLanguage(StrEnum):
    """A language that people may be spoken to in."""

    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    ENGLISH = "en"


_WORDINGS = {
    InterfaceLanguage.SIMPLIFIED: SIMPLIFIED,
    InterfaceLanguage.TRADITIONAL: TRADITIONAL,
    InterfaceLanguage.ENGLISH: ENGLISH,
}
_CLAUSES = frozenset({"advice", "done", "error", "failure", "found", "reason", "what"})
"""Fields that hold a clause in English; all others hold names and numbers, which are said as they are."""
_WRITES_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")


def wording(language: InterfaceLanguage) -> Wording:
    """Return the sentences of a language."""
    return _WORDINGS[language]


def language_of(code: str | None) -> InterfaceLanguage:
    """Choose a language by the code (IETF tag) that Telegram gives with a person; None is for those who give none."""
    tag = (code or "").lower().replace("_", "-")
    if tag.startswith(_WRITES_TRADITIONAL):
        return InterfaceLanguage.TRADITIONAL
    return InterfaceLanguage.SIMPLIFIED if tag.split("-")[0] == "zh" else InterfaceLanguage.ENGLISH


def terminal_language(environment: Mapping[str, str] = os.environ) -> InterfaceLanguage:
    """Choose a terminal's language: `CHUCHU_LANG`, else the locale's, as POSIX reads it."""
    names = ("CHUCHU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next((environment[name] for name in names if environment.get(name)), None))


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


@cache
def messages(language: InterfaceLanguage) -> Mapping[str, str]:
    """Return the sentences of a language by the English ones; English itself has none."""
    file = Path(__file__).with_name(f"messages.{language}.json")
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found
