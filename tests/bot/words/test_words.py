"""Every language says everything, with the same blanks to fill in."""

import string
from dataclasses import fields
from operator import attrgetter

import pytest
from opencc import OpenCC

from bot.words import InterfaceLanguage, WebWording, Wording, language_of, wording

_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")
_WEB = [f"web.{field.name}" for field in fields(WebWording)]
_FIELDS = [*(field.name for field in fields(Wording) if field.name != "web"), *_WEB]


def _said(words: Wording, name: str) -> str:
    value = attrgetter(name)(words)
    return value if isinstance(value, str) else "\n".join(value.values())


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _all_said(language: InterfaceLanguage) -> dict[str, str]:
    return {name: _said(wording(language), name) for name in _FIELDS}


@pytest.mark.parametrize("language", [InterfaceLanguage.SIMPLIFIED, InterfaceLanguage.TRADITIONAL])
def test_language_is_complete(language: InterfaceLanguage) -> None:
    english = _all_said(InterfaceLanguage.ENGLISH)
    for name, other in _all_said(language).items():
        assert other.strip(), name
        assert other != english[name], name
        assert _blanks(other) == _blanks(english[name]), name


def test_scripts_are_not_mixed() -> None:
    for name, simplified in _all_said(InterfaceLanguage.SIMPLIFIED).items():
        assert _TO_SIMPLIFIED.convert(simplified) == simplified, name
    for name, traditional in _all_said(InterfaceLanguage.TRADITIONAL).items():
        # 裡 stays 裡 and 群組 stays 群組: only characters that exist in Simplified alone may not occur
        assert _TO_SIMPLIFIED.convert(_TO_TRADITIONAL.convert(traditional)) == _TO_SIMPLIFIED.convert(traditional), name
        assert not set(traditional) & set("么发业东为语这还没间问题页请输删开关类"), name


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_commands_are_the_same_everywhere(language: InterfaceLanguage) -> None:
    assert list(wording(language).commands) == list(wording(InterfaceLanguage.ENGLISH).commands)


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_notices_fit_telegrams_200_characters(language: InterfaceLanguage) -> None:
    for name in ("thanks", "expired", "not_yours", "question_gone", "changed", "too_many", "busy", "slow"):
        assert len(_said(wording(language), name)) <= 180


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", InterfaceLanguage.SIMPLIFIED),
        ("zh-CN", InterfaceLanguage.SIMPLIFIED),
        ("zh-hans", InterfaceLanguage.SIMPLIFIED),
        ("zh_TW", InterfaceLanguage.TRADITIONAL),
        ("zh-Hant-HK", InterfaceLanguage.TRADITIONAL),
        ("yue", InterfaceLanguage.TRADITIONAL),
        ("en-GB", InterfaceLanguage.ENGLISH),
        ("fr", InterfaceLanguage.ENGLISH),
        (None, InterfaceLanguage.ENGLISH),
    ],
)
def test_language_of(code: str | None, language: InterfaceLanguage) -> None:
    assert language_of(code) is language
