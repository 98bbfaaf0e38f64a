"""Every language says everything, with the same blanks to fill in."""

import string
from dataclasses import fields

import pytest
from opencc import OpenCC

from bot.telegram.texts import Language, Wording, language_of, wording

_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")
_FIELDS = [field.name for field in fields(Wording)]


def _said(words: Wording, name: str) -> str:
    value = getattr(words, name)
    return "\n".join(value.values()) if isinstance(value, dict) else value


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", _FIELDS)
@pytest.mark.parametrize("language", [Language.SIMPLIFIED, Language.TRADITIONAL])
def test_language_is_complete(language: Language, name: str) -> None:
    english, other = _said(wording(Language.ENGLISH), name), _said(wording(language), name)
    assert other.strip()
    assert other != english
    assert _blanks(other) == _blanks(english)


@pytest.mark.parametrize("name", _FIELDS)
def test_scripts_are_not_mixed(name: str) -> None:
    simplified, traditional = _said(wording(Language.SIMPLIFIED), name), _said(wording(Language.TRADITIONAL), name)
    assert _TO_SIMPLIFIED.convert(simplified) == simplified
    # 裡 stays 裡 and 群組 stays 群組: only characters that exist in Simplified alone may not occur
    assert _TO_SIMPLIFIED.convert(_TO_TRADITIONAL.convert(traditional)) == _TO_SIMPLIFIED.convert(traditional)
    assert not set(traditional) & set("么发业东为语这还没间问题页请输删开关类")


@pytest.mark.parametrize("language", Language)
def test_commands_are_the_same_everywhere(language: Language) -> None:
    assert list(wording(language).commands) == list(wording(Language.ENGLISH).commands)


@pytest.mark.parametrize("language", Language)
def test_notices_fit_telegrams_200_characters(language: Language) -> None:
    for name in ("thanks", "expired", "not_yours", "question_gone", "changed", "too_many", "busy", "slow"):
        assert len(_said(wording(language), name)) <= 180


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", Language.SIMPLIFIED),
        ("zh-CN", Language.SIMPLIFIED),
        ("zh-hans", Language.SIMPLIFIED),
        ("zh_TW", Language.TRADITIONAL),
        ("zh-Hant-HK", Language.TRADITIONAL),
        ("yue", Language.TRADITIONAL),
        ("en-GB", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        (None, Language.ENGLISH),
    ],
)
def test_language_of(code: str | None, language: Language) -> None:
    assert language_of(code) is language
