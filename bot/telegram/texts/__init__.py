"""The bot's words in each language of its user interface."""

from enum import StrEnum

from bot.telegram.texts.en import ENGLISH
from bot.telegram.texts.wording import Wording
from bot.telegram.texts.zh_hans import SIMPLIFIED
from bot.telegram.texts.zh_hant import TRADITIONAL

__all__ = ["Language", "Wording", "language_of", "wording"]


class Language(StrEnum):
    """A language of the user interface."""

    SIMPLIFIED = "zh-hans"
    TRADITIONAL = "zh-hant"
    ENGLISH = "en"


_WORDINGS = {Language.SIMPLIFIED: SIMPLIFIED, Language.TRADITIONAL: TRADITIONAL, Language.ENGLISH: ENGLISH}
_WRITES_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")


def wording(language: Language) -> Wording:
    """Return the bot's words in a language."""
    return _WORDINGS[language]


def language_of(code: str | None) -> Language:
    """Choose a language by the code (IETF tag) that Telegram gives with a person; None is for those who give none."""
    tag = (code or "").lower().replace("_", "-")
    if tag.startswith(_WRITES_TRADITIONAL):
        return Language.TRADITIONAL
    return Language.SIMPLIFIED if tag.split("-")[0] == "zh" else Language.ENGLISH
