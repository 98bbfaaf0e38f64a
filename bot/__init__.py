"""The ways of talking to an archive: commands, a REPL, Telegram, a reading room.

Which language people are spoken to in, and what the terminal says in it, is known here, before anything else is loaded.
"""

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path


class InterfaceLanguage(StrEnum):
    """A language that people may be spoken to in; of kinds of one language, the first is that of who names none."""

    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    ENGLISH = "en"


_WRITES_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")


def language_of(code: str | None) -> InterfaceLanguage:
    """Choose a language by the code (IETF tag) that Telegram gives with a person; None is for those who give none."""
    tag = (code or "").lower().replace("_", "-")
    if tag.startswith(_WRITES_TRADITIONAL):
        return InterfaceLanguage.TRADITIONAL
    known = (each for each in InterfaceLanguage if each.split("-")[0] == tag.split("-")[0])
    return next(known, InterfaceLanguage.ENGLISH)


def terminal_language(environment: Mapping[str, str] = os.environ) -> InterfaceLanguage:
    """Choose a terminal's language: `CHUCHU_LANG`, else the locale's, as POSIX reads it."""
    names = ("CHUCHU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next((environment[name] for name in names if environment.get(name)), None))


@cache
def messages(language: InterfaceLanguage) -> Mapping[str, str]:
    """Return the sentences of a language by the English ones; English itself has none."""
    file = Path(__file__).parent / "words" / f"messages.{language}.json"
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found
