"""The application as python-telegram-bot sees it: what is announced is answered, and every button has a handler."""

import re
from pathlib import Path
from typing import cast

from pydantic import SecretStr
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot.settings import TelegramSettings
from bot.telegram import app
from bot.telegram.app import ChatApplication, build
from bot.telegram.keyboards import ButtonData, Verb
from bot.telegram.services import Services
from bot.words import InterfaceLanguage, wording
from retrieval import Archive, Settings
from tests.bot.telegram.fakes import FakeArchive, FakeWriter
from tests.bot.telegram.server import TOKEN


def _application(folder: Path) -> ChatApplication:
    settings = TelegramSettings(token=SecretStr(TOKEN), state=folder)
    writer = FakeWriter(folder, Settings())
    return build(Services.of(settings, folder, lambda: cast("Archive", FakeArchive()), writer))


def test_every_command_in_the_menu_and_the_help_is_answered(tmp_path: Path) -> None:
    handlers = _application(tmp_path).handlers[0]
    answered = {*app._COMMANDS, *app._ADMINS_COMMANDS}
    assert sum(isinstance(each, MessageHandler) for each in handlers) > len(answered)
    for language in InterfaceLanguage:
        words = wording(language)
        named = set(re.findall(r"(?<![\w/])/([a-z]+)", words.help + words.admin_help))
        assert set(words.commands) | named <= answered
        assert set(words.commands) <= named | {"help"}


def test_every_button_has_a_handler_of_its_own(tmp_path: Path) -> None:
    handlers = [each for each in _application(tmp_path).handlers[0] if isinstance(each, CallbackQueryHandler)]
    for verb in Verb:
        fitting = [
            each
            for each in handlers
            if isinstance(each.pattern, re.Pattern) and each.pattern.match(str(ButtonData(verb, "key", 1)))
        ]
        assert len(fitting) == 1, verb
