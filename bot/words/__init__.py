"""Every sentence that people read, a file a language: a new sentence is a line in each, a new language is a file."""

from enum import StrEnum

from bot.words.en import ENGLISH, WebWording, Wording
from bot.words.zh_hans import SIMPLIFIED
from bot.words.zh_hant import TRADITIONAL

__all__ = ["InterfaceLanguage", "WebWording", "Wording", "language_of", "wording"]


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
