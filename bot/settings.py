"""What can be set about the bot and the reading room: environment variables `CHUCHU_TELEGRAM_…` and `CHUCHU_WEB_…`.

Or the same names in the user's `.env`.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from retrieval import EnvSettings, Message, SettingsError, setting_refused

Names = Annotated[frozenset[str], NoDecode]
"""Ids and @names, lower case, given with commas or spaces between."""


class TelegramSettings(EnvSettings):
    """The settings of one bot."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_TELEGRAM_", extra="ignore", frozen=True)

    token: SecretStr | None = Field(default=None, description="the bot's token, from @BotFather")
    api: str = Field(default="https://api.telegram.org", description="base URL of a Bot API server")
    users: Names = Field(default=frozenset(), description="who may ask in private and inline; empty: everyone")
    chats: Names = Field(default=frozenset(), description="groups where everyone may ask; empty: every group")
    admins: Names = Field(default=frozenset(), description="who may add and remove articles")
    state: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("chuchu") / "telegram",
        description="folder of the bot's memory: languages, filters, buttons, feedback, files of admins",
    )
    keep_days: float = Field(default=60, gt=0, description="days after which a button has expired")
    oldest: float = Field(default=86_400, gt=0, description="seconds; what was asked earlier is not answered any more")
    per_user: float = Field(default=20, gt=0, description="questions a minute of one person")
    per_chat: float = Field(default=60, gt=0, description="questions a minute of one chat")
    queue: int = Field(default=200, ge=1, description="questions that may wait; the next ones are asked to come back")
    workers: int = Field(default=0, ge=0, description="questions answered at the same time; 0: as many as cores")
    timeout: float = Field(default=30, gt=0, description="seconds that one question may take once it is given")
    send_rate: float = Field(default=30, gt=0, description="messages a second to all chats; Telegram allows 30")
    group_rate: float = Field(default=20, gt=0, description="messages a minute to one group; Telegram allows 20")
    webhook: str | None = Field(default=None, description="public https:// address; without it the bot polls")
    listen: str = Field(default="127.0.0.1:8443", description="where webhook calls arrive")
    certificate: Path | None = Field(default=None, description="own certificate, for a webhook without a proxy")
    key: Path | None = Field(default=None, description="the certificate's private key")
    monitor: str | None = Field(default=None, description="host:port of /healthz and /metrics; not served without it")
    news_every: float = Field(default=60, gt=0, description="seconds between two looks for news for /watch")
    log_questions: bool = Field(default=False, description="write questions to the log")

    @field_validator("users", "chats", "admins", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return frozenset(value.lower().replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("api")
    @classmethod
    def _base(cls, value: str) -> str:
        return value.rstrip("/")


def read_telegram_settings() -> TelegramSettings:
    """Read the bot's settings from the environment and from `env_file()`.

    Raises:
        SettingsError: a variable has a value that cannot be used, or there is no token.
    """
    try:
        settings = TelegramSettings()
    except ValidationError as error:
        raise setting_refused(error, "CHUCHU_TELEGRAM_") from None
    if settings.token is None:
        raise SettingsError("CHUCHU_TELEGRAM_TOKEN is not set. Get a token from @BotFather; see docs/telegram.md")
    if ":" not in settings.token.get_secret_value():
        raise SettingsError("CHUCHU_TELEGRAM_TOKEN is not a bot's token. Get one from @BotFather; see docs/telegram.md")
    return settings


def host_and_port(name: str, value: str) -> tuple[str, int]:
    """Split `host:port`.

    Raises:
        SettingsError: there is no port, or it is not a number.
    """
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingsError(
            "{name} is {value!r}; write host:port, as 127.0.0.1:8443", name=f"CHUCHU_TELEGRAM_{name}", value=value
        )
    return host.strip("[]"), int(port)


def address_refused(name: str, address: str, error: OSError) -> SettingsError:
    """Return why nothing can listen at an address that a variable names."""
    return SettingsError(
        "{name} {address} cannot be used: {reason}. Set it to another host:port.",
        name=f"CHUCHU_TELEGRAM_{name}",
        address=address,
        reason=error.strerror or str(error),
    )


_NO_ADDRESS = Message("it is no address such as https://news.example")


class WebSettings(EnvSettings):
    """The settings of one reading room."""

    model_config = SettingsConfigDict(env_prefix="CHUCHU_WEB_", extra="ignore", frozen=True)

    token: SecretStr | None = Field(default=None, min_length=16, description="what readers must know to be let in")
    url: str | None = Field(default=None, description="address at which readers reach it, such as https://news.example")
    per_minute: float = Field(default=120, gt=0, description="requests a minute of one address")
    queue: int = Field(default=200, ge=1, description="questions that may wait; the next ones are asked to come back")
    workers: int = Field(default=0, ge=0, description="questions answered at the same time; 0: as many as cores")
    timeout: float = Field(default=30, gt=0, description="seconds that one question may take once its turn has come")
    state: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("chuchu") / "web",
        description="folder of what readers rated",
    )

    @field_validator("url")
    @classmethod
    def _base(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(_NO_ADDRESS)
        return value.rstrip("/")


def read_web_settings() -> WebSettings:
    """Read the settings from the environment and from `env_file()`.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    try:
        return WebSettings()
    except ValidationError as error:
        raise setting_refused(error, "CHUCHU_WEB_") from None
